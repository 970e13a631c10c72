using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Calls, member accesses and names in code that is carried verbatim: as they are written where that binds in the emitted file, else spelled in full.</summary>
internal sealed partial class Lowerer
{
    private sealed partial class Fragment
    {
        /// <summary>An extension method becomes a static call; a call that can only be lowered becomes a hole.</summary>
        private bool WriteCall(InvocationExpressionSyntax call)
        {
            if (call.Expression is IdentifierNameSyntax { Identifier.Text: "nameof" } && _model.GetConstantValue(call, Session.Token) is { HasValue: true, Value: string name })
            {
                _text.Append(SymbolDisplay.FormatLiteral(name, true));
                return true;
            }
            if (_model.GetSymbolInfo(call, Session.Token).Symbol is not IMethodSymbol method) return false;
            if (call != root && !IsInside(call) && MustLower(method, call) && _model.GetOperation(call, Session.Token) is { } operation)
            {
                Hole(operation);
                return true;
            }
            if (!IsReached(method, call) && method.MethodKind != MethodKind.LocalFunction && method.MethodKind != MethodKind.DelegateInvoke)
            {
                if (method is { IsStatic: true, MethodKind: MethodKind.Ordinary } && lowerer.StaticAccessor(method) is { } named)
                {
                    _text.Append(named).Append("(default");
                    FurtherArguments(call.ArgumentList);
                    return true;
                }
                if (!method.IsStatic && lowerer.AccessorName(method) is { } accessor)
                {
                    _text.Append(accessor).Append('(');
                    Receiver(call.Expression);
                    FurtherArguments(call.ArgumentList);
                    return true;
                }
                throw new Refused(DiagnosticIds.NotAccessible, method.Name, method.ContainingType.Name) { Node = call };
            }
            if (method is { MethodKind: MethodKind.ReducedExtension, ReducedFrom: { } full } && call.Expression is MemberAccessExpressionSyntax access)
            {
                string typed = method.TypeArguments.Length == 0 ? "" : "<" + string.Join(", ", method.TypeArguments.Select(t => Session.Types.Carried(lowerer.Actual(t)))) + ">";
                if (method.TypeArguments.Any(t => t.IsAnonymousType)) typed = "";
                _text.Append(TypeMap.Spell(full.ContainingType)).Append('.').Append(full.Name).Append(typed).Append('(');
                Write(access.Expression);
                FurtherArguments(call.ArgumentList);
                return true;
            }
            return false;
        }

        // a protected method of a base is called on objects of the calling class only
        private bool IsReached(IMethodSymbol method, InvocationExpressionSyntax call)
        {
            if (!Session.IsAccessible(method.ReducedFrom ?? method)) return false;
            if (method.IsStatic || method.ReducedFrom is not null || method.DeclaredAccessibility is not (Accessibility.Protected or Accessibility.ProtectedOrInternal or Accessibility.ProtectedAndInternal)) return true;
            ITypeSymbol? on = call.Expression is MemberAccessExpressionSyntax { Expression: not BaseExpressionSyntax and var receiver } ? _model.GetTypeInfo(receiver, Session.Token).Type : _model.GetEnclosingSymbol(call.SpanStart, Session.Token)?.ContainingType;
            return on is null || Session.Compilation.IsSymbolAccessibleWithin(method, Session.Entry.ContainingType, lowerer.Actual(on));
        }

        /// <summary>A constructor that cannot be named is called by its accessor; false for any other.</summary>
        private bool WriteConstruction(BaseObjectCreationExpressionSyntax creation)
        {
            if (_model.GetSymbolInfo(creation, Session.Token).Symbol is not IMethodSymbol constructor || Session.IsAccessible(constructor)) return false;
            if (creation.Initializer is not null || lowerer.ConstructorAccessor(constructor) is not { } accessor) throw new Refused(DiagnosticIds.NotAccessible, ".ctor", constructor.ContainingType.Name) { Node = creation };
            _text.Append(accessor);
            if (creation.ArgumentList is { } arguments) Write(arguments);
            else _text.Append("()");
            return true;
        }

        // those that come after the receiver
        private void FurtherArguments(ArgumentListSyntax list)
        {
            foreach (ArgumentSyntax argument in list.Arguments)
            {
                _text.Append(", ");
                Write(argument);
            }
            _text.Append(')');
        }

        // what only exists while lowering, or cannot be named from the emitted code, is lowered to a value
        private bool MustLower(IMethodSymbol method, InvocationExpressionSyntax call)
        {
            if (method.MethodKind == MethodKind.LocalFunction) return true;
            if (method.MethodKind == MethodKind.DelegateInvoke)
                return _model.GetOperation(call, Session.Token) is IInvocationOperation { Instance: ILocalReferenceOperation or IParameterReferenceOperation };
            if (lowerer.HasSource(method.ReducedFrom ?? method) && !IsVerbatimOnly(method)) return true;
            // what an object of the body answers is known where its class is, by the name of an interface too
            return method is { IsStatic: false, ReturnsVoid: false } && _model.GetOperation(call, Session.Token) is IInvocationOperation { Instance: { } asked } && (NeedsLowering(asked) || IsOfRooms(asked));
        }

