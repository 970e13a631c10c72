namespace DiffGen.Generator.Ir;

/// <summary>What something in an expression does.</summary>
[System.Flags]
internal enum ExprFacts
{
    /// <summary>Nobody has asked.</summary>
    Unknown = 0,

    /// <summary>The facts are known.</summary>
    Known = 1,

    /// <summary>The outside world may change.</summary>
    HasEffects = 2,

    /// <summary>A second evaluation may have another value, or makes storage of its own.</summary>
    IsSingular = 4,

    /// <summary>An exception may be thrown.</summary>
    Throws = 8,

    /// <summary>Opaque code reads more than what it is given, or has effects.</summary>
    IsImpure = 16,
}

/// <summary>What is known of an expression without its surroundings.</summary>
public static class Facts
{
    /// <summary>Whether evaluating changes nothing (it may read, allocate or throw).</summary>
    public static bool IsPure(this Expr e) => (Of(e) & ExprFacts.HasEffects) == 0;

    /// <summary>Asked all the time: found out once for each expression, from its parts.</summary>
    private static ExprFacts Of(Expr e)
    {
        if (e.KnownFacts != ExprFacts.Unknown) return e.KnownFacts;
        ExprFacts facts = ExprFacts.Known;
        if (e is Opaque { Purity: Purity.Effects }) facts |= ExprFacts.HasEffects;
        if (e is Opaque { Purity: not Purity.Pure }) facts |= ExprFacts.IsImpure;
        if (e is NewArray or ArrayLiteral or NewList or CopyOf or Opaque { Purity: not Purity.Pure } or Apply { Partials.IsEmpty: false }) facts |= ExprFacts.IsSingular;
        if (e.ThrowsItself()) facts |= ExprFacts.Throws;
        foreach (Expr child in e.Children()) facts |= Of(child);
        return e.KnownFacts = facts;
    }

    /// <summary>Whether it may be evaluated a second time for the same value: pure, reads nothing of the outside world, makes no storage of its own.</summary>
    public static bool IsDuplicable(this Expr e) => (Of(e) & ExprFacts.IsSingular) == 0;

    /// <summary>Whether evaluating may throw.</summary>
    public static bool MayThrow(this Expr e) => (Of(e) & ExprFacts.Throws) != 0;

    /// <summary>Whether it is a variable or a literal, maybe negated: as cheap to repeat as to name.</summary>
    public static bool IsSimple(this Expr e) => e is Read or Constant or Unary { Operator: UnaryOperator.Negate, Operand: Read or Constant };

    /// <summary>Whether an expression may be dropped when its value is not asked for.</summary>
    public static bool IsDroppable(this Expr e) => (Of(e) & (ExprFacts.Throws | ExprFacts.IsImpure)) == 0;

    /// <summary>The variables that an expression reads.</summary>
    public static HashSet<Variable> FreeVariables(this Expr e) => [.. e.All().OfType<Read>().Select(r => r.Variable)];

    /// <summary>
    /// Whether the value stays the same when the variables of <paramref name="modified"/> get other values (for a reference variable: elements that
    /// it refers to as well). The set must hold all aliases of what is written.
    /// </summary>
    public static bool Stable(this Expr e, ISet<Variable> modified) =>
        e.IsDuplicable() && e.All().All(x => x is not Read read || !modified.Contains(read.Variable));

    /// <summary>Whether the value stays the same when <paramref name="between"/> happens.</summary>
    public static bool Stable(this Expr e, Effects between, Aliases aliases) => e.IsDuplicable() && !between.ChangesWhatIsReadBy(Effects.Of(e), aliases);

    /// <summary>Whether an array, span or list is only indexed and measured, so that anything with an index can stand in for it.</summary>
    /// <param name="e">What may mention it.</param>
    /// <param name="items">The variable that holds it.</param>
    /// <param name="lends">Code that may be given the whole.</param>
    public static bool IndexesOnly(this Expr e, Variable items, Func<Opaque, bool>? lends = null) => e switch
    {
        Read x => x.Variable != items,
        ElementAt { Source: Read { Variable: var source } } x when source == items => x.Indices.All(i => i.IndexesOnly(items, lends)),
        LengthOf { Source: Read { Variable: var source } } when source == items => true,
        Opaque x when lends?.Invoke(x) == true => x.Holes.All(h => h is Read || h.IndexesOnly(items, lends)),
        Opaque x => x.Writes.All(v => v != items) && x.Holes.All(h => h.IndexesOnly(items, lends)),
        _ => e.Children().All(c => c.IndexesOnly(items, lends)),
    };

    /// <summary>An estimate of the time to evaluate, in additions: division and square root 5, transcendental functions 20.</summary>
    public static int Cost(this Expr e)
    {
        if (e.KnownCost != 0) return e.KnownCost - 1;
        int own = e switch
        {
            Constant or Read or FieldOf => 0,
            Binary { Operator: BinaryOperator.Divide or BinaryOperator.Remainder } => 5,
            Apply x => CostOf(x.Key),
            LengthOf => 0,
            NewArray or ArrayLiteral or NewList or CopyOf => 50,
            Opaque { Purity: Purity.Pure } => 5,
            Opaque => 1000,
            _ => 1,
        };
        foreach (Expr child in e.Children()) own += child.Cost();
        e.KnownCost = own + 1;
        return own;
    }

    /// <summary>The last part of a rule's key: <c>Sin</c> of <c>Math.Sin</c>.</summary>
    public static string ShortKey(string key)
    {
        int end = key.IndexOf('(');
        string name = end < 0 ? key : key.Substring(0, end);
        return name.Substring(name.LastIndexOf('.') + 1);
    }

    /// <summary>Whether this node, apart from its children, may throw.</summary>
    internal static bool ThrowsItself(this Expr e) => e switch
    {
        Slice { Start: null, Length: null, Source.Type: ArrayType or SpanType } => false,
        ElementAt or Slice or CopyOf => true,
        LengthOf x => x.Source.Type is not SpanType,
        NewArray x => x.Lengths.Any(l => l is not Constant { Number: >= 0 } and not LengthOf),
        NewList x => x.Capacity is not (null or Constant { Number: >= 0 } or LengthOf),
        Binary { Operator: BinaryOperator.Divide or BinaryOperator.Remainder } x => x.ResultType is PlainType && x.Right is not Constant { Number: not (null or 0 or -1) },
        Apply x => !x.Partials.IsEmpty || ShortKey(x.Key) is "Sign" or "Clamp" or "Round" && x.Arguments.Count != 1 || ShortKey(x.Key) is "Sign",
        FieldOf x => x.Target.Type is PlainType,
        Binary x => x.ResultType is PlainType { Kind: PlainKind.Other },
        Convert x => x.Target is PlainType { Kind: PlainKind.Other } || x.Operand.Type is PlainType { Kind: PlainKind.Other },
        Opaque x => x.Purity != Purity.Pure,
        _ => false,
    };

    private static int CostOf(string key) => ShortKey(key) switch
    {
        "Abs" or "Max" or "Min" or "Sign" or "Floor" or "Ceiling" or "Truncate" or "Round" or "CopySign" or "FusedMultiplyAdd" or "MaxMagnitude"
            or "MinMagnitude" or "ReciprocalEstimate" or "Clamp" or "ScaleB" => 2,
        "Sqrt" or "ReciprocalSqrtEstimate" => 5,
        _ => 20,
    };
}
