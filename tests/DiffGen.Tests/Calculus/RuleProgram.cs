using System.Globalization;
using System.Text;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Tests.Calculus;

/// <summary>One operation on variables <c>v0</c>, <c>v1</c> …, literals after them, whose rule is to be tried.</summary>
internal sealed record RuleCase(string Name, Expr Node, bool[] Varies)
{
    public Variable[] Operands { get; } = [.. Node.Children().OfType<Read>().Select(c => c.Variable)];
}

/// <summary>
/// Operations, their pullbacks and their pushforwards as C# on flat vectors of numbers, so that every rule is tried in the same way whatever its types.
/// </summary>
internal static class RuleProgram
{
    /// <summary>C# of three methods for a case: the operation, the pullback of a cotangent and the pushforward of a tangent.</summary>
    public static string Methods(RuleCase rule, int number)
    {
        StringBuilder text = new();
        Rule found = RuleTable.For(rule.Node) ?? throw new InvalidOperationException("no rule for " + rule.Name);
        Variable result = new("r", rule.Node.Type);
        RuleContext context = new([.. rule.Node.Children()], rule.Varies, new Read(result));
        string start = string.Concat(Declarations(rule.Operands, "p", _ => true));
        string value = $"{result.Type.CSharp} r = {Text(rule.Node)}; ";

        text.AppendLine($"public static double[] Value{number}(double[] p) {{ {start}{value}return {Flat("r", result.Type)}; }}");

        Variable carried = new("c", result.Type);
        string pulled = string.Join(", ", rule.Operands.Select((v, i) => (v, i)).Where(x => rule.Varies[x.i]).Select(x =>
            ".. " + Flat($"(({x.v.Type.CSharp})({Text(found.Pullback(x.i, context, new Read(carried)) ?? E.Zero(x.v.Type))}))", x.v.Type)));
        text.AppendLine($"public static double[] Pull{number}(double[] p, double[] q) {{ {start}{value}{string.Concat(Declarations([carried], "q", _ => true))}return [{pulled}]; }}");

        Variable[] tangents = [.. rule.Operands.Select((v, i) => new Variable("t" + i, v.Type))];
        Expr? sum = null;
        for (int i = 0; i < tangents.Length; i++)
            if (rule.Varies[i]) sum = E.Sum(sum, found.Pushforward(i, context, new Read(tangents[i])));
        string directions = string.Concat(Declarations(tangents, "q", i => rule.Varies[i]));
        string pushed = Flat($"(({result.Type.CSharp})({Text(sum ?? E.Zero(result.Type))}))", result.Type);
        text.AppendLine($"public static double[] Push{number}(double[] p, double[] q) {{ {start}{value}{directions}return {pushed}; }}");
        return text.ToString();
    }

    /// <summary>How many numbers a type holds.</summary>
    public static int Size(IrType type) => type is VectorType vector ? VectorMath.Components(vector).Length : 1;

    private static IEnumerable<string> Declarations(Variable[] variables, string source, Func<int, bool> present)
    {
        int at = 0;
        for (int i = 0; i < variables.Length; i++)
        {
            if (!present(i)) continue;
            Variable v = variables[i];
            string Number(IrType type) => $"({type.CSharp}){source}[{at++}]";
            if (v.Type is VectorType vector)
            {
                string[] parts = [.. VectorMath.Components(vector).Select(_ => Number(vector.Component))];
                yield return $"{v.Type.CSharp} {v.Name} = new {v.Type.CSharp}({string.Join(", ", parts)}); ";
            }
            else
            {
                yield return $"{v.Type.CSharp} {v.Name} = {Number(v.Type)}; ";
            }
        }
    }

    private static string Flat(string value, IrType type) => type is VectorType vector
        ? $"(new double[] {{ {string.Join(", ", VectorMath.Components(vector).Select(c => $"(double)({value}).{c}"))} }})"
        : $"(new double[] {{ (double){value} }})";

    /// <summary>An expression as C#, with every operator in parentheses.</summary>
    public static string Text(Expr e) => e switch
    {
        Constant x => x.Type is ScalarType { Kind: ScalarKind.Double } && x.Number is { } n ? n.ToString("E17", CultureInfo.InvariantCulture) : $"({x.Text})",
        Read x => x.Variable.Name,
        FieldOf x => $"{Text(x.Target)}.{x.Name}",
        Unary x => $"(-{Text(x.Operand)})",
        Binary x => $"({Text(x.Left)} {Printer.Symbol(x.Operator)} {Text(x.Right)})",
        Conditional x => $"({Text(x.Condition)} ? {Text(x.WhenTrue)} : {Text(x.WhenFalse)})",
        Convert x => $"(({x.Target.CSharp}){Text(x.Operand)})",
        Apply x => Filled(x),
        _ => throw new NotSupportedException(e.ToString()),
    };

    private static string Filled(Apply x)
    {
        string text = x.Format;
        for (int i = 0; i < x.Arguments.Count; i++) text = text.Replace("{" + i + "}", Text(x.Arguments[i]), StringComparison.Ordinal);
        return $"({text})";
    }
}
