using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// C# that is carried as it is: names are bound and spelled with <c>global::</c>, locals become holes. It was written under another file's
/// usings and inside another scope, and must mean the same where it is emitted.
/// </summary>
internal sealed partial class Lowerer
{
    private static bool CanCarry(IOperation o) =>
        o.Type is not null && o.Type.TypeKind is not (TypeKind.Error or TypeKind.Pointer or TypeKind.FunctionPointer) && o.Kind != OperationKind.Invalid
        && o.Syntax is ExpressionSyntax and not (InitializerExpressionSyntax or StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax or RefExpressionSyntax or AssignmentExpressionSyntax or ThrowExpressionSyntax)
        && o is not (IAnonymousFunctionOperation or ITupleOperation or ISimpleAssignmentOperation or ICompoundAssignmentOperation or IIncrementOrDecrementOperation)
        && o is not IInvocationOperation { Syntax: not InvocationExpressionSyntax } // Add, of a collection's initialiser: the syntax is that of the element
        && o is not IFieldReferenceOperation { Field: { IsImplicitlyDeclared: true, AssociatedSymbol: IPropertySymbol } }
        && !(o is IInvocationOperation { Instance: { Type.IsValueType: true } receiver } && receiver.DescendantsAndSelf().Any(d => d is IConditionalOperation { IsRef: true }));

