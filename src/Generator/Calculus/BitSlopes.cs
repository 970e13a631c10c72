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

    private BitSlopes(BitFlow flow, Names names) => (_flow, _names) = (flow, names);

    /// <summary>The unit with slopes, where it makes numbers of bits.</summary>
    public static Unit In(Unit unit, Names names)
    {
        List<Function> all = [unit.Entry, .. unit.Callees];
        if (!all.Any(TakesApart)) return unit;
        List<BitFlow> flows = [.. all.Select(BitFlow.In)];
        if (flows.Any(f => f.Escapes)) return unit;
        List<Function> with = [.. all.Select((f, i) => TakesApart(f) ? f with { Body = new BitSlopes(flows[i], names).Run(f.Body) } : f)];
        return unit with { Entry = with[0], Callees = with.Skip(1).ToEquatable() };
    }

    private static bool TakesApart(Function function) => function.Body.All().Any(s => s.Values().SelectMany(v => v.All()).Any(e => BitFlow.Apart(e) is not null));

    private Block Run(Block body)
    {
        foreach (Stmt s in body.All())
            foreach ((Variable to, Expr value) in BitFlow.Given(s))
                if (!_flow.At(s).Of(value).IsFixed && !_slopes.ContainsKey(to)) _slopes[to] = new Variable(_names.Fresh(to.Name + "Slope"), ScalarType.Double);
        return Visit(body);
    }

    public override IEnumerable<Stmt> VisitMany(Stmt s)
    {
        _flow.At(s);
        foreach (Stmt first in Slopes(s)) yield return first with { Source = s.Source, Site = s.Site };
        foreach (Stmt then in base.VisitMany(s)) yield return then;
    }

    // before the integer changes
    private IEnumerable<Stmt> Slopes(Stmt s)
    {
        if (s is Declare { Initial: null } declared && _slopes.TryGetValue(declared.Variable, out Variable? empty)) return [new Declare(empty, E.Zero(ScalarType.Double))];
        if (BitFlow.Given(s).FirstOrDefault() is not (var to, { } value) || !_slopes.TryGetValue(to, out Variable? slope)) return [];
        Expr next = SlopeOf(value) ?? E.Zero(ScalarType.Double);
        if (next is Read { Variable: var same } && same == slope) return [];
        return s is Declare ? [new Declare(slope, next)] : [new Assign(new Read(slope), next)];
    }

    /// <summary>An expression whose derivative is the integer's, in units of 2^52, as many as a double's fraction has; null where it is constant by pieces.</summary>
    private Expr? SlopeOf(Expr e)
    {
        if (BitFlow.Apart(e) is { } number) return Apart(Visit(number));
        if (e.Type is not PlainType { Kind: PlainKind.Integer } || _flow.Of(e).IsFixed) return null;
        switch (e)
        {
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
        if (_flow.Of(x).Kind == BitKind.Mixed) return SumOf([x.Left, x.Right]);
        // the last digits of a number beside its first ones are rounding
        Expr? left = _flow.Of(x.Left).Kind == BitKind.Low && _flow.Of(x).Kind == BitKind.Flow ? null : SlopeOf(x.Left);
        Expr? right = _flow.Of(x.Right).Kind == BitKind.Low && _flow.Of(x).Kind == BitKind.Flow ? null : SlopeOf(x.Right);
        if (left is null) return right is null ? null : x.Operator switch
        {
            BinaryOperator.Subtract => E.Neg(right),
            BinaryOperator.Multiply => E.Mul(right, new Convert(Visit(x.Left), ScalarType.Double)),
            _ => right,
        };
        if (right is not null) return E.Add(left, right);
        return x.Operator switch
        {
            BinaryOperator.Multiply => E.Mul(left, new Convert(Visit(x.Right), ScalarType.Double)),
            BinaryOperator.Divide => E.Div(left, new Convert(Visit(x.Right), ScalarType.Double)),
            BinaryOperator.ShiftLeft => E.Mul(left, Power(x)),
            BinaryOperator.ShiftRight or BinaryOperator.ShiftRightUnsigned => E.Div(left, Power(x)),
            _ => left,
        };
    }

    private static Expr Power(Binary shift) => E.Num(ScalarType.Double, Math.Pow(2, BitFlow.ShiftOf(shift, 64) ?? 0));

    // whether a derivative would be lost here is for activity to say
    private Expr? SumOf(IEnumerable<Expr> parts) => parts.Select(SlopeOf).Aggregate((Expr?)null, E.Sum);

    private static Expr Apart(Expr number) => number.Type is ScalarType { Kind: ScalarKind.Single }
        ? new Apply("Math.BitsOfSingle", "(double){0}", [number], ScalarType.Double)
        : new Apply("Math.BitsOfDouble", "{0}", [number], ScalarType.Double);

    public override Expr Visit(Expr e)
    {
        // beside a high word that is constant by pieces the last digits are rounding
        if (BitFlow.Together(e) is { } bits && _flow.Of(bits).Kind is BitKind.Flow or BitKind.Mixed && SlopeOf(bits) is { } slope)
        {
            var call = (Opaque)e;
            bool single = e.Type is ScalarType { Kind: ScalarKind.Single };
            // of bits that are not followed a number has no known derivative
            string key = !_flow.Of(bits).IsWhole ? (single ? "BitConverter.Int32BitsToSingle(int)" : "BitConverter.Int64BitsToDouble(long)") : single ? "Math.SingleOfBits" : "Math.DoubleOfBits";
            return new Apply(key, call.Pieces[0] + "{0}" + call.Pieces[1], [Visit(bits), slope], e.Type);
        }
        if (e is Convert { Target: ScalarType type, Operand: { Type: PlainType { Kind: PlainKind.Integer } } integer } && _flow.Of(integer) is { IsFixed: false } value && SlopeOf(integer) is { } its)
        {
            // a few digits are steps, and constant between them
            if (value.Kind == BitKind.Flow && value.Digits <= BitValue.Enough - 6) return base.Visit(e);
            string key = value.IsWhole ? "Math.NumberOfBits" : $"the conversion of bits to {type.CSharp}";
            return new Apply(key, $"({type.CSharp}){{0}}", [Visit(integer), its], type);
        }
        return base.Visit(e);
    }
}
