using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Names for storage, so that reads and writes can be compared: a variable is its name; the numbers in the arrays, spans and lists that may be one
/// another's alias are one location (<c>name[]</c>), the references stored in them (rows of a jagged array) another (<c>name[&amp;]</c>).
/// Parameters are taken as distinct. Flow-insensitive union–find over a function.
/// </summary>
public sealed class Locations
{
    private readonly Dictionary<string, string> _parent = new(StringComparer.Ordinal);
    private readonly Unit _unit;
    private readonly Summaries _callees;

    /// <summary>Analyses <paramref name="function"/> of <paramref name="unit"/>.</summary>
    public Locations(Function function, Unit unit, Summaries callees)
    {
        _unit = unit;
        _callees = callees;
        foreach (Stmt s in function.Body.All()) Unite(s);
    }

    /// <summary>What is known of the functions that are called.</summary>
    public Summaries Callees => _callees;

    /// <summary>Makes the reference variable <paramref name="alias"/> one more name for what <paramref name="original"/> refers to.</summary>
    public void Join(Variable alias, Variable original) => Union(alias.Name, original.Name);

    /// <summary>The representative of a reference variable's alias class.</summary>
    public string ClassOf(Variable v) => Find(v.Name);

    /// <summary>The location of the numbers in what <paramref name="v"/> refers to.</summary>
    public string Content(Variable v) => Find(v.Name) + "[]";

    /// <summary>The location of the references in what <paramref name="v"/> refers to.</summary>
    public string Rows(Variable v) => Find(v.Name) + "[&]";

    /// <summary>The location of an element or row store.</summary>
    public string? Of(Expr place)
    {
        while (place is FieldOf field) place = field.Target;
        return place switch
        {
            Read x => x.Variable.Name,
            ElementAt x when Holder(x) is { } root => x.Type.IsReference ? Rows(root) : Content(root),
            _ => null,
        };
    }

    /// <summary>
    /// The variable by which storage is reached; of what code that is carried takes out of an object, the object (all that it is asked about are in one class),
    /// and of what it takes from elsewhere, a name for that. Null for fresh storage.
    /// </summary>
    public Variable? Holder(Expr e)
    {
        while (true)
        {
            switch (e)
            {
                case Read x: return x.Variable;
                case ElementAt x: e = x.Source; break;
                case FieldOf x: e = x.Target; break;
                case Slice x: e = x.Source; break;
                case Opaque { IsRuled: false } x:
                    if (x.Holes.FirstOrDefault(h => Shared(h.Type) && Holder(h) is not null) is { } hole) { e = hole; break; }
                    if (x.Pieces.Count != 1 || x.Purity == Purity.Effects || !Shared(x.Type)) return null;
                    _elsewhere.Add(x.Pieces[0]);
                    return new Variable(x.Pieces[0], x.Type);
                default: return e.Root();
            }
        }
    }

    /// <summary>Adds the locations that evaluating <paramref name="e"/> reads.</summary>
    public void Reads(Expr e, ISet<string> into)
    {
        switch (e)
        {
            case Read x: into.Add(x.Variable.Name); return;
            case ElementAt when Of(e) is { } location: into.Add(location); break;
            case LengthOf { Source: { Type: ListType } source } when Holder(source) is { } list: into.Add(Content(list)); break;
            case CopyOf x: Deep(x.Source, into); break;
            case Opaque x:
                foreach (Expr hole in x.Holes)
                    if (hole.Type.IsReference || IsObject(hole.Type)) Deep(hole, into);
                break;
        }
        foreach (Expr child in e.Children()) Reads(child, into);
    }

