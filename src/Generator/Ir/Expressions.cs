namespace DiffGen.Generator.Ir;

/// <summary>A local or parameter. Names are unique in a function (lowering sees to it), so equality by name and type is identity.</summary>
public sealed record Variable(string Name, IrType Type)
{
    private int _hash;

    // a copy may have another name: its hash is its own
    private Variable(Variable original) => (Name, Type) = (original.Name, original.Type);

    /// <inheritdoc/>
    public bool Equals(Variable? other) => ReferenceEquals(this, other) || other is not null && Name == other.Name && Type.Equals(other.Type);

    /// <summary>Of the name alone, and computed once: sets of variables are asked often, and types are deep.</summary>
    public override int GetHashCode()
    {
        if (_hash != 0) return _hash;
        int hash = Name.GetHashCode();
        return _hash = hash == 0 ? 1 : hash;
    }
}

/// <summary>An expression: no effects but for <see cref="Opaque"/> with <see cref="Purity.Effects"/>.</summary>
public abstract record Expr
{
    private int _hash;

    /// <summary>Makes an expression.</summary>
    protected Expr()
    {
    }

    /// <summary>A copy that may differ: its hash is its own.</summary>
    protected Expr(Expr original) => _ = original;

    /// <summary>The type of the value.</summary>
    public abstract IrType Type { get; }

    /// <summary>What <see cref="Facts"/> has found out, once somebody asked; no part of the value.</summary>
    internal ExprFacts KnownFacts { get; set; }

    /// <summary>The cost that <see cref="Facts"/> has found out, and 1 more; 0 as long as nobody asked.</summary>
    internal int KnownCost { get; set; }

    /// <summary>Expressions are compared all the time and rarely equal: the hash, computed once for each, tells most apart.</summary>
    public virtual bool Equals(Expr? other) =>
        ReferenceEquals(this, other) || other is not null && EqualityContract == other.EqualityContract && GetHashCode() == other.GetHashCode();

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);

    /// <summary>The hash of what is the expression's <paramref name="own"/> and of its parts.</summary>
    protected int Hash(int own)
    {
        if (_hash != 0) return _hash;
        int hash = unchecked(own * 31 + EqualityContract.GetHashCode());
        foreach (Expr child in this.Children()) hash = unchecked(hash * 31 + child.GetHashCode());
        return _hash = hash == 0 ? 1 : hash;
    }
}

/// <summary>A literal; <paramref name="Text"/> is C#. <paramref name="Number"/> is its value where it is a number.</summary>
public sealed record Constant(IrType ConstantType, string Text, double? Number) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => ConstantType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Text.GetHashCode());
}

/// <summary>The value of a variable; as a place, the variable.</summary>
public sealed record Read(Variable Variable) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => Variable.Type;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Variable.GetHashCode());
}

/// <summary>An element of an array, span or list; as a place, the element. More than one index for <c>T[,]</c>.</summary>
public sealed record ElementAt(Expr Source, EquatableArray<Expr> Indices) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => Source.Type switch
    {
        ArrayType array => array.Element,
        SpanType span => span.Element,
        ListType list => list.Element,
        _ => PlainType.Void,
    };

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A field of a struct or a component of a vector value; as a place, that field of the place <paramref name="Target"/>.</summary>
public sealed record FieldOf(Expr Target, string Name, IrType FieldType) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => FieldType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Name.GetHashCode());
}

/// <summary>Operators with one operand.</summary>
public enum UnaryOperator { Negate, Not, Complement }

/// <summary><c>-x</c>, <c>!x</c>, <c>~x</c>.</summary>
public sealed record Unary(UnaryOperator Operator, Expr Operand) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => Operand.Type;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash((int)Operator);
}

/// <summary>Operators with two operands; <see cref="And"/> and <see cref="Or"/> short-circuit on booleans, <c>Bit…</c> do not.</summary>
public enum BinaryOperator
{
    Add, Subtract, Multiply, Divide, Remainder,
    Less, LessOrEqual, Greater, GreaterOrEqual, Equal, NotEqual,
    And, Or, BitAnd, BitOr, BitXor, ShiftLeft, ShiftRight, ShiftRightUnsigned,
}

/// <summary><c>left op right</c>; operands may be scalars, vectors (mixed with scalars as C# allows) or plain values.</summary>
public sealed record Binary(BinaryOperator Operator, Expr Left, Expr Right, IrType ResultType) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => ResultType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash((int)Operator);
}

/// <summary><c>condition ? whenTrue : whenFalse</c>; only the chosen side is evaluated and differentiated.</summary>
public sealed record Conditional(Expr Condition, Expr WhenTrue, Expr WhenFalse) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => WhenTrue.Type;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A conversion between numbers, <c>(T)operand</c>; to an integer it is piecewise constant.</summary>
public sealed record Convert(Expr Operand, IrType Target) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => Target;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>
/// A pure function with a row in the rule table: <paramref name="Key"/> finds the rule, <paramref name="Format"/> is the C# of the call with
/// <c>{0}</c>, <c>{1}</c> … for the arguments (for instance <c>global::System.Math.Sin({0})</c>).
/// </summary>
public sealed record Apply(string Key, string Format, EquatableArray<Expr> Arguments, IrType ResultType) : Expr
{
    /// <summary>
    /// The partial derivatives by argument, of a rule that is not in the built-in table (a user's <c>[DerivativeOf]</c>): expressions in which
    /// the variables <c>$0</c>, <c>$1</c> … stand for the arguments and <c>$r</c> for the result. Empty: the table is asked for <see cref="Key"/>.
    /// </summary>
    public EquatableArray<Expr> Partials { get; init; }

