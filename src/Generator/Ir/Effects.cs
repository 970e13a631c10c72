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
public sealed class Effects
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

    private void Evaluating(Expr e)
    {
        if (e is Read read) (_reads ??= []).Add(read.Variable);
        if (e is ElementAt element && element.Source.Root() is { } root) (_elementReads ??= []).Add(new(root, element.Type));
        if (e is CopyOf copy) Contents(copy.Source, ref _elementReads);
        if (e is LengthOf { Source: var list } && list.Type is ListType) Contents(list, ref _elementReads);
        if (e.ThrowsItself()) MayThrow = true;
        if (e is Apply { Partials.IsEmpty: false } user)
        {
            ReadsWorld = true;
            foreach (Expr argument in user.Arguments) Contents(argument, ref _elementReads);
        }
        if (e is Apply bulk)
            foreach (Expr argument in bulk.Arguments)
                if (argument.Type.IsReference) Contents(argument, ref _elementReads);
        if (e is Opaque opaque)
        {
            foreach (Expr hole in opaque.Holes) Contents(hole, ref _elementReads);
            if (opaque.Purity != Purity.Pure) ReadsWorld = true;
            if (opaque.Purity == Purity.Effects) HasEffects = true;
            foreach (Variable v in opaque.Writes) Written(v);
        }
        foreach (Expr child in e.Children()) Evaluating(child);
    }

    private void Written(Variable v)
    {
        if (v.Type.IsReference)
        {
            (_reads ??= []).Add(v);
            (_elementWrites ??= []).Add(new(v, null));
        }
        else
        {
            (_assigned ??= []).Add(v);
        }
    }

    private static void Contents(Expr e, ref HashSet<Access>? into)
    {
        if (!e.Type.IsReference) return;
        if (e is Conditional choice)
        {
            Contents(choice.WhenTrue, ref into);
            Contents(choice.WhenFalse, ref into);
        }
        else if (e.Root() is { } root)
        {
            (into ??= []).Add(new(root, null));
        }
    }

    private void Writing(Expr place)
    {
        switch (place)
        {
            case Read read:
                (_assigned ??= []).Add(read.Variable);
                break;
            case FieldOf field:
                Writing(field.Target);
                Evaluating(field.Target);
                break;
            case ElementAt element:
                if (element.Source.Root() is { } root) (_elementWrites ??= []).Add(new(root, element.Type));
                Evaluating(element.Source);
                foreach (Expr index in element.Indices) Evaluating(index);
                MayThrow = true;
                break;
            default:
                Evaluating(place);
                HasEffects = true;
                break;
        }
    }

    private void Running(Stmt s, Summaries? callees)
    {
        Head(s, callees);
        if (!s.IsCompound()) return;
        foreach (Block block in s.Blocks())
            foreach (Stmt inner in block.Statements) Include(inner, callees);
        if (s is Labelled labelled) _exits?.Remove(labelled.Label);
    }

    // what is known of a statement is not found out again for each statement around it
    private void Include(Stmt s, Summaries? callees)
    {
        Effects other = Of(s, callees);
        Unite(ref _reads, other._reads);
        Unite(ref _assigned, other._assigned);
        Unite(ref _declared, other._declared);
        Unite(ref _elementReads, other._elementReads);
        Unite(ref _elementWrites, other._elementWrites);
        Unite(ref _exits, other._exits);
        MayThrow |= other.MayThrow;
        HasEffects |= other.HasEffects;
        ReadsWorld |= other.ReadsWorld;
        MayDiverge |= other.MayDiverge;
        _calls |= other._calls;
    }

    private static void Unite<T>(ref HashSet<T>? into, HashSet<T>? more)
    {
        if (more is null or { Count: 0 }) return;
        if (into is null) into = new(more, more.Comparer);
        else into.UnionWith(more);
    }

    private void Head(Stmt s, Summaries? callees)
    {
        foreach (Expr value in s.Values()) Evaluating(value);
        switch (s)
        {
            case Declare x:
                (_declared ??= []).Add(x.Variable);
                (_assigned ??= []).Add(x.Variable);
                break;
            case Assign x:
                Writing(x.Target);
                break;
            case AddTo x:
                Evaluating(x.Target);
                Writing(x.Target);
                break;
            case Throw:
                MayThrow = HasEffects = true;
                break;
            case For x:
                (_declared ??= []).Add(x.Counter);
                (_assigned ??= []).Add(x.Counter);
                break;
            case While:
                MayDiverge = true;
                break;
            case Exit x:
                (_exits ??= new(StringComparer.Ordinal)).Add(x.Label);
                break;
            case Call x:
                Calling(x, callees);
                break;
            case Perform x:
                MayThrow = true;
                for (int i = 0; i < x.Arguments.Count; i++)
                {
                    Contents(x.Arguments[i], ref _elementReads);
                    if (!x.Writes.Contains(i)) continue;
                    if (x.Arguments[i].Type.IsReference) Contents(x.Arguments[i], ref _elementWrites);
                    else Writing(x.Arguments[i]);
                }
                if (x.Result is not null) Writing(x.Result);
                break;
            case AddItem x:
                Contents(x.List, ref _elementWrites);
                MayThrow = true;
                break;
            case RemoveLast x:
                Contents(x.List, ref _elementWrites);
                break;
            case Clear x:
                Evaluating(x.Target);
                Contents(x.Target, ref _elementWrites);
                break;
            case Push x:
                Written(x.Tape);
                break;
            case Pop x:
                Written(x.Tape);
                (_elementReads ??= []).Add(new(x.Tape, null));
                Writing(x.Target);
                break;
            case Release x:
                Written(x.Tape);
                break;
            case Around or Try:
                HasEffects = true;
                break;
        }
    }

    private void Calling(Call call, Summaries? callees)
    {
        _calls = MayThrow = true;
        Summary? summary = callees?.Of(call.Function);
        if (summary is null || summary.HasEffects) HasEffects = true;
        if (summary is null || summary.ReadsWorld) ReadsWorld = true;
        MayDiverge = true;
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Expr argument = call.Arguments[i];
            if (argument.Type.IsReference)
            {
                if (summary is null || summary.ReadsElements(i)) Contents(argument, ref _elementReads);
                if (summary is null || summary.WritesElements(i)) Contents(argument, ref _elementWrites);
            }
            if (summary is null ? argument is Read or FieldOf or ElementAt : summary.WritesValue(i)) Writing(argument);
        }
        foreach (Expr result in call.Results) Writing(result);
    }
}
