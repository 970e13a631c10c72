using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Delegates that are given in several places of which one is reached: a local that branches assign, a method that returns one or another. All of them are
/// known; an integer of run time says which one it is, and who calls asks it.
/// </summary>
internal sealed partial class Lowerer
{
    /// <summary>A place for one of several delegates.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="around">The code in which it lives: a lambda that captures what lives in a part of it cannot be kept here.</param>
    private ChosenPlace NewChosen(string name, SyntaxNode around)
    {
        Variable which = Local(Join("which", name), PlainType.Int);
        Emit(new Declare(which, null));
        return new ChosenPlace(new Read(which), around);
    }

    /// <summary>Notes all that a place will ever hold, where that is known when it is declared: then it may be given another delegate after it was read.</summary>
    private ChosenPlace KnownAhead(ChosenPlace place, ILocalSymbol local, Value? initial)
    {
        var options = new List<FunctionValue>();
        bool mayBeNull = false;
        switch (initial)
        {
            case null: break;
            case FunctionValue given: options.Add(given); break;
            case ExprValue { Expr: Constant { Text: "null" } }: mayBeNull = true; break;
            default: return place;
        }
        SemanticModel model = session.Model(place.Around.SyntaxTree);
        foreach (IdentifierNameSyntax name in place.Around.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != local.Name || !SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, session.Token).Symbol, local)) continue;
            if (name.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 } or RefExpressionSyntax) return place;
            if (name.Parent is not AssignmentExpressionSyntax assignment || assignment.Left != name) continue;
            if (!assignment.IsKind(SyntaxKind.SimpleAssignmentExpression)) return place;
            if (assignment.Right.IsKind(SyntaxKind.NullLiteralExpression)) mayBeNull = true;
            else if (GivenFunction(model, assignment.Right) is { } function && Outlives(function, place.Around)) options.Add(function);
            else return place;
        }
        place.Options.AddRange(options);
        place.MayBeNull = mayBeNull;
        place.IsComplete = options.Count > 0;
        return place;
    }

    /// <summary>What an expression that names a function by itself stands for; null for others.</summary>
    private FunctionValue? GivenFunction(SemanticModel model, ExpressionSyntax given)
    {
        while (given is ParenthesizedExpressionSyntax inner) given = inner.Expression;
        return model.GetOperation(given, session.Token) switch
        {
            IAnonymousFunctionOperation lambda => new FunctionValue(lambda.Symbol, lambda, _frame, null),
            IMethodReferenceOperation { Instance: null } group => MethodGroup(group) as FunctionValue,
            _ => null,
        };
    }

    private void StoreChosen(ChosenPlace place, Value value)
    {
        // whoever holds what was there goes on asking the same index
        if (place.IsAsked && !place.IsComplete) throw Replaced("a delegate");
        session.Functions.Rebind();
        switch (value)
        {
            case ExprValue { Expr: Constant { Text: "null" } }:
                place.MayBeNull = true;
                Emit(new Assign(place.Which, IntConstant(-1)));
                return;
            case FunctionValue f when place.Find(f) is { } at || !place.IsComplete && Adds(place, [f], out at):
                Emit(new Assign(place.Which, IntConstant(at)));
                return;
            case ChoiceValue { IsWhole: true } choice when !place.IsComplete && Adds(place, choice.Options, out int first):
                Emit(new Assign(place.Which, first == 0 ? choice.Index : new Binary(BinaryOperator.Add, IntConstant(first), choice.Index, PlainType.Int)));
                return;
        }
        throw Replaced("a delegate");
    }

    private static bool Adds(ChosenPlace place, IReadOnlyList<Value> options, out int first)
    {
        first = place.Options.Count;
        if (!options.All(o => o is FunctionValue f && (place.IsOwn(f) || Outlives(f, place.Around, place.Owner)))) return false;
        place.Options.AddRange(options.Cast<FunctionValue>());
        return true;
    }

    /// <summary>The member of an object that holds what one of a constructor's branches gave it: null before.</summary>
    private ChosenPlace? ChosenMember(string name, ISymbol member, ITypeSymbol type, CompositePlace owner)
    {
        if (type.TypeKind != TypeKind.Delegate || _statement is null || !IsChosenInConstructors(member)) return null;
        ChosenPlace place = NewChosen(name, _statement);
        place.Owner = owner;
        Store(place, new ExprValue(new Constant(session.Types.Map(type), "null", null)), null);
        return place;
    }

    private bool IsChosenInConstructors(ISymbol member) => member.ContainingType.DeclaringSyntaxReferences
        .SelectMany(r => r.GetSyntax(session.Token).ChildNodes().OfType<ConstructorDeclarationSyntax>())
        .SelectMany(c => c.DescendantNodes(n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<AssignmentExpressionSyntax>())
        .Any(a => Assigned(a) == member.Name && a.Parent is not (ExpressionStatementSyntax { Parent: BlockSyntax { Parent: ConstructorDeclarationSyntax } } or ArrowExpressionClauseSyntax or InitializerExpressionSyntax));

    /// <summary>Whether a member is assigned elsewhere than where its object is made.</summary>
    private bool IsReplacedLater(ISymbol member) => member is not IFieldSymbol { IsReadOnly: true } and not IPropertySymbol { IsReadOnly: true } && member.ContainingType.DeclaringSyntaxReferences
        .SelectMany(r => r.GetSyntax(session.Token).DescendantNodes().OfType<AssignmentExpressionSyntax>())
        .Any(a => a.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is null && member.Name == Assigned(a));

    /// <summary>The name of the member of this object that an assignment is to; null for others.</summary>
    private static string? Assigned(AssignmentExpressionSyntax assignment) => assignment.Left switch
    {
        IdentifierNameSyntax own => own.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own => own.Name.Identifier.ValueText,
        _ => null,
    };

    private static Refused Replaced(string what) =>
        new(DiagnosticIds.UnsupportedConstruct, what + " that is replaced in a branch or loop", "give each its own local, or store numbers instead");

    /// <summary>The place of what a method returns that has several delegates to return.</summary>
    private ChosenPlace ChosenResult(string name, IOperation body)
    {
        BlockSyntax? block = body.Syntax.DescendantNodesAndSelf().OfType<BlockSyntax>().FirstOrDefault();
        return NewChosen(name, block?.Statements.FirstOrDefault() ?? body.Syntax);
    }

    /// <summary>Numbers that a method's own block declares are declared around it, so that what the method returns may capture them.</summary>
    private List<Stmt> DeclaredAround(List<Stmt> statements)
    {
        var inside = new List<Stmt>();
        foreach (Stmt s in statements)
        {
            if (s is not Declare { Variable: { Type: ScalarType or PlainType { Kind: PlainKind.Integer } } v } d)
            {
                inside.Add(s);
                continue;
            }
            Emit(new Declare(v, Zero(v.Type)));
            if (d.Initial is { } initial) inside.Add(new Assign(new Read(v), initial) { Source = d.Source, Site = d.Site });
        }
        return inside;
    }

    /// <summary>Whether everything that a delegate captures lives as long as the code around the place that holds it, or as the object that does.</summary>
    private static bool Outlives(FunctionValue function, SyntaxNode around, CompositePlace? owner = null)
    {
        if (function.Receiver is not null) return false;
        if (function.Body is not { } body) return true;
        // what the constructor that was called got is declared beside the object
        bool isConstructed = owner is not null && function.Captured is { Method.MethodKind: MethodKind.Constructor, This: { } made } constructor && made == owner && constructor.Caller?.This != owner;
        foreach (IOperation o in body.Descendants())
        {
            if (o is IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction } or IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction }) return false;
            // the parameter of a method that gave the delegate: a variable of its own, there
            if (o is IParameterReferenceOperation { Parameter: var given } && !(isConstructed && SymbolEqualityComparer.Default.Equals(given.ContainingSymbol, function.Captured!.Method)) && given.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } parameter && !body.Syntax.Span.Contains(parameter.Span)
                && function.Captured?.Find(given) is not (null or BoundPlace) && parameter.Ancestors().FirstOrDefault(n => n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)?.Span.Contains(around.Span) != true) return false;
            if (o is not ILocalReferenceOperation { Local: var local } || local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration) continue;
            if (body.Syntax.Span.Contains(declaration.Span)) continue;
            SyntaxNode? scope = declaration.AncestorsAndSelf().FirstOrDefault(IsScope);
            if (scope?.Span.Contains(around.Span) != true || scope == around.Parent && !IsNumber(local.Type)) return false;
        }
        return true;
    }

    private static bool IsNumber(ITypeSymbol type) => type.SpecialType is SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Int32 or SpecialType.System_Int64;

    // what a variable lives in; one that a loop's condition declares is another in each iteration
    private static bool IsScope(SyntaxNode node) => node is BlockSyntax or SwitchSectionSyntax or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax
        or UsingStatementSyntax or CatchClauseSyntax or AnonymousFunctionExpressionSyntax;

    /// <summary>Whether a local delegate is assigned in a branch or loop below its declaration, and nowhere in a way that asks for more (by itself, by a lambda).</summary>
    private static BlockSyntax? AssignedInBranches(ISymbol symbol)
    {
        if (symbol is not ILocalSymbol { Type.TypeKind: TypeKind.Delegate } || symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax block } })
            return null;
        bool nested = false;
        foreach (AssignmentExpressionSyntax assignment in block.DescendantNodes().OfType<AssignmentExpressionSyntax>())
        {
            if (assignment.Left is not IdentifierNameSyntax { Identifier.ValueText: var name } || name != symbol.Name) continue;
            if (assignment.Ancestors().TakeWhile(n => n != block).Any(n => n is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)) return null;
            if (assignment.Right.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == symbol.Name)) return null;
            // what captures an iteration's own variables is no option of all of them; a loop that is unrolled may keep it
            if (assignment.Right is AnonymousFunctionExpressionSyntax && assignment.Right.DescendantNodes().OfType<IdentifierNameSyntax>().Select(n => n.Identifier.ValueText).Intersect(OwnNames(assignment, block)).Any()) return null;
            nested |= assignment.Parent is not ExpressionStatementSyntax { Parent: var parent } || parent != block;
        }
        return nested ? block : null;
    }

    // what is declared between a block and a piece of code inside of it
    private static IEnumerable<string> OwnNames(SyntaxNode node, SyntaxNode block) => node.Ancestors().TakeWhile(n => n != block).SelectMany(n => n switch
    {
        ForEachStatementSyntax each => [each.Identifier.ValueText],
        BlockSyntax inner => inner.Statements.OfType<LocalDeclarationStatementSyntax>().SelectMany(d => d.Declaration.Variables).Select(v => v.Identifier.ValueText),
        _ => Enumerable.Empty<string>(),
    });
}