    /// <inheritdoc/>
    public override IrType Type => ResultType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Key.GetHashCode());
}

/// <summary>The number of elements of an array, span or list (<c>int</c>); <paramref name="Dimension"/> for <c>GetLength(d)</c>, −1 for all.</summary>
public sealed record LengthOf(Expr Source, int Dimension = -1) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => PlainType.Int;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Dimension);
}

/// <summary>A new array (or <c>stackalloc</c> span) of zeros; for a jagged array the rows are null.</summary>
public sealed record NewArray(IrType ArrayType, EquatableArray<Expr> Lengths, bool OnStack = false) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => ArrayType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A new array with the given elements, in order.</summary>
public sealed record ArrayLiteral(IrType ArrayType, EquatableArray<Expr> Elements) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => ArrayType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A new, empty list; <paramref name="ListType"/> is a <c>List&lt;T&gt;</c>.</summary>
public sealed record NewList(ListType ListType) : Expr
{
    /// <summary>For how many elements there is room at first; null if nothing is said.</summary>
    public Expr? Capacity { get; init; }

    /// <summary>C# that makes it, where that is not a constructor without parameters.</summary>
    public string Creation { get; init; } = "";

    /// <inheritdoc/>
    public override IrType Type => ListType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A struct value from its fields, in the order of <see cref="StructType.Fields"/>; C# spelled by <paramref name="Format"/> ({0} …).</summary>
public sealed record NewStruct(StructType StructType, string Format, EquatableArray<Expr> Values) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => StructType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Format.GetHashCode());
}

/// <summary>A view on <paramref name="Source"/> (array or span): <c>AsSpan(start, length)</c>; both null for the whole.</summary>
public sealed record Slice(Expr Source, Expr? Start, Expr? Length, SpanType SpanType) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => SpanType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A copy of an array (<c>(T[])a.Clone()</c>, <c>span.ToArray()</c>), with its own storage and shadow.</summary>
public sealed record CopyOf(Expr Source, IrType ArrayType) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => ArrayType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>What evaluating an opaque fragment may do.</summary>
public enum Purity
{
    /// <summary>Depends on its holes only and changes nothing: may be evaluated again, moved or dropped.</summary>
    Pure,

    /// <summary>Changes nothing, but may read state that others change, or throw: is evaluated where it stands, once.</summary>
    Reads,

    /// <summary>Has effects: runs exactly once, in order.</summary>
    Effects,
}

/// <summary>
/// C# that no derivative flows through, carried verbatim: <paramref name="Pieces"/> (one more than holes) around <paramref name="Holes"/>.
/// A derivative that enters by a hole and is asked for in the result is lost: <paramref name="Lost"/> says so at its site.
/// Places that the fragment writes are listed in <paramref name="Writes"/> (variables or array variables whose elements it may write).
/// </summary>
public sealed record Opaque(
    EquatableArray<string> Pieces,
    EquatableArray<Expr> Holes,
    IrType ResultType,
    Purity Purity,
    EquatableArray<Variable> Writes = default,
    Refusal? Lost = null) : Expr
{
    /// <summary>Whether the derivative is told by a rule of the operation that follows (<see cref="GeneralRule"/>): none is lost here.</summary>
    public bool IsRuled { get; init; }

    /// <summary>Whether it is an array or list of a field that has one name throughout the unit: what that is given is not reached by way of the object.</summary>
    public bool IsApart { get; init; }

    /// <summary>The field or static that the fragment stores to; empty if none.</summary>
    public string Stores { get; init; } = "";

    /// <summary>The name of what exceptions carry from where they are thrown to where they are caught.</summary>
    public const string Thrown = "exceptions";

    /// <summary>State outside of the method (a static's, a field's object, memory behind a pointer) that the fragment may read, by name.</summary>
    public EquatableArray<string> Consults { get; init; }

    /// <summary>State outside of the method in which the fragment may leave what it is given, by name.</summary>
    public EquatableArray<string> Keeps { get; init; }

    /// <inheritdoc/>
    public override IrType Type => ResultType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Pieces.GetHashCode());
}

/// <summary>Why a derivative cannot pass: a diagnostic's ID, its message's arguments, and where.</summary>
public sealed record Refusal(string Id, EquatableArray<string> Arguments, Site Site)
{
    /// <summary>What is refused where members share their storage: who writes a number reads its bits.</summary>
    public const string SharedStorage = "members that share their storage";
}

/// <summary>
/// A place in the user's source. All sites are equal: moving code without changing it must not invalidate what was made of it.
/// </summary>
public sealed class Site(string path, int start, int length) : System.IEquatable<Site>
{
    /// <summary>No place.</summary>
    public static readonly Site None = new("", 0, 0);

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>First character.</summary>
    public int Start { get; } = start;

    /// <summary>Number of characters.</summary>
    public int Length { get; } = length;

    /// <inheritdoc/>
    public bool Equals(Site? other) => other is not null;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Site;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