    private Value LowerVerbatim(IOperation o, Refusal? lost = null)
    {
        if (o.DescendantsAndSelf().Any(d => d.Kind == OperationKind.Invalid)) throw Unsupported("code that does not compile", "mend the error first", o.Syntax);
        if (o is IInvocationOperation { Syntax: not InvocationExpressionSyntax }) throw Unsupported("this initialiser", "add the elements one by one", o.Syntax);
        if (o.Syntax.DescendantNodesAndSelf().Any(n => n is MemberBindingExpressionSyntax or ElementBindingExpressionSyntax && n.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>(a => a.WhenNotNull.Span.Contains(n.Span))?.Span is { } access && !o.Syntax.Span.Contains(access)))
            throw Unsupported("a member behind '?.' here", "test for null before", o.Syntax);
        if (o.Syntax is not ExpressionSyntax syntax) throw Unsupported("this construct", "write it with plain assignments, branches and loops", o.Syntax);
        RefuseView(o);
        // a handler may say that it wants no text: then what is written in the holes is not run
        if (o.DescendantsAndSelf().OfType<IInterpolatedStringHandlerCreationOperation>().Any(h => (h.HandlerCreationHasSuccessParameter || h.HandlerAppendCallsReturnBool)
                && h.Content.Descendants().Any(d => d is IAssignmentOperation or IIncrementOrDecrementOperation || d is IInvocationOperation { TargetMethod: var called } && !called.DeclaringSyntaxReferences.IsEmpty)))
            throw Unsupported("a message with effects that may not be run", "compute it before", o.Syntax);
        // an object from code that is carried has no number
        if (o.Type is { } numbered && session.Types.IsOfRooms(Actual(numbered)) && !session.Types.IsByIdentity(Actual(numbered))) throw Unsupported("an object that is made in a way that is not known here", "keep numbers, arrays and lists in its class", o.Syntax);
        TakeBack(o);
        var writer = new Fragment(this, syntax);
        writer.Write(syntax);
        IrType type = o.Type is null ? PlainType.Void : TypeOf(o.Type);
        if (o.Syntax is ImplicitObjectCreationExpressionSyntax or CollectionExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression } or SwitchExpressionSyntax or ConditionalExpressionSyntax
            && o.Type is not null
            || o is IConversionOperation { IsImplicit: true, OperatorMethod: not null }) // a conversion that the syntax does not show
            writer.Cast(session.Types.Carried(Actual(o.Type!)));
        lost ??= Lost(DiagnosticIds.LostInCall, o.Syntax, Shown(o));
        Purity purity = PurityOf(o, writer);
        if (purity == Purity.Effects) writer.MayWrite(MutatedBy.In(o));
        (string[] consulted, string[] kept) = OutsideState.In(o);
        if (purity == Purity.Effects && o is IInvocationOperation { TargetMethod: { IsStatic: false, ReturnsVoid: true } left } && HasSource(left) && !IsVerbatimOnly(left)) kept = [.. kept, OutsideState.Anywhere];
        Opaque opaque = writer.Finish(type, purity, lost) with { Consults = new(consulted), Keeps = new(kept) };
        // a reference to storage of somebody else: what it is given is read again by its name
        if (writer.Stored.Length > 0) opaque = opaque with { Lost = Lost(DiagnosticIds.StateWritten, o.Syntax, writer.Stored), Stores = writer.Stored };
        if (type.Equals(PlainType.Void)) return new ExprValue(opaque);
        ExprValue value = Operand(opaque, Wish(o));
        return o.Type is not null && IsSplit(o.Type) ? Split(value.Expr, (INamedTypeSymbol)Actual(o.Type)) : value;
    }

    // it shows what the list holds when it is looked at, not when it was taken
    private static void RefuseView(IOperation o)
    {
        if (o is IPropertyReferenceOperation { Property: { Name: "Keys" or "Values", ContainingType.Name: "SortedList" }, Parent: IImplicitIndexerReferenceOperation or IVariableInitializerOperation or ISimpleAssignmentOperation or IConversionOperation or IArgumentOperation })
            throw Unsupported("a view of a sorted list", "call ToArray() on it", o.Syntax);
    }

    private static string Shown(IOperation o) => o switch
    {
        IInvocationOperation call => call.TargetMethod.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat),
        IObjectCreationOperation creation => "new " + creation.Type!.Name,
        IPropertyReferenceOperation property => property.Property.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat),
        _ => FirstLine(o.Syntax),
    };

    private static string Wish(IOperation o) => o switch
    {
        IInvocationOperation call => ResultName(call.TargetMethod),
        IObjectCreationOperation creation => char.ToLowerInvariant(creation.Type!.Name[0]) + creation.Type.Name.Substring(1),
        _ => "t",
    };

    private static Purity PurityOf(IOperation o, Fragment fragment)
    {
        if (fragment.HasEffects) return Purity.Effects;
        var walker = new PurityWalker();
        walker.Visit(o);
        return walker.Result;
    }

    /// <summary>Whether a static method that can be named is given nothing that carries a derivative: whatever it does, a call of it is a constant.</summary>
    private bool IsGivenNoNumbers(IInvocationOperation call) =>
        call.TargetMethod is { IsStatic: true, MethodKind: MethodKind.Ordinary, ReturnsByRef: false, ReturnsByRefReadonly: false } method && session.IsAccessible(method)
        && TypeOf(method.ReturnType) is ScalarType or PlainType { Kind: not PlainKind.Other } && !IsInRoom(method.ReturnType) && !call.Arguments.Any(a => IsInRoom(a.Parameter?.Type))
        && call.Arguments.Select((a, i) => a.Parameter is { RefKind: RefKind.None, IsParams: false } p && p.Ordinal == i && TypeOf(p.Type) is PlainType { Kind: not PlainKind.Other }).All(constant => constant);

    /// <summary>A call by name of a method without source, on values.</summary>
    private Opaque CallOpaque(IMethodSymbol method, Value? receiver, Value[] arguments, SyntaxNode site)
    {
        if (!session.IsAccessible(method)) throw new Refused(DiagnosticIds.NotAccessible, method.Name, method.ContainingType.Name) { Node = site };
        string typed = method.TypeArguments.Length == 0 ? "" : "<" + string.Join(", ", method.TypeArguments.Select(t => TypeMap.Spell(Actual(t)))) + ">";
        List<Expr> holes = [];
        List<string> pieces = [];
        if (receiver is null) pieces.Add($"{TypeMap.Spell(Actual(method.ContainingType))}.{method.Name}{typed}(");
        else
        {
            holes.Add(ExprOf(receiver));
            pieces.AddRange(["", $".{method.Name}{typed}("]);
        }
        for (int i = 0; i < arguments.Length; i++)
        {
            holes.Add(ExprOf(arguments[i]));
            pieces.Add(i == arguments.Length - 1 ? "" : ", ");
        }
        pieces[pieces.Count - 1] += ")";
        IrType type = TypeOf(method.ReturnType);
        return new Opaque(pieces.ToEquatable(), holes.ToEquatable(), type, Purity.Effects, default,
            Lost(DiagnosticIds.LostInCall, site, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
    }
}
