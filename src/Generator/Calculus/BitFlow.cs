using System.Collections.Immutable;
using System.Globalization;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>Follows the bits of numbers through the integers of a function: what each integer variable may hold, statement by statement.</summary>
internal sealed class BitFlow
{
    private readonly List<Binary> _exactHalves = [];
    private readonly Dictionary<Stmt, ImmutableDictionary<Variable, BitValue>> _before = new(IdentityComparer.Instance);
    private readonly HashSet<Variable> _results;
    private ImmutableDictionary<Variable, BitValue> _values = ImmutableDictionary<Variable, BitValue>.Empty;

    private BitFlow(Function function, bool isEntry)
    {
        // what the caller of a callee sees
        _results = [.. function.Results, .. function.Parameters.Where(p => !isEntry && p.Passing is Passing.Ref or Passing.Out).Select(p => p.Variable)];
        foreach (While loop in function.Body.All().OfType<While>()) Halves(loop);
        Follow(function.Body);
        foreach (Stmt s in function.Body.All()) Escapes |= At(s).Escaping(s);
    }

    private void Follow(Block block)
    {
        foreach (Stmt s in block.Statements) Follow(s);
    }

    private void Follow(Stmt s)
    {
        if (s is For or While or Labelled or Try) Joined(s);
        else _before[s] = _values;
        switch (s)
        {
            case If x:
                ImmutableDictionary<Variable, BitValue> before = _values;
                Follow(x.Then);
                ImmutableDictionary<Variable, BitValue> then = _values;
                _values = before;
                Follow(x.Else);
                foreach (KeyValuePair<Variable, BitValue> v in then) _values = With(_values, v.Key, v.Value);
                break;
            case Scope or Around:
                foreach (Block inner in s.Blocks()) Follow(inner);
                break;
            default:
                foreach ((Variable to, Expr value) in Given(s)) _values = _values.SetItem(to, Of(value));
                break;
        }
    }

    // what is left half way, or run again, holds whatever it was given anywhere
    private void Joined(Stmt s)
    {
        for (int round = 0; ; round++)
        {
            ImmutableDictionary<Variable, BitValue> head = _values;
            _before[s] = head;
            foreach (Block inner in s.Blocks())
            {
                _values = head;
                Follow(inner);
            }
            _values = head;
            foreach (Stmt inner in s.Blocks().SelectMany(b => b.All()))
            {
                ImmutableDictionary<Variable, BitValue> now = _values;
                _values = _before[inner];
                // what moves on and on may be anywhere
                foreach ((Variable to, Expr value) in Given(inner))
                    now = With(now, to, round > 6 && Of(value) != _values.GetValueOrDefault(to) ? Of(value).Widened(WidthOf(to.Type)) : Of(value));
                _values = now;
            }
            // nothing leads back to where it began
            if (s is Labelled or Try || round > 12 || _values.Count == head.Count && _values.All(v => head.TryGetValue(v.Key, out BitValue was) && was == v.Value)) return;
        }
    }

    private static ImmutableDictionary<Variable, BitValue> With(ImmutableDictionary<Variable, BitValue> values, Variable v, BitValue value) =>
        values.SetItem(v, (values.TryGetValue(v, out BitValue was) ? was : BitValue.Anything).Or(value));

    /// <summary>What is asked from here on is asked where the statement begins.</summary>
    public BitFlow At(Stmt s)
    {
        if (_before.TryGetValue(s, out ImmutableDictionary<Variable, BitValue>? values)) _values = values;
        return this;
    }

    /// <summary>What flows where.</summary>
    public static BitFlow In(Unit unit, Function function) => new(function, function.Name == unit.Entry.Name);

    /// <summary>Whether bits of a fraction go where they are not followed: into an array, an object, another function.</summary>
    public bool Escapes { get; }

    /// <summary>The number whose bits an expression gives; null where it does something else.</summary>
    public static Expr? Apart(Expr e) => e is Opaque { Pieces: [var call, ")"], Holes: [{ Type: ScalarType } number] } && BitPatterns.Apart.Contains(call) ? number : null;

    /// <summary>The bits of which an expression makes a number; null where it does something else.</summary>
    public static Expr? Together(Expr e) => e is Opaque { Pieces: [var call, ")"], Holes: [var bits] } && BitPatterns.Together.Contains(call) ? bits : null;

    /// <summary>What a variable may hold.</summary>
    public BitValue Of(Variable v) => _values.TryGetValue(v, out BitValue known) ? known : BitValue.Anything;

