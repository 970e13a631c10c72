using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>
/// Sorting is a permutation that is constant almost everywhere: positions are sorted by their keys, and elements taken in that order.
/// </content>
internal sealed partial class Lowerer
{
    /// <summary>What is sorted, the keys with their directions, the first one first, and the positions in this order.</summary>
    private sealed record Ordering(SequenceValue Stored, IReadOnlyList<SortKey> By, Expr Positions);

    /// <summary>What is sorted by: keys that compare by themselves, by a comparer, or by a lambda over their positions.</summary>
    private sealed record SortKey(Expr Keys, bool Descending, Expr? Comparer, Fragments? Comparison);

    private ITypeSymbol? OrderedElement(IInvocationOperation o) =>
        o.Type is INamedTypeSymbol { TypeArguments: [var element] } ? Actual(element) : null;

    private Value? Ordered(SequenceValue s, string name, Value[] rest, ITypeSymbol element, IInvocationOperation o)
    {
        bool byKey = name.EndsWith("By", StringComparison.Ordinal) || name.EndsWith("ByDescending", StringComparison.Ordinal), then = name.StartsWith("Then", StringComparison.Ordinal);
        // by keys as they compare, or as a comparer says
        IOperation? comparer = rest.Length == (byKey ? 2 : 1) ? Unconverted(o.Given().OrderBy(x => x.Parameter!.Ordinal).Last().Value) : null;
        if (comparer is not null && (IsDefaultOrder(comparer) || rest[rest.Length - 1] is ExprValue { Expr: Constant { Text: "null" } })) (comparer, rest) = (null, [.. rest.Take(rest.Length - 1)]);
        if (rest.Length != (byKey ? 1 : 0) + (comparer is null ? 0 : 1) || then && s.Ordering is null) return null;
        var before = then ? (Ordering)s.Ordering! : null;
        // an order that only the next key asked for is not sorted by itself
        if (before is not null && Unconverted(o.Arguments[0].Value) is IInvocationOperation) _out.RemoveAll(x => x is Declare d && before.Positions is Read sorted && d.Variable == sorted.Variable);
        SequenceValue stored = before?.Stored ?? Stored(s), keys = byKey ? Mapped(stored, ResultOf(rest[0], o), v => Invoke(rest[0], o, [v])) : stored;
        Expr known = ExprOf(ToArray(keys));
        Fragments? comparison = null;
        Expr? foreign = null;
        if (comparer is not null && IsForeignComparer(rest[rest.Length - 1], comparer) && ElementOf(known.Type) is ScalarType or PlainType && !IsInRoom(keys.Element))
        {
            foreign = ExprOf(rest[rest.Length - 1]);
        }
        else if (comparer is not null)
        {
            Value compare = comparer is IInvocationOperation { TargetMethod: { Name: "Create", ContainingType.Name: "Comparer" } } made ? Lower(Unconverted(made.Arguments[0].Value)) : rest[rest.Length - 1];
            if ((comparison = Comparison(known, (left, right) => Compared(compare, comparer.Type, left, right, o))) is null) return null;
        }
        else if (IsInRoom(keys.Element))
        {
            comparison = Comparison(known, (left, right) => NaturalOrder(keys.Element, left, right, o)) ?? throw Unsupported("an order of objects by themselves", "order them by a number", o.Syntax);
        }
        SortKey[] by = [.. before?.By ?? [], new(known, name.EndsWith("Descending", StringComparison.Ordinal), foreign, comparison)];
        Expr order = Permutation(by);
        return new SequenceValue(element, consume => Counter("i", IntConstant(0), new LengthOf(order), i => consume(At(i))))
        {
            Count = () => new LengthOf(order),
            At = At,
            Ordering = new Ordering(stored, by, order),
        };

        Value At(Expr i) => stored.At!(Named(new ElementAt(order, [i]), "position"));
    }

    private Expr Permutation(IReadOnlyList<SortKey> by)
    {
        string p = session.Names.Fresh("p");
        const string linq = "global::System.Linq.Enumerable.";
        Fragments text = new Fragments().Text(linq + "ToArray(");
        for (int k = by.Count - 1; k >= 0; k--) text.Text($"{linq}{(k == 0 ? "OrderBy" : "ThenBy")}{(by[k].Descending ? "Descending" : "")}(");
        text.Text(linq + "Range(0, ").Hole(new LengthOf(by[0].Keys)).Text(")");
        foreach (SortKey key in by)
        {
            if (key.Comparison is { } comparison) text.Text($", {p} => {p}, global::System.Collections.Generic.Comparer<int>.Create(").Append(comparison).Text("))");
            else if (key.Comparer is { } comparer) text.Text($", {p} => ").Hole(key.Keys).Text($"[{p}], ").Hole(comparer).Text(")");
            else text.Text($", {p} => ").Hole(key.Keys).Text($"[{p}])");
        }
        var opaque = new Opaque(text.Text(")").Pieces.ToEquatable(), text.Holes.ToEquatable(), new Ir.ArrayType(PlainType.Int), Purity.Reads);
        return Saved(opaque, "order");
    }
}
