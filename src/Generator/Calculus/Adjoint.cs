using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>The shadows of a function's variables: where the adjoint of each lives.</summary>
internal sealed class ShadowMap(Function function, Activity activity, Names names, Locations locations)
{
    private readonly Dictionary<string, Variable> _shadows = new(StringComparer.Ordinal);

    /// <summary>Reference classes whose one-dimensional shadows are spans, because a parameter's shadow is the caller's buffer.</summary>
    public HashSet<string> SpanClasses { get; } = new(StringComparer.Ordinal);

    /// <summary>All shadows given out, by the name of the primal.</summary>
    public IReadOnlyDictionary<string, Variable> All => _shadows;

    /// <summary>Whether <paramref name="v"/> has a shadow.</summary>
    public bool Has(Variable v) => activity.IsActive(function, v);

    /// <summary>Sets the shadow of a parameter or result.</summary>
    public void Set(Variable v, Variable shadow)
    {
        _shadows[v.Name] = shadow;
        if (v.Type.IsReference) locations.Join(shadow, new Variable("d " + locations.ClassOf(v), v.Type));
    }

    /// <summary>The shadow of <paramref name="v"/>.</summary>
    public Variable Of(Variable v)
    {
        if (_shadows.TryGetValue(v.Name, out Variable? shadow)) return shadow;
        IrType type = TypeOf(v);
        shadow = new Variable(names.Fresh("d" + char.ToUpperInvariant(v.Name[0]) + v.Name.Substring(1)), type);
        Set(v, shadow);
        return shadow;
    }

    /// <summary>The type of a variable's shadow.</summary>
    public IrType TypeOf(Variable v)
    {
        IrType type = Shadows.TypeOf(v.Type)!;
        return type is ArrayType { Rank: 1 } array && SpanClasses.Contains(locations.ClassOf(v)) ? new SpanType(array.Element, false) : type;
    }

    /// <summary>The shadow place or reference of <paramref name="e"/>; null where it carries no derivative.</summary>
    public Expr? Of(Expr e) => e switch
    {
        Read x => Has(x.Variable) ? new Read(Of(x.Variable)) : null,
        ElementAt x => Of(x.Source) is { } source ? new ElementAt(source, x.Indices) : null,
        FieldOf x => Shadows.Holds(x) && Of(x.Target) is { } target ? new FieldOf(target, x.Name, Shadows.TypeOf(x.FieldType)!) : null,
        Slice x => Of(x.Source) is { } source ? new Slice(source, x.Start, x.Length, new SpanType(((SpanType)Shadows.TypeOf(x.SpanType)!).Element, false)) : null,
        _ => null,
    };

    /// <summary>
    /// The shadow of a newly made reference: what the shadow variable is declared with. That of a value that holds storage has the storage's shadows, and zeros
    /// beside them.
    /// </summary>
    public Expr? OfReference(Expr e, IrType shadowType) => e switch
    {
        _ when shadowType is StructType { HoldsStorage: true } whole && e is NewStruct or ElementAt or FieldOf => OfStorage(e, whole),
        Read or ElementAt or FieldOf or Slice => Of(e) ?? null,
        Conditional x => OfReference(x.WhenTrue, shadowType) is { } a && OfReference(x.WhenFalse, shadowType) is { } b ? new Conditional(x.Condition, a, b) : null,
        NewArray x => x with { ArrayType = Shadows.TypeOf(x.ArrayType)! },
        NewList x => new NewList((ListType)Shadows.TypeOf(x.ListType)!),
        ArrayLiteral { ArrayType: ArrayType { Element: { IsReference: true } or StructType { HoldsStorage: true } } element } x =>
            new ArrayLiteral(Shadows.TypeOf(x.ArrayType)!, x.Elements.Select(item => OfReference(item, Shadows.TypeOf(element.Element)!) ?? NullOf(Shadows.TypeOf(element.Element)!)).ToEquatable()),
        ArrayLiteral x => NewOf(x.ArrayType, [new Constant(PlainType.Int, Text(x.Elements.Count), x.Elements.Count)]),
        CopyOf { Type: ArrayType { Rank: 1, Element: { IsReference: false } and not StructType { HoldsStorage: true } } } x => NewOf(x.ArrayType, [new LengthOf(x.Source)]),
        CopyOf { Type: ArrayType { Rank: > 1, Element: not StructType { HoldsStorage: true } } array } x =>
            NewOf(array, Enumerable.Range(0, array.Rank).Select(d => (Expr)new LengthOf(x.Source, d))),
        CopyOf { Type: ArrayType } x => Of(x.Source) is { } source ? new CopyOf(source, Shadows.TypeOf(x.ArrayType)!) : null,
        Constant => NullOf(shadowType),
        _ => null,
    };

