using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Fields that a method stores what varies in, and reads again before it returns (<c>return _last = a * x + b * _last;</c>). A field has no adjoint, a local
/// has: the method works on a local that begins as what the field holds, a constant of this call, and each store goes to the field as well, when it would.
/// Only where all that may reach the field is seen: one path leads there, and no code that is not modelled is given an object that could.
/// </summary>
internal sealed class KeptFields : Rewriter
{
    private readonly Session _session;
    private readonly Dictionary<string, (Variable Local, Opaque Read)> _locals = new(StringComparer.Ordinal);

    private KeptFields(Session session) => _session = session;

    /// <summary>The unit with such fields in locals; null if it has none.</summary>
    public static Unit? Of(Unit unit, Session session)
    {
        var all = unit.Callees.Prepend(unit.Entry).SelectMany(f => f.Body.All()).SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()).OfType<Opaque>().ToList();
        var pass = new KeptFields(session);
        if (all.Any(pass.MayReachFields)) return null;
        var callees = unit.Callees.SelectMany(f => f.Body.All()).SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()).OfType<Opaque>().ToList();
        bool storesAny = false;
        foreach (IGrouping<string, Opaque> uses in all.Where(o => pass.PathOf(o) is not null).GroupBy(o => pass.PathOf(o)!).ToList())
        {
            Opaque read = uses.First();
            string name = LastName(read);
            List<Opaque> stores = [.. all.Where(o => pass.Stored(o) == uses.Key)];
            bool isReference = read.Type.IsReference;
            if (read.Type is not (ScalarType or VectorType or Ir.ArrayType or ListType) || !read.Type.CarriesDerivative || uses.Any(u => !u.Type.Equals(read.Type))) continue;
            if (!isReference && stores.Count == 0) continue;
            if (callees.Any(o => o.Pieces.Any(p => ActivityReport.Names(p, name))) || stores.Any(s => !Fits(s, read.Type))) continue;
            if (all.Any(o => pass.PathOf(o) != uses.Key && !stores.Contains(o) && o.Pieces.Any(p => ActivityReport.Names(p, name)))) continue;
            storesAny |= isReference || stores.Any(s => s.Lost is not null);
            pass._locals[uses.Key] = (new Variable(session.Names.Fresh(WishOf(name)), read.Type), read);
        }
        if (!storesAny) return null;
        IEnumerable<Stmt> opening = pass._locals.Values.Select(l => (Stmt)new Declare(l.Local, pass.Initial(l.Read)));
        return unit with { Entry = unit.Entry with { Body = new Block([.. opening, .. pass.Visit(unit.Entry.Body).Statements]) } };
    }

    // code that is not modelled, and is called on an object or given one, may come upon its fields
    private bool MayReachFields(Opaque o) =>
        o.Stores.Length == 0 && PathOf(o) is null
        && (o.Purity == Purity.Effects || o.Pieces.Any(p => p.IndexOf('(') >= 0))
        && o.Holes.Any(h => h is Read { Variable.Name: "this" } || h.Type is PlainType { Kind: PlainKind.Other, Name: not "string" });

    /// <summary>The field that an expression reads, as a path from <c>this</c>; null for all else. Statics are everybody's.</summary>
    private string? PathOf(Opaque o)
    {
        if (o.Stores.Length > 0 || o.Pieces.Count != o.Holes.Count + 1 || !_session.IsStorage(o.Pieces)) return null;
        string own = string.Join("\0", o.Pieces);
        return o.Holes is not [var hole] ? null : hole is Read { Variable.Name: "this" } ? "this\n" + own : hole is Opaque outer && PathOf(outer) is { } path ? path + "\n" + own : null;
    }

    /// <summary>The field that a fragment stores to, as such a path.</summary>
    private string? Stored(Opaque o)
    {
        if (o.Stores.Length == 0 || o.Pieces.Count < 2 || o.Pieces[o.Pieces.Count - 1].Length > 0 || !o.Pieces[o.Pieces.Count - 2].EndsWith(" = ", StringComparison.Ordinal)) return null;
        string[] pieces = [.. o.Pieces.Take(o.Pieces.Count - 1)];
        string last = pieces[pieces.Length - 1];
        pieces[pieces.Length - 1] = last.Substring(0, last.Length - 3);
        return PathOf(new Opaque(new(pieces), o.Holes.Take(o.Holes.Count - 1).ToEquatable(), o.Type, Purity.Reads));
    }

    private static bool Fits(Opaque store, IrType type) => ValueOf(store).Type is var given && (given.Equals(type) || type is ScalarType && given is ScalarType or PlainType { Kind: PlainKind.Integer });

    private static Expr ValueOf(Opaque store) => store.Holes[store.Holes.Count - 1];

    // an object further in may not be there, where the method does not ask
    private Expr Initial(Opaque read)
    {
        Opaque held = read with { IsApart = read.Type.IsReference };
        if (read.Holes is not [Opaque owner] || IsThere(owner)) return held;
        Expr nothing = read.Type.IsReference ? new Constant(read.Type, "null", null) : E.Zero(read.Type);
        return new Conditional(new Binary(BinaryOperator.Equal, owner, new Constant(owner.Type, "null", null), PlainType.Bool), nothing, held);
    }

    /// <summary>Whether an object is one that its readonly field is made with.</summary>
    private bool IsThere(Opaque owner) =>
        _session.MemberOf(owner.Pieces) is IFieldSymbol { IsReadOnly: true, DeclaringSyntaxReferences: [var declaration] }
        && declaration.GetSyntax(_session.Token) is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax }
        && (owner.Holes is not [Opaque outer] || IsThere(outer));

    private static string LastName(Opaque read)
    {
        string text = string.Concat(read.Pieces).Replace("()", "");
        return text.Substring(text.LastIndexOf('.') + 1);
    }

    private static string WishOf(string name)
    {
        string plain = name.Trim('_', '@');
        plain = plain.Substring(plain.LastIndexOf('_') + 1);
        return plain.Length == 0 ? "kept" : char.ToLowerInvariant(plain[0]) + plain.Substring(1);
    }

    public override Expr Visit(Expr e) => e is Opaque o && PathOf(o) is { } path && _locals.TryGetValue(path, out (Variable Local, Opaque) kept) ? new Read(kept.Local) : base.Visit(e);

    public override IEnumerable<Stmt> VisitMany(Stmt s)
    {
        if (s is not Evaluate { Value: Opaque { Stores.Length: > 0 } store }) return base.VisitMany(s);
        if (Stored(store) is { } path && _locals.TryGetValue(path, out (Variable Local, Opaque) kept))
        {
            Expr value = Visit(ValueOf(store));
            if (!value.Type.Equals(kept.Local.Type)) value = new Ir.Convert(value, kept.Local.Type);
            Opaque through = store with { Holes = [.. store.Holes.Take(store.Holes.Count - 1).Select(Visit), new Read(kept.Local)], Lost = null };
            return [new Assign(new Read(kept.Local), value) { Source = s.Source, Site = s.Site }, new Evaluate(through) { Source = s.Source, Site = s.Site }];
        }
        // an element of an array that has a name now
        if (store is { Pieces: ["", " = ", ""], Holes: [ElementAt or FieldOf, _] } && Visit(store.Holes[0]) is var target && target.Root() is not null)
            return [new Assign(target, Visit(store.Holes[1])) { Source = s.Source, Site = s.Site }];
        return base.VisitMany(s);
    }
}
