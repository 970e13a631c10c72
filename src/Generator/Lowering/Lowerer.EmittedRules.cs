using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Marked methods of referenced assemblies: their emitted derivatives are called, as if they were a user's rules in the general form. What is a struct or a tuple there
/// is its numbers here, put together for the call.
/// </summary>
internal sealed partial class Lowerer
{
    /// <summary>A call of a marked method elsewhere: its derivatives, and placeholders for the receiver and for the parts of each parameter that it reads.</summary>
    private sealed record MarkedCall(IMethodSymbol Method, EmittedMembers Emitted, Variable[] Receiver, (IParameterSymbol Parameter, Variable[] Parts)[] Inputs)
    {
        public Variable[] Arguments => [.. Receiver, .. Inputs.SelectMany(p => p.Parts)];

        public bool IsDifferentiated(IParameterSymbol p) => Emitted.Wrt.Contains(p, SymbolEqualityComparer.Default);
    }

    /// <param name="method">The marked method.</param>
    /// <param name="receiver">The object that it is called on, a constant; null of a static method.</param>
    /// <param name="o">The call.</param>
    private Value? MarkedElsewhere(IMethodSymbol method, Expr? receiver, IInvocationOperation o)
    {
        if (EmittedMembers.Of(method) is not { } emitted) return null;
        // an object's tangent is not put together from numbers here
        if (emitted.Wrt.Any(p => !IsSplit(p.Type) && !TypeOf(p.Type).IsReference && Shadows.TypeOf(TypeOf(p.Type)) is null)) return null;
        if (new[] { emitted.Gradient, emitted.Vjp }.OfType<IMethodSymbol>().Any(m => !session.IsAccessible(m))) return null;
        // tangents of vectors go forward by what was emitted for them: its pullback would have to be run for each of their numbers
        bool pushes = emitted.Jvp is { } jvp && session.IsAccessible(jvp);
        if (!pushes && emitted.Gradient is null && PartsOf(method.ReturnType).Concat(emitted.Wrt.SelectMany(p => PartsOf(p.Type))).Any(p => p.Type is VectorType)) return null;
        if (emitted.InPlace is { } touched) throw Unsupported($"a call of '{method.Name}', which writes or returns its argument '{touched}' and whose source is elsewhere", "give it a copy in a method of that assembly that returns a new array", o.Syntax);

        IArgumentOperation[] ordered = [.. o.Arguments.OrderBy(a => a.Parameter!.Ordinal)];
        IParameterSymbol[] written = [.. RuleSignatures.Outputs(method)], filled = [.. method.Parameters.Where(p => p.RefKind == RefKind.Out)];
        Value[] given = [.. Operands(ordered.Where(a => a.Parameter!.RefKind != RefKind.Out).Select(a => a.Value))];
        IParameterSymbol[] read = [.. method.Parameters.Where(p => p.RefKind != RefKind.Out)];

        List<Expr> operands = receiver is null ? [] : [Named(receiver, "self")];
        var inputs = new List<(IParameterSymbol, Variable[])>();
        var holes = new Dictionary<IParameterSymbol, Func<Expr>>(SymbolEqualityComparer.Default);
        foreach (IParameterSymbol p in read.Except(written, SymbolEqualityComparer.Default).OfType<IParameterSymbol>())
        {
            Expr[] parts = [.. PartsOf(given[Array.IndexOf(read, p)], p.Type)];
            operands.AddRange(parts);
            inputs.Add((p, [.. PartsOf(p.Type).Select((part, i) => new Variable($"${p.Name}{(i == 0 ? "" : i.ToString())}", part.Type))]));
            holes[p] = () => Whole(p.Type, parts);
        }
        var call = new MarkedCall(method, emitted, receiver is null ? [] : [new Variable("$self", TypeOf(method.ContainingType))], [.. inputs]);
        GeneralRule rule = RuleOf(call, pushes);

        // the numbers that it fills, or that its result is made of, are outputs: each a variable of its own
        int first = operands.Count;
        (IrType Type, bool Carries)[] results = [.. method.ReturnsVoid ? filled.Select(p => (TypeOf(p.Type), true)) : PartsOf(method.ReturnType)];
        bool isWhole = !method.ReturnsVoid && IsSplit(method.ReturnType);
        string[] paths = [.. Paths(method.ReturnType)];
        Variable[] numbers = filled.Length > 0 || isWhole ? [.. results.Select((r, i) => Local(filled.Length > 0 ? filled[i].Name : NameOfPart(paths[i], method), r.Type))] : [];
        foreach (Variable number in numbers) Emit(new Declare(number, null));
        operands.AddRange(numbers.Select(n => new Read(n)));
        for (int i = 0; i < filled.Length; i++) { Variable number = numbers[i]; holes[filled[i]] = () => new Read(number); }
        foreach (IParameterSymbol p in written) { Expr span = ToSpan(ExprOf(given[Array.IndexOf(read, p)]), (SpanType)TypeOf(p.Type)); operands.Add(span); holes[p] = () => span; }
        EquatableArray<int> outputs = Enumerable.Range(first, operands.Count - first).ToEquatable();

        EquatableArray<int> writes = Enumerable.Range(first, operands.Count - first).ToEquatable();
        rule = rule with { Outputs = writes.Where(i => i - first >= numbers.Length || results[i - first].Carries).ToEquatable() };

        List<Expr> passed = [.. operands.Take(call.Receiver.Length), .. method.Parameters.Select(p => holes[p]())];
        string format = $"{Called(method)}.{Spelled(method)}({string.Join(", ", method.Parameters.Select(p => (p.RefKind == RefKind.Out ? "out " : "") + $"{{{call.Receiver.Length + p.Ordinal}}}"))})";
        if (!isWhole && filled.Length == 0) return Applied(method, format, passed, operands, rule);
        string places = string.Join(", ", numbers.Select((_, i) => $"{{{first + i}}}"));
        if (!isWhole) format = Placed(format, passed, operands);
        else if (method.ReturnType is INamedTypeSymbol { IsTupleType: true, TupleElements.Length: > 1 } tuple && tuple.TupleElements.Length == numbers.Length) format = $"({places}) = {Placed(format, passed, operands)}";
        else
        {
            // the call is there once, its members are read from what it gave
            Variable whole = Local("whole", new PlainType(TypeMap.Spell(method.ReturnType), PlainKind.Other));
            Emit(new Declare(whole, Ruled(format, passed, whole.Type)));
            string members = string.Join(", ", paths.Select((path, i) => $"{{{operands.Count + i}}}{path}"));
            format = numbers.Length == 1 ? $"{places} = {members}" : $"({places}) = ({members})";
            operands.AddRange(paths.Select(_ => new Read(whole)));
        }
        Emit(new Perform($"{method.ContainingType.Name}.{method.Name}", format, operands.ToEquatable(), writes, null) { Rule = rule });
        if (isWhole) return Composed(method.ReturnType, new Queue<Expr>(numbers.Select(n => new Read(n))));
        for (int i = 0; i < filled.Length; i++)
        {
            IOperation target = ordered.First(a => SymbolEqualityComparer.Default.Equals(a.Parameter, filled[i])).Value;
            Store(PlaceOf(target), new ExprValue(new Read(numbers[i])), target);
        }
        return VoidValue.Instance;
    }