    /// <summary>What an expression may be.</summary>
    public BitValue Of(Expr e)
    {
        if (Literal(e) is { } literal) return BitValue.Fixed(literal);
        if (Apart(e) is { } number) return number.Type is ScalarType { Kind: ScalarKind.Single } ? BitValue.Flow(23, 23) : BitValue.Flow(52, 52);
        if (e.Type is not PlainType { Kind: PlainKind.Integer }) return BitValue.Anything;
        switch (Unchecked(e))
        {
            case Read x: return Of(x.Variable);
            case Conditional x: return Of(x.WhenTrue).Or(Of(x.WhenFalse));
            case Unary { Operator: UnaryOperator.Negate or UnaryOperator.Complement } x: return Of(x.Operand) is { IsFixed: false } flow ? flow : BitValue.Anything with { Step = Of(x.Operand).Step };
            case Binary x: return Of(x);
            case Convert { Operand.Type: PlainType { Kind: PlainKind.Integer } } x:
                BitValue from = Of(x.Operand);
                int width = WidthOf(x.Type);
                if (!from.IsFixed) return from.Narrowed(width);
                // the sign goes on to the left
                bool extends = IsSigned(x.Operand.Type) && width > WidthOf(x.Operand.Type) && (from.Possible >> (WidthOf(x.Operand.Type) - 1) & 1) != 0;
                return BitValue.Fixed((extends ? ulong.MaxValue : from.Possible) & BitValue.Below(width)) with { Step = from.Step };
            case Convert { Operand.Type: ScalarType, Operand: not Constant }: return BitValue.Anything with { Step = 0 };
            // all the bits by other means
            case Opaque x when BitPatterns.TakesApart(x): return WidthOf(x.Type) switch { 64 => BitValue.Flow(52, 52), 32 => BitValue.Flow(23, 23), _ => BitValue.Mixed };
            case Opaque x when x.Pieces.Any(p => p.IndexOf("BitOperations.", StringComparison.Ordinal) >= 0 && p.IndexOf("Rotate", StringComparison.Ordinal) < 0): return BitValue.Anything;
            default: return !IsFree(e) ? BitValue.Mixed : e.Children().Any(child => child.Type is ScalarType && child is not Constant) ? BitValue.Anything with { Step = 0 } : BitValue.Anything;
        }
    }

    /// <summary>What is computed under <c>checked</c> or <c>unchecked</c>.</summary>
    public static Expr Unchecked(Expr e) => e switch
    {
        Opaque { Pieces: ["checked(" or "unchecked(", var op, ")"], Holes: [var left, var right] } x when s_operators.TryGetValue(op.Trim(), out BinaryOperator known) => new Binary(known, left, right, x.Type),
        Opaque { Pieces: [var cast, "))"], Holes: [{ Type: PlainType { Kind: PlainKind.Integer } or ScalarType } operand] } x when cast.StartsWith("checked((", StringComparison.Ordinal) || cast.StartsWith("unchecked((", StringComparison.Ordinal) => new Convert(operand, x.Type),
        _ => e,
    };

    private static readonly Dictionary<string, BinaryOperator> s_operators = new(StringComparer.Ordinal)
    {
        ["+"] = BinaryOperator.Add, ["-"] = BinaryOperator.Subtract, ["*"] = BinaryOperator.Multiply, ["/"] = BinaryOperator.Divide,
    };