    /// <summary>The locations that evaluating <paramref name="e"/> reads.</summary>
    public HashSet<string> Reads(Expr e)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        Reads(e, set);
        return set;
    }

    /// <summary>Adds what a statement and all inside it reads, the indices of its targets too.</summary>
    public void Reads(Stmt s, ISet<string> into)
    {
        foreach (Expr e in s.Values()) Reads(e, into);
        foreach (Expr target in s.Targets()) ReadsOfTarget(target, into);
        switch (s)
        {
            case AddTo x when Of(x.Target) is { } place: into.Add(place); break;
            case Perform x:
                foreach (Expr argument in x.Arguments)
                    if (argument.Type.IsReference) Deep(argument, into);
                break;
            case Call x:
                foreach (Expr argument in x.Arguments)
                    if (argument.Type.IsReference) Deep(argument, into);
                break;
            case AddItem x: Deep(x.List, into); break;
            case RemoveLast x: Deep(x.List, into); break;
            case Push x: into.Add(x.Tape.Name); break;
            case Pop x: into.Add(x.Tape.Name); break;
        }
        foreach (Block block in s.Blocks())
            foreach (Stmt inner in block.Statements) Reads(inner, into);
    }

    /// <summary>Adds what finding the place <paramref name="target"/> reads (its source and indices, not its value).</summary>
    public void ReadsOfTarget(Expr target, ISet<string> into)
    {
        switch (target)
        {
            case ElementAt x:
                Reads(x.Source, into);
                foreach (Expr index in x.Indices) Reads(index, into);
                break;
            case FieldOf x: ReadsOfTarget(x.Target, into); break;
            case Slice x: Reads(x, into); break;
        }
    }

    /// <summary>Adds what a statement and all inside it writes.</summary>
    public void Writes(Stmt s, ISet<string> into)
    {
        foreach (Expr e in s.Values()) WritesOf(e, into);
        switch (s)
        {
            case Declare x: into.Add(x.Variable.Name); break;
            case For x: into.Add(x.Counter.Name); break;
            case Clear x: DeepWrite(x.Target, into); break;
            case AddItem x: DeepWrite(x.List, into); break;
            case RemoveLast x: DeepWrite(x.List, into); break;
            case Push x: into.Add(x.Tape.Name); break;
            case Perform x:
                foreach (int index in x.Writes)
                {
                    if (x.Arguments[index].Type.IsReference) DeepWrite(x.Arguments[index], into);
                    else if (Of(x.Arguments[index]) is { } place) into.Add(place);
                }
                break;
            case Call x: WritesOfCall(x, into); break;
        }
        if (s is not Clear)
            foreach (Expr target in s.Targets())
                if (Of(target) is { } place) into.Add(place);
        if (s is Pop pop) into.Add(pop.Tape.Name);
        foreach (Block block in s.Blocks())
            foreach (Stmt inner in block.Statements) Writes(inner, into);
    }

    /// <summary>What the statements of a block write.</summary>
    public HashSet<string> Writes(IEnumerable<Stmt> statements)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        foreach (Stmt s in statements) Writes(s, set);
        return set;
    }

    /// <summary>What the statements read.</summary>
    public HashSet<string> Reads(IEnumerable<Stmt> statements)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        foreach (Stmt s in statements) Reads(s, set);
        return set;
    }

    private void WritesOf(Expr e, ISet<string> into)
    {
        if (e is Opaque opaque)
        {
            foreach (Variable v in opaque.Writes)
            {
                into.Add(v.Name);
                if ((v.Type.IsReference || IsObject(v.Type)) && !opaque.Fills.Contains(v)) DeepWrite(new Read(v), into);
            }
        }
        foreach (Expr child in e.Children()) WritesOf(child, into);
    }

    private void WritesOfCall(Call call, ISet<string> into)
    {
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Expr argument = call.Arguments[i];
            if (Use(call, i) != ArgumentUse.Read && argument.Type.IsReference) DeepWrite(argument, into);
            if (MayAssign(call, i) && Of(argument) is { } place) into.Add(place);
        }
    }

    /// <summary>What a call does with the elements of argument <paramref name="i"/>.</summary>
    public ArgumentUse Use(Call call, int i) =>
        i < call.Uses.Count ? call.Uses[i] : _callees.Of(call.Function) is { } summary && !summary.WritesElements(i) ? ArgumentUse.Read : ArgumentUse.Written;

    /// <summary>Whether a call may give the variable itself that is its argument <paramref name="i"/> another value.</summary>
    public bool MayAssign(Call call, int i) =>
        i < call.Uses.Count
            ? call.Uses[i] != ArgumentUse.Read && !(call.Arguments[i].Type.IsReference && (call.KeepsReferences || call.Uses[i] == ArgumentUse.Added))
            : _unit.Find(call.Function) is not { } callee || callee.Parameters[i].Passing is Passing.Ref or Passing.Out;

    private void Deep(Expr reference, ISet<string> into)
    {
        if (Holder(reference) is not { } root) return;
        into.Add(Content(root));
        into.Add(Rows(root));
    }

    private void DeepWrite(Expr reference, ISet<string> into)
    {
        if (Holder(reference) is not { } root) return;
        into.Add(Content(root));
        if (reference.Type is ArrayType { Element.IsReference: true } or ListType { Element.IsReference: true } or PlainType) into.Add(Rows(root));
    }

    private void Unite(Stmt s)
    {
        switch (s)
        {
            case Declare { Variable: var v, Initial: { } e } when Shared(v.Type): UniteWith(v.Name, e); break;
            case Assign { Target: var target, Value: var e } when Shared(e.Type) && Holder(target) is { } root: UniteWith(root.Name, e); break;
            case AddItem { List: var list, Value: var e } when Shared(e.Type) && Holder(list) is { } root: UniteWith(root.Name, e); break;
            case Call call:
                foreach (Expr result in call.Results)
                {
                    if (!result.Type.IsReference || result.Root() is not { } root) continue;
                    foreach (Expr argument in call.Arguments)
                        if (argument.Type.IsReference) UniteWith(root.Name, argument);
                }
                break;
        }
        // what is put into an object, or taken out of one into a variable, is the object's
        foreach (Opaque x in s.Values().Concat(s.Targets()).SelectMany(v => v.All()).OfType<Opaque>())
        {
            Variable[] together = [.. x.Holes.Where(h => Shared(h.Type)).Select(Holder).OfType<Variable>(), .. x.Purity == Purity.Effects ? x.Writes.Where(v => Shared(v.Type)) : []];
            if (!x.IsRuled && (x.Purity == Purity.Effects && x.Writes.Count > 0 || Shared(x.Type)))
                foreach (Variable v in together) Union(v.Name, together[0].Name);
        }
    }

    // what is reached by the names of statics
    private readonly HashSet<string> _elsewhere = new(StringComparer.Ordinal);

    /// <summary>Whether storage is reached by way of something that is no variable of the function.</summary>
    public bool IsElsewhere(string location) => _elsewhere.Any(name => Find(name) is var held && (held + "[]" == location || held + "[&]" == location));

    /// <summary>Whether a variable of a type may refer to storage that others refer to as well.</summary>
    public static bool Shared(IrType type) => type.IsReference || IsObject(type) || type is StructType whole && whole.Fields.Any(f => Shared(f.Type));

    // what code that is carried takes out of an object is the object's as well
    private static bool IsObject(IrType type) => type is PlainType { MayBeShared: true, KeepsNothing: false };

    private void UniteWith(string name, Expr e)
    {
        switch (e)
        {
            case Conditional x: UniteWith(name, x.WhenTrue); UniteWith(name, x.WhenFalse); break;
            case ArrayLiteral x:
                foreach (Expr element in x.Elements)
                    if (Shared(element.Type)) UniteWith(name, element);
                break;
            case CopyOf x when x.Type is ArrayType { Element: var element } && Shared(element): UniteWith(name, x.Source); break;
            case CopyOf: break;
            case NewStruct x:
                foreach (Expr value in x.Values)
                    if (Shared(value.Type)) UniteWith(name, value);
                break;
            case Opaque { IsRuled: true }: break; // a new array
            case Opaque x:
                foreach (Expr hole in x.Holes)
                    if (Shared(hole.Type)) UniteWith(name, hole);
                if (Holder(x) is { } elsewhere) Union(name, elsewhere.Name);
                break;
            default:
                if (Holder(e) is { } root) Union(name, root.Name);
                break;
        }
    }

    private string Find(string name)
    {
        while (_parent.TryGetValue(name, out string? up)) name = up;
        return name;
    }

    private void Union(string a, string b)
    {
        string x = Find(a), y = Find(b);
        if (x != y) _parent[x] = y;
    }
}
