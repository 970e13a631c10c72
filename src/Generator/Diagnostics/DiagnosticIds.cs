namespace DiffGen.Generator.Diagnostics;

/// <summary>The identifiers of everything that is reported; each has a page in <c>docs/rules</c>.</summary>
public static class DiagnosticIds
{
    /// <summary>A type around a marked method is not partial. Arguments: the type, the marked method.</summary>
    public const string TypeNotPartial = "DG0001";

    /// <summary>The signature of a marked method has no derivative. Arguments: the method, why.</summary>
    public const string SignatureNotDifferentiable = "DG0002";

    /// <summary>A name in <c>[Differentiable(…)]</c> is no differentiable parameter. Arguments: the name, the method, why.</summary>
    public const string UnknownParameter = "DG0003";

    /// <summary>A name that would be emitted is taken. Arguments: the emitted name, the method, by what.</summary>
    public const string NameTaken = "DG0004";

    /// <summary>A kind of derivative does not fit the result. Arguments: the kind, the method, why.</summary>
    public const string KindNotApplicable = "DG0005";

    /// <summary>A <c>[Differentiable]</c> type, or a type around it, is not partial. Arguments: the type.</summary>
    public const string TangentTypeNotPartial = "DG0006";

    /// <summary>A <c>[Differentiable]</c> type has no member that can be differentiated. Arguments: the type, why.</summary>
    public const string NothingToDifferentiate = "DG0007";

    /// <summary>A construct is not understood, and a derivative goes through it. Arguments: the construct, what to do.</summary>
    public const string UnsupportedConstruct = "DG0101";

    /// <summary>A derivative enters a callee that has no derivative. Arguments: the callee.</summary>
    public const string LostInCall = "DG0102";

    /// <summary>A derivative goes through a type that cannot carry one. Arguments: the type, or what it is lost in.</summary>
    public const string LostInType = "DG0103";

    /// <summary>A value with a derivative is stored in a field or static. Arguments: the field.</summary>
    public const string StateWritten = "DG0104";

    /// <summary>A member that a derivative must name is not accessible where it is emitted. Arguments: the member, its type.</summary>
    public const string NotAccessible = "DG0105";

    /// <summary>A virtual or interface call, or a delegate, whose target is not known. Arguments: the callee.</summary>
    public const string UnknownTarget = "DG0106";

    /// <summary>The body is beyond a limit of the analysis (inlining depth, size). Arguments: what is too deep or large.</summary>
    public const string TooComplex = "DG0107";

    /// <summary>Information: the derivative of a piecewise constant operation is zero. Arguments: the operation.</summary>
    public const string PiecewiseConstant = "DG0201";

    /// <summary>Warning: the result does not depend on a parameter. Arguments: the method, the parameter.</summary>
    public const string IndependentOfParameter = "DG0202";

    /// <summary>Warning: checkpoints are asked for, and no loop can have them. Arguments: the method.</summary>
    public const string NothingToCheckpoint = "DG0203";

    /// <summary>A rule's signature is not the one that is needed. Arguments: the rule, the method it is for, the expected signature.</summary>
    public const string RuleSignature = "DG0301";

    /// <summary>Two rules are for the same method. Arguments: the rule, the other rule, the method.</summary>
    public const string RulesOverlap = "DG0302";

    /// <summary>The method that a rule names is not found. Arguments: the type, the method's name.</summary>
    public const string RuleTargetNotFound = "DG0303";

    /// <summary>The generator failed. Arguments: the method, the exception's type, its message.</summary>
    public const string Internal = "DG0901";

    /// <summary>Whether a finding keeps a method from being differentiated.</summary>
    public static bool IsError(string id) => id is not (PiecewiseConstant or IndependentOfParameter or NothingToCheckpoint);
}
