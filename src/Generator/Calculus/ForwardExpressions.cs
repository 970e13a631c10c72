using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>A value and its tangent (null: zero), and the rule that the outermost operation applied.</summary>
internal readonly record struct Dual(Expr Primal, Expr? Tangent, string Rule = "");

/// <summary>
/// Differentiates expressions: sums what the rules push forward from each operand. What a rule reads more than once, or what primal and tangent
/// share, is computed first and named.
/// </summary>
internal sealed class ForwardExpressions(Function function, Varied varied, TangentMap tangents, Names names)
{
    private int _placeholders;

    /// <summary>The tangents of variables.</summary>
    public TangentMap Tangents => tangents;

    /// <summary>Names for locals.</summary>
    public Names Names => names;

    /// <summary>Whether an expression has a tangent.</summary>
    public bool Varies(Expr e) => varied.Varies(function, e);

    /// <summary>Whether a parameter or result of another function varies.</summary>
    public bool VariesIn(Function callee, Variable v) => varied.Varies(callee, v);

    /// <summary>
    /// The value and tangent of an expression that is no reference. Statements that must run before are added to <paramref name="before"/>; a result that the
    /// tangent reads is kept by <paramref name="keep"/> (it stores an expression and returns how to read it), or in a local.
    /// </summary>
    public Dual Visit(Expr e, List<Stmt> before, Func<Expr, Expr, Expr?>? keep = null)
    {
        // the tangent of a structure that holds arrays has arrays too, even where no number of it varies (yet)
        if (!Varies(e) && !(e is NewStruct made && made.StructType.HoldsStorage)) return new Dual(e, null);
        switch (e)
        {
            case Read or ElementAt or FieldOf { Target.Type: not VectorType }:
                return new Dual(e, tangents.Place(e) ?? Component(e));
            case Conditional x:
                return Choice(x, before);
            case NewStruct x:
                return Struct(x, before);
            default:
                return Ruled(e, before, keep);
        }
    }

    /// <summary>The user's statement that is differentiated: what is named of its values belongs to the primal and keeps its bits.</summary>
    public Stmt? Origin { get; set; }

    /// <summary>Names a value of the primal in a local.</summary>
    public Read Local(Expr value, string wish, List<Stmt> before) => Named(value, wish, before, Origin?.Source ?? "");

    private Read Named(Expr value, string wish, List<Stmt> before, string source)
    {
        Variable variable = new(names.Fresh(wish), value.Type);
        before.Add(new Declare(variable, value) { Source = source });
        return new Read(variable);
    }

    // a field of a value that is not a place (a call's result): none is known to occur
    private static Expr? Component(Expr e) => e is FieldOf or ElementAt ? null : throw new NotSupportedException($"no tangent of {e.GetType().Name}");

