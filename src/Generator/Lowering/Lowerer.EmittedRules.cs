using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Marked methods of referenced assemblies: their emitted derivatives are called, as if they were a user's rules in the general form.</summary>
internal sealed partial class Lowerer
{
    /// <param name="method">The marked method.</param>
    /// <param name="receiver">The object that it is called on, a constant; null of a static method.</param>
    /// <param name="o">The call.</param>
    private Value? MarkedElsewhere(IMethodSymbol method, Expr? receiver, IInvocationOperation o)
    {
        if (!method.ReturnsVoid && ShapeReader.Read(method.ReturnType) is null || EmittedMembers.Of(method) is not { } emitted) return null;
        if (new[] { emitted.Gradient, emitted.Vjp }.OfType<IMethodSymbol>().Any(m => !session.IsAccessible(m))) return null;
        if (emitted.InPlace is { } touched) throw Unsupported($"a call of '{method.Name}', which writes or returns its argument '{touched}' and whose source is elsewhere", "give it a copy in a method of that assembly that returns a new array", o.Syntax);
        if (RuleSignatures.GivesNumbers(method)) return receiver is null ? SeveralNumbers(emitted, method, o) : null;
        receiver = receiver is null ? null : Named(receiver, "self");
        Expr[] arguments = [.. Operands(o.Arguments.OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value)).Select(ExprOf)];
        return ApplyGeneral(method, receiver, arguments, inputs => EmittedRule(emitted, method, inputs));
    }

    // a receiver stands before the arguments
    private static int Offset(IMethodSymbol method) => method.IsStatic ? 0 : 1;

    private static string Called(IMethodSymbol method) => method.IsStatic ? TypeMap.Spell(method.ContainingType) : "{0}";

    private static string Spelled(IMethodSymbol method) => method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.TypeArguments.Select(TypeMap.Spell))}>" : method.Name;

    private Variable[] ArgumentsOf(IMethodSymbol method, IParameterSymbol[] inputs) =>
        [.. method.IsStatic ? [] : new[] { new Variable("$self", TypeOf(method.ContainingType)) }, .. inputs.Select(p => new Variable("$" + p.Name, TypeOf(p.Type)))];

    private GeneralRule EmittedRule(EmittedMembers emitted, IMethodSymbol method, IParameterSymbol[] inputs) =>
        new(method.Name, emitted.Wrt.Select(p => Offset(method) + Array.IndexOf(inputs, p)).ToEquatable(), [], false)
        {
            Pullback = EmittedPullback(emitted, method, inputs),
            Pushforward = emitted.Jvp is { } jvp && session.IsAccessible(jvp) && emitted.Wrt.All(p => TypeOf(p.Type) is ScalarType or Ir.ArrayType { Rank: 1 }) ? EmittedPushforward(emitted, method, inputs) : null,
            Constants = inputs.Where(p => RuleSignatures.IsDifferentiable(p) && !emitted.Wrt.Contains(p, SymbolEqualityComparer.Default)).Select(p => Offset(method) + Array.IndexOf(inputs, p)).ToEquatable(),
        };

    /// <summary>A call that gives a tuple of numbers or fills <c>out</c> parameters: each number is an output of its own.</summary>
    private Value? SeveralNumbers(EmittedMembers emitted, IMethodSymbol method, IInvocationOperation o)
    {
        IParameterSymbol[] inputs = [.. method.Parameters.Where(p => p.RefKind != RefKind.Out)], filled = [.. method.Parameters.Where(p => p.RefKind == RefKind.Out)];
        IArgumentOperation[] ordered = [.. o.Arguments.OrderBy(a => a.Parameter!.Ordinal)];
        List<Expr> arguments = [.. Operands(ordered.Where(a => a.Parameter!.RefKind != RefKind.Out).Select(a => a.Value)).Select(ExprOf)];
        IReadOnlyList<IFieldSymbol> elements = method.ReturnsVoid ? [] : ((INamedTypeSymbol)method.ReturnType).TupleElements;
        Variable[] numbers = method.ReturnsVoid
            ? [.. filled.Select(p => Local(p.Name, TypeOf(p.Type)))]
            : [.. elements.Select(e => Local(char.ToLowerInvariant(e.Name[0]) + e.Name.Substring(1), TypeOf(e.Type)))];
        foreach (Variable n in numbers) Emit(new Declare(n, null));
        int first = arguments.Count;
        arguments.AddRange(numbers.Select(n => new Read(n)));
        int output = first;
        string called = $"{TypeMap.Spell(method.ContainingType)}.{Spelled(method)}";
        string given = string.Join(", ", method.Parameters.Select(p => p.RefKind == RefKind.Out ? $"out {{{output++}}}" : $"{{{Array.IndexOf(inputs, p)}}}"));
        string format = method.ReturnsVoid ? $"{called}({given})" : $"({string.Join(", ", numbers.Select((_, i) => $"{{{first + i}}}"))}) = {called}({given})";
        EquatableArray<int> outputs = numbers.Select((_, i) => first + i).ToEquatable();
        Emit(new Perform($"{method.ContainingType.Name}.{method.Name}", format, arguments.ToEquatable(), outputs, null) { Rule = EmittedRule(emitted, method, inputs) with { Outputs = outputs } });
        if (!method.ReturnsVoid) return new CompositeValue(method.ReturnType, [.. TypeMap.Fields((INamedTypeSymbol)method.ReturnType).Select((f, i) => new KeyValuePair<string, Value>(f.Name, new ExprValue(new Read(numbers[i]))))]);
        for (int i = 0; i < filled.Length; i++)
        {
            IOperation target = ordered.First(a => SymbolEqualityComparer.Default.Equals(a.Parameter, filled[i])).Value;
            Store(PlaceOf(target), new ExprValue(new Read(numbers[i])), target);
        }
        return VoidValue.Instance;
    }

    /// <summary>Adjoints from <c>FVjp</c>, or the cotangent times <c>FGradient</c>, in storage of their own first: what is emitted overwrites.</summary>
    private RuleBody EmittedPullback(EmittedMembers emitted, IMethodSymbol method, IParameterSymbol[] inputs)
    {
        bool seeded = emitted.Gradient is null;
        IMethodSymbol called = emitted.Gradient ?? emitted.Vjp!;
        Variable[] arguments = ArgumentsOf(method, inputs);
        int offset = Offset(method);
        Variable[] inward = [.. emitted.Wrt.Select(p => new Variable("$d" + p.Name, TypeOf(p.Type)))];
        IParameterSymbol[] filled = [.. method.Parameters.Where(p => p.RefKind == RefKind.Out || RuleSignatures.Outputs(method).Contains(p, SymbolEqualityComparer.Default))];
        INamedTypeSymbol? tuple = method.ReturnType is INamedTypeSymbol { IsTupleType: true } several ? several : null;
        Variable[] outward = method.ReturnsVoid ? [.. filled.Select(p => new Variable("$c" + p.Name, TypeOf(p.Type)))]
            : tuple is not null ? [.. tuple.TupleElements.Select(e => new Variable("$c" + e.Name, TypeOf(e.Type)))]
            : [new Variable("$cotangent", TypeOf(method.ReturnType))];
        List<Stmt> statements = Into(() =>
        {
            List<Expr> holes = [.. arguments.Take(offset).Select(a => new Read(a)), .. method.Parameters.Where(p => p.RefKind != RefKind.Out).Select(p =>
                Array.IndexOf(inputs, p) is >= 0 and var at ? new Read(arguments[offset + at]) : (Expr)new Read(Scratch(outward[Array.IndexOf(filled, p)])))];
            int seeds = holes.Count;
            if (seeded) holes.AddRange(outward.Select(c => new Read(c)));
            Variable[] adjoints = [.. emitted.Wrt.Select(p => Local(AdjointNames.Capital(p.Name), TypeOf(p.Type) is SpanType span ? new Ir.ArrayType(span.Element) : TypeOf(p.Type)))];
            for (int k = 0; k < adjoints.Length; k++) Emit(new Declare(adjoints[k], adjoints[k].Type.IsReference ? ZerosLike(new Read(arguments[offset + Array.IndexOf(inputs, emitted.Wrt[k])])) : null));
            int first = holes.Count;
            holes.AddRange(adjoints.Select(a => new Read(a)));
            // a tuple has one cotangent, a tuple
            string list = string.Join(", ", Enumerable.Range(offset, holes.Count - offset).Select(i =>
                i >= first && !adjoints[i - first].Type.IsReference ? $"out {{{i}}}"
                : tuple is null ? $"{{{i}}}"
                : (i == seeds ? "(" : "") + $"{{{i}}}" + (i == first - 1 ? ")" : "")));
            string[] pieces = [.. Pieces($"{Called(called)}.{Spelled(called)}({list})", holes.Count)];
            Emit(new Evaluate(new Opaque(new(pieces), holes.ToEquatable(), PlainType.Void, Purity.Effects, adjoints.ToEquatable(), Unknown(called))));
            for (int k = 0; k < adjoints.Length; k++)
                Accumulate(new Read(inward[k]), new Read(adjoints[k]), seeded ? null : new Read(outward[0]));
        });
        return new RuleBody(BlockOf(statements), arguments.ToEquatable(), null, outward.ToEquatable(), inward.ToEquatable());
    }

    private RuleBody EmittedPushforward(EmittedMembers emitted, IMethodSymbol method, IParameterSymbol[] inputs)
    {
        Variable[] arguments = ArgumentsOf(method, inputs);
        int offset = Offset(method);
        Variable[] inward = [.. emitted.Wrt.Select(p => new Variable("$d" + p.Name, TypeOf(p.Type)))];
        Variable tangent = new("$tangent", TypeOf(method.ReturnType));
        EquatableArray<Expr> holes = arguments.Concat(inward).Select(v => (Expr)new Read(v)).ToEquatable();
        string[] pieces = [.. Pieces($"{Called(method)}.{Spelled(emitted.Jvp!)}({string.Join(", ", Enumerable.Range(offset, holes.Count - offset).Select(i => $"{{{i}}}"))})", holes.Count)];
        pieces[pieces.Length - 1] += ".Tangent";
        List<Stmt> statements = Into(() => Deliver(new Opaque(new(pieces), holes, tangent.Type, Purity.Effects, default, Unknown(emitted.Jvp!)), tangent));
        return new RuleBody(BlockOf(statements), arguments.ToEquatable(), null, [tangent], inward.ToEquatable());
    }

    private Refusal Unknown(IMethodSymbol called) => new(DiagnosticIds.LostInCall, [called.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)], _site);

    /// <summary>An array for an output that a derivative computes again: what is in the caller's by now stays.</summary>
    private Variable Scratch(Variable cotangent)
    {
        Variable scratch = Local("scratch", new Ir.ArrayType(((SpanType)cotangent.Type).Element));
        Emit(new Declare(scratch, new NewArray(scratch.Type, [new LengthOf(new Read(cotangent))])));
        return scratch;
    }

    private static Expr ZerosLike(Expr of) => Calculus.Shadows.ZerosLike(of)!;

    /// <summary>Adds every number of <paramref name="from"/>, times <paramref name="factor"/>, to its place.</summary>
    private void Accumulate(Expr to, Expr from, Expr? factor)
    {
        if (!from.Type.IsReference)
        {
            Emit(new AddTo(to, factor is null ? from : new Binary(BinaryOperator.Multiply, factor, from, from.Type)));
            return;
        }
        int rank = from.Type is Ir.ArrayType array ? array.Rank : 1;
        Variable[] k = [.. Enumerable.Range(0, rank).Select(_ => Local("k", PlainType.Int))];
        EquatableArray<Expr> indices = k.Select(v => (Expr)new Read(v)).ToEquatable();
        List<Stmt> inner = Into(() => Accumulate(new ElementAt(to, indices), new ElementAt(from, indices), factor));
        for (int d = rank - 1; d >= 0; d--) inner = [new For(k[d], IntConstant(0), BinaryOperator.Less, new LengthOf(from, rank == 1 ? -1 : d), 1, BlockOf(inner))];
        foreach (Stmt s in inner) Emit(s);
    }
}