/// <summary>Holds one of several delegates, by an index of run time.</summary>
internal sealed class ChosenPlace(Read which, SyntaxNode around) : Place
{
    /// <summary>The index.</summary>
    public Read Which { get; } = which;

    /// <summary>The code in which the place lives.</summary>
    public SyntaxNode Around { get; } = around;

    /// <summary>The object whose member it is.</summary>
    public CompositePlace? Owner { get; set; }

    /// <summary>Whether a delegate is a method of the object itself.</summary>
    public bool IsOwn(FunctionValue f) => f.Receiver is ObjectValue { Fields: var fields } && fields == Owner;

    /// <summary>The delegates that it may hold.</summary>
    public List<FunctionValue> Options { get; } = [];

    /// <summary>Whether the options are all that it will ever hold.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Whether null was stored.</summary>
    public bool MayBeNull { get; set; }

    /// <summary>Whether somebody has read it: then it can be given no other.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>The index of a delegate that is an option already.</summary>
    public int? Find(FunctionValue f) => Options.FindIndex(o => SymbolEqualityComparer.Default.Equals(o.Method, f.Method) && o.Body == f.Body && o.Captured == f.Captured && (o.Receiver is null && f.Receiver is null || IsOwn(o) && IsOwn(f))) is >= 0 and var at ? at : null;

    public override Value Load()
    {
        IsAsked = true;
        return Options.Count == 1 && !MayBeNull ? Options[0] : new ChoiceValue([.. Options], Which, "System.NullReferenceException") { IsWhole = !MayBeNull };
    }
}
