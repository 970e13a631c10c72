namespace DiffGen.Generator.Ir;

/// <summary>A type of the small language. <see cref="CSharp"/> is how emitted code spells it (<c>global::</c> names).</summary>
public abstract record IrType
{
    /// <summary>The C# spelling, fully qualified.</summary>
    public abstract string CSharp { get; }

    /// <summary>Whether a derivative can live in a value of this type (an array of integers: no; an array of doubles: yes).</summary>
    public abstract bool CarriesDerivative { get; }

    /// <summary>Whether copying a value copies a reference to shared storage (array, span, list).</summary>
    public virtual bool IsReference => false;

    /// <inheritdoc/>
    public sealed override string ToString() => CSharp;
}

/// <summary>Which floating-point numbers.</summary>
public enum ScalarKind { Double, Single, Half, Generic }

/// <summary>A floating-point number; <see cref="ScalarKind.Generic"/> is a type parameter constrained to floating point.</summary>
public sealed record ScalarType(ScalarKind Kind, string Name) : IrType
{
    /// <summary><c>double</c>.</summary>
    public static readonly ScalarType Double = new(ScalarKind.Double, "double");

    /// <summary><c>float</c>.</summary>
    public static readonly ScalarType Single = new(ScalarKind.Single, "float");

    /// <summary><c>System.Half</c>.</summary>
    public static readonly ScalarType Half = new(ScalarKind.Half, "global::System.Half");

    /// <inheritdoc/>
    public override string CSharp => Name;

    /// <inheritdoc/>
    public override bool CarriesDerivative => true;
}

/// <summary>
/// A value that is a vector space with its own C# operators (<c>System.Numerics.Vector3</c>, <c>Quaternion</c>, <c>Matrix4x4</c>,
/// <c>Complex</c> …): its adjoint has the same type, and rules are written on the whole value.
/// </summary>
public sealed record VectorType(string Name, ScalarType Component, EquatableArray<string> Members) : IrType
{
    /// <inheritdoc/>
    public override string CSharp => Name;

    /// <inheritdoc/>
    public override bool CarriesDerivative => true;
}

/// <summary><c>T[]</c> (rank 1) or <c>T[,]</c> (rank 2 and more); jagged arrays are arrays of arrays.</summary>
public sealed record ArrayType(IrType Element, int Rank = 1) : IrType
{
    /// <inheritdoc/>
    public override string CSharp
    {
        get
        {
            // int[][,] in C# reads outermost first: the element's own brackets come after ours
            IrType innermost = Element;
            string tail = "";
            while (innermost is ArrayType inner)
            {
                tail += "[" + new string(',', inner.Rank - 1) + "]";
                innermost = inner.Element;
            }
            return innermost.CSharp + "[" + new string(',', Rank - 1) + "]" + tail;
        }
    }

    /// <inheritdoc/>
    public override bool CarriesDerivative => Element.CarriesDerivative;

    /// <inheritdoc/>
    public override bool IsReference => true;
}

/// <summary><c>Span&lt;T&gt;</c> or <c>ReadOnlySpan&lt;T&gt;</c>.</summary>
public sealed record SpanType(IrType Element, bool ReadOnly) : IrType
{
    /// <inheritdoc/>
    public override string CSharp => $"global::System.{(ReadOnly ? "ReadOnlySpan" : "Span")}<{Element.CSharp}>";

    /// <inheritdoc/>
    public override bool CarriesDerivative => Element.CarriesDerivative;

    /// <inheritdoc/>
    public override bool IsReference => true;
}

/// <summary>A list that is indexed with <c>[i]</c> and counted with <c>.Count</c>; <see cref="Name"/> is the C# spelling of the whole type.</summary>
public sealed record ListType(IrType Element, string Name) : IrType
{
    private const string Exact = "global::System.Collections.Generic.List<";

    /// <summary>Whether it is a class of the user's that derives from <c>List&lt;T&gt;</c>; its shadows and tangents are lists like any other.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The <c>List&lt;T&gt;</c> itself, of elements of a type.</summary>
    public static ListType Of(IrType element) => new(element, $"{Exact}{element.CSharp}>");

    /// <summary>Whether it is known to be a <c>List&lt;T&gt;</c>, and not only something by one of its interfaces or a class that derives from it.</summary>
    public bool IsExact => Name.StartsWith(Exact, System.StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string CSharp => Name;

    /// <inheritdoc/>
    public override bool CarriesDerivative => Element.CarriesDerivative;

    /// <inheritdoc/>
    public override bool IsReference => true;
}

/// <summary>A field (or auto property) of a <see cref="StructType"/>.</summary>
public sealed record StructField(string Name, IrType Type, bool Differentiable)
{
    /// <summary>The method that gives a reference to it, where its name cannot be used; empty where it can.</summary>
    public string Accessor { get; init; } = "";
}

/// <summary>
/// A user's value type (or tuple) kept whole, as an element of an array or list; locals of such types are split into their fields by lowering.
/// The shadow has a member of the same name for each differentiable field; <see cref="Shadow"/> is its C# type.
/// </summary>
public sealed record StructType(string Name, EquatableArray<StructField> Fields, string Shadow) : IrType
{
    /// <summary>Whether the members of its shadow can only be set when one is made.</summary>
    public bool HasReadOnlyShadow { get; init; }

