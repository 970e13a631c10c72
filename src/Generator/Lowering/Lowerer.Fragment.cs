using System.Text;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Code that is carried verbatim, written with its names bound.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Writes a piece of syntax with its names bound.</summary>
    private sealed partial class Fragment(Lowerer lowerer, SyntaxNode root)
    {
        private readonly List<string> _pieces = [];
        private readonly List<Value> _holes = [];
        private readonly List<SyntaxNode?> _written = []; // what each hole stands for
        private SyntaxNode? _at;
        private readonly List<Variable> _writes = [];
        private readonly List<Variable> _fills = [];
        private readonly StringBuilder _text = new();
        private readonly SemanticModel _model = lowerer.Shared.Model(root.SyntaxTree);
        private readonly Dictionary<ISymbol, string> _inner = new(SymbolEqualityComparer.Default);
        private int _mark = lowerer._out.Count;

        private Session Session => lowerer.Shared;

        /// <summary>Whether the fragment passes places by reference to what is called.</summary>
        public bool HasEffects { get; private set; }

        /// <summary>The field or static of somebody else that is given by reference; empty where there is none.</summary>
        public string Stored { get; private set; } = "";

        public void Cast(string type)
        {
            if (_pieces.Count > 0) _pieces[0] = $"(({type})({_pieces[0]}";
            else _text.Insert(0, $"(({type})(");
            _text.Append("))");
        }

        public Opaque Finish(IrType type, Purity purity, Refusal? lost)
        {
            string[] pieces = [.. _pieces, _text.ToString()];
            return new Opaque(new(pieces), _holes.Select(lowerer.ExprOf).ToEquatable(), type, purity, _writes.ToEquatable(), lost) { Fills = _fills.ToEquatable() };
        }

        /// <summary>Storage that a call inside is given to write.</summary>
        public void MayWrite(MutatedBy mutated)
        {
            foreach (ISymbol symbol in mutated.Symbols)
                if (lowerer._frame.Find(symbol)?.Load() is { } value) Written(value);
            // members of what is taken apart
            for (int i = 0; i < _holes.Count; i++)
                if (_written[i] is { } node && mutated.Through.Contains(node.Span)) Written(_holes[i]);
        }

        private void Written(Value value)
        {
            if (value is not ExprValue { Expr: { } e } || !MayHold(e.Type)) return;
            foreach (Variable holder in Aliases.Holders(e))
                if (!_writes.Contains(holder)) _writes.Add(holder);
        }

        // what varies may hide in objects and delegates as well, and in lists of them
        private static bool MayHold(IrType type) => type switch
        {
            PlainType plain => plain.MayBeShared,
            Ir.ArrayType or SpanType or ListType => true, // whatever is in it: a later statement may read it
            StructType whole => whole.Fields.Any(f => MayHold(f.Type)),
            _ => type is { IsReference: true, CarriesDerivative: true },
        };

        private void Hole(Value value)
        {
            // a value that needed statements must not overtake the holes before it
            if (lowerer._out.Count > _mark)
            {
                int mark = _mark;
                for (int i = 0; i < _holes.Count; i++) _holes[i] = lowerer.Protect(_holes[i], ref mark);
            }
            _mark = lowerer._out.Count;
            _pieces.Add(_text.ToString());
            _text.Clear();
            _holes.Add(value);
            _written.Add(_at);
        }

        private void Hole(IOperation o)
        {
            if (IsOfRooms(o) && !IsAskedWhich(o.Syntax)) throw Unsupported("an object that leaves the method", "pass its numbers", o.Syntax);
            Value value = Ahead(o, () => lowerer.Lower(o));
            if (value is ExprValue { Expr.Type: Ir.ArrayType or ListType } && IsReplaced(o.Type)) throw Unsupported("a view or immutable array that leaves the method", "use an array", o.Syntax);
            Hole(value);
        }

        // what is computed ahead of the fragment is computed always
        private Value Ahead(IOperation o, Func<Value> lower)
        {
            int before = lowerer._out.Count;
            Value value = lower();
            if (lowerer._out.Count > before && IsAskedSometimes(o.Syntax) && lowerer._out.Skip(before).Any(s => s is not Declare { Initial: not Opaque { Purity: Purity.Effects } }))
                throw Unsupported("a call that is not always made, inside of code that is carried as it is", "write the choice as an if statement", o.Syntax);
            return value;
        }

        public void Write(SyntaxNode node)
        {
            Session.Token.ThrowIfCancellationRequested();
            _at = node;
            if (WriteHidden(node)) return;
            if (Spoken(node) is { } text)
            {
                Hole(text);
                return;
            }
            switch (node)
            {
                // emitted code is not unsafe
                case PointerTypeSyntax or FunctionPointerTypeSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression or (int)SyntaxKind.PointerIndirectionExpression }:
                    throw Unsupported("a pointer", "use an array or span", node);
                case TypeSyntax type when _model.GetSymbolInfo(type, Session.Token).Symbol is ITypeSymbol symbol && !type.IsVar: Type(symbol, node); return;
                case InvocationExpressionSyntax stop when node != root && _inner.Count == 0 && _model.GetOperation(stop, Session.Token) is IInvocationOperation
                    { TargetMethod: { Name: "Stop", ContainingType: { Name: "Derivative", ContainingNamespace: { Name: "DiffGen", ContainingNamespace.IsGlobalNamespace: true } } } } stopped:
                    Hole(stopped);
                    return;
                case ExpressionSyntax part when node != root && _inner.Count == 0 && AskedOfCollection(part) is { } asked:
                    Hole(asked);
                    return;
                case ExpressionSyntax asked when node != root && _inner.Count == 0 && IsAskedWhich(asked) && IsOfRooms(_model.GetTypeInfo(asked, Session.Token).Type) && _model.GetOperation(asked, Session.Token) is { } one:
                    Hole(one);
                    return;
                case InvocationExpressionSyntax call when WriteCall(call): return;
                case MemberAccessExpressionSyntax access when WriteAccess(access): return;
                case SimpleNameSyntax name when WriteName(name): return;
                case ThisExpressionSyntax:
                    This(node);
                    Trailing(node);
                    return;
                case BaseExpressionSyntax: throw Unsupported("a call of base here", "call it apart", node);
                case BaseObjectCreationExpressionSyntax creation when WriteConstruction(creation): return;
                case ImplicitObjectCreationExpressionSyntax creation when _model.GetTypeInfo(creation, Session.Token).Type is { } made:
                    _text.Append("new ").Append(Carried(lowerer.Actual(made), creation));
                    Write(creation.ArgumentList);
                    if (creation.Initializer is not null) Write(creation.Initializer);
                    return;
                case AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: not (int)SyntaxKind.SuppressNullableWarningExpression } or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }
                    when node != root && !IsInside(node):
                    if (_model.GetOperation(node, Session.Token) is { } effect and not IMemberInitializerOperation && !IsInitialiser(node))
                    {
                        Hole(effect);
                        return;
                    }
                    break;
                case ArgumentSyntax argument when !argument.RefKindKeyword.IsKind(SyntaxKind.None): WriteReference(argument); return;
                case ArgumentSyntax { Expression: var given } when !IsInside(node) && WriteCounted(given): return;
                case DeclarationExpressionSyntax declaration when declaration.Designation is SingleVariableDesignationSyntax && !IsInside(node): throw Unsupported("a variable declared here", "declare it before", node);
                case SingleVariableDesignationSyntax single when !IsInside(node):
                    if (_model.GetDeclaredSymbol(single, Session.Token) is ILocalSymbol) throw Unsupported("a variable declared inside this expression", "declare it before", node);
                    break;
                case InterpolationSyntax interpolation:
                    // a raw text says by its dollars how many braces there are
                    _text.Append(interpolation.OpenBraceToken.Text).Append('(');
                    Write(interpolation.Expression);
                    _text.Append(')');
                    if (interpolation.AlignmentClause is not null) _text.Append(interpolation.AlignmentClause.ToFullString());
                    if (interpolation.FormatClause is not null) _text.Append(interpolation.FormatClause.ToFullString());
                    _text.Append(interpolation.CloseBraceToken.Text);
                    return;
                case LambdaExpressionSyntax or AnonymousMethodExpressionSyntax: Lambda((AnonymousFunctionExpressionSyntax)node); return;
                // `field`, of a property whose accessor is lowered elsewhere
                case ExpressionSyntax stored when stored.Span.Length == 5 && stored.ToString() == "field" && _model.GetOperation(stored, Session.Token) is IFieldReferenceOperation { Field: { IsImplicitlyDeclared: true, AssociatedSymbol: IPropertySymbol property } }:
                    throw new Refused(DiagnosticIds.NotAccessible, property.Name, property.ContainingType.Name) { Node = node };
                case AwaitExpressionSyntax: throw Unsupported("await", "use a synchronous method", node);
                case QueryExpressionSyntax: throw Unsupported("this query", "use a loop", node);
            }
            if (node is ExpressionSyntax && node != root && _model.GetOperation(node, Session.Token) is { ConstantValue.HasValue: true, Type: { } } constant and (ILocalReferenceOperation or IFieldReferenceOperation)
                && lowerer.ConstantOf(constant) is Constant c)
            {
                _text.Append(c.Text);
                return;
            }
            Children(node);
        }

        private void Children(SyntaxNode node)
        {
            foreach (SyntaxNodeOrToken child in node.ChildNodesAndTokens())
            {
                if (child.AsNode() is { } inner) Write(inner);
                else Token(child.AsToken());
            }
        }

        private bool IsInside(SyntaxNode node)
        {
            for (SyntaxNode? n = node.Parent; n is not null && n != root.Parent; n = n.Parent)
                if (n is AnonymousFunctionExpressionSyntax) return true;
            return false;
        }

        /// <summary>Whether a part of the fragment is only evaluated where a condition in it says so.</summary>
        private bool IsAskedSometimes(SyntaxNode node)
        {
            for (SyntaxNode n = node; n != root && n.Parent is { } parent; n = parent)
                switch (parent)
                {
                    case ConditionalExpressionSyntax choice when n != choice.Condition:
                    case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression or (int)SyntaxKind.CoalesceExpression } binary when n == binary.Right:
                    case SwitchExpressionArmSyntax or ConditionalAccessExpressionSyntax { WhenNotNull: { } } when parent is not ConditionalAccessExpressionSyntax access || n == access.WhenNotNull:
                        return true;
                }
            return false;
        }

        private static bool IsInitialiser(SyntaxNode node) => node.Parent is InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression or (int)SyntaxKind.WithInitializerExpression };

        private void This(SyntaxNode node)
        {
            Value self = (lowerer._frame.FindThis() ?? throw Unsupported("this", "use a static method", node)).Load();
            Hole(self is ExprValue or CompositeValue ? self : throw Unsupported("an object that leaves the method", "pass its numbers", node));
        }

        private Value Carried(Value value, SyntaxNode node) => value switch
        {
            ObjectValue => throw Unsupported("an object that leaves the method", "pass its numbers", node),
            _ when IsOfRooms(_model.GetTypeInfo(node, Session.Token).Type) && !IsAskedWhich(node) => throw Unsupported("an object that leaves the method", "pass its numbers", node),
            FunctionValue => throw new Refused(DiagnosticIds.UnknownTarget, node.ToString()) { Node = node },
            ExprValue { Expr.Type: Ir.ArrayType or ListType } when IsReplaced(_model.GetTypeInfo(node, Session.Token).Type) => throw Unsupported("a view or immutable array that leaves the method", "use an array", node),
            SequenceValue s => lowerer.ToArray(s),
            // a list by an interface that a pattern has found to be an array
            ExprValue { Expr: { Type: ListType } list } when _model.GetTypeInfo(node, Session.Token).Type is IArrayTypeSymbol array =>
                new ExprValue(new Opaque([$"(({TypeMap.Spell(lowerer.Actual(array))})", ")"], [list], lowerer.TypeOf(array), Purity.Pure)),
            _ => value,
        };

        private void WriteReference(ArgumentSyntax argument)
        {
            string keyword = argument.RefKindKeyword.Text;
            if (argument.NameColon is not null) _text.Append(argument.NameColon.Name.Identifier.Text).Append(": ");
            if (keyword == "in") { Write(argument.Expression); return; }
            HasEffects = true;
            _text.Append(keyword).Append(' ');
            IOperation? operation = _model.GetOperation(argument.Expression, Session.Token);
            if (argument.Expression is DeclarationExpressionSyntax { Designation: DiscardDesignationSyntax } || operation is IDiscardOperation || operation is null)
            {
                if (argument.Expression is IdentifierNameSyntax or DeclarationExpressionSyntax { Type: { IsVar: true } }) _text.Append('_');
                else Children(argument.Expression);
                return;
            }
            // a struct of constants that is declared here stays whole
            if (keyword == "out" && operation is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var whole } } && lowerer.Actual(whole.Type) is var type && lowerer.IsSplit(type) && !lowerer.TypeOf(type).CarriesDerivative && Session.IsAccessible(type))
            {
                Variable given = lowerer.Local(whole.Name, new PlainType(TypeMap.Spell(type), PlainKind.Other));
                lowerer.Emit(new Declare(given, null));
                lowerer._frame.Bind(whole, new ExprPlace(new Read(given)));
            }
            Place place = operation is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var bound } } && lowerer._frame.Find(bound) is ExprPlace { Target: Read { Variable.Type: PlainType { Kind: PlainKind.Other } } } ready ? ready : lowerer.PlaceOf(operation);
            if (place is not ExprPlace { Target: var target }) throw Unsupported("a reference to this", "pass a local number", argument);
            if (target.Root() is { } root) _writes.Add(root);
            if (keyword == "out" && target is Read { Variable: var filled }) _fills.Add(filled);
            else if (target.Type.CarriesDerivative && Innermost(target) is { } outside) Stored = FieldName(outside);
            Hole(new ExprValue(target));
        }

        /// <summary>A lambda that is passed to code that is not known: its own names are renamed, what it captures becomes holes.</summary>
        private void Lambda(AnonymousFunctionExpressionSyntax lambda)
        {
            foreach (SyntaxNode node in lambda.DescendantNodes())
            {
                if (node is ParameterSyntax or VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax or CatchDeclarationSyntax or LocalFunctionStatementSyntax or QueryClauseSyntax
                    && _model.GetDeclaredSymbol(node, Session.Token) is { } declared && declared.Name.Length > 0 && declared.Name != "_")
                    _inner[declared] = Lowering.Session.Escape(Session.Names.Fresh(declared.Name));
            }
            foreach (SyntaxNode node in lambda.DescendantNodes())
                if (node is ExpressionSyntax assigned and (AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax))
                {
                    ExpressionSyntax target = assigned switch { AssignmentExpressionSyntax a => a.Left, PostfixUnaryExpressionSyntax p => p.Operand, PrefixUnaryExpressionSyntax p => p.Operand, _ => assigned };
                    // y[i] = … and p.X = … write what they are reached through
                    while (target is ElementAccessExpressionSyntax or MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax)
                        target = target switch { ElementAccessExpressionSyntax e => e.Expression, MemberAccessExpressionSyntax m => m.Expression, ParenthesizedExpressionSyntax p => p.Expression, _ => target };
                    if (_model.GetSymbolInfo(target, Session.Token).Symbol is { } symbol && symbol is ILocalSymbol or IParameterSymbol && !_inner.ContainsKey(symbol) && lowerer._frame.Find(symbol) is ExprPlace { Target: { } place } && place.Root() is { } root)
                    {
                        _writes.Add(root);
                        HasEffects = true;
                    }
                }
            Children(lambda);
        }
    }
}