    private Dual Ruled(Expr e, List<Stmt> before, Func<Expr, Expr, Expr?>? keep)
    {
        if (RuleTable.For(e) is not { } rule) return new Dual(e, null);
        Expr[] operands = e.Children().ToArray();
        Dual[] duals = operands.Select(o => o.Type.IsReference ? new Dual(o, null) : Visit(o, before)).ToArray();
        Expr[] stand = duals.Select(d => Repeatable(d.Primal) ? d.Primal : Placeholder(d.Primal.Type)).ToArray();
        Expr result = Placeholder(e.Type);
        RuleContext context = new(stand, duals.Select(d => d.Tangent is not null).ToArray(), result);
        Expr? sum = null;
        for (int i = 0; i < duals.Length; i++)
        {
            if (duals[i].Tangent is not { } tangent) continue;
            if (tangents.Space.IsBundle)
            {
                // one partial derivative for all directions
                if (operands[i].Type is not ScalarType { Kind: ScalarKind.Double } || e.Type is not ScalarType { Kind: ScalarKind.Double })
                    throw new NotSupportedException($"no bundle through {e.Type}");
                if (rule.Pushforward(i, context, E.One(operands[i].Type)) is { } partial) sum = E.Sum(sum, E.Mul(tangent, partial));
                continue;
            }
            Expr carried = Placeholder(tangent.Type);
            if (rule.Pushforward(i, context, carried) is not { } contribution) continue;
            if (Count(contribution, carried) > 1 && !Repeatable(tangent)) tangent = Named(tangent, "inner", before, "");
            // built again, so that signs and constants of the tangent fold with the rule's
            if (rule.Pushforward(i, context, tangent) is { } folded) sum = E.Sum(sum, folded);
        }
        if (sum is null) return new Dual(Rebuilt(e, duals.Select(d => d.Primal).ToArray()), null);
        Expr[] primals = duals.Select(d => d.Primal).ToArray();
        for (int i = 0; i < stand.Length; i++)
        {
            if (Equals(stand[i], primals[i]) || Count(sum, stand[i]) == 0) continue;
            primals[i] = Local(primals[i], NameOf(primals[i]), before);
            sum = Replaced(sum, stand[i], primals[i]);
        }
        Expr primal = Rebuilt(e, primals);
        if (Count(sum, result) > 0)
        {
            Expr kept = keep?.Invoke(primal, sum) ?? Local(primal, NameOf(primal), before);
            sum = Replaced(sum, result, kept);
            primal = kept;
        }
        return new Dual(primal, sum, rule.Name);
    }

    private Dual Choice(Conditional x, List<Stmt> before)
    {
        List<Stmt> first = [], second = [];
        Dual a = Visit(x.WhenTrue, first), b = Visit(x.WhenFalse, second);
        if (a.Tangent is null && b.Tangent is null && first.Count + second.Count == 0) return new Dual(x, null);
        Expr condition = x.Condition;
        if (!condition.IsDuplicable() || condition.Cost() > 3) condition = Local(condition, "chosen", before);
        Expr zero = tangents.Space.Zero(x.Type);
        if (first.Count + second.Count == 0)
        {
            return new Dual(new Conditional(condition, a.Primal, b.Primal), E.Select(condition, a.Tangent ?? zero, b.Tangent ?? zero), "branch");
        }
        // only the side that is chosen may be computed
        Variable value = new(names.Fresh("choice"), x.Type), tangent = new(names.Fresh("choiceDot"), tangents.Space.TypeOf(x.Type)!);
        before.Add(new Declare(value, null));
        before.Add(new Declare(tangent, null));
        foreach ((List<Stmt> side, Dual dual) in new[] { (first, a), (second, b) })
        {
            side.Add(new Assign(new Read(tangent), dual.Tangent ?? zero));
            side.Add(new Assign(new Read(value), dual.Primal) { Source = Origin?.Source ?? "" });
        }
        before.Add(new If(condition, new Block(first.ToEquatable()), new Block(second.ToEquatable())));
        return new Dual(new Read(value), new Read(tangent), "branch");
    }

    private Dual Struct(NewStruct x, List<Stmt> before)
    {
        if (tangents.Space.IsBundle) throw new NotSupportedException($"no bundle of {x.Type}");
        Dual[] duals = x.Values.Select(v => v.Type.IsReference ? new Dual(v, Reference(v, before)) : Visit(v, before)).ToArray();
        NewStruct primal = x with { Values = duals.Select(d => d.Primal).ToEquatable() };
        if (Shadows.OfStruct(x.StructType) is not { } shadow) return new Dual(primal, null);
        List<Expr> values = [];
        for (int i = 0; i < duals.Length; i++)
        {
            StructField field = x.StructType.Fields[i];
            if (!field.Differentiable || tangents.Space.TypeOf(field.Type) is null) continue;
            values.Add(duals[i].Tangent ?? (field.Type.IsReference ? tangents.Space.ZerosLike(duals[i].Primal) : tangents.Space.Zero(field.Type)));
        }
        return new Dual(primal, new NewStruct(shadow, shadow.Creation, values.ToEquatable()));
    }

