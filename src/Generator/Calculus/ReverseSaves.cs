using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>What is overwritten and read by adjoints: saved, and put back in the reverse sweep.</summary>
internal sealed partial class ReverseSweep
{
    private static IEnumerable<Expr> Places(Stmt s)
    {
        foreach (Expr target in s.Targets())
            if (s is not Clear) yield return target;
        if (s is Perform p)
            foreach (int index in p.Writes)
                if (!p.Arguments[index].Type.IsReference) yield return p.Arguments[index];
    }

    /// <summary>Saves the value of a place before it is overwritten, if an adjoint so far reads it, and puts it back in the reverse sweep.</summary>
    private void Save(Expr place, Stmt s, Region region, HashSet<string> needed, List<Stmt> forward, List<Stmt> restore, bool atRoot)
    {
        if (!_named && Inverse(s, place) is { } inverse && needed.Contains(place.Root()!.Name))
        {
            restore.Add(inverse);
            return;
        }
        SaveIfRead(place, region, needed, forward, restore, atRoot);
        if (place.Type is { IsReference: true } or StructType { HoldsStorage: true } && shadows.Of(place) is { } shadow)
            foreach (Expr storage in Shadows.Storage(shadow)) SaveIfRead(storage, region, needed, forward, restore, atRoot);
    }

    /// <summary>An integer that a constant is added to is put back by subtracting it, in whatever range; null for any other statement.</summary>
    private static Stmt? Inverse(Stmt s, Expr place)
    {
        if (place is not Read { Variable: { Type: PlainType { Name: "int" or "long" } } v }) return null;
        return s switch
        {
            Assign { Value: Binary { Operator: BinaryOperator.Add, Left: Read left, Right: Constant } sum } when left.Variable == v =>
                new Assign(place, sum with { Operator = BinaryOperator.Subtract }),
            Assign { Value: Binary { Operator: BinaryOperator.Subtract, Left: Read left, Right: Constant } sum } when left.Variable == v =>
                new Assign(place, sum with { Operator = BinaryOperator.Add }),
            _ => null,
        };
    }

    private void SaveIfRead(Expr place, Region region, HashSet<string> needed, List<Stmt> forward, List<Stmt> restore, bool atRoot)
    {
        if (locations.Of(place) is not { } location || !needed.Contains(location)) return;
        Variable saved = Keep(place, (place.Root()?.Name ?? "element") + "Was", region, forward, atRoot);
        restore.Add(Restore(place, saved));
        locations.ReadsOfTarget(place, needed);
    }

    private Assign Restore(Expr place, Variable saved)
    {
        var restore = new Assign(place, new Read(saved));
        _restores.Add(restore);
        return restore;
    }

    private Variable Keep(Expr value, string wish, Region region, List<Stmt> forward, bool atRoot)
    {
        var saved = new Variable(names.Fresh(wish), value.Type);
        if (value is Read) _saves.Add(saved);
        if (value.Type.IsReference && value.Root() is { } root) locations.Join(saved, root);
        if (atRoot) forward.Add(new Declare(saved, value));
        else
        {
            region.Hoisted[saved.Name] = saved;
            forward.Add(new Assign(new Read(saved), value));
        }
        return saved;
    }

    private void SaveAll(Expr reference, Region region, HashSet<string> needed, List<Stmt> forward, List<Stmt> restore, bool atRoot)
    {
        if (reference.Root() is not { } root || !needed.Contains(locations.Content(root)) && !(ElementOf(reference.Type).IsReference && needed.Contains(locations.Rows(root)))) return;
        IrType stored = reference.Type is ArrayType array ? array : new ArrayType(ElementOf(reference.Type));
        Variable saved = Keep(new CopyOf(reference, stored), root.Name + "Was", region, forward, atRoot);
        needed.UnionWith(locations.Reads(reference));
        if (reference.Type is ListType)
        {
            // it may have been of another length
            var at = new Variable(names.Fresh("k"), PlainType.Int);
            restore.Add(new Evaluate(new Opaque(["", ".Clear()"], [reference], PlainType.Void, Purity.Effects, [root])));
            restore.Add(new For(at, E.Int(0), BinaryOperator.Less, new LengthOf(new Read(saved)), 1, new Block([new AddItem(reference, new ElementAt(new Read(saved), [new Read(at)]))])));
            return;
        }
        int rank = ((ArrayType)stored).Rank;
        Variable[] k = [.. Enumerable.Range(0, rank).Select(_ => new Variable(names.Fresh("k"), PlainType.Int))];
        EquatableArray<Expr> indices = k.Select(v => (Expr)new Read(v)).ToEquatable();
        Stmt put = new Assign(new ElementAt(reference, indices), new ElementAt(new Read(saved), indices));
        for (int d = rank - 1; d >= 0; d--) put = new For(k[d], E.Int(0), BinaryOperator.Less, new LengthOf(new Read(saved), rank == 1 ? -1 : d), 1, new Block([put]));
        restore.Add(put);
    }

    private void SaveOpaqueWrites(Expr e, Stmt s, Region region, HashSet<string> needed, List<Stmt> forward, List<Stmt> restore, bool atRoot)
    {
        if (e is Opaque opaque)
        {
            foreach (Variable v in opaque.Writes)
            {
                if (s is Declare d && d.Variable == v) continue;
                Save(new Read(v), s, region, needed, forward, restore, atRoot);
                if (v.Type is ArrayType or SpanType or ListType && !opaque.Fills.Contains(v)) SaveAll(new Read(v), region, needed, forward, restore, atRoot);
            }
        }
        foreach (Expr child in e.Children()) SaveOpaqueWrites(child, s, region, needed, forward, restore, atRoot);
    }
}
