using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>A stack, queue or dictionary of numbers: a list of them, and what is kept aside (the first position of a queue, the positions of keys).</summary>
internal sealed class CollectionValue(INamedTypeSymbol type, Expr items, Expr? aside) : Value
{
    public INamedTypeSymbol Type { get; } = type;

    public Expr Items { get; } = items;

    public Expr? Aside { get; } = aside;

    /// <summary>The priorities of a priority queue; the keys of a dictionary where derivatives flow through them.</summary>
    public Expr? Ranks { get; init; }

    /// <summary>Whether its references may be null: a variable that is given one collection after another, or none.</summary>
    public bool MayBeNull { get; init; }

    /// <summary>The reference that tells whether it is there.</summary>
    public Expr Presence => Aside is { Type: var type } && !type.Equals(PlainType.Int) ? Aside : Items;

    /// <summary>The references that it consists of; null where it also has a number of its own, which cannot be shared by two names.</summary>
    public Expr[]? References => Aside?.Type is { } aside && aside.Equals(PlainType.Int) ? null : [.. new[] { Items, Aside, Ranks }.OfType<Expr>()];

    public override Value Map(Func<Expr, Expr> change) => References is null ? this
        : new CollectionValue(Type, change(Items), Aside is null ? null : change(Aside)) { Ranks = Ranks is null ? null : change(Ranks), MayBeNull = MayBeNull };

    /// <summary>The same where it is there.</summary>
    public CollectionValue There() => new(Type, Items, Aside) { Ranks = Ranks };
}

/// <summary>The first or last node of a linked list, of which the value is asked.</summary>
internal sealed class LinkValue(Value value) : Value
{
    public Value Value { get; } = value;
}
