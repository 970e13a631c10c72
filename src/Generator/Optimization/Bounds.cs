using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Which indices are certainly within their arrays: what an access may be moved by without a new exception.</summary>
internal sealed class Bounds
{
    private readonly Uses _uses;
    private readonly Dictionary<Variable, Expr> _definitions = [];
    private readonly Dictionary<string, Variable> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<Variable, Variable> _shadowed = [];
    private readonly bool _listsKeepLength;

    /// <summary>Collects what a function says about lengths.</summary>
    public Bounds(Function function, Uses uses)
    {
        _uses = uses;
        foreach (Parameter p in function.Parameters) _parameters[p.Variable.Name] = p.Variable;
        foreach (Parameter p in function.Parameters)
            if (p.Role is ParameterRole.Adjoint or ParameterRole.Tangent && _parameters.TryGetValue(p.Of, out Variable? primal) && uses.IsConstant(primal) && uses.IsConstant(p.Variable))
                _shadowed[p.Variable] = primal;
        foreach (Stmt s in function.Body.All())
            if (s is Declare { Initial: { } value } x && uses.IsConstant(x.Variable)) _definitions[x.Variable] = value;
        _listsKeepLength = !function.Body.All().Any(MayChangeLists);
    }

    private static bool MayChangeLists(Stmt s) => s is AddItem or RemoveLast or Call or Perform || s.Values().Any(v => v.All().Any(e => e is Opaque { Purity: Purity.Effects }));

    /// <summary>Whether everything in <paramref name="e"/> that may throw is an element that is certainly there, inside <paramref name="loops"/>.</summary>
    public bool IsSafe(Expr e, IReadOnlyList<For> loops) => e.All().All(x => !x.ThrowsItself() || x is ElementAt element && IsInside(element, loops) || x is LengthOf { Source: Read });

    /// <summary>
    /// Whether a loop throws before it has done anything, or not at all: all that it does is arithmetic, with elements that are certainly there. Where it begins, a
    /// length may be asked of null.
    /// </summary>
    public bool IsWhole(For loop)
    {
        Expr limit = Canonical(loop.Limit);
        List<For> around = [loop];
        bool Fits(Expr e) => IsSafe(e, around) && e.All().OfType<LengthOf>().All(l => Canonical(l).Equals(limit)) && !e.All().Any(x => x is Opaque { Purity: not Purity.Pure } or Apply { Partials.IsEmpty: false });
        bool Does(Stmt s)
        {
            if (s is For inner)
            {
                if (!Fits(inner.Start) || !Fits(inner.Limit)) return false;
                around.Add(inner);
                bool fits = inner.Body.Statements.All(Does);
                around.RemoveAt(around.Count - 1);
                return fits;
            }
            return s is Declare or Assign or AddTo or If or Evaluate && s.Values().Concat(s.Targets()).All(Fits) && s.Blocks().All(b => b.Statements.All(Does));
        }
        return loop.Start is Constant && loop.Body.Statements.All(Does);
    }

    /// <summary>Whether an element is certainly there.</summary>
    public bool IsInside(ElementAt element, IReadOnlyList<For> loops)
    {
        if (element.Indices.Count != 1 || element.Indices[0] is not Read index) return false;
        foreach (For loop in loops)
        {
            if (loop.Counter != index.Variable) continue;
            Expr length = Canonical(new LengthOf(element.Source));
            if (!IsSteady(length)) return false;
            return loop.Step > 0
                ? loop.Comparison == BinaryOperator.Less && IsNotNegative(loop.Start, loops) && Canonical(loop.Limit).Equals(length)
                : loop.Comparison == BinaryOperator.GreaterOrEqual && IsNotNegative(loop.Limit, loops)
                    && loop.Start is Binary { Operator: BinaryOperator.Subtract, Right: Constant { Number: >= 1 } } start && Canonical(start.Left).Equals(length);
        }
        return false;
    }

