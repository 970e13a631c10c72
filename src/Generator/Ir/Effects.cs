namespace DiffGen.Generator.Ir;

/// <summary>
/// Elements of the storage that <paramref name="Root"/> refers to, as far as they have type <paramref name="Element"/> (null: of any type): writing
/// <c>x[i][j]</c> writes numbers, and leaves the rows that <c>x[i]</c> reads where they are.
/// </summary>
public readonly record struct Access(Variable Root, IrType? Element)
{
    /// <summary>Whether two accesses may touch the same memory.</summary>
    public bool Touches(Access other, Aliases? aliases) =>
        (Element is null || other.Element is null || Element.Equals(other.Element) || IsSeenAs(Element, other.Element) || IsSeenAs(other.Element, Element))
        && (Root == other.Root || (aliases?.MayAlias(Root, other.Root) ?? true));

    // numbers that a view shows several at a time
    private static bool IsSeenAs(IrType numbers, IrType several) => several is VectorType vector && vector.Component.Equals(numbers);
}

/// <summary>What running a statement (or evaluating an expression) may read and change.</summary>
public sealed partial class Effects
{
    private static readonly HashSet<Variable> s_noVariables = [];
    private static readonly HashSet<Access> s_noElements = [];
    private static readonly HashSet<string> s_noLabels = new(StringComparer.Ordinal);
    private HashSet<Variable>? _reads, _assigned, _declared;
    private HashSet<Access>? _elementReads, _elementWrites;
    private HashSet<string>? _exits;

    /// <summary>Variables whose own value is read (a reference variable whose elements are read or written, too).</summary>
    public HashSet<Variable> Reads => _reads ?? s_noVariables;

    /// <summary>Variables whose own value may change: assigned, declared, counted, popped into; a field of a struct variable counts.</summary>
    public HashSet<Variable> Assigned => _assigned ?? s_noVariables;

    /// <summary>Variables that are declared inside (loop counters too).</summary>
    public HashSet<Variable> Declared => _declared ?? s_noVariables;

    /// <summary>Elements that may be read.</summary>
    public HashSet<Access> ElementReads => _elementReads ?? s_noElements;

    /// <summary>Elements that may be written; a list's or tape's growth counts.</summary>
    public HashSet<Access> ElementWrites => _elementWrites ?? s_noElements;

    /// <summary>Labels that may be left for and that are not inside.</summary>
    public HashSet<string> Exits => _exits ?? s_noLabels;

    /// <summary>Whether an exception may leave it.</summary>
    public bool MayThrow { get; private set; }

    /// <summary>Whether the outside world may change (an opaque effect, a lock, a throw): runs exactly once, in order.</summary>
    public bool HasEffects { get; private set; }

    /// <summary>Whether it reads what the outside world may change.</summary>
    public bool ReadsWorld { get; private set; }

    /// <summary>Whether it may never complete (a loop without a counter).</summary>
    public bool MayDiverge { get; private set; }

    /// <summary>Whether functions are called, whose summaries it depends on.</summary>
    private bool _calls;

    /// <summary>Whether it does nothing that is seen outside but change variables and elements.</summary>
    public bool IsQuiet => IsWhole && !MayDiverge;

    /// <summary>Whether it runs to its end where it ends at all.</summary>
    public bool IsWhole => !MayThrow && !HasEffects && Exits.Count == 0;

    /// <summary>Variables that are read or assigned and belong to the surroundings.</summary>
    public IEnumerable<Variable> Free => Reads.Union(Assigned).Where(v => !Declared.Contains(v));

    /// <summary>Variables of the surroundings whose own value may change.</summary>
    public IEnumerable<Variable> AssignedOutside => Assigned.Where(v => !Declared.Contains(v));

    /// <summary>The reference variables whose elements may be written.</summary>
    public IEnumerable<Variable> WrittenReferences => ElementWrites.Select(a => a.Root).Distinct();

    /// <summary>The effects of evaluating an expression.</summary>
    public static Effects Of(Expr e)
    {
        Effects effects = new();
        effects.Evaluating(e);
        return effects;
    }

    /// <summary>
    /// The effects of a statement; <paramref name="callees"/> says what calls do (without it they may write all that they are given). They are found out once
    /// for each statement, and not to be changed.
    /// </summary>
    public static Effects Of(Stmt s, Summaries? callees = null)
    {
        if ((s.KnownEffects ?? callees?.Known(s)) is { } known) return known;
        Effects effects = new();
        effects.Running(s, callees);
        if (!effects._calls) s.KnownEffects = effects;
        else callees?.Learn(s, effects);
        return effects;
    }

    /// <summary>The effects of a block.</summary>
    public static Effects Of(Block block, Summaries? callees = null) => Of(block.Statements, callees);

    /// <summary>The effects of statements run one after another.</summary>
    public static Effects Of(IEnumerable<Stmt> statements, Summaries? callees = null)
    {
        Effects effects = new();
        foreach (Stmt s in statements) effects.Include(s, callees);
        return effects;
    }

    /// <summary>Whether a variable is mentioned at all: read, written, declared or handed to opaque code.</summary>
    public bool Mentions(Variable v) => Reads.Contains(v) || Assigned.Contains(v);

    /// <summary>The effects of a header (conditions, limits) of a compound statement only, and of writing its own targets; not those of its blocks.</summary>
    public static Effects OfHead(Stmt s, Summaries? callees = null)
    {
        if (!s.IsCompound()) return Of(s, callees);
        Effects effects = new();
        effects.Head(s, callees);
        return effects;
    }

    /// <summary>The same effects, as if more variables were read.</summary>
    public Effects AlsoReading(IEnumerable<Variable> more)
    {
        Effects effects = (Effects)MemberwiseClone();
        effects._reads = [.. Reads, .. more];
        return effects;
    }

    /// <summary>Whether what <paramref name="other"/> does may change what this reads, or the other way round, or both change the same.</summary>
    public bool ConflictsWith(Effects other, Aliases? aliases) =>
        ChangesWhatIsReadBy(other, aliases) || other.ChangesWhatIsReadBy(this, aliases)
        || Assigned.Overlaps(other.Assigned) || Touch(ElementWrites, other.ElementWrites, aliases)
        || ((HasEffects || MayThrow || MayDiverge) && (other.HasEffects || other.MayThrow || other.MayDiverge));

    /// <summary>Whether running this may change the value of something that <paramref name="other"/> reads.</summary>
    public bool ChangesWhatIsReadBy(Effects other, Aliases? aliases) =>
        Assigned.Overlaps(other.Reads) || Touch(ElementWrites, other.ElementReads, aliases)
        || (other.ReadsWorld && (HasEffects || ElementWrites.Count > 0));

    private static bool Touch(HashSet<Access> left, HashSet<Access> right, Aliases? aliases)
    {
        foreach (Access a in left)
            foreach (Access b in right)
                if (a.Touches(b, aliases)) return true;
        return false;
    }
}
