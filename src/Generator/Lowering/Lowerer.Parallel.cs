using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Loops of <c>System.Threading.Tasks.Parallel</c>: what may run in any order may run in this one.</summary>
internal sealed partial class Lowerer
{
    private Value? Parallel(IInvocationOperation o, IMethodSymbol method)
    {
        if (o.Parent is not IExpressionStatementOperation) return null;
        ILookup<bool, IOperation> given = o.Arguments.OrderBy(a => a.Parameter!.Ordinal).ToLookup(a => a.Parameter!.Type.Name == "ParallelOptions", a => a.Value);
        foreach (IOperation options in given[true]) Discard(options);
        IOperation[] a = [.. given[false]];
        switch (method.Name)
        {
            case "Invoke" when Unconverted(a[0]) is IArrayCreationOperation { Initializer.ElementValues: var actions }:
                {
                    Value[] known = [.. actions.Select(action => Lower(Unconverted(action)))];
                    if (!known.All(k => k is FunctionValue)) return null;
                    foreach (FunctionValue action in known.Cast<FunctionValue>()) Call(action, o.Syntax);
                    return VoidValue.Instance;
                }
            case "For" when a.Length is 3 or 5 && a[0].Type?.SpecialType == SpecialType.System_Int32:
                {
                    Value[] v = [.. a.Select(x => Lower(x))];
                    Expr end = Named(ExprOf(v[1]), "end");
                    return Iterations(o, v, 2, each => Counter("i", ExprOf(v[0]), end, i => each(new ExprValue(i))));
                }
            case "ForEach" when a.Length is 2 or 4 && Unconverted(a[0]) is IInvocationOperation { TargetMethod: { Name: "Create", ContainingType: { Name: "Partitioner", Arity: 0 } } } ranges
                && ranges.TargetMethod.Parameters.All(p => p.Type.SpecialType == SpecialType.System_Int32):
                {
                    Value[] bounds = [.. ArgumentsOf(ranges.Arguments).Select(b => (Value)new ExprValue(Named(ExprOf(b), "bound")))];
                    return Iterations(o, [VoidValue.Instance, .. a.Skip(1).Select(x => Lower(x))], 1, each => Ranges((INamedTypeSymbol)Actual(method.TypeArguments[0]), bounds, each));
                }
            case "ForEach" when a.Length is 2 or 4:
                {
                    IOperation origin = Unconverted(a[0]);
                    Value[] v = [Lower(origin), .. a.Skip(1).Select(x => Lower(x))];
                    return AsSequence(v[0], origin) is { } sequence ? Iterations(o, v, 1, each => sequence.Each(element => each(Kept(element)))) : null;
                }
            default: return null;
        }
    }

    /// <summary>A query of <c>ParallelEnumerable</c>: that of <c>Enumerable</c>, whose order is one of those that it may run in.</summary>
    private Value? ParallelQuery(IInvocationOperation o, IMethodSymbol method)
    {
        IOperation[] a = [.. o.Arguments.OrderBy(x => x.Parameter!.Ordinal).Select(x => Unconverted(x.Value))];
        switch (method.Name)
        {
            case "AsParallel" or "AsSequential" or "AsOrdered" or "AsUnordered" or "WithDegreeOfParallelism" or "WithCancellation" or "WithExecutionMode" or "WithMergeOptions":
                {
                    Value[] v = Operands(a);
                    return AsSequence(v[0], a[0]);
                }
            case "ForAll" when Lower(a[1]) is FunctionValue action && AsSequence(Lower(a[0]), a[0]) is { } sequence:
                sequence.Each(element => Call(action, o.Syntax, Kept(element)));
                return VoidValue.Instance;
            case "Aggregate" when a.Length > 4: return null;
            default: return Linq(o, method);
        }
    }

    /// <summary>A loop over <paramref name="source"/> that calls the delegate that stands at <paramref name="at"/>; with a value that a thread keeps, also those around it.</summary>
    private Value? Iterations(IInvocationOperation o, Value[] given, int at, Action<Action<Value>> source)
    {
        bool keeps = given.Length - at == 3;
        if (!given.Skip(at).All(g => g is FunctionValue)) return null;
        FunctionValue[] f = [.. given.Skip(at).Cast<FunctionValue>()];
        FunctionValue body = f[keeps ? 1 : 0];
        int parameters = body.Method.Parameters.Length;
        if (parameters != 1 && (parameters != (keeps ? 3 : 2) || !Ignores(body, 1))) return null;
        if (!keeps)
        {
            source(element => Call(body, o.Syntax, parameters == 1 ? [element] : [element, Nothing(body, 1)]));
            return VoidValue.Instance;
        }
        Place local = NewPlace("local", body.Method.ReturnType, Call(f[0], o.Syntax));
        source(element => Store(local, Call(body, o.Syntax, element, Nothing(body, 1), local.Load()), null));
        Call(f[2], o.Syntax, local.Load());
        return VoidValue.Instance;
    }

    // who stops the others, or asks whether they go on, depends on the order
    private static bool Ignores(FunctionValue f, int parameter) => f.Body is { } body
        && !body.Descendants().Any(o => o is IParameterReferenceOperation r && SymbolEqualityComparer.Default.Equals(r.Parameter, f.Method.Parameters[parameter]));

    private ExprValue Nothing(FunctionValue f, int parameter) => new(new Constant(TypeOf(f.Method.Parameters[parameter].Type), "null", null));

    /// <summary>The ranges of a partitioner: of the size that is asked for, else all in one.</summary>
    private void Ranges(INamedTypeSymbol tuple, Value[] bounds, Action<Value> each)
    {
        Expr start = ExprOf(bounds[0]), end = ExprOf(bounds[1]);
        ThrowIf(new Binary(BinaryOperator.LessOrEqual, end, start, PlainType.Bool), "ArgumentOutOfRangeException");
        void Range(Expr from, Expr to)
        {
            CompositePlace range = NewObject(tuple, "range");
            Store(range["Item1"]!, new ExprValue(from), null);
            Store(range["Item2"]!, new ExprValue(to), null);
            each(new ObjectValue(range));
        }
        if (bounds.Length < 3)
        {
            Range(start, end);
            return;
        }
        Expr size = ExprOf(bounds[2]);
        ThrowIf(new Binary(BinaryOperator.LessOrEqual, size, IntConstant(0), PlainType.Bool), "ArgumentOutOfRangeException");
        Variable next = Local("next", PlainType.Int);
        Emit(new Declare(next, start));
        List<Stmt> body = Into(() =>
        {
            Expr from = Saved(new Read(next), "from");
            // the last one is as long as there is room
            Expr to = Saved(new Conditional(new Binary(BinaryOperator.Less, Minus(end, from), size, PlainType.Bool), end, new Binary(BinaryOperator.Add, from, size, PlainType.Int)), "to");
            Range(from, to);
            Emit(new Assign(new Read(next), to));
        });
        Emit(new While(new Binary(BinaryOperator.Less, new Read(next), end, PlainType.Bool), BlockOf(body)));
    }
}
