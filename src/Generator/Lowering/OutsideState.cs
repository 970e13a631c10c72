using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// State that a piece of C# reaches and no local holds: what statics of other assemblies keep, objects in fields, memory behind pointers. By name, so that
/// a number which goes in at one place and comes out at another is not lost.
/// </summary>
internal sealed class OutsideState : OperationWalker
{
    /// <summary>All state that there is: where a method of the compilation leaves a number that nobody has followed.</summary>
    public const string Anywhere = "*";

    private readonly SortedSet<string> _consulted = new(StringComparer.Ordinal), _kept = new(StringComparer.Ordinal);

    /// <summary>What <paramref name="o"/> may read, and where it may leave what it is given.</summary>
    public static (string[] Consulted, string[] Kept) In(IOperation o)
    {
        var walker = new OutsideState();
        walker.Visit(o);
        return ([.. walker._consulted], [.. walker._kept]);
    }

    public override void VisitInvocation(IInvocationOperation o)
    {
        IMethodSymbol method = o.TargetMethod;
        bool external = method.DeclaringSyntaxReferences.IsEmpty;
        if (external && (IsAddress(method.ReturnType) || method.Parameters.Any(p => IsAddress(p.Type)))) Touch("memory", true);
        if (o.Instance is not null && RootOf(o.Instance) is { } root) Touch(root, !Lowerer.OnlyReads(method.Name));
        if (external && o.Instance is null && !Lowerer.IsPure(method)) Touch(NameOf(method.ContainingType), IsForItsEffect(method));
        base.VisitInvocation(o);
    }

    public override void VisitPropertyReference(IPropertyReferenceOperation o)
    {
        if (RootOf(o) is { } root) Touch(root, false);
        base.VisitPropertyReference(o);
    }

    public override void VisitFieldReference(IFieldReferenceOperation o)
    {
        if (RootOf(o) is { } root) Touch(root, false);
        base.VisitFieldReference(o);
    }

    public override void VisitArgument(IArgumentOperation o)
    {
        // an object that is passed on may be given what goes with it
        if (o.Parameter?.Type is { IsReferenceType: true, SpecialType: SpecialType.None } or INamedTypeSymbol { Name: "Span" or "Memory" } && o.Value is not IInvocationOperation && RootOf(o.Value) is { } root
            && o.Parent is IInvocationOperation call && !Lowerer.OnlyReads(call.TargetMethod.Name)) Touch(root, true);
        base.VisitArgument(o);
    }

    private void Touch(string state, bool keeps)
    {
        _consulted.Add(state);
        if (keeps) _kept.Add(state);
    }

    /// <summary>A method that gives nothing back and has nothing to write into is there for what it leaves behind.</summary>
    private static bool IsForItsEffect(IMethodSymbol method) =>
        method.ReturnsVoid && method.Parameters.All(p => p.RefKind is RefKind.None or RefKind.In && p.Type is not (IArrayTypeSymbol or IPointerTypeSymbol) && p.Type.Name is not ("Span" or "Memory"));

    private static bool IsAddress(ITypeSymbol type) => type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    /// <summary>The field or static at which an object is reached; null where a local holds it, or where it is a value that nothing can be left in.</summary>
    private static string? RootOf(IOperation o) => o switch
    {
        IConversionOperation c => RootOf(c.Operand),
        IParenthesizedOperation p => RootOf(p.Operand),
        IFieldReferenceOperation { Field: { IsConst: false } field } f => f.Instance is null or IInstanceReferenceOperation
            ? CanKeep(field.Type) ? field.OriginalDefinition.ToDisplayString() : null
            : RootOf(f.Instance),
        IPropertyReferenceOperation { Property: var property } p => p.Instance is null
            ? property.DeclaringSyntaxReferences.IsEmpty ? Immutable(property.ContainingType) ? null : NameOf(property.ContainingType) : CanKeep(property.Type) ? property.OriginalDefinition.ToDisplayString() : null
            : p.Instance is IInstanceReferenceOperation ? CanKeep(property.Type) ? property.OriginalDefinition.ToDisplayString() : null : RootOf(p.Instance),
        IInvocationOperation { Instance: { } instance } => RootOf(instance),
        _ => null,
    };

    private static bool CanKeep(ITypeSymbol type) => type.IsReferenceType && type.SpecialType != SpecialType.System_String && type.TypeKind != TypeKind.Delegate && type is not IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Double or SpecialType.System_Single }
        && type.Name is not ("List" or "IList" or "IReadOnlyList" or "CultureInfo" or "IFormatProvider" or "NumberFormatInfo" or "IComparer" or "Comparer" or "IEqualityComparer" or "EqualityComparer");

    private static bool Immutable(INamedTypeSymbol type) => type.IsValueType || type.SpecialType == SpecialType.System_String || type.Name is "CultureInfo" or "NumberFormatInfo" or "Encoding" or "StringComparer" or "Comparer" or "EqualityComparer";

    private static string NameOf(INamedTypeSymbol type) => type.OriginalDefinition.ToDisplayString();
}
