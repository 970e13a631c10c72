using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Gives integers that are made of the bits of a number a slope. Within a binade the bits of <c>x</c>, taken for an integer, are a linear function of <c>x</c>:
/// each integer variable that bits flow into has a floating-point variable beside it that is moved, divided and chosen as the integer is, and whose
/// derivative is the integer's. Where a number is made of bits, or an integer taken for a number, the derivative comes from there.
/// The values of those variables are of no interest and are computed only where they would be: nowhere.
/// </summary>
internal sealed class BitSlopes : Rewriter
{
    private readonly BitFlow _flow;
    private readonly Names _names;
    private readonly Dictionary<Variable, Variable> _slopes = [];
    private readonly Dictionary<Variable, Variable> _cuts = [];

    private BitSlopes(BitFlow flow, Names names) => (_flow, _names) = (flow, names);

    /// <summary>The unit with slopes, where it makes numbers of bits.</summary>
    public static Unit In(Unit unit, Names names)
    {
        List<Function> all = [unit.Entry, .. unit.Callees];
        if (!all.Any(f => Has(f, e => IsSource(e) || BitFlow.Together(e) is not null))) return unit;
        List<BitFlow> flows = [.. all.Select(f => BitFlow.In(unit, f))];
        if (flows.Any(f => f.Escapes)) return unit;
        List<Function> with = [.. all.Select((f, i) => f with { Body = new BitSlopes(flows[i], names).Run(f) })];
        return unit with { Entry = with[0], Callees = with.Skip(1).ToEquatable() };
    }

    /// <summary>Whether bits of a number go where they are not followed.</summary>
    public static bool Escape(Unit unit) => unit.Callees.Prepend(unit.Entry).Any(f => Has(f, IsSource) && BitFlow.In(unit, f).Escapes);

    private static bool IsSource(Expr e) => e is Opaque o && BitPatterns.TakesApart(o);

    private static bool Has(Function function, Func<Expr, bool> found) => function.Body.All().Any(s => s.Values().SelectMany(v => v.All()).Any(found));

    private Block Run(Function function)
    {
        Block body = function.Body;
        foreach (Stmt s in body.All())
            foreach ((Variable to, Expr value) in BitFlow.Given(s))
            {
                BitValue given = _flow.At(s).Of(value);
                if (!given.IsFixed && !_slopes.ContainsKey(to)) _slopes[to] = new Variable(_names.Fresh(to.Name + "Slope"), ScalarType.Double);
                if (given.Step != BitValue.None && !_cuts.ContainsKey(to) && Has(body, IsCut)) _cuts[to] = new Variable(_names.Fresh(to.Name + "Cut"), ScalarType.Double);
            }
        // what comes from outside has no bits in it yet
        IEnumerable<Variable> outer = function.Parameters.Select(p => p.Variable).Concat(function.Results);
        IEnumerable<Stmt> opening = outer.SelectMany(v => new[] { _slopes, _cuts }.Where(d => d.ContainsKey(v)).Select(d => (Stmt)new Declare(d[v], E.Zero(ScalarType.Double))));
        return new Block([.. opening, .. Visit(body).Statements]);
    }

    private bool Has(Block body, Func<Expr, bool> found) => body.All().Any(s => { _flow.At(s); return s.Values().SelectMany(v => v.All()).Any(found); });

    /// <summary>Whether a number is made of the digits of another one that was cut to an integer: fast exponentials are made so.</summary>
    private bool IsCut(Expr e) => BitFlow.Together(e) is { } bits && _flow.Of(bits).Step < (e.Type is ScalarType { Kind: ScalarKind.Single } ? 23 : 52);

    public override IEnumerable<Stmt> VisitMany(Stmt s)
    {
        _flow.At(s);
        foreach (Stmt first in Beside(s, _slopes, SlopeOf).Concat(Beside(s, _cuts, CutOf)).ToList()) yield return first with { Source = s.Source, Site = s.Site };
        foreach (Stmt then in base.VisitMany(s)) yield return then;
    }

    // before the integer changes
    private static IEnumerable<Stmt> Beside(Stmt s, Dictionary<Variable, Variable> variables, Func<Expr, Expr?> of)
    {
        if (s is Declare { Initial: null } declared && variables.TryGetValue(declared.Variable, out Variable? empty)) return [new Declare(empty, E.Zero(ScalarType.Double))];
        var next = new List<Stmt>();
        foreach ((Variable to, Expr value) in BitFlow.Given(s))
        {
            if (!variables.TryGetValue(to, out Variable? beside)) continue;
            Expr slope = of(value) ?? E.Zero(ScalarType.Double);
            if (slope is not Read { Variable: var same } || same != beside) next.Add(s is Declare { Variable: var declares } && declares == to ? new Declare(beside, slope) : new Assign(new Read(beside), slope));
        }
        return next;
    }

    /// <summary>An expression whose derivative is the integer's, in units of 2^52, as many as a double's fraction has; null where it is constant by pieces.</summary>
    private Expr? SlopeOf(Expr e)
    {
        if (BitFlow.Apart(e) is { } number) return Apart(Visit(number));
        if (e.Type is not PlainType { Kind: PlainKind.Integer } || _flow.Of(e).IsFixed) return null;
        switch (BitFlow.Unchecked(e))
        {
            // by means that have no rule
            case Opaque x when BitPatterns.TakesApart(x): return x.Holes.FirstOrDefault(h => h.Type is ScalarType or PlainType { Kind: PlainKind.Other }) is { } taken ? new Apply(x.Lost?.Arguments[0] ?? "bits", "0.0", [Visit(taken)], ScalarType.Double) : null;
            case Read x: return _slopes.TryGetValue(x.Variable, out Variable? slope) ? new Read(slope) : null;
            case Conditional x:
                Expr? whenTrue = SlopeOf(x.WhenTrue), whenFalse = SlopeOf(x.WhenFalse);
                return whenTrue is null && whenFalse is null ? null : new Conditional(Visit(x.Condition), whenTrue ?? E.Zero(ScalarType.Double), whenFalse ?? E.Zero(ScalarType.Double));
            case Unary x: return SlopeOf(x.Operand) is { } negated ? E.Neg(negated) : null;
            case Convert x: return SlopeOf(x.Operand);
            case Binary x: return Slope(x);
            default: return SumOf(e.Children());
        }
    }