    private NewStruct? OfStorage(Expr e, StructType shadow)
    {
        var type = (StructType)e.Type;
        List<Expr> parts = [];
        foreach (StructField part in shadow.Fields)
        {
            int at = type.Fields.Select((f, i) => f.Name == part.Name ? i : -1).Max();
            Expr member = e is NewStruct made ? made.Values[at] : new FieldOf(e, part.Name, type.Fields[at].Type);
            Expr? value = part.Type is { IsReference: true } or StructType { HoldsStorage: true } ? OfReference(member, part.Type) : Shadows.Zero(part.Type);
            if (value is null) return null;
            parts.Add(value);
        }
        return new NewStruct(shadow, shadow.Creation, parts.ToEquatable());
    }

    private static Expr NullOf(IrType type) => type.IsReference ? new Constant(type, "null", null) : E.Zero(type);

    private static NewArray NewOf(IrType type, IEnumerable<Expr> lengths)
    {
        IrType shadow = Shadows.TypeOf(type)!;
        return new NewArray(shadow is SpanType span ? new ArrayType(span.Element) : shadow, lengths.ToEquatable());
    }

    private static string Text(int n) => n.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The adjoint of single statements: what the reverse sweep does for each, with the primal's state as before the statement.</summary>
internal sealed class Adjoint(Function function, Activity activity, ShadowMap shadows, Names names)
{
    // a call may come before any other statement
    private Stmt _origin = new Scope(Block.Empty);

    /// <summary>The adjoint statements of an assignment, accumulation or bulk operation; none where nothing is active.</summary>
    public List<Stmt> Of(Stmt s)
    {
        _origin = s;
        var code = new List<Stmt>();
        switch (s)
        {
            case Declare { Initial: { Type.IsReference: false } e } x when shadows.Has(x.Variable):
                Contribute(e, new Read(shadows.Of(x.Variable)), code, new Read(x.Variable));
                break;
            case Declare { Initial: ArrayLiteral { ArrayType: ArrayType { Element.IsReference: false } } e } x when shadows.Has(x.Variable):
                for (int i = 0; i < e.Elements.Count; i++)
                    Contribute(e.Elements[i], new ElementAt(new Read(shadows.Of(x.Variable)), [E.Int(i)]), code);
                break;
            case Declare { Initial: CopyOf { Type: ArrayType } e } x when shadows.Has(x.Variable) && shadows.Of(e.Source) is { } source:
                Copy(new Read(shadows.Of(x.Variable)), source, (ArrayType)e.Type, new Read(x.Variable), code);
                break;
            case Assign { Value.Type.IsReference: false } x when shadows.Of(x.Target) is { } target: Overwrite(x.Target, target, x.Value, code); break;
            case AddTo x when shadows.Of(x.Target) is { } target && activity.Varies(function, x.Value):
                // the adjoint of the target goes on; that of the value receives it
                if (Mentions(x.Value, x.Target))
                {
                    Expr seed = Temporary(target, code);
                    Contribute(x.Value, seed, code);
                }
                else Contribute(x.Value, target, code);
                break;
            case Clear x when shadows.Of(x.Target) is { } target: code.Add(new Clear(target) { Comment = Comment("constant") }); break;
            case AddItem { Value.Type.IsReference: false } x when shadows.Of(x.List) is { } list:
                Expr item = new ElementAt(list, [E.Sub(new LengthOf(list), E.Int(1))]);
                if (x.ReadsItsList())
                {
                    // the value was read from the list as it was before: the adjoint is taken, and then the list made shorter
                    var seed = new Variable(names.Fresh("seed"), item.Type);
                    code.Add(new Declare(seed, item));
                    item = new Read(seed);
                }
                Contribute(x.Value, item, code);
                break;
            case Perform x: Bulk(x, code); break;
        }
        return code;
    }

    private void Overwrite(Expr place, Expr shadow, Expr value, List<Stmt> code)
    {
        bool varies = activity.Varies(function, value);
        if (varies)
        {
            // an operand that is the target itself (v = v * b) must receive after the old adjoint is taken
            if (Mentions(value, place))
            {
                Expr seed = Temporary(shadow, code);
                code.AddRange(Shadows.Cleared(shadow));
                Contribute(value, seed, code);
                return;
            }
            Contribute(value, shadow, code);
        }
        code.AddRange(Shadows.Cleared(shadow).Select(s => s with { Comment = varies ? "" : Comment("constant") }));
    }

    /// <summary>Adds one shadow to another, element by element.</summary>
    public void Copy(Expr from, Expr to, ArrayType type, Expr primal, List<Stmt> code)
    {
        if (type.Element.IsReference) return; // rows are shared, and so are their shadows
        var indices = new List<Expr>();
        var counters = new List<Variable>();
        for (int d = 0; d < type.Rank; d++)
        {
            counters.Add(new Variable(names.Fresh("k"), PlainType.Int));
            indices.Add(new Read(counters[d]));
        }
        Block added = new(Shadows.Sum(new ElementAt(to, indices.ToEquatable()), new ElementAt(from, indices.ToEquatable())).Select(s => (Stmt)(s with { Comment = Comment("copy") })).ToEquatable());
        Stmt body = added.Statements[0];
        for (int d = type.Rank - 1; d >= 0; d--)
            body = new For(counters[d], E.Int(0), BinaryOperator.Less, new LengthOf(from, type.Rank == 1 ? -1 : d), 1, d == type.Rank - 1 ? added : new Block([body]));
        code.Add(body);
    }