    private BitValue Of(Binary x)
    {
        BitValue left = Of(x.Left), right = Of(x.Right);
        int width = WidthOf(x.Type);
        switch (x.Operator)
        {
            case BinaryOperator.Add or BinaryOperator.Subtract: return left.Plus(right);
            case BinaryOperator.BitOr or BinaryOperator.BitXor: return left.With(right);
            case BinaryOperator.BitAnd when Literal(x.Right) is { } mask: return left.Masked(mask);
            case BinaryOperator.BitAnd when Literal(x.Left) is { } mask: return right.Masked(mask);
            case BinaryOperator.BitAnd when left.IsFixed && right.IsFixed: return BitValue.Fixed(left.Possible & right.Possible) with { Step = Math.Min(left.Step, right.Step) };
            case BinaryOperator.Remainder when Literal(x.Right) is { } modulus and > 0 && (modulus & (modulus - 1)) == 0: return left.Masked(modulus - 1);
            case BinaryOperator.Multiply when right.IsFixed: return left.Times(NumberOf(x.Right), width);
            case BinaryOperator.Multiply when left.IsFixed: return right.Times(NumberOf(x.Left), width);
            case BinaryOperator.Divide when IsExact(x): return left.Half;
            case BinaryOperator.Divide when right.IsFixed: return left.Over(NumberOf(x.Right));
            case BinaryOperator.ShiftRight when IsExact(x): return left.Half;
            case BinaryOperator.ShiftLeft when ShiftOf(x) is { } by: return left.Left(by, width);
            case BinaryOperator.ShiftLeft when !left.IsFixed && right.IsFixed: return left.Widened(width);
            case BinaryOperator.ShiftRight when ShiftOf(x) is { } by: return left.Right(by, width, IsSigned(x.Left.Type));
            case BinaryOperator.ShiftRightUnsigned when ShiftOf(x) is { } by: return left.Right(by, width, false);
            // by how far something is moved is no digit of it
            case BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight or BinaryOperator.ShiftRightUnsigned when left.IsFixed && right.IsFixed: return BitValue.Anything with { Step = left.Step == BitValue.None ? BitValue.None : 0 };
            default: return left.IsFixed && right.IsFixed ? BitValue.Anything with { Step = left.Step == BitValue.None && right.Step == BitValue.None ? BitValue.None : 0 } : BitValue.Mixed;
        }
    }

    private bool IsExact(Binary half) => _exactHalves.Any(h => ReferenceEquals(h, half));

    /// <summary>The number of places of a shift, as C# counts them: below the width of what is moved; null where only run time knows.</summary>
    public static int? ShiftOf(Binary shift) => Literal(shift.Right) is { } by ? (int)(by & (ulong)(WidthOf(shift.Type) - 1)) : null;

    private static double NumberOf(Expr e) => E.Number(e) ?? double.NaN;