    private Expr? Slope(Binary x)
    {
        BitValue whole = _flow.Of((Expr)x);
        if (whole.Kind == BitKind.Mixed) return SumOf([x.Left, x.Right]);
        // the last digits of a number beside its first ones are rounding
        Expr? left = _flow.Of(x.Left).Kind == BitKind.Low && whole.Kind == BitKind.Flow ? null : SlopeOf(x.Left);
        Expr? right = _flow.Of(x.Right).Kind == BitKind.Low && whole.Kind == BitKind.Flow ? null : SlopeOf(x.Right);
        if (left is null) return right is null ? null : x.Operator switch
        {
            BinaryOperator.Subtract => E.Neg(right),
            BinaryOperator.Multiply => E.Mul(right, new Convert(Visit(x.Left), ScalarType.Double)),
            _ => right,
        };
        if (right is not null) return x.Operator == BinaryOperator.Subtract ? E.Sub(left, right) : E.Add(left, right);
        return x.Operator switch
        {
            BinaryOperator.Multiply => E.Mul(left, new Convert(Visit(x.Right), ScalarType.Double)),
            BinaryOperator.Divide => E.Div(left, new Convert(Visit(x.Right), ScalarType.Double)),
            BinaryOperator.ShiftLeft => E.Mul(left, Power(x)),
            BinaryOperator.ShiftRight or BinaryOperator.ShiftRightUnsigned => E.Div(left, Power(x)),
            _ => left,
        };
    }

    private Expr Power(Binary shift) => BitFlow.ShiftOf(shift) is { } places ? E.Num(ScalarType.Double, Math.Pow(2, places)) : E.Call(ScalarType.Double, "ScaleB", E.One(ScalarType.Double), Visit(shift.Right));

    // whether a derivative would be lost here is for activity to say
    private Expr? SumOf(IEnumerable<Expr> parts) => parts.Select(SlopeOf).Aggregate((Expr?)null, E.Sum);

    /// <summary>What an integer varies with that is made of a number by cutting off its fraction; null where it is not.</summary>
    private Expr? CutOf(Expr e)
    {
        if (e.Type is ScalarType) return e is Constant || BitFlow.Apart(e) is not null ? null : E.Convert(Visit(e), ScalarType.Double);
        if (e.Type is not PlainType { Kind: PlainKind.Integer } || _flow.Of(e).Step == BitValue.None) return null;
        if (e is Read x) return _cuts.TryGetValue(x.Variable, out Variable? cut) ? new Read(cut) : null;
        return (e is Conditional choice ? [choice.WhenTrue, choice.WhenFalse] : e.Children()).Select(CutOf).Aggregate((Expr?)null, E.Sum);
    }

    private static Expr Apart(Expr number) => number.Type is ScalarType { Kind: ScalarKind.Single }
        ? new Apply(BitRules.BitsOfSingle, "(double){0}", [number], ScalarType.Double)
        : new Apply(BitRules.BitsOfDouble, "{0}", [number], ScalarType.Double);

    public override Expr Visit(Expr e)
    {
        if (BitFlow.Together(e) is { } bits)
        {
            var call = (Opaque)e;
            string format = call.Pieces[0] + "{0}" + call.Pieces[1], unknown = call.Lost?.Arguments[0] ?? "";
            bool single = e.Type is ScalarType { Kind: ScalarKind.Single };
            BitValue value = _flow.Of(bits);
            // of bits that are not followed a number has no known derivative
            Expr? slope = SlopeOf(bits), cut = IsCut(e) ? CutOf(bits) : null;
            if (cut is not null) return new Apply(unknown, format, [Visit(bits), E.Sum(slope, cut)!], e.Type);
            if (value.Kind is BitKind.Flow or BitKind.Mixed && slope is not null)
                return new Apply(!value.IsWhole && !(single && value is { Kind: BitKind.Flow, Digits: >= BitValue.EnoughOfASingle }) ? unknown : single ? BitRules.SingleOfBits : BitRules.DoubleOfBits, format, [Visit(bits), slope], e.Type);
            // exponents and signs; beside a high word that is constant by pieces the last digits are rounding
            return new Apply(BitRules.OfFixedBits, format, [Visit(bits)], e.Type);
        }
        if (e is Convert { Target: ScalarType type, Operand: { Type: PlainType { Kind: PlainKind.Integer } } integer } && _flow.Of(integer) is { IsFixed: false } number && SlopeOf(integer) is { } its)
        {
            // a few digits are steps, and constant between them
            if (number.Kind == BitKind.Flow && number.Digits <= BitValue.Enough - 6) return base.Visit(e);
            string key = number.IsWhole ? BitRules.NumberOfBits : $"Convert.To{(type.Kind == ScalarKind.Single ? "Single" : "Double")}({((PlainType)integer.Type).Name})";
            return new Apply(key, $"({type.CSharp}){{0}}", [Visit(integer), its], type);
        }
        return base.Visit(e);
    }
}
