namespace DiffGen.Generator.Ir;

/// <summary>
/// Which reference variables of a function may refer to the same storage: classes by union–find over everything that copies a reference. A row of a
/// jagged array is in its array's class, a slice in its source's; parameters are distinct from one another (emission checks overlapping buffers).
/// </summary>
public sealed class Aliases
{
    private readonly Dictionary<Variable, Variable> _parent = [];

    // zeros in the shape of what is given share nothing with it
    private const string Shapes = "DiffGen.Buffers.ZerosLike";

    // functions that put no reference anywhere
    private readonly ICollection<string> _quiet;

    private Aliases(ICollection<string> quiet) => _quiet = quiet;

    /// <summary>The classes of a function.</summary>
    public static Aliases Of(Function function) => Of(function.Body);

    /// <summary>The classes of a function; <paramref name="quiet"/> are the functions by which no reference is put into an array, a list or an object.</summary>
    public static Aliases Of(Function function, ICollection<string> quiet)
    {
        Aliases aliases = new(quiet);
        foreach (Stmt s in function.Body.All()) aliases.Statement(s);
        return aliases;
    }

    /// <summary>Whether a statement puts a reference into an array, a list or an object.</summary>
    public static bool Publishes(Stmt s) => s switch
    {
        Assign { Target: not Read, Value: var value } => Holds(value.Type),
        AddItem { Value: var value } => Holds(value.Type),
        Perform => true,
        _ => s.Values().SelectMany(v => v.All()).Any(e => e is Opaque { Purity: Purity.Effects } o && o.Holes.Count(h => Holds(h.Type)) > 1),
    };

    /// <summary>The classes that the statements of a block make.</summary>
    public static Aliases Of(Block body)
    {
        Aliases aliases = new([]);
        foreach (Stmt s in body.All()) aliases.Statement(s);
        return aliases;
    }

    /// <summary>Whether two reference variables may refer to the same storage.</summary>
    public bool MayAlias(Variable left, Variable right) => left == right || Class(left) == Class(right);

    /// <summary>The variable that stands for the class of <paramref name="v"/>.</summary>
    public Variable Class(Variable v)
    {
        while (_parent.TryGetValue(v, out Variable? parent)) v = parent;
        return v;
    }

    /// <summary>The variables whose storage the value of an expression may share; none for fresh storage and for numbers.</summary>
    public static IEnumerable<Variable> Sources(Expr e)
    {
        switch (e)
        {
            case Read x:
                return Holds(x.Type) ? [x.Variable] : [];
            case ElementAt or FieldOf or Slice:
                return Holds(e.Type) ? Sources(e.Children().First()) : [];
            case Conditional x:
                return Sources(x.WhenTrue).Concat(Sources(x.WhenFalse));
            case Convert x:
                return Sources(x.Operand);
            case ArrayLiteral or NewStruct or CopyOf:
                // the new storage is fresh; what it holds is not
                return e.Children().Where(c => Holds(e is CopyOf ? ElementOf(c.Type) : c.Type)).SelectMany(Sources);
            case Apply { Key: Shapes }:
                return [];
            case Opaque or Apply:
                return Holds(e.Type) ? e.Children().SelectMany(Sources) : [];
            default:
                return [];
        }
    }

    /// <summary>The variables by which storage is reached: its root, or the objects out of which code that is carried takes it.</summary>
    public static IEnumerable<Variable> Holders(Expr source) => source.Root() is { } root ? [root] : Sources(source);

    private static IrType ElementOf(IrType type) => type switch
    {
        ArrayType x => x.Element,
        SpanType x => x.Element,
        ListType x => x.Element,
        _ => type,
    };

    // plain objects count: an opaque fragment may hide an array in one and another take it out
    private static bool Holds(IrType type) => type switch
    {
        ScalarType or VectorType => false,
        PlainType x => x.Kind == PlainKind.Other && x.Name is not ("void" or "string"),
        StructType x => x.Fields.Any(f => Holds(f.Type)),
        _ => true,
    };

    private void Statement(Stmt s)
    {
        switch (s)
        {
            case Declare { Initial: { } initial } x:
                Unite(Sources(new Read(x.Variable)), Sources(initial));
                break;
            case Assign x:
                Unite(Holds(x.Value.Type) ? Roots(x.Target) : [], Sources(x.Value));
                break;
            case AddItem x:
                Unite(Sources(x.List), Sources(x.Value));
                break;
            case Push x:
                if (Holds(x.Value.Type)) Unite([x.Tape], Sources(x.Value));
                break;
            case Pop x:
                if (Holds(x.Target.Type)) Unite([x.Tape], Roots(x.Target));
                break;
            case Call x:
                // results may share storage with what was given; arguments among themselves only if the callee stores references in them
                foreach (Expr result in x.Results)
                    if (Holds(result.Type)) Unite(Roots(result), x.Arguments.SelectMany(Sources));
                if (_quiet.Contains(x.Function)) break;
                Variable[] holders = x.Arguments.Where(HoldsReferences).SelectMany(Sources).ToArray();
                if (holders.Length > 0) Unite(holders, x.Arguments.SelectMany(Sources));
                break;
            case Perform x:
                if (x.Result is { } place && Holds(place.Type)) Unite(Roots(place), x.Arguments.SelectMany(Sources));
                break;
        }
        foreach (Expr e in s.Values().SelectMany(v => v.All()))
            if (e is Opaque { Purity: Purity.Effects, Writes.IsEmpty: false } opaque)
                Unite(opaque.Writes.Where(v => Holds(v.Type) && (!v.Type.IsReference || Holds(ElementOf(v.Type)))), opaque.Holes.SelectMany(Sources));
    }

    // an argument through which a callee could publish another's reference: an array of arrays, a list of lists
    private static bool HoldsReferences(Expr argument) => argument.Type.IsReference && argument.Type is not TapeType && Holds(ElementOf(argument.Type));

    private static IEnumerable<Variable> Roots(Expr place) => place.Root() is { } root ? [root] : [];

    private void Unite(IEnumerable<Variable> left, IEnumerable<Variable> right)
    {
        Variable? first = left.FirstOrDefault();
        if (first is null) return;
        foreach (Variable v in left.Concat(right))
        {
            Variable a = Class(first), b = Class(v);
            if (a != b) _parent[b] = a;
        }
    }
}