    /// <summary>Whether two arrays certainly have the same length.</summary>
    public bool SameLength(Expr left, Expr right)
    {
        Expr length = Canonical(new LengthOf(left));
        return IsSteady(length) && length.Equals(Canonical(new LengthOf(right)));
    }

    /// <summary>A length as an expression of variables that keep their values, the same for equal lengths where that is known.</summary>
    public Expr Canonical(Expr e)
    {
        switch (e)
        {
            case Read x when x.Type is PlainType && _definitions.TryGetValue(x.Variable, out Expr? value) && value is Read or LengthOf or Constant: return Canonical(value);
            case LengthOf { Dimension: <= 0, Source: Read x } when x.Type is not ArrayType { Rank: > 1 }:
                if (_shadowed.TryGetValue(x.Variable, out Variable? primal) && primal.Type is not ListType) return Canonical(new LengthOf(new Read(primal)));
                if (!_definitions.TryGetValue(x.Variable, out Expr? made)) return new LengthOf(x);
                return made switch
                {
                    NewArray { Lengths.Count: 1 } y => Canonical(y.Lengths[0]),
                    CopyOf y => Canonical(new LengthOf(y.Source)),
                    Slice { Start: null, Length: null } y => Canonical(new LengthOf(y.Source)),
                    Slice { Length: { } length } => Canonical(length),
                    Read y => Canonical(new LengthOf(y)),
                    _ => new LengthOf(x),
                };
            default: return e;
        }
    }

    /// <summary>Whether a comparison of whole numbers certainly fails by what is known of lengths.</summary>
    public bool IsNever(Expr condition) => condition is Binary { Left: var a, Right: var b } x && x.Operator switch
    {
        BinaryOperator.Or => IsNever(a) && IsNever(b),
        BinaryOperator.And => IsNever(a) || IsNever(b),
        BinaryOperator.Less => IsAtLeast(a, b, 0),
        BinaryOperator.Greater => IsAtLeast(b, a, 0),
        BinaryOperator.LessOrEqual => IsAtLeast(a, b, 1),
        BinaryOperator.GreaterOrEqual => IsAtLeast(b, a, 1),
        _ => false,
    };

    // a - b as a sum of lengths, which are not negative, and a number
    private bool IsAtLeast(Expr a, Expr b, int least)
    {
        Dictionary<Expr, int> terms = [];
        int number = 0;
        bool Collect(Expr e, int sign)
        {
            switch (Canonical(e))
            {
                case Constant { Number: { } n } when n == Math.Floor(n) && Math.Abs(n) < 1 << 20: number += sign * (int)n; return true;
                case Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } s when s.Type.Equals(PlainType.Int): return Collect(s.Left, sign) && Collect(s.Right, s.Operator == BinaryOperator.Add ? sign : -sign);
                case var atom when atom is LengthOf or Read { Type: PlainType } && atom.Type.Equals(PlainType.Int) && IsSteady(atom):
                    terms[atom] = (terms.TryGetValue(atom, out int times) ? times : 0) + sign;
                    return true;
                default: return false;
            }
        }

        return Collect(a, 1) && Collect(b, -1) && number >= least && terms.All(t => t.Value == 0 || t.Value > 0 && t.Key is LengthOf);
    }

    private bool IsSteady(Expr e) => e is Constant || e.All().All(x => x is LengthOf or Read) && e.FreeVariables().All(v => _uses.IsConstant(v) && (_listsKeepLength || v.Type is not ListType));

    private static bool IsNotNegative(Expr e, IReadOnlyList<For> loops) => e switch
    {
        Constant { Number: >= 0 } => true,
        Read x => loops.Any(l => l.Counter == x.Variable && l.Step > 0 && IsNotNegative(l.Start, loops.Where(o => o != l).ToArray())),
        Binary { Operator: BinaryOperator.Add } x => IsNotNegative(x.Left, loops) && IsNotNegative(x.Right, loops),
        _ => false,
    };
}
