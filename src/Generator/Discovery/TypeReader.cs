using System.Threading;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Discovery;

/// <summary>A marked type: what is emitted into it is a nested <c>Tangent</c> and a move along one.</summary>
/// <param name="Namespace">The namespace; empty for the global one.</param>
/// <param name="Types">The types around it and itself, outermost first.</param>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="Self">The C# of the type.</param>
/// <param name="IsReference">Whether it is a class.</param>
/// <param name="IsRecord">Whether it is a record.</param>
/// <param name="Members">All members; those without shape are constants.</param>
/// <param name="Move">How <c>MovedBy</c> makes the moved value.</param>
/// <param name="IsReadOnly">Whether the tangent is read-only.</param>
/// <param name="Arguments">The members that the constructor of a moved value is given.</param>
/// <param name="HasInterface">Whether <c>DiffGen.IDifferentiable</c> is there to be implemented.</param>
public sealed record TypeRequest(
    string Namespace, EquatableArray<TypeHeader> Types, string HintName, string Self, bool IsReference, bool IsRecord,
    EquatableArray<ShapeMember> Members, MoveKind Move, EquatableArray<string> Arguments, bool IsReadOnly, bool HasInterface);

/// <summary>How a moved value is made.</summary>
public enum MoveKind
{
    /// <summary>Members cannot be set, and no constructor takes them all: no move is emitted.</summary>
    None,

    /// <summary>A struct is copied and its members set.</summary>
    Copy,

    /// <summary>A record is copied with <c>with</c>.</summary>
    With,

    /// <summary>An object is cloned member by member and its members set.</summary>
    Clone,

    /// <summary>A constructor takes all members.</summary>
    Construct,
}

/// <summary>A marked type and what is wrong with it.</summary>
public sealed record MarkedType(TypeRequest? Request, EquatableArray<Finding> Findings);

/// <summary>Reads marked types.</summary>
internal static class TypeReader
{
    /// <summary>Reads a marked type; without request where nothing can be emitted. Throws nothing but cancellation.</summary>
    public static MarkedType Read(INamedTypeSymbol type, CancellationToken token)
    {
        try
        {
            return ReadChecked(type, token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new MarkedType(null, [new Finding(DiagnosticIds.Internal, [type.Name, failure.GetType().Name, failure.Message], FrontEnd.SiteOf(type))]);
        }
    }

    private static MarkedType ReadChecked(INamedTypeSymbol type, CancellationToken token)
    {
        var findings = new List<Finding>();
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
            if (!MethodReader.IsPartial(t, token)) findings.Add(new Finding(DiagnosticIds.TangentTypeNotPartial, [t.Name], SiteOf(t, token)));
        if (type.IsFileLocal) findings.Add(Nothing(type, "it is local to its file", token));
        if (type.IsStatic) findings.Add(Nothing(type, "it is static", token));
        if (ShapeReader.ContainsItself(type)) findings.Add(Nothing(type, "it contains values of its own type; mark that member [NoDerivative]", token));
        if (type.IsRefLikeType) findings.Add(Nothing(type, "it is a ref struct", token));
        var shape = ShapeReader.Read(type) as CompositeShape;
        if (findings.Count == 0 && shape is null) findings.Add(Nothing(type, "no field or automatically implemented property of it is a floating-point number, an array, tuple or [Differentiable] type of them", token));
        if (findings.Count == 0 && type.GetMembers("Tangent").Any(m => m.Locations.Any(l => l.IsInSource && !MethodReader.IsEmitted(l.SourceTree!.FilePath))))
            findings.Add(new Finding(DiagnosticIds.NameTaken, ["Tangent", type.Name, "the type has a member of that name already"], SiteOf(type, token)));
        if (findings.Count > 0 || shape is null) return new MarkedType(null, findings.ToEquatable());
        (MoveKind move, EquatableArray<string> arguments) = MoveReader.Read(type, shape, token);
        return new MarkedType(
            new TypeRequest(
                MethodReader.NamespaceOf(type), MethodReader.HeadersOf(type), HintNames.OfTangent(type), shape.Type.TrimEnd('?'), !type.IsValueType, type.IsRecord,
                shape.Members, move, arguments, shape.IsReadOnly, HasInterface: true),
            []);
    }

    private static Finding Nothing(INamedTypeSymbol type, string why, CancellationToken token) => new(DiagnosticIds.NothingToDifferentiate, [type.Name, why], SiteOf(type, token));

    private static Site SiteOf(INamedTypeSymbol type, CancellationToken token)
    {
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
            if (reference.GetSyntax(token) is TypeDeclarationSyntax declaration && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
                return new Site(declaration.SyntaxTree.FilePath, declaration.Identifier.SpanStart, declaration.Identifier.Span.Length);
        return FrontEnd.SiteOf(type);
    }
}
