using DiffGen.Generator.Calculus;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;

namespace DiffGen.Tests.Calculus;

/// <summary>The rules of <c>TensorPrimitives</c>, first and second order, with a destination of its own and in place.</summary>
public sealed class BulkRuleTests
{
    private static readonly ArrayType Doubles = new(ScalarType.Double);
    private static readonly Variable X = new("x", Doubles), Y = new("y", Doubles), Result = new("result", ScalarType.Double);

    private static readonly string[] Reductions = ["Sum", "Average", "SumOfSquares", "SumOfMagnitudes", "Norm", "Product", "Max", "Min", "MaxMagnitude", "MinMagnitude", "Dot", "Distance", "CosineSimilarity", "ProductOfSums", "ProductOfDifferences"];
    private static readonly string[] OfTwo = ["Dot", "Distance", "CosineSimilarity", "ProductOfSums", "ProductOfDifferences"];

    private static readonly (string Name, int Arity)[] Elementwise =
    [
        ("Add", 2), ("Subtract", 2), ("Multiply", 2), ("Divide", 2), ("Negate", 1), ("MultiplyAdd", 3), ("AddMultiply", 3), ("FusedMultiplyAdd", 3), ("Exp", 1), ("Log", 1),
        ("Tanh", 1), ("Sigmoid", 1), ("Sqrt", 1), ("Abs", 1), ("Max", 2), ("Min", 2), ("Pow", 2), ("Cbrt", 1), ("Sin", 1), ("Cos", 1), ("Tan", 1), ("Sinh", 1), ("Cosh", 1),
        ("Atan", 1), ("Asinh", 1), ("Exp2", 1), ("Exp10", 1), ("Log2", 1), ("Log10", 1), ("LogP1", 1), ("ExpM1", 1), ("Hypot", 2), ("Atan2", 2), ("Lerp", 3), ("Reciprocal", 1),
        ("ReciprocalSqrt", 1), ("CopySign", 2), ("DegreesToRadians", 1), ("Floor", 1), ("SoftMax", 1), ("SinPi", 1), ("TanPi", 1),
    ];

    [Fact]
    public void Rules_are_the_derivatives()
    {
        List<(string Name, Unit Unit)> cases = [];
        foreach (string name in Reductions) cases.Add((name, Reduction(name)));
        foreach ((string name, int arity) in Elementwise)
        {
            cases.Add((name, Mapped(name, arity, inPlace: false, scalar: false)));
            cases.Add((name + " in place", Mapped(name, arity, inPlace: true, scalar: false)));
            if (arity == 2 && name is "Add" or "Subtract" or "Multiply" or "Divide" or "Pow" or "Max") cases.Add((name + " by a scalar", Mapped(name, arity, inPlace: true, scalar: true)));
        }
        using IrProgram program = new([.. cases.Select(c => c.Unit)]);
        List<string> failures = [];
        for (int i = 0; i < cases.Count; i++)
        {
            foreach ((double[] x, double[] y) in new[] { (new[] { 0.6, 1.7, 0.9 }, new[] { 1.2, 0.4, 2.3 }), ([1.1, 0.35, 2.6], [0.8, 1.9, 0.3]) })
            {
                try
                {
                    program.Check(i, cases[i].Name, x, y);
                }
                catch (Exception failure) when (failure is Xunit.Sdk.XunitException)
                {
                    failures.Add(failure.Message);
                }
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(40)));
    }

    private static Expr N => new LengthOf(new Read(X));

    private static Unit Reduction(string name)
    {
        Expr[] arguments = OfTwo.Contains(name) ? [new Read(X), new Read(Y)] : [new Read(X)];
        Variable r = new("r", ScalarType.Double);
        return Made(
            new Declare(r, null),
            new Perform("TensorPrimitives." + name, Format(name, arguments.Length), arguments.ToEquatable(), [], new Read(r)),
            new Assign(new Read(Result), E.Mul(new Read(r), E.At(new Read(X), E.Int(0)))));
    }

    private static Unit Mapped(string name, int arity, bool inPlace, bool scalar)
    {
        Variable t = new("t", Doubles), destination = inPlace ? t : new("destination", Doubles), i = new("i", PlainType.Int);
        Expr[] operands = [new Read(t), scalar ? E.At(new Read(Y), E.Int(1)) : new Read(Y), new Read(t)];
        List<Stmt> code = [new Declare(t, new CopyOf(new Read(X), Doubles))];
        if (!inPlace) code.Add(new Declare(destination, new NewArray(Doubles, [N])));
        code.Add(new Perform("TensorPrimitives." + name, Format(name, arity + 1), [.. operands.Take(arity), new Read(destination)], [arity], null));
        code.Add(new Assign(new Read(Result), E.Zero(ScalarType.Double)));
        Expr element = E.At(new Read(destination), new Read(i));
        code.Add(new For(i, E.Int(0), BinaryOperator.Less, N, 1, new Block([
            new AddTo(new Read(Result), E.Mul(E.Mul(element, element), E.At(new Read(Y), new Read(i))))])));
        return Made([.. code]);
    }

    private static string Format(string name, int count) =>
        $"global::System.Numerics.Tensors.TensorPrimitives.{name}<double>({string.Join(", ", Enumerable.Range(0, count).Select(i => "{" + i + "}"))})";

    private static Unit Made(params Stmt[] body) =>
        new(new Function("F", [new Parameter(X), new Parameter(Y)], [Result], new Block(body.ToEquatable())), []);
}
