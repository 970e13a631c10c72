using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Of which classes the object can be that an expression stands for, as far as the code says so that alone may give it one: what a private field or a local is
/// assigned, what a method returns.
/// </summary>
internal sealed class PointsTo(Session session)
{
    // a chain of calls and names this long is not followed
    private const int Longest = 8;

    private readonly Dictionary<ISymbol, HashSet<INamedTypeSymbol>?> _known = new(SymbolEqualityComparer.Default);

    /// <summary>The classes, a generic definition where its type arguments are not told; null where another one is possible. No class where it is always null.</summary>
    public HashSet<INamedTypeSymbol>? Of(IOperation? e)
    {
        var classes = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        return Add(e, classes, Longest) ? classes : null;
    }

    private bool Add(IOperation? e, HashSet<INamedTypeSymbol> classes, int depth)
    {
        switch (e)
        {
            case null: return false;
            case { ConstantValue: { HasValue: true, Value: null } } or IThrowOperation: return true;
            case IConversionOperation { OperatorMethod: null, Operand.Type.IsReferenceType: true } x: return Add(x.Operand, classes, depth);
            case IParenthesizedOperation x: return Add(x.Operand, classes, depth);
            case IObjectCreationOperation { Type: INamedTypeSymbol made }:
                classes.Add(Constructions.IsClosed(made) ? made : made.OriginalDefinition);
                return true;
            case IConditionalOperation x: return Add(x.WhenTrue, classes, depth) && Add(x.WhenFalse, classes, depth);
            case ICoalesceOperation x: return Add(x.Value, classes, depth) && Add(x.WhenNull, classes, depth);
            case ISwitchExpressionOperation x: return x.Arms.All(arm => Add(arm.Value, classes, depth));
            case IConditionalAccessInstanceOperation: return Add(Accessed(e), classes, depth);
            case IFieldReferenceOperation { Field: var field }: return Add(field, classes, depth, () => OfField(field, depth - 1));
            case IPropertyReferenceOperation { Property: var property }: return Add(property, classes, depth, () => OfProperty(property, depth - 1));
            case ILocalReferenceOperation { Local: var local }: return Add(local, classes, depth, () => OfLocal(local, depth - 1));
            case IInvocationOperation { TargetMethod: { IsVirtual: false, IsAbstract: false, IsOverride: false } method }: return Add(method.Definition(), classes, depth, () => OfMethod(method.Definition(), depth - 1));
            default: return false;
        }
    }

    private bool Add(ISymbol symbol, HashSet<INamedTypeSymbol> classes, int depth, Func<HashSet<INamedTypeSymbol>?> find)
    {
        if (depth == 0) return false;
        if (!_known.TryGetValue(symbol, out HashSet<INamedTypeSymbol>? found))
        {
            // what is given itself gets nothing new
            _known[symbol] = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
            _known[symbol] = found = find();
        }
        if (found is null) return false;
        classes.UnionWith(found);
        return true;
    }

    /// <summary>What a member behind <c>?.</c> is a member of.</summary>
    private static IOperation? Accessed(IOperation member)
    {
        for (IOperation? at = member.Parent, inner = member; at is not null; inner = at, at = at.Parent)
            if (at is IConditionalAccessOperation access && access.WhenNotNull == inner) return access.Operation;
        return null;
    }

    private HashSet<INamedTypeSymbol>? OfField(IFieldSymbol field, int depth) =>
        field is { DeclaredAccessibility: Accessibility.Private, RefKind: RefKind.None } || field.IsReadOnly ? Given(field, Scopes(field), depth) : null;

    private HashSet<INamedTypeSymbol>? OfProperty(IPropertySymbol property, int depth) =>
        property is { IsVirtual: false, IsAbstract: false, IsOverride: false, IsIndexer: false, ReturnsByRef: false } && Lowerer.IsAuto(property)
        && (property.SetMethod is null or { DeclaredAccessibility: Accessibility.Private } || property.DeclaredAccessibility == Accessibility.Private) ? Given(property, Scopes(property), depth) : null;

    private HashSet<INamedTypeSymbol>? OfLocal(ILocalSymbol local, int depth)
    {
        SyntaxNode? scope = local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token).Ancestors().FirstOrDefault(a => a is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax);
        return local.RefKind != RefKind.None || scope is null ? null : Given(local, [scope], depth);
    }

    private IEnumerable<SyntaxNode> Scopes(ISymbol member) => session.PartsOf(member.ContainingType);

    private HashSet<INamedTypeSymbol>? OfMethod(IMethodSymbol method, int depth)
    {
        if (method.DeclaringSyntaxReferences.IsEmpty || method.IsAsync || method.IsIterator() || session.Body(method) is not { } body) return null;
        var classes = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        List<IOperation> returned = [.. body.DescendantsAndSelf().OfType<IReturnOperation>()
            .Where(r => r.ReturnedValue is not null && !Enclosing(r).Any(o => o is IAnonymousFunctionOperation or ILocalFunctionOperation && o != body)).Select(r => r.ReturnedValue!)];
        return returned.Count > 0 && returned.All(r => Add(r, classes, depth)) ? classes : null;
    }

    private static IEnumerable<IOperation> Enclosing(IOperation o)
    {
        for (IOperation? at = o.Parent; at is not null; at = at.Parent) yield return at;
    }

    /// <summary>What is assigned to a name wherever it may be named; null where that is not seen.</summary>
    private HashSet<INamedTypeSymbol>? Given(ISymbol symbol, IEnumerable<SyntaxNode> scopes, int depth)
    {
        var classes = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (SyntaxNode scope in scopes)
        {
            SemanticModel? model = session.Compilation.ContainsSyntaxTree(scope.SyntaxTree) ? session.Model(scope.SyntaxTree) : null;
            if (model is null) return null;
            foreach (SyntaxNode node in scope.DescendantNodes())
            {
                switch (node)
                {
                    case VariableDeclaratorSyntax declarator when declarator.Identifier.ValueText == symbol.Name && Is(model.GetDeclaredSymbol(declarator, session.Token)):
                        if (declarator.Initializer is { Value: var initial } && !Add(model.GetOperation(initial, session.Token), classes, depth)) return null;
                        break;
                    case PropertyDeclarationSyntax { Initializer.Value: var first } property when Is(model.GetDeclaredSymbol(property, session.Token)):
                        if (!Add(model.GetOperation(first, session.Token), classes, depth)) return null;
                        break;
                    case SingleVariableDesignationSyntax designation when designation.Identifier.ValueText == symbol.Name && Is(model.GetDeclaredSymbol(designation, session.Token)):
                    case ForEachStatementSyntax each when each.Identifier.ValueText == symbol.Name && Is(model.GetDeclaredSymbol(each, session.Token)):
                        return null;
                    case IdentifierNameSyntax name when name.Identifier.ValueText == symbol.Name && Is(model.GetSymbolInfo(name, session.Token).Symbol):
                        ExpressionSyntax whole = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
                        if (whole.Parent is AssignmentExpressionSyntax assignment && assignment.Left == whole)
                        {
                            if (!assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) && !assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression)) return null;
                            if (!Add(model.GetOperation(assignment.Right, session.Token), classes, depth)) return null;
                        }
                        else if (whole.Parent is RefExpressionSyntax || whole.Parent is ArgumentSyntax argument && (!argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Parent is TupleExpressionSyntax)) return null;
                        break;
                }
            }
        }
        return classes;

        bool Is(ISymbol? found) => SymbolEqualityComparer.Default.Equals(found?.OriginalDefinition, symbol.OriginalDefinition);
    }
}