    /// <summary>Whether its own members can only be set when one is made: a shadow's, or those of a nullable number.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether it is a nullable number, with the members <c>HasValue</c> and <c>Value</c> (which is zero where there is none).</summary>
    public bool IsNullable { get; init; }

    /// <summary>The method that gives a reference to a field which cannot be named; empty where it can be.</summary>
    public string AccessorOf(string field) => Fields.FirstOrDefault(f => f.Name == field)?.Accessor ?? "";

    /// <summary>Whether it is a tuple: it has no name and no operators.</summary>
    public bool IsTuple => Name.StartsWith("(", StringComparison.Ordinal);

    /// <summary>Whether derivatives live in storage that a member refers to: copying a value shares that storage.</summary>
    public bool HoldsStorage => Fields.Any(f => f.Differentiable && f.Type is { CarriesDerivative: true, IsReference: true } or StructType { HoldsStorage: true });

    /// <summary>Where it is a tuple, or its shadow: the C# types of the elements without a derivative, by their names.</summary>
    public EquatableArray<(string Name, string Type)> Constants { get; init; } = [];

    /// <summary>The C# of a value of a tangent, a tuple, a pair or a nullable number, with a hole for each member.</summary>
    public string Creation => IsNullable ? $"({{0}} ? {{1}} : default({Name}))"
        : Name.StartsWith("global::System.Collections.Generic.KeyValuePair<", StringComparison.Ordinal) ? $"new {Name}({{0}}, {{1}})"
        : IsTuple ? ShadowTuples.FormatOf([.. Fields.Select(f => f.Name)], Constants)
        : $"new {Name} {{{{ {string.Join(", ", Fields.Select((f, i) => Keywords.Escape(f.Name) + " = {" + i + "}"))} }}}}";

    /// <inheritdoc/>
    public override string CSharp => Name;

    /// <inheritdoc/>
    public override bool CarriesDerivative
    {
        get
        {
            foreach (StructField f in Fields)
                if (f.Differentiable) return true;
            return false;
        }
    }
}

/// <summary>What kind of constant a <see cref="PlainType"/> is.</summary>
public enum PlainKind
{
    /// <summary>An integer of any width, a char or an enum: a derivative that enters is rightly zero (piecewise constant).</summary>
    Integer,

    /// <summary>A truth value.</summary>
    Boolean,

    /// <summary>Anything else (string, object, decimal, user types without derivative): a derivative that enters and comes out again is lost.</summary>
    Other,
}

/// <summary>A type that carries no derivative.</summary>
public sealed record PlainType(string Name, PlainKind Kind) : IrType
{
    /// <summary><c>int</c>.</summary>
    public static readonly PlainType Int = new("int", PlainKind.Integer);

    /// <summary><c>bool</c>.</summary>
    public static readonly PlainType Bool = new("bool", PlainKind.Boolean);

    /// <summary>No value.</summary>
    public static readonly PlainType Void = new("void", PlainKind.Other);

    private static readonly HashSet<string> s_values = new(StringComparer.Ordinal)
    {
        "void", "string", "decimal", "global::System.DateTime", "global::System.DateTimeOffset", "global::System.DateOnly", "global::System.TimeOnly", "global::System.TimeSpan", "global::System.Guid",
        "global::System.Type", "global::System.Globalization.CultureInfo", "global::System.Globalization.NumberFormatInfo", "global::System.IFormatProvider",
    };

    /// <summary>Whether it may be an object that others hold too, and that changes.</summary>
    public bool MayBeShared => Kind == PlainKind.Other && !s_values.Contains(Name);

    /// <summary>Whether it judges what it is given and keeps nothing of it: a comparer, a culture.</summary>
    public bool KeepsNothing => s_judges.Any(judge => Name.StartsWith(judge, StringComparison.Ordinal));

    private static readonly string[] s_judges =
    [
        "global::System.Collections.Generic.IComparer<", "global::System.Collections.Generic.Comparer<", "global::System.Collections.Generic.IEqualityComparer<", "global::System.Collections.Generic.EqualityComparer<",
        "global::System.Globalization.CultureInfo", "global::System.Globalization.NumberFormatInfo", "global::System.IFormatProvider",
    ];

    /// <inheritdoc/>
    public override string CSharp => Name;

    /// <inheritdoc/>
    public override bool CarriesDerivative => false;
}

/// <summary>A stack of remembered values (<c>DiffGen.Remembered&lt;T&gt;</c>, or <c>DiffGen.Tape&lt;T&gt;</c> when it crosses calls).</summary>
public sealed record TapeType(IrType Element, bool CrossesCalls) : IrType
{
    /// <inheritdoc/>
    public override string CSharp => $"global::DiffGen.{(CrossesCalls ? "Tape" : "Remembered")}<{Element.CSharp}>";

    /// <inheritdoc/>
    public override bool CarriesDerivative => false;

    /// <inheritdoc/>
    public override bool IsReference => true;
}
