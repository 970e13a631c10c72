using System.Threading;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Discovery;

/// <summary>How a moved value of a marked type is made from what the type shows: by its members, where they can be set, else by a constructor that keeps what it is given.</summary>
internal static class MoveReader
{
    /// <summary>The way, and for a constructor the members that it is given, in the order of its parameters.</summary>
    public static (MoveKind Kind, EquatableArray<string> Arguments) Read(INamedTypeSymbol type, CompositeShape shape, CancellationToken token)
    {
        // a member of the user's has the name
        if (type.GetMembers("MovedBy").Any(m => m.Locations.Any(l => l.IsInSource && !MethodReader.IsEmitted(l.SourceTree!.FilePath)))) return (MoveKind.None, []);
        bool init = false, isFixed = false;
        foreach (ISymbol member in Attributes.Members(type))
        {
            if (shape.Members.FirstOrDefault(m => m.Name == member.Name)?.Shape is not { } part) continue;
            if (!Moves(TypeOf(member), part, token)) return (MoveKind.None, []);
            switch (member)
            {
                case IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null }: isFixed = true; break;
                case IPropertySymbol { SetMethod.IsInitOnly: true }: init = true; break;
            }
            if (!SymbolEqualityComparer.Default.Equals(member.ContainingType, type) && member.DeclaredAccessibility == Accessibility.Private) return (MoveKind.None, []);
        }
        if (isFixed || init && type is { IsRecord: false, IsValueType: false }) return Constructed(type, token) is { } arguments ? (MoveKind.Construct, arguments) : (MoveKind.None, []);
        if (type.IsRecord) return (MoveKind.With, []);
        return (type.IsValueType ? init ? MoveKind.With : MoveKind.Copy : MoveKind.Clone, []);
    }

    private static ITypeSymbol TypeOf(ISymbol member) => member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;

    /// <summary>Whether what a member holds can be moved.</summary>
    private static bool Moves(ITypeSymbol type, Shape shape, CancellationToken token) => (type, shape) switch
    {
        (IArrayTypeSymbol array, SequenceShape sequence) => Moves(array.ElementType, sequence.Element, token),
        (INamedTypeSymbol { TypeArguments: [var item] }, SequenceShape sequence) => Moves(item, sequence.Element, token),
        (INamedTypeSymbol { IsTupleType: true } tuple, CompositeShape parts) => tuple.TupleElements.All(e => parts.Members.FirstOrDefault(m => m.Name == e.Name)?.Shape is not { } part || Moves(e.Type, part, token)),
        (INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } own, CompositeShape inner) => Read(own, inner, token).Kind != MoveKind.None,
        (INamedTypeSymbol elsewhere, CompositeShape) => elsewhere.GetMembers("MovedBy").Any(),
        _ => true,
    };

    /// <summary>The members that a constructor of the type stores its parameters in, where it does nothing else and they are all that there is; null where no constructor is so.</summary>
    private static EquatableArray<string>? Constructed(INamedTypeSymbol type, CancellationToken token)
    {
        // what is required is to be named beside the constructor
        if (type.BaseType is { SpecialType: SpecialType.None } || type.IsAbstract || type.GetMembers().Any(m => m is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true })) return null;
        HashSet<string> state = [.. type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic && !f.IsConst).Select(f => (f.AssociatedSymbol ?? f).Name)];
        foreach (IMethodSymbol constructor in type.InstanceConstructors)
        {
            if (constructor.Parameters.Length != state.Count || constructor.Parameters.Any(p => p.RefKind != RefKind.None)) continue;
            Dictionary<string, string>? stored = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(token) switch
            {
                ConstructorDeclarationSyntax { Initializer: null } declared => Stored(declared),
                TypeDeclarationSyntax primary => Initialised(primary),
                _ => null,
            };
            if (stored is null || stored.Count != state.Count || !state.SetEquals(stored.Values)) continue;
            if (constructor.Parameters.All(p => stored.TryGetValue(p.Name, out string? name) && type.GetMembers(name).FirstOrDefault() is { } member && SymbolEqualityComparer.Default.Equals(TypeOf(member), p.Type)))
                return constructor.Parameters.Select(p => stored[p.Name]).ToEquatable();
        }
        return null;
    }

    // parameter by parameter the member that it is assigned to: X = x; this.X = x; (X, Y) = (x, y);
    private static Dictionary<string, string>? Stored(ConstructorDeclarationSyntax constructor)
    {
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<ExpressionSyntax?> done = constructor.ExpressionBody is { } only ? [only.Expression]
            : constructor.Body?.Statements.Select(s => (s as ExpressionStatementSyntax)?.Expression) ?? [];
        foreach (ExpressionSyntax? e in done)
            if (e is not AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment || !Add(assignment.Left, assignment.Right)) return null;
        return stored;

        bool Add(ExpressionSyntax to, ExpressionSyntax from)
        {
            if (to is TupleExpressionSyntax several && from is TupleExpressionSyntax values)
                return several.Arguments.Count == values.Arguments.Count && several.Arguments.Zip(values.Arguments, (l, r) => Add(l.Expression, r.Expression)).All(added => added);
            string? member = to switch
            {
                MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var own } => own.Identifier.ValueText,
                IdentifierNameSyntax own when constructor.ParameterList.Parameters.All(p => p.Identifier.ValueText != own.Identifier.ValueText) => own.Identifier.ValueText,
                _ => null,
            };
            if (member is null || from is not IdentifierNameSyntax { Identifier.ValueText: var parameter } || stored.ContainsKey(parameter)) return false;
            stored.Add(parameter, member);
            return true;
        }
    }

    // public double X { get; } = x;
    private static Dictionary<string, string>? Initialised(TypeDeclarationSyntax type)
    {
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<(string Name, EqualsValueClauseSyntax? Initial)> members = type.Members.Where(m => !m.Modifiers.Any(SyntaxKind.StaticKeyword) && !m.Modifiers.Any(SyntaxKind.ConstKeyword)).SelectMany(m => m switch
        {
            PropertyDeclarationSyntax property => [(property.Identifier.ValueText, property.Initializer)],
            FieldDeclarationSyntax field => field.Declaration.Variables.Select(v => (v.Identifier.ValueText, v.Initializer)),
            _ => (IEnumerable<(string, EqualsValueClauseSyntax?)>)[],
        });
        foreach ((string name, EqualsValueClauseSyntax? initial) in members)
        {
            if (initial is null) continue;
            if (initial.Value is not IdentifierNameSyntax { Identifier.ValueText: var parameter } || stored.ContainsKey(parameter)) return null;
            stored.Add(parameter, name);
        }
        return stored;
    }
}