    /// <summary>
    /// The tangent of a reference: the shadow of what is there, a twin of what is made. Null where it can only be made to measure once the primal reference
    /// is there (an inactive call's result).
    /// </summary>
    public Expr? Reference(Expr e, List<Stmt> before)
    {
        switch (e)
        {
            case Read or ElementAt or FieldOf or Slice when tangents.Place(e) is { } place:
                return place;
            case Conditional x:
                return Reference(x.WhenTrue, before) is { } a && Reference(x.WhenFalse, before) is { } b ? new Conditional(x.Condition, a, b) : null;
            case NewArray x:
                // a bundle is too wide for the stack
                return x with { ArrayType = tangents.Space.Made(x.OnStack && tangents.Space.IsBundle && x.ArrayType is SpanType s ? new ArrayType(s.Element) : x.ArrayType)!, OnStack = x.OnStack && !tangents.Space.IsBundle };
            case NewList x:
                return new NewList((ListType)tangents.Space.Made(x.ListType)!) { Capacity = x.Capacity };
            case CopyOf x:
                return Reference(x.Source, before) is { } source ? new CopyOf(source, tangents.Space.Made(x.ArrayType)!) : null;
            case Slice x:
                return Reference(x.Source, before) is { } whole ? x with { Source = whole, SpanType = (SpanType)tangents.Space.TypeOf(x.SpanType)! } : null;
            case ArrayLiteral x:
                List<Expr> items = [];
                foreach (Expr item in x.Elements)
                {
                    Expr? tangent = item.Type.IsReference ? Reference(item, before) : Visit(item, before).Tangent ?? tangents.Space.Zero(item.Type);
                    if (tangent is null) return null;
                    items.Add(tangent);
                }
                return new ArrayLiteral(tangents.Space.Made(x.ArrayType)!, items.ToEquatable());
            case Constant:
                return new Constant(tangents.Space.TypeOf(e.Type)!, e.Type is SpanType ? "default" : "null", null);
            default:
                return null;
        }
    }

    /// <summary>Whether primal and tangent may both evaluate an expression: it costs next to nothing.</summary>
    private static bool Repeatable(Expr e) => E.IsSimple(e) || e.IsDuplicable() && e.Cost() <= 1;

    private Expr Placeholder(IrType type) => new Read(new Variable("$" + _placeholders++, type));

    private static int Count(Expr e, Expr part) => e.All().Count(x => x.Equals(part));

    private static Expr Replaced(Expr e, Expr part, Expr by) => new Replacement(part, by).Visit(e);

    private static Expr Rebuilt(Expr e, Expr[] children)
    {
        int next = 0;
        return e.Children().SequenceEqual(children) ? e : new Children(() => children[next++]).Rebuild(e);
    }

    private static string NameOf(Expr e) => e switch
    {
        Binary { Operator: BinaryOperator.Multiply } => "product",
        Binary { Operator: BinaryOperator.Divide } => "quotient",
        Binary { Operator: BinaryOperator.Add } => "sum",
        Binary { Operator: BinaryOperator.Subtract } => "difference",
        Apply x when Facts.ShortKey(x.Key) is { Length: > 0 } key && char.IsLetter(key[0]) && key != "new" =>
            char.ToLowerInvariant(key[0]) + key.Substring(1) + "Value",
        _ => "value",
    };

    private sealed class Replacement(Expr part, Expr by) : Rewriter
    {
        public override Expr Visit(Expr e) => e.Equals(part) ? by : base.Visit(e);
    }

    private sealed class Children(Func<Expr> next) : Rewriter
    {
        private bool _inside;

        public Expr Rebuild(Expr e) => Visit(e);

        public override Expr Visit(Expr e)
        {
            if (_inside) return next();
            _inside = true;
            return base.Visit(e);
        }
    }
}