    private bool Mentions(Expr value, Expr place)
    {
        Variable? root = place.Root();
        if (place is Read) return value.All().Any(e => e is Read x && x.Variable == root);
        // an element: any element of what may be the same storage
        Expr? shadowRoot = root is null ? null : new Read(root);
        return value.All().Any(e => e is ElementAt or FieldOf && e.Root() is { } other && shadowRoot is not null && SameStorage(root!, other));
    }

    private bool SameStorage(Variable a, Variable b) => a == b || a.Type.IsReference && b.Type.IsReference && activity.LocationsOf(function).ClassOf(a) == activity.LocationsOf(function).ClassOf(b);

    private Expr Temporary(Expr value, List<Stmt> code, string wish = "seed")
    {
        if (value is Constant) return value;
        var variable = new Variable(names.Fresh(wish), value.Type);
        code.Add(new Declare(variable, value));
        return new Read(variable);
    }

    /// <summary>Distributes the cotangent <paramref name="seed"/> of <paramref name="e"/> over what <paramref name="e"/> reads.</summary>
    public void Contribute(Expr e, Expr seed, List<Stmt> code, Expr? result = null, string rule = "")
    {
        if (!activity.Varies(function, e)) return;
        switch (e)
        {
            case Read or ElementAt or FieldOf when shadows.Of(e) is { } shadow && !IsRuled(e):
                code.AddRange(Shadows.Sum(shadow, seed).Select(s => s with { Comment = Comment(rule) }));
                return;
            case Conditional x:
                seed = Several(x) && !Trivial(seed) ? Temporary(seed, code) : seed;
                var whenTrue = new List<Stmt>();
                var whenFalse = new List<Stmt>();
                Contribute(x.WhenTrue, seed, whenTrue, null, "branch");
                Contribute(x.WhenFalse, seed, whenFalse, null, "branch");
                if (whenTrue.Count + whenFalse.Count > 0) code.Add(new If(x.Condition, new Block(whenTrue.ToEquatable()), new Block(whenFalse.ToEquatable())));
                return;
            case NewStruct x:
                for (int i = 0; i < x.Values.Count; i++)
                {
                    StructField field = x.StructType.Fields[i];
                    if (field.Differentiable && !field.Type.IsReference) Contribute(x.Values[i], new FieldOf(seed, field.Name, Shadows.TypeOf(field.Type)!), code);
                }
                return;
        }
        if (RuleTable.For(e) is not { } found) return;
        Expr[] operands = e.Children().ToArray();
        bool[] varies = operands.Select(o => activity.Varies(function, o)).ToArray();
        if (varies.Count(v => v) > 1 && !Trivial(seed)) seed = Temporary(seed, code, "d" + Wish(e));
        var context = new RuleContext(operands, varies, result ?? e);
        for (int i = 0; i < operands.Length; i++)
            if (varies[i] && found.Pullback(i, context, seed) is { } contribution) Contribute(operands[i], contribution, code, null, found.Name);
    }

    private static string Wish(Expr e) => e switch { Binary { Operator: BinaryOperator.Multiply } => "Product", Binary { Operator: BinaryOperator.Divide } => "Quotient", _ => "Inner" };

    private bool Several(Conditional x) => x.All().Count(e => e is Read or ElementAt) > 2;

    private static bool IsRuled(Expr e) => e is FieldOf { Target.Type: VectorType } && RuleTable.For(e) is not null;

    private static bool Trivial(Expr e) => e switch
    {
        Read or Constant => true,
        Unary x => Trivial(x.Operand),
        ElementAt x => x.Source is Read && x.Indices.All(i => i is Read or Constant),
        _ => false,
    };

    private void Bulk(Perform x, List<Stmt> code)
    {
        if (RuleTable.ForBulk(x) is not { } rule) return;
        Expr?[] argumentShadows = x.Arguments.Select(a => a.Type.CarriesDerivative ? shadows.Of(a) : null).ToArray();
        Expr? resultShadow = x.Result is null ? null : shadows.Of(x.Result);
        if (resultShadow is null && x.Writes.All(w => argumentShadows[w] is null)) return;
        code.AddRange(rule.Pullback(new BulkContext(x, argumentShadows, resultShadow, names)));
    }

    private string Comment(string rule)
    {
        string source = _origin.Source;
        return rule.Length == 0 ? source : source.Length == 0 ? rule : source + "  " + rule;
    }
}
