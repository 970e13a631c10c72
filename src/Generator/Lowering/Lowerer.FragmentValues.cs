using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Lowering;

/// <content>Parts of carried code that are values of their own.</content>
internal sealed partial class Lowerer
{
    private sealed partial class Fragment
    {
        /// <summary>What is asked of a dictionary, a stack or a queue of numbers, which stands for itself nowhere else: an entry, a count.</summary>
        private IOperation? AskedOfCollection(ExpressionSyntax part)
        {
            ExpressionSyntax? receiver = part switch
            {
                ElementAccessExpressionSyntax { Parent: not AssignmentExpressionSyntax } x => x.Expression,
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax x } => x.Expression,
                MemberAccessExpressionSyntax { Parent: not (InvocationExpressionSyntax or AssignmentExpressionSyntax) } x => x.Expression,
                _ => null,
            };
            return receiver is not null && _model.GetTypeInfo(receiver, Session.Token).Type is { } type && lowerer.Actual(type) is var actual && (lowerer.IsModelledCollection(actual) || lowerer.IsCollectionInterface(actual))
                && _model.GetOperation(part, Session.Token) is { Type: { SpecialType: not SpecialType.System_Void } given } asked && lowerer.TypeOf(given) is ScalarType or PlainType { Kind: not PlainKind.Other } ? asked : null;
        }

        /// <summary>An enum that cannot be named is a number here, a struct a tuple: as a number an enum is carried, but neither one's text nor its type.</summary>
        private bool WriteHidden(SyntaxNode node)
        {
            if (node is CastExpressionSyntax { Expression: var inner } cast && HiddenType(inner) is { TypeKind: TypeKind.Enum } && _model.GetOperation(cast, Session.Token) is { Type: { } to } number && lowerer.TypeOf(to) is PlainType { Kind: PlainKind.Integer })
            {
                Hole(number);
                return true;
            }
            if (node is ExpressionSyntax e && HiddenType(e) is { } type) throw new Refused(DiagnosticIds.NotAccessible, type.Name, type.ContainingType?.Name ?? type.Name) { Node = node };
            return false;
        }

        private ITypeSymbol? HiddenType(ExpressionSyntax e) =>
            _model.GetTypeInfo(e, Session.Token).Type is { TypeKind: TypeKind.Enum or TypeKind.Struct, DeclaringSyntaxReferences.IsEmpty: false } type && !Session.IsAccessible(lowerer.Actual(type)) ? type : null;

        /// <summary>A whole number, truth or text that is computed from numbers is a value of its own: no derivative enters the code that is given it.</summary>
        private bool WriteCounted(ExpressionSyntax given)
        {
            if (_model.GetOperation(given, Session.Token) is not { ConstantValue.HasValue: false, Type: { } type } operation || type.SpecialType != SpecialType.System_String && lowerer.TypeOf(type) is not PlainType { Kind: not PlainKind.Other }) return false;
            if (!operation.DescendantsAndSelf().Any(o => o.Type is { } of && lowerer.TypeOf(of).CarriesDerivative) || !operation.DescendantsAndSelf().All(IsArithmetic)) return false;
            int mark = lowerer._out.Count;
            try
            {
                Hole(operation);
                return true;
            }
            catch (Refused)
            {
                lowerer._out.RemoveRange(mark, lowerer._out.Count - mark);
                return false;
            }
        }

        private static bool IsArithmetic(IOperation o) => o switch
        {
            IConversionOperation { OperatorMethod: null } or IBinaryOperation { OperatorMethod: null } or IUnaryOperation { OperatorMethod: null } or IConditionalOperation { IsRef: false } or IParenthesizedOperation
                or ILocalReferenceOperation or IParameterReferenceOperation or ILiteralOperation or IArgumentOperation => true,
            IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType: { Name: "Math" or "MathF", ContainingNamespace.Name: "System" } } } => true,
            IArrayElementReferenceOperation or IFieldReferenceOperation { Field.IsConst: true } => true,
            _ => false,
        };
    }
}