        private bool IsOfRooms(IOperation o) => IsOfRooms(o.Type);

        private bool IsOfRooms(ITypeSymbol? type) => type is not null && lowerer.Actual(type) is var actual && Session.Types.IsOfRooms(actual) && !Session.Types.IsByIdentity(actual);

        /// <summary>Whether an object, or some of them, is given to a set or dictionary that only asks which one it is.</summary>
        private bool IsAskedWhich(SyntaxNode node)
        {
            while (node.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }) node = node.Parent;
            if (node.Parent is InitializerExpressionSyntax { RawKind: (int)SyntaxKind.CollectionInitializerExpression or (int)SyntaxKind.ComplexElementInitializerExpression } or ExpressionElementSyntax)
            {
                SyntaxNode made = node.Parent is ExpressionElementSyntax { Parent: { } collection } ? collection : node.Ancestors().First(n => n is BaseObjectCreationExpressionSyntax);
                return (_model.GetTypeInfo(made, Session.Token) is var known ? known.Type ?? known.ConvertedType : null) is { } type && Session.Types.IsByIdentity(lowerer.Actual(type));
            }
            if (node.Parent is not ArgumentSyntax { Parent: BaseArgumentListSyntax { Parent: { } call } } || _model.GetSymbolInfo(call, Session.Token).Symbol is not { ContainingType: { } owner }) return false;
            if (owner.Name == "CollectionExtensions" && call is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax asked }) owner = _model.GetTypeInfo(asked.Expression, Session.Token).Type as INamedTypeSymbol ?? owner;
            return Session.Types.IsByIdentity(lowerer.Actual(owner));
        }

        private bool WriteAccess(MemberAccessExpressionSyntax access)
        {
            ISymbol? symbol = _model.GetSymbolInfo(access, Session.Token).Symbol;
            switch (symbol)
            {
                case ITypeSymbol type: Type(type, access); return true;
                case INamespaceSymbol space: _text.Append("global::").Append(space.ToDisplayString()); return true;
                case null: return false;
            }
            if (symbol is IFieldSymbol or IPropertySymbol && access != root && !IsInside(access) && _model.GetOperation(access, Session.Token) is { } operation && NeedsLowering(operation))
            {
                Hole(operation);
                Trailing(access);
                return true;
            }
            if (symbol.IsStatic && _model.GetSymbolInfo(access.Expression, Session.Token).Symbol is ITypeParameterSymbol number)
            {
                // T.One of a number is a constant of it; a method is called on the type that T stands for
                if (symbol is not IMethodSymbol && access != root && _model.GetOperation(access, Session.Token) is { } constant) Hole(constant);
                else
                {
                    _text.Append(TypeMap.Spell(lowerer.Actual(number))).Append('.');
                    MemberName(access.Name);
                }
                return true;
            }
            if (symbol.IsStatic && symbol.ContainingType is { } owner && symbol is not IMethodSymbol { MethodKind: MethodKind.ReducedExtension })
            {
                Static(symbol, owner, access.Name, access);
                return true;
            }
            if (!Session.IsAccessible(symbol))
            {
                WriteAccessor(symbol, access);
                return true;
            }
            Write(access.Expression);
            _text.Append(access.OperatorToken.Text);
            MemberName(access.Name);
            return true;
        }

        /// <summary>A field or property of another class that cannot be named, through its accessor.</summary>
        private void WriteAccessor(ISymbol symbol, ExpressionSyntax node)
        {
            if (symbol is not (IFieldSymbol or IPropertySymbol) || lowerer.AccessorName(symbol) is not { } accessor)
                throw new Refused(DiagnosticIds.NotAccessible, symbol.Name, symbol.ContainingType?.Name ?? "") { Node = node };
            _text.Append(accessor).Append('(');
            Receiver(node);
            _text.Append(')');
        }

        // of a.b or a.b(…) that is a, of b or b(…) it is this
        private void Receiver(ExpressionSyntax node)
        {
            if (node is MemberAccessExpressionSyntax access) Write(access.Expression);
            else This(node);
        }

        // a member of something that is taken apart
        private bool NeedsLowering(IOperation operation)
        {
            if (operation is IMemberReferenceOperation { Instance: { } room } && IsOfRooms(room)) return true;
            IOperation? root = operation;
            while (true)
            {
                switch (root)
                {
                    case IFieldReferenceOperation { Instance: { } i }: root = i; break;
                    case IPropertyReferenceOperation { Instance: { } i }: root = i; break;
                    case IArrayElementReferenceOperation e: root = e.ArrayReference; break;
                    case IParenthesizedOperation p: root = p.Operand; break;
                    case ILocalReferenceOperation l: return IsKnown(lowerer._frame.Find(l.Local)) || IsArray(lowerer._frame.Find(l.Local), l.Local.Type);
                    case IParameterReferenceOperation p: return lowerer._frame.Find(p.Parameter) is { } place ? IsKnown(place) || IsArray(place, p.Parameter.Type) : p.Parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor };
                    case IInstanceReferenceOperation: return lowerer._frame.FindThis() is CompositePlace or BoundPlace { Value: CompositeValue or ObjectValue };
                    default: return false;
                }
            }
        }

        private static bool IsKnown(Place? place) => place is CompositePlace or BoundPlace { Value: CompositeValue or ObjectValue or SequenceValue };

        // an array that goes by an interface's name has a length and no count
        private static bool IsArray(Place? place, ITypeSymbol declared) => declared.TypeKind == TypeKind.Interface && place switch
        {
            ExprPlace { Target.Type: Ir.ArrayType or SpanType } => true,
            BoundPlace { Value: ExprValue { Expr.Type: Ir.ArrayType or SpanType } } => true,
            _ => false,
        };

        private void MemberName(SimpleNameSyntax name)
        {
            _text.Append(Lowering.Session.Escape(name.Identifier.ValueText));
            if (name is GenericNameSyntax generic) Write(generic.TypeArgumentList);
            if (name.GetTrailingTrivia().Count > 0) _text.Append(' ');
        }

        private void Static(ISymbol symbol, INamedTypeSymbol owner, SimpleNameSyntax name, SyntaxNode node)
        {
            if (symbol is IFieldSymbol { IsConst: true } constant && owner.TypeKind != TypeKind.Enum && lowerer.ConstantOf(constant.Type, constant.ConstantValue) is Constant c
                && (!Session.IsAccessible(symbol) || !symbol.DeclaringSyntaxReferences.IsEmpty))
            {
                _text.Append(c.Text);
                return;
            }
            if (!Session.IsAccessible(symbol))
            {
                if (symbol is IFieldSymbol or IPropertySymbol && _model.GetOperation(node, Session.Token) is { } operation)
                {
                    Hole(Ahead(operation, () => lowerer.LowerNode(operation, discard: false)));   // where that is refused, verbatim text is no way out
                    return;
                }
                throw new Refused(DiagnosticIds.NotAccessible, symbol.Name, owner.Name) { Node = node };
            }
            _text.Append(TypeMap.Spell(lowerer.Actual(owner))).Append('.');
            MemberName(name);
        }

        private bool WriteName(SimpleNameSyntax name)
        {
            // the right side of a qualified name, named arguments and members of initialisers are not names of their own
            if (name.Parent is NameColonSyntax { Parent: SubpatternSyntax } && _model.GetSymbolInfo(name, Session.Token).Symbol is { } asked && !Session.IsAccessible(asked)) throw new Refused(DiagnosticIds.NotAccessible, asked.Name, asked.ContainingType.Name) { Node = name };
            if (name.Parent is NameColonSyntax or NameEqualsSyntax or MemberBindingExpressionSyntax) return false;
            if (name.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression or (int)SyntaxKind.WithInitializerExpression } } assignment && assignment.Left == name)
                return _model.GetSymbolInfo(name, Session.Token).Symbol is { } set && !Session.IsSettable(set) ? throw new Refused(DiagnosticIds.NotAccessible, set.Name, set.ContainingType.Name) { Node = name } : false;
            ISymbol? symbol = _model.GetSymbolInfo(name, Session.Token).Symbol;
            switch (symbol)
            {
                case null or IDiscardSymbol: return false;
                case INamespaceSymbol space: _text.Append("global::").Append(space.ToDisplayString()); return true;
                case ILocalSymbol or IParameterSymbol or IRangeVariableSymbol:
                    if (_inner.TryGetValue(symbol, out string? renamed)) { _text.Append(renamed); Trailing(name); return true; }
                    if (symbol is ILocalSymbol { HasConstantValue: true } local && lowerer.ConstantOf(local.Type, local.ConstantValue) is Constant c) { _text.Append(c.Text); return true; }
                    Hole(Carried((lowerer._frame.Find(symbol) ?? lowerer.Captured(symbol) ?? throw Unsupported($"the name {symbol.Name} here", "use a local", name)).Load(), name));
                    Trailing(name);
                    return true;
                case IMethodSymbol { MethodKind: MethodKind.LocalFunction }: throw new Refused(DiagnosticIds.UnknownTarget, symbol.Name) { Node = name };
                case IFieldSymbol or IPropertySymbol or IMethodSymbol or IEventSymbol when symbol.ContainingType is { } owner:
                    // an event is only raised in its class
                    if (symbol is IEventSymbol && name.Parent is not AssignmentExpressionSyntax && !SymbolEqualityComparer.Default.Equals(owner.OriginalDefinition, Session.Entry.ContainingType.OriginalDefinition)) throw new Refused(DiagnosticIds.NotAccessible, symbol.Name, owner.Name) { Node = name };
                    if (symbol.IsStatic) { Static(symbol, owner, name, name); return true; }
                    if (symbol is IFieldSymbol or IPropertySymbol && name != root && _model.GetOperation(name, Session.Token) is { } member && NeedsLowering(member))
                    {
                        Hole(member);
                        Trailing(name);
                        return true;
                    }
                    if (!Session.IsAccessible(symbol))
                    {
                        WriteAccessor(symbol, name);
                        return true;
                    }
                    This(name);
                    _text.Append('.');
                    MemberName(name);
                    return true;
                default: return false;
            }
        }
    }
}
