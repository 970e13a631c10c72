using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>
/// Delegates that are asked and then replaced, in branches and loops: all functions that a local is ever given are known when it is declared. A name that
/// it is given to keeps the choice of that moment.
/// </content>
internal sealed partial class Lowerer
{
    /// <summary>Notes all that a place will ever hold, where that is known when it is declared: then it may be given another delegate after it was read.</summary>
    private ChosenPlace KnownAhead(ChosenPlace place, ILocalSymbol local, Value? initial)
    {
        if (local.DeclaringSyntaxReferences is not [var reference] || reference.GetSyntax(session.Token) is not VariableDeclaratorSyntax declared) return place;
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
            else if (GivenFunction(model, assignment.Right, declared) is FunctionValue function) options.Add(function);
            else return place;
        }
        place.Options.AddRange(options);
        place.MayBeNull = mayBeNull;
        place.IsComplete = options.Count > 0;
        return place;
    }

    /// <summary>A lambda or method group of which all that it captures lives as long as the local that is declared at <paramref name="declared"/>; null for others.</summary>
    private Value? GivenFunction(SemanticModel model, ExpressionSyntax given, VariableDeclaratorSyntax declared)
    {
        while (given is ParenthesizedExpressionSyntax inner) given = inner.Expression;
        if (given is not AnonymousFunctionExpressionSyntax)
            return model.GetOperation(given, session.Token) is IMethodReferenceOperation { Instance: null or IInstanceReferenceOperation } group ? MethodGroup(group) : null;
        foreach (IdentifierNameSyntax name in given.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (model.GetSymbolInfo(name, session.Token).Symbol is not ILocalSymbol { DeclaringSyntaxReferences: [var reference, ..] }) continue;
            SyntaxNode variable = reference.GetSyntax(session.Token);
            if (given.Span.Contains(variable.Span)) continue;
            SyntaxNode? scope = variable.Ancestors().FirstOrDefault(a => a is BlockSyntax or ForStatementSyntax or CommonForEachStatementSyntax or SwitchSectionSyntax or UsingStatementSyntax or CatchClauseSyntax);
            if (scope is null || !scope.Span.Contains(declared.Span)) return null;
        }
        return model.GetOperation(given, session.Token) is IAnonymousFunctionOperation lambda ? new FunctionValue(lambda.Symbol, lambda, _frame, null) : null;
    }

    /// <summary>Whether what is read is called or compared at once, so that no later choice can come between.</summary>
    private static bool IsAskedHere(IOperation o) => o.Parent switch
    {
        IInvocationOperation { Instance: var called } call => called == o && !call.Arguments.Any(a => a.Value.DescendantsAndSelf().Any(d => d is IInvocationOperation or IAssignmentOperation)),
        IBinaryOperation or IIsPatternOperation => true,
        IConversionOperation conversion => conversion.Parent is IBinaryOperation or IIsPatternOperation,
        _ => false,
    };

    /// <summary>The choice as it is now.</summary>
    private ChoiceValue Settled(ChoiceValue choice) => new(choice.Options, Saved(choice.Index, "which"), choice.Missing) { IsWhole = choice.IsWhole };

    private static Expr IsMissing(ChoiceValue choice) => new Binary(BinaryOperator.Less, choice.Index, IntConstant(0), PlainType.Bool);

    /// <summary>Whether a delegate is null, where it is compared with that; null where it is not.</summary>
    private static Expr? MissingTest(Value value, Value other) =>
        value is not ChoiceValue { IsNullable: true } choice || other is not ExprValue { Expr: var none } || !IsNull(none) ? null : IsMissing(choice);

    /// <summary>A choice that may be null, or else another value.</summary>
    private ChoiceValue OrElse(ChoiceValue choice, Value other, SyntaxNode site)
    {
        if (!IsKnownOnly(other) || other is ChoiceValue) throw Unsupported("a choice between this and another delegate or object", "use a conditional", site);
        Expr index = Named(choice.Index, "which");
        return new ChoiceValue([.. choice.Options, other], Named(new Conditional(new Binary(BinaryOperator.Less, index, IntConstant(0), PlainType.Bool), IntConstant(choice.Options.Count), index), "which"), "") { IsWhole = true };
    }
}
