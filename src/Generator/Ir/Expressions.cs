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
