using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Diagnostics;

/// <summary>The descriptors of everything that is reported. The messages say what is wrong and how to mend it.</summary>
public static class Descriptors
{
    private const string Category = "DiffGen";

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = new(StringComparer.Ordinal);

    /// <summary><see cref="DiagnosticIds.TypeNotPartial"/>.</summary>
    public static readonly DiagnosticDescriptor TypeNotPartial = Error(DiagnosticIds.TypeNotPartial,
        "The type of a differentiable method must be partial",
        "'{0}' must be declared 'partial': the derivatives of '{1}' are emitted into it");

    /// <summary><see cref="DiagnosticIds.SignatureNotDifferentiable"/>.</summary>
    public static readonly DiagnosticDescriptor SignatureNotDifferentiable = Error(DiagnosticIds.SignatureNotDifferentiable,
        "The method's signature has no derivative",
        "'{0}' cannot be differentiated: {1}");

    /// <summary><see cref="DiagnosticIds.UnknownParameter"/>.</summary>
    public static readonly DiagnosticDescriptor UnknownParameter = Error(DiagnosticIds.UnknownParameter,
        "The name is no differentiable parameter",
        "'{0}' cannot be differentiated with respect to in '{1}': {2}");

    /// <summary><see cref="DiagnosticIds.NameTaken"/>.</summary>
    public static readonly DiagnosticDescriptor NameTaken = Error(DiagnosticIds.NameTaken,
        "A name that would be emitted is taken",
        "'{0}' cannot be emitted for '{1}': {2}. Give the derivatives another name with [Differentiable(Name = \"…\")].");

    /// <summary><see cref="DiagnosticIds.KindNotApplicable"/>.</summary>
    public static readonly DiagnosticDescriptor KindNotApplicable = Error(DiagnosticIds.KindNotApplicable,
        "This kind of derivative does not fit the result",
        "Derivatives.{0} cannot be emitted for '{1}': {2}");

    /// <summary><see cref="DiagnosticIds.TangentTypeNotPartial"/>.</summary>
    public static readonly DiagnosticDescriptor TangentTypeNotPartial = Error(DiagnosticIds.TangentTypeNotPartial,
        "A differentiable type must be partial",
        "'{0}' must be declared 'partial': its nested type 'Tangent' is emitted into it");

    /// <summary><see cref="DiagnosticIds.NothingToDifferentiate"/>.</summary>
    public static readonly DiagnosticDescriptor NothingToDifferentiate = Error(DiagnosticIds.NothingToDifferentiate,
        "The type has no differentiable member",
        "'{0}' cannot be differentiable: {1}");

    /// <summary><see cref="DiagnosticIds.UnsupportedConstruct"/>.</summary>
    public static readonly DiagnosticDescriptor UnsupportedConstruct = Error(DiagnosticIds.UnsupportedConstruct,
        "The construct cannot be differentiated",
        "A derivative goes through {0}, which is not supported here. {1}");

    /// <summary><see cref="DiagnosticIds.LostInCall"/>.</summary>
    public static readonly DiagnosticDescriptor LostInCall = Error(DiagnosticIds.LostInCall,
        "The derivative is lost in a call",
        "The derivative of '{0}' is not known. Write a rule for it with [DerivativeOf], or say that no derivative is wanted: Derivative.Stop(…) around the argument, [NoDerivative] on the parameter.");

    /// <summary><see cref="DiagnosticIds.LostInType"/>.</summary>
    public static readonly DiagnosticDescriptor LostInType = Error(DiagnosticIds.LostInType,
        "The derivative is lost in a type that cannot carry it",
        "The derivative is lost: '{0}' cannot carry one. Keep the value in a floating-point variable, or say with Derivative.Stop(…) that no derivative is wanted.");

    /// <summary><see cref="DiagnosticIds.StateWritten"/>.</summary>
    public static readonly DiagnosticDescriptor StateWritten = Error(DiagnosticIds.StateWritten,
        "A value with a derivative is stored outside of the method",
        "The derivative is lost: '{0}' outlives the call. Return the value or keep it in a local, or store Derivative.Stop(…) of it.");

    /// <summary><see cref="DiagnosticIds.NotAccessible"/>.</summary>
    public static readonly DiagnosticDescriptor NotAccessible = Error(DiagnosticIds.NotAccessible,
        "The derivative cannot name a member that it needs",
        "'{0}' is not accessible where the derivative is emitted. Make it internal, or mark a method of '{1}' itself.");