    private static string NameOfPart(string path, IMethodSymbol method)
    {
        string name = path.Substring(path.LastIndexOf('.') + 1).TrimStart('@');
        return name.StartsWith("Item", StringComparison.Ordinal) ? ResultName(method) : char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    private static string Called(IMethodSymbol method) => method.IsStatic ? TypeMap.Spell(method.ContainingType) : "{0}";

    private static string Spelled(IMethodSymbol method) => method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.TypeArguments.Select(TypeMap.Spell))}>" : method.Name;

    // ---- the parts of a value

    /// <summary>The numbers, vectors, arrays and constants that a value of a type is made of, and whether a derivative flows from each.</summary>
    private IEnumerable<(IrType Type, bool Carries)> PartsOf(ITypeSymbol type)
    {
        if (!IsSplit(type)) return [(TypeOf(type), TypeOf(type).CarriesDerivative)];
        var whole = TypeOf(type) as StructType;
        return TypeMap.Fields((INamedTypeSymbol)Actual(type)).SelectMany(f => PartsOf(f.Type).Select(p => (p.Type, p.Carries && whole?.Fields.FirstOrDefault(m => m.Name == f.Name) is { Differentiable: true })));
    }

    private IEnumerable<Expr> PartsOf(Value value, ITypeSymbol type)
    {
        if (!IsSplit(type)) return [TypeOf(type) is SpanType span ? ToSpan(ExprOf(value), span) : ExprOf(value)];
        CompositeValue whole = value as CompositeValue ?? Split(ExprOf(value), (INamedTypeSymbol)Actual(type));
        return TypeMap.Fields((INamedTypeSymbol)Actual(type)).SelectMany(f => PartsOf(whole[f.Name]!, f.Type)).Select(e => Named(e, "part"));
    }

    /// <summary>How each part is reached from the value.</summary>
    private IEnumerable<string> Paths(ITypeSymbol type) => !IsSplit(type) ? [""]
        : TypeMap.Fields((INamedTypeSymbol)Actual(type)).SelectMany(f => Paths(f.Type).Select(path => "." + Keywords.Escape(FieldSpelling(f.Member, f.Name)) + path));

    private Value Composed(ITypeSymbol type, Queue<Expr> parts) => !IsSplit(type) ? new ExprValue(parts.Dequeue())
        : new CompositeValue(Actual(type), [.. TypeMap.Fields((INamedTypeSymbol)Actual(type)).Select(f => new KeyValuePair<string, Value>(f.Name, Composed(f.Type, parts)))]);

    private Expr Whole(ITypeSymbol type, IEnumerable<Expr> parts) => ExprOf(Composed(type, new Queue<Expr>(parts)));

    /// <summary>The numbers, vectors and arrays in what holds a derivative.</summary>
    private static IEnumerable<Expr> Numbers(Expr shadow) => shadow.Type is StructType s ? s.Fields.SelectMany(f => Numbers(new FieldOf(shadow, f.Name, f.Type))) : [shadow];

    /// <summary>What holds the derivative of a value of a type, from its numbers.</summary>
    private static Expr Shadowing(IrType shadow, Queue<Expr> numbers) => shadow is StructType s ? new NewStruct(s, s.Creation, [.. s.Fields.Select(f => Shadowing(f.Type, numbers))]) : numbers.Dequeue();

    // ---- the rule

    private GeneralRule RuleOf(MarkedCall call, bool pushes)
    {
        var differentiated = new List<int>();
        var constants = new List<int>();
        int at = call.Receiver.Length;
        foreach ((IParameterSymbol p, Variable[] parts) in call.Inputs)
            foreach ((_, bool carries) in PartsOf(p.Type))
            {
                if (carries && call.IsDifferentiated(p)) differentiated.Add(at);
                else if (carries && !Attributes.Has(p, "NoDerivativeAttribute")) constants.Add(at);
                at++;
            }
        return new GeneralRule(call.Method.Name, differentiated.ToEquatable(), [], false)
        {
            Pullback = EmittedPullback(call),
            Pushforward = pushes && !call.Method.ReturnsVoid ? EmittedPushforward(call) : call.Emitted.Gradient is not null ? GradientPushforward(call) : null,
            Constants = constants.ToEquatable(),
        };
    }

    /// <summary>Placeholders for what goes with the parts of the parameters that are differentiated.</summary>
    private Variable[] InwardOf(MarkedCall call) =>
        [.. call.Inputs.Where(p => call.IsDifferentiated(p.Parameter)).SelectMany(p => PartsOf(p.Parameter.Type).Zip(p.Parts, (part, v) => (part.Carries, v))).Where(p => p.Carries).Select(p => new Variable("$d" + p.v.Name.Substring(1), p.v.Type))];

    /// <summary>Adjoints from <c>FVjp</c>, or the cotangent times <c>FGradient</c>, in storage of their own first: what is emitted overwrites.</summary>
    private RuleBody EmittedPullback(MarkedCall call)
    {
        IMethodSymbol method = call.Method;
        bool seeded = call.Emitted.Gradient is null;
        Variable[] inward = InwardOf(call);
        Variable[] outward = method.ReturnsVoid ? [.. method.Parameters.Where(p => p.RefKind == RefKind.Out || RuleSignatures.Outputs(method).Contains(p, SymbolEqualityComparer.Default)).Select(p => new Variable("$c" + p.Name, TypeOf(p.Type)))]
            : [.. PartsOf(method.ReturnType).Where(p => p.Carries).Select((p, i) => new Variable("$c" + i, p.Type))];
        List<Stmt> statements = Into(() =>
        {
            IEnumerable<Expr> cotangents = !seeded ? []
                : method.ReturnsVoid ? outward.Select(c => new Read(c))
                : [Shadowing(Shadows.TypeOf(TypeOf(method.ReturnType))!, new Queue<Expr>(outward.Select(c => new Read(c))))];
            List<Variable> adjoints = CallWithAdjoints(call, call.Emitted.Gradient ?? call.Emitted.Vjp!, outward, cotangents);
            foreach ((Expr to, Expr from) in inward.Zip(adjoints.SelectMany(a => Numbers(new Read(a))), (to, from) => (new Read(to), from)))
                Accumulate(to, from, seeded ? null : new Read(outward[0]));
        });
        return new RuleBody(BlockOf(statements), call.Arguments.ToEquatable(), null, outward.ToEquatable(), inward.ToEquatable());
    }

    /// <summary>Emits a call of a derivative that fills variables for the adjoints of the parameters.</summary>
    private List<Variable> CallWithAdjoints(MarkedCall call, IMethodSymbol called, Variable[] outward, IEnumerable<Expr> cotangents)
    {
        IMethodSymbol method = call.Method;
        IParameterSymbol[] written = [.. RuleSignatures.Outputs(method)];
        List<Expr> holes = [.. call.Receiver.Select(r => new Read(r))];
        int start = holes.Count;
        holes.AddRange(method.Parameters.Where(p => p.RefKind != RefKind.Out).Select(p =>
            Array.IndexOf(written, p) is >= 0 and var at ? new Read(Scratch(outward[at])) : Whole(p.Type, call.Inputs.First(i => SymbolEqualityComparer.Default.Equals(i.Parameter, p)).Parts.Select(v => new Read(v)))));
        holes.AddRange(cotangents);
        int first = holes.Count;
        List<Variable> adjoints = [];
        foreach (IParameterSymbol p in call.Emitted.Wrt)
        {
            IrType type = TypeOf(p.Type);
            var adjoint = Local(AdjointNames.Capital(p.Name), type switch { SpanType { Element: var e } => new Ir.ArrayType(e), ListType { Element: var e } => new Ir.ArrayType(e), _ => Shadows.TypeOf(type)! });
            Read from = new(call.Inputs.First(i => SymbolEqualityComparer.Default.Equals(i.Parameter, p)).Parts[0]);
            Emit(new Declare(adjoint, !adjoint.Type.IsReference ? null : type is ListType ? new NewArray(adjoint.Type, [new LengthOf(from)]) : Shadows.ZerosLike(from)));
            adjoints.Add(adjoint);
        }
        holes.AddRange(adjoints.Select(a => new Read(a)));
        string list = string.Join(", ", Enumerable.Range(start, holes.Count - start).Select(i => i >= first && !holes[i].Type.IsReference ? $"out {{{i}}}" : $"{{{i}}}"));
        string[] pieces = [.. Pieces($"{Called(called)}.{Spelled(called)}({list})", holes.Count)];
        Emit(new Evaluate(new Opaque(new(pieces), holes.ToEquatable(), PlainType.Void, Purity.Effects, adjoints.ToEquatable(), Unknown(called))));
        return adjoints;
    }

    private RuleBody EmittedPushforward(MarkedCall call)
    {
        IMethodSymbol jvp = call.Emitted.Jvp!;
        Variable[] inward = InwardOf(call);
        Variable[] tangents = [.. PartsOf(call.Method.ReturnType).Where(p => p.Carries).Select((p, i) => new Variable("$tangent" + i, p.Type))];
        List<Stmt> statements = Into(() =>
        {
            var given = new Queue<Expr>(inward.Select(v => new Read(v)));
            List<Expr> holes = [.. call.Receiver.Select(r => new Read(r))];
            int start = holes.Count;
            holes.AddRange(call.Inputs.Select(p => Whole(p.Parameter.Type, p.Parts.Select(v => new Read(v)))));
            holes.AddRange(call.Emitted.Wrt.Select(p => Shadowing(Shadows.TypeOf(TypeOf(p.Type))!, given)));
            string[] pieces = [.. Pieces($"{Called(jvp)}.{Spelled(jvp)}({string.Join(", ", Enumerable.Range(start, holes.Count - start).Select(i => $"{{{i}}}"))})", holes.Count)];
            pieces[pieces.Length - 1] += ".Tangent";
            var made = new Opaque(new(pieces), holes.ToEquatable(), Shadows.TypeOf(TypeOf(call.Method.ReturnType))!, Purity.Effects, default, Unknown(jvp));
            if (made.Type is not StructType)
            {
                Deliver(made, tangents[0]);
                return;
            }
            foreach ((Expr number, Variable tangent) in Numbers(Saved(made, "tangent")).Zip(tangents, (n, t) => (n, t))) Deliver(number, tangent);
        });
        return new RuleBody(BlockOf(statements), call.Arguments.ToEquatable(), null, tangents.ToEquatable(), inward.ToEquatable());
    }

    /// <summary>The tangent of a number, where only the gradient is there: the tangents of what it is made of, each times its partial derivative.</summary>
    private RuleBody GradientPushforward(MarkedCall call)
    {
        Variable[] inward = InwardOf(call);
        Variable tangent = new("$tangent", TypeOf(call.Method.ReturnType));
        List<Stmt> statements = Into(() =>
        {
            List<Variable> gradient = CallWithAdjoints(call, call.Emitted.Gradient!, [], []);
            Emit(new Assign(new Read(tangent), Zero(tangent.Type)));
            foreach ((Expr partial, Expr direction) in gradient.SelectMany(a => Numbers(new Read(a))).Zip(inward, (a, d) => (a, new Read(d))))
                Contract(partial, direction, new Read(tangent));
        });
        return new RuleBody(BlockOf(statements), call.Arguments.ToEquatable(), null, [tangent], inward.ToEquatable());
    }

    private Refusal Unknown(IMethodSymbol called) => new(DiagnosticIds.LostInCall, [called.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)], _site);

    /// <summary>An array for an output that a derivative computes again: what is in the caller's by now stays.</summary>
    private Variable Scratch(Variable cotangent)
    {
        Variable scratch = Local("scratch", new Ir.ArrayType(((SpanType)cotangent.Type).Element));
        Emit(new Declare(scratch, new NewArray(scratch.Type, [new LengthOf(new Read(cotangent))])));
        return scratch;
    }

    /// <summary>Adds every number of <paramref name="from"/>, times <paramref name="factor"/>, to its place.</summary>
    private void Accumulate(Expr to, Expr from, Expr? factor) => ForEachNumber(from, to, (f, t) =>
        Emit(new AddTo(t, factor is null ? f : f.Type is VectorType ? new Binary(BinaryOperator.Multiply, f, factor, f.Type) : new Binary(BinaryOperator.Multiply, factor, f, f.Type))));

    /// <summary>Adds the products of the numbers of <paramref name="a"/> and <paramref name="b"/>, which are of one shape.</summary>
    private void Contract(Expr a, Expr b, Expr sum) => ForEachNumber(a, b, (x, y) =>
    {
        if (x.Type is VectorType vector)
            foreach (string member in vector.Members) Emit(new AddTo(sum, new Binary(BinaryOperator.Multiply, new FieldOf(x, member, vector.Component), new FieldOf(y, member, vector.Component), vector.Component)));
        else Emit(new AddTo(sum, new Binary(BinaryOperator.Multiply, x, y, x.Type)));
    });

    private void ForEachNumber(Expr a, Expr b, Action<Expr, Expr> body)
    {
        if (!a.Type.IsReference)
        {
            body(a, b);
            return;
        }
        int rank = a.Type is Ir.ArrayType array ? array.Rank : 1;
        Variable[] k = [.. Enumerable.Range(0, rank).Select(_ => Local("k", PlainType.Int))];
        EquatableArray<Expr> indices = k.Select(v => (Expr)new Read(v)).ToEquatable();
        List<Stmt> inner = Into(() => ForEachNumber(new ElementAt(a, indices), new ElementAt(b, indices), body));
        for (int d = rank - 1; d >= 0; d--) inner = [new For(k[d], IntConstant(0), BinaryOperator.Less, new LengthOf(a, rank == 1 ? -1 : d), 1, BlockOf(inner))];
        foreach (Stmt s in inner) Emit(s);
    }
}
