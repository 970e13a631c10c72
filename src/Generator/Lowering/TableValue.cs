using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>An array, list or dictionary whose elements exist only while lowering.</summary>
internal sealed class TableValue : SequenceValue
{
    public TableValue(ITypeSymbol element, List<Value> elements, string missing)
        : base(element, consume => { foreach (Value v in elements.ToList()) consume(v); })
    {
        (Elements, Missing) = (elements, missing);
        Count = () => new Constant(PlainType.Int, Elements.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), Elements.Count);
        At = i => i is Constant { Number: { } n } && n >= 0 && n < Elements.Count ? Elements[(int)n] : new ChoiceValue([.. Elements], i, Missing);
    }

    public List<Value> Elements { get; }

    /// <summary>What an index that is out of range throws.</summary>
    public string Missing { get; }

    /// <summary>The keys, where it is a dictionary.</summary>
    public List<Expr>? Keys { get; set; }

    public ITypeSymbol? KeyType { get; set; }

    /// <summary>C# of what compares the keys; empty where they compare by themselves.</summary>
    public string Comparer { get; set; } = "";

    /// <summary>The control region in which it was made: only there can it be changed.</summary>
    public int Region { get; init; }
}

/// <summary>One of several values that exist only while lowering, by an index of run time.</summary>
internal sealed class ChoiceValue(IReadOnlyList<Value> options, Expr index, string missing) : Value
{
    public IReadOnlyList<Value> Options { get; } = options;

    public Expr Index { get; } = index;

    public string Missing { get; } = missing;

    /// <summary>Whether the index is sure to be one of the options.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether an index that is none of the options stands for null.</summary>
    public bool IsNullable => !IsWhole && Missing == "System.NullReferenceException";

    public override Value Map(Func<Expr, Expr> change) => new ChoiceValue(Options, change(Index), Missing) { IsWhole = IsWhole };
}

/// <summary>An element of a table, to be given another value.</summary>
internal sealed class TablePlace(TableValue table, int index) : Place
{
    public TableValue Table { get; } = table;

    public int Index { get; } = index;

    public override Value Load() => Table.Elements[Index];
}