    /// <summary>The bits of a literal integer, its sign carried on to the left.</summary>
    public static ulong? Literal(Expr e)
    {
        switch (e)
        {
            case Constant { Type: PlainType { Kind: PlainKind.Integer }, Number: >= -(1L << 53) and <= 1L << 53 } c: return unchecked((ulong)(long)c.Number);
            case Constant { Type: PlainType { Kind: PlainKind.Integer } } c:
                if (c.Text.IndexOf("MinValue", StringComparison.Ordinal) >= 0 || c.Text.IndexOf("MaxValue", StringComparison.Ordinal) >= 0) return Extreme(c);
                string digits = c.Text.Trim('(', ')', ' ').TrimEnd('L', 'l', 'U', 'u');
                if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong positive)) return positive;
                return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long negative) ? unchecked((ulong)negative) : null;
            case Unary { Operator: UnaryOperator.Negate } x when Literal(x.Operand) is { } n: return unchecked(0 - n);
            case Unary { Operator: UnaryOperator.Complement } x when Literal(x.Operand) is { } n: return ~n;
            case Convert { Operand.Type: PlainType { Kind: PlainKind.Integer } } x when Literal(x.Operand) is { } n:
                int width = WidthOf(x.Type);
                ulong kept = n & BitValue.Below(width);
                return IsSigned(x.Type) && (kept >> (width - 1) & 1) != 0 ? kept | ~BitValue.Below(width) : kept;
            default: return null;
        }
    }

    private static ulong? Extreme(Constant c)
    {
        int width = WidthOf(c.Type);
        ulong highest = 1UL << (width - 1);
        return (c.Text.EndsWith("MinValue", StringComparison.Ordinal), IsSigned(c.Type)) switch
        {
            (true, true) => ~(highest - 1),
            (true, false) => 0,
            (false, true) => highest - 1,
            _ => BitValue.Below(width),
        };
    }

    private bool IsFree(Expr e) => e.Children().All(child => child.Type is PlainType { Kind: PlainKind.Integer } ? Of(child).IsFixed : Apart(child) is null && IsFree(child));

    private static int WidthOf(IrType type) => ((PlainType)type).Name switch
    {
        "byte" or "sbyte" => 8,
        "short" or "ushort" or "char" => 16,
        "int" or "uint" => 32,
        _ => 64,
    };

    private static bool IsSigned(IrType type) => ((PlainType)type).Name is not ("byte" or "ushort" or "char" or "uint" or "ulong");

    /// <summary>The integer variables that a statement gives a value; one that nobody knows is no bits of anything, or they have escaped.</summary>
    public static IEnumerable<(Variable To, Expr Value)> Given(Stmt s)
    {
        (Variable To, Expr Value)? own = s switch
        {
            Declare { Initial: { } value, Variable: var v } when IsInteger(v) => (v, value),
            Assign { Target: Read { Variable: var v } } x when IsInteger(v) => (v, x.Value),
            AddTo { Target: Read { Variable: var v } read } x when IsInteger(v) => (v, new Binary(BinaryOperator.Add, read, x.Value, v.Type)),
            _ => null,
        };
        if (own is { } known) yield return known;
        IEnumerable<Variable> changed = s is Call call ? call.Results.Concat(call.Arguments).OfType<Read>().Select(r => r.Variable) : s.Targets().OfType<Read>().Select(r => r.Variable);
        foreach (Variable v in changed.Concat(s.Values().SelectMany(v => v.All()).OfType<Opaque>().SelectMany(o => o.Writes)).Where(IsInteger).Distinct())
            if (v != own?.To) yield return (v, new Opaque(["unknown"], [], v.Type, Purity.Pure));
    }

    private static bool IsInteger(Variable v) => v.Type is PlainType { Kind: PlainKind.Integer };

    // while ((m & 1) == 0) m >>= 1: no digit is lost
    private void Halves(While loop)
    {
        foreach (Binary test in loop.Condition.All().OfType<Binary>())
        {
            if (test is not { Operator: BinaryOperator.Equal, Left: Binary { Operator: BinaryOperator.BitAnd or BinaryOperator.Remainder } last, Right: var zero } || Literal(zero) != 0) continue;
            if (Unconverted(last.Left) is not Read number || Literal(last.Right) != (last.Operator == BinaryOperator.BitAnd ? 1UL : 2UL)) continue;
            foreach (Stmt s in loop.Body.Statements)
                foreach ((Variable to, Expr value) in Given(s))
                    if (to == number.Variable && Unconverted(value) is Binary half && Unconverted(half.Left) is Read { Variable: var from } && from == to
                        && (half.Operator == BinaryOperator.ShiftRight && Literal(half.Right) == 1 || half.Operator == BinaryOperator.Divide && Literal(half.Right) == 2))
                        _exactHalves.Add(half);
        }
    }

    private static Expr Unconverted(Expr e) => e is Convert { Operand.Type: PlainType { Kind: PlainKind.Integer } } x ? Unconverted(x.Operand) : e;

    /// <summary>Whether an integer has something of a fraction in it.</summary>
    public bool Holds(Expr e) => e.Type is PlainType { Kind: PlainKind.Integer } && !Of(e).IsFixed;

    private bool Escaping(Stmt s)
    {
        switch (s)
        {
            case Call x when x.Arguments.Any(a => !IsFixed(a)): return true;
            case Perform x when x.Arguments.Any(a => !IsFixed(a)): return true;
            case AddItem x when !IsFixed(x.Value): return true;
            case For x when !IsFixed(x.Start): return true;
            case Assign { Target: not Read } x when !IsFixed(x.Value): return true;
            case AddTo { Target: not Read } x when !IsFixed(x.Value): return true;
        }
        if (Given(s).Any(g => _results.Contains(g.Item1) && !Of(g.Item2).IsFixed)) return true;
        // what is stored, or put into something
        return s.Values().SelectMany(v => v.All()).Any(e => e switch
        {
            ArrayLiteral x => x.Elements.Any(h => !IsFixed(h)),
            NewStruct x => x.Values.Any(h => !IsFixed(h)),
            // memory that is seen as if it held another type
            Opaque x when Apart(e) is null && x.Type is not PlainType { Kind: PlainKind.Integer } && BitPatterns.TakesApart(x) => true,
            Opaque { Type: not (PlainType { Kind: not PlainKind.Other } or ScalarType) } or Opaque { Purity: Purity.Effects } => Apart(e) is null && ((Opaque)e).Holes.Any(h => !IsFixed(h)),
            Opaque { Writes.Count: > 0 } x => x.Writes.Any(w => w.Type is PlainType { Kind: PlainKind.Integer }) && x.Holes.Any(h => !IsFixed(h)),
            _ => Apart(e) is { } number && !number.IsDuplicable(),
        });
    }

    private bool IsFixed(Expr e) => e.Type is not PlainType { Kind: PlainKind.Integer } || Of(e).IsFixed;
}