    /// <summary><see cref="DiagnosticIds.UnknownTarget"/>.</summary>
    public static readonly DiagnosticDescriptor UnknownTarget = Error(DiagnosticIds.UnknownTarget,
        "The target of the call is not known",
        "The derivative of '{0}' is not known: which method runs is decided at run time. Call a method that is known here, or say with Derivative.Stop(…) that no derivative is wanted.");

    /// <summary><see cref="DiagnosticIds.TooComplex"/>.</summary>
    public static readonly DiagnosticDescriptor TooComplex = Error(DiagnosticIds.TooComplex,
        "The body is too large to be differentiated",
        "{0}. Split the method, or mark the methods that it calls with [Differentiable].");

    /// <summary><see cref="DiagnosticIds.PiecewiseConstant"/>.</summary>
    public static readonly DiagnosticDescriptor PiecewiseConstant = Make(DiagnosticIds.PiecewiseConstant, DiagnosticSeverity.Info, false,
        "The derivative of a piecewise constant operation is zero",
        "'{0}' is piecewise constant: its derivative is zero");

    /// <summary><see cref="DiagnosticIds.IndependentOfParameter"/>.</summary>
    public static readonly DiagnosticDescriptor IndependentOfParameter = Make(DiagnosticIds.IndependentOfParameter, DiagnosticSeverity.Warning, true,
        "The result does not depend on a parameter",
        "The result of '{0}' does not depend on '{1}': the derivative is zero. Leave the parameter out of [Differentiable(…)] or mark it [NoDerivative].");

    /// <summary><see cref="DiagnosticIds.NothingToCheckpoint"/>.</summary>
    public static readonly DiagnosticDescriptor NothingToCheckpoint = Make(DiagnosticIds.NothingToCheckpoint, DiagnosticSeverity.Warning, true,
        "No loop can have checkpoints",
        "'{0}' has no loop that can run again from a checkpoint: every state is remembered. Such a loop counts with an int, does nothing to the outside, and keeps its state in numbers and arrays of numbers.");

    /// <summary><see cref="DiagnosticIds.RuleSignature"/>.</summary>
    public static readonly DiagnosticDescriptor RuleSignature = Error(DiagnosticIds.RuleSignature,
        "The signature of a rule is not the one that is needed",
        "'{0}' cannot be a rule for '{1}'; the signature that is expected is: {2}");

    /// <summary><see cref="DiagnosticIds.RulesOverlap"/>.</summary>
    public static readonly DiagnosticDescriptor RulesOverlap = Error(DiagnosticIds.RulesOverlap,
        "Two rules are for the same method",
        "'{0}' and '{1}' are both rules for '{2}'. Remove one of them.");

    /// <summary><see cref="DiagnosticIds.RuleTargetNotFound"/>.</summary>
    public static readonly DiagnosticDescriptor RuleTargetNotFound = Error(DiagnosticIds.RuleTargetNotFound,
        "The method that a rule is for is not found",
        "'{0}' has no method '{1}' that this rule can be for. Name the method with nameof.");

    /// <summary><see cref="DiagnosticIds.Internal"/>.</summary>
    public static readonly DiagnosticDescriptor Internal = Error(DiagnosticIds.Internal,
        "The generator failed",
        "'{0}' could not be differentiated because of a defect in DiffGen ({1}: {2}). Please report it; other methods are not affected.");

    /// <summary>All descriptors, in the order of their identifiers.</summary>
    public static IEnumerable<DiagnosticDescriptor> All => ById.Values.OrderBy(d => d.Id, StringComparer.Ordinal);

    /// <summary>The descriptor with an identifier; null if there is none.</summary>
    public static DiagnosticDescriptor? Find(string id) => ById.TryGetValue(id, out DiagnosticDescriptor? found) ? found : null;

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Make(id, DiagnosticSeverity.Error, true, title, message);

    private static DiagnosticDescriptor Make(string id, DiagnosticSeverity severity, bool enabled, string title, string message) =>
        ById[id] = new DiagnosticDescriptor(id, title, message, Category, severity, enabled, helpLinkUri: $"docs/rules/{id}.md",
            // a blanket '#pragma warning disable' does not silence an error: what it says is why nothing is emitted
            customTags: severity == DiagnosticSeverity.Error ? [WellKnownDiagnosticTags.NotConfigurable] : []);
}
