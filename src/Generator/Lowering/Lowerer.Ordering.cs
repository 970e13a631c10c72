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
    private sealed record Ordering(SequenceValue Stored, IReadOnlyList<(Expr Keys, bool Descending)> By, Expr Positions);

    private ITypeSymbol? OrderedElement(IInvocationOperation o) =>
        o.Type is INamedTypeSymbol { TypeArguments: [var element] } ? Actual(element) : null;

    private Value? Ordered(SequenceValue s, string name, Value[] rest, ITypeSymbol element, IInvocationOperation o)
    {
        bool byKey = name.EndsWith("By", StringComparison.Ordinal) || name.EndsWith("ByDescending", StringComparison.Ordinal), then = name.StartsWith("Then", StringComparison.Ordinal);
        if (rest.Length != (byKey ? 1 : 0) || then && s.Ordering is null) return null;
        var before = then ? (Ordering)s.Ordering! : null;
        // an order that only the next key asked for is not sorted by itself
        if (before is not null && Unconverted(o.Arguments[0].Value) is IInvocationOperation) _out.RemoveAll(x => x is Declare d && before.Positions is Read sorted && d.Variable == sorted.Variable);
        SequenceValue stored = before?.Stored ?? Stored(s), keys = byKey ? Mapped(stored, ResultOf(rest[0], o), v => Invoke(rest[0], o, [v])) : stored;
        (Expr, bool)[] by = [.. before?.By ?? [], (ExprOf(ToArray(keys)), name.EndsWith("Descending", StringComparison.Ordinal))];
        Expr order = Permutation(by);
        return new SequenceValue(element, consume => Counter("i", IntConstant(0), new LengthOf(order), i => consume(At(i))))
        {
            Count = () => new LengthOf(order),
            At = At,
            Ordering = new Ordering(stored, by, order),
        };

        Value At(Expr i) => stored.At!(Named(new ElementAt(order, [i]), "position"));
    }

    private Expr Permutation(IReadOnlyList<(Expr Keys, bool Descending)> by)
    {
        string p = session.Names.Fresh("p");
        const string linq = "global::System.Linq.Enumerable.";
        List<string> pieces = [string.Concat(Enumerable.Range(0, by.Count).Reverse().Select(k => $"{linq}{(k == 0 ? "OrderBy" : "ThenBy")}{(by[k].Descending ? "Descending" : "")}(")) + linq + "Range(0, "];
        for (int k = 0; k < by.Count; k++)
        {
            pieces.Add($"{(k == 0 ? ")" : $"[{p}])")}, {p} => ");
        }
        pieces[0] = $"{linq}ToArray({pieces[0]}";
        pieces.Add($"[{p}]))");
        var opaque = new Opaque(new([.. pieces]), [new LengthOf(by[0].Keys), .. by.Select(b => b.Keys)], new Ir.ArrayType(PlainType.Int), Purity.Reads);
        return Saved(opaque, "order");
    }
}
