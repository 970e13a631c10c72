using System.Collections.Immutable;
using System.Globalization;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Expressions: the dispatch, constants, references, choices.</summary>
internal sealed partial class Lowerer
{
    private int _depth;

    /// <summary>Lowers an expression; what is not understood is carried verbatim.</summary>
    private Value Lower(IOperation o, bool discard = false)
    {
        if (++_depth > 1000) TooDeep(o.Syntax);
        if (_depth % 16 == 0) EnoughStack(o.Syntax);
        session.CountExpression();
        int mark = _out.Count;
        _lowering.Push((o, _out, mark));
        try
        {
            if (o.ConstantValue is { HasValue: true } && o.Type is not null && ConstantOf(o) is { } constant) return new ExprValue(constant);
            if (_settled.TryGetValue(o, out Value? settled)) return settled;
            Refused refused;
            try { return LowerNode(o, discard); }
            catch (Refused r) when (r.Id != DiagnosticIds.TooComplex && CanCarry(o)) { refused = r; }
            // not inside of the handler, whose frames would stay on the stack
            if (_out.Count > mark) _out.RemoveRange(mark, _out.Count - mark);
            if (o is IInvocationOperation call && IsGivenNoNumbers(call)) return Operand(CallOpaque(call.TargetMethod, null, ArgumentsOf(call.Given()), o.Syntax), Wish(o));
            try { return LowerVerbatim(o, new Refusal(refused.Id, refused.Arguments, Session.SiteOf(refused.Node ?? o.Syntax))); }
            // a local function or private method cannot be called from outside: why it is not understood says more
            catch (Refused r) when (refused.Id == DiagnosticIds.UnknownTarget || r.Id is DiagnosticIds.UnknownTarget or DiagnosticIds.NotAccessible) { }
            throw refused;
        }
        finally
        {
            _lowering.Pop();
            _depth--;
        }
    }

    /// <summary>Named arguments are evaluated as they are written, whatever the order of the parameters is.</summary>
    private Value InWrittenOrder(IOperation o, ImmutableArray<IArgumentOperation> arguments, Func<Value> lower)
    {
        if (ArgumentOrder.IsInOrder(arguments) || !arguments.Any(a => a.Value.DescendantsAndSelf().Any(d => d is IAssignmentOperation or IIncrementOrDecrementOperation or IInvocationOperation))) return lower();
        IOperation[] values = [.. arguments.Where(a => a.Parameter is not { RefKind: RefKind.Ref or RefKind.Out }).Select(a => Unconverted(a.Value)).Where(v => v is not (IDelegateCreationOperation or IAnonymousFunctionOperation or IMethodReferenceOperation) && !v.ConstantValue.HasValue)];
        Value[] now = Operands(values);
        Dictionary<IOperation, Value> before = _settled;
        _settled = new(before);
        for (int i = 0; i < values.Length; i++) _settled[values[i]] = now[i];
        _lowering.Push((o, _out, _out.Count));
        try { return lower(); }
        finally
        {
            _lowering.Pop();
            _settled = before;
        }
    }

    /// <summary>What is being lowered, and from where on in which list: what was begun is taken back when it is carried verbatim after all.</summary>
    private readonly Stack<(IOperation Operation, List<Stmt> Into, int From)> _lowering = new();

    private void TakeBack(IOperation o)
    {
        if (_lowering.Count == 0) return;
        (IOperation operation, List<Stmt> into, int from) = _lowering.Peek();
        if (ReferenceEquals(operation, o) && ReferenceEquals(into, _out) && _out.Count > from) _out.RemoveRange(from, _out.Count - from);
    }

    private static void TooDeep(SyntaxNode node) => throw new Refused(DiagnosticIds.TooComplex, "an expression or a chain of calls of this depth") { Node = node };

    private static void EnoughStack(SyntaxNode node)
    {
        try { System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack(); }
        catch (InsufficientExecutionStackException) { TooDeep(node); }
    }

    private Value LowerNode(IOperation o, bool discard)
    {
        switch (o)
        {
            case ILocalReferenceOperation local: return Reference(local.Local, o);
            case IParameterReferenceOperation parameter: return Reference(parameter.Parameter, o);
            case IParenthesizedOperation p: return Lower(p.Operand, discard);
            case IInstanceReferenceOperation self: return This(self);
            case IFieldReferenceOperation field: return Field(field);
            case IPropertyReferenceOperation property: return InWrittenOrder(o, property.Arguments, () => Property(property));
            case IEventReferenceOperation { Instance: { } source } when Lower(source) is ObjectValue { Fields: { Origin: null, IsHeld: false } }:
                // nobody has subscribed to an object that is made here
                return new ExprValue(new Constant(session.Types.Map(Actual(o.Type!)), "null", null));
            case IArrayElementReferenceOperation element: return ArrayElement(element);
            case IImplicitIndexerReferenceOperation indexer: return ImplicitIndexer(indexer);
            case IInlineArrayAccessOperation: return LowerVerbatim(o);
            case IUnaryOperation unary: return UnaryOf(unary);
            case IBinaryOperation binary: return BinaryOf(binary);
            case ITupleBinaryOperation tuple: return TupleComparison(tuple);
            case IConversionOperation conversion: return Conversion(conversion);
            case ISimpleAssignmentOperation assignment: return Assignment(assignment, discard);
            case ICompoundAssignmentOperation compound: return Compound(compound, discard);
            case ICoalesceAssignmentOperation coalesce: return CoalesceAssignment(coalesce);
            case IIncrementOrDecrementOperation step: return Step(step, !discard);
            case IDeconstructionAssignmentOperation d: return Deconstruct(d.Target, () => Opened(Lower(d.Value), d.Value) is var given && !discard && given is CompositeValue ? given.Map(e => e is Constant ? e : Saved(e, "t")) : given, d.Syntax);
            case IConditionalOperation choice: return Choice(choice);
            case ICoalesceOperation coalesce: return Coalesce(coalesce);
            case IConditionalAccessOperation access: return ConditionalAccess(access);
            case IConditionalAccessInstanceOperation: return _accessed.Count > 0 ? _accessed.Peek() : throw Unsupported("a member behind ?. here", "test for null before", o.Syntax);
            case IInvocationOperation call: return InWrittenOrder(o, call.Arguments, () => Invocation(call));
            case IObjectCreationOperation creation: return InWrittenOrder(o, creation.Arguments, () => Creation(creation));
            case ITypeParameterObjectCreationOperation made: return Creation(made);
            case IArrayCreationOperation array: return ArrayCreation(array);
            case ICollectionExpressionOperation collection: return Collection(collection);
            case IAnonymousFunctionOperation lambda: return new FunctionValue(lambda.Symbol, lambda, OfIteration(_frame, lambda), null);
            case IDelegateCreationOperation creation: return Delegate(creation);
            case IMethodReferenceOperation group: return MethodGroup(group);
            case ITupleOperation tuple: return Tuple(tuple);
            case IAnonymousObjectCreationOperation anonymous: return Anonymous(anonymous);
            case IWithOperation with: return With(with);
            case IDefaultValueOperation d: return Default(o.Type!);
            case IIsPatternOperation pattern: return IsPattern(pattern);
            case IIsTypeOperation test when IsInRoom(test.ValueOperand.Type):
                {
                    Expr holds = IsOf(Actual(test.ValueOperand.Type!), Named(ExprOf(Lower(test.ValueOperand)), "asked"), Actual(test.TypeOperand));
                    return new ExprValue(test.IsNegated ? Negate(holds) : holds);
                }
            case IIsTypeOperation test when session.Sequences.Count > 0 && IsSequenceType(test.ValueOperand.Type!) && Lower(test.ValueOperand) is ExprValue { Expr: var asked } && IsGivenAs(asked, Actual(test.TypeOperand)) is { } given:
                return new ExprValue(test.IsNegated ? Not(given) : given);
            case IIsTypeOperation: return LowerVerbatim(o);
            case ISwitchExpressionOperation choice: return SwitchExpression(choice);
            case IThrowOperation t: Throw(t); return Unreachable(o);
            case ITranslatedQueryOperation query: return Lower(query.Operation);
            case IDeclarationExpressionOperation d: return Lower(d.Expression);
            case IDiscardOperation: return VoidValue.Instance;
            case IRangeOperation range: return Range(range);
            case IAddressOfOperation: throw Unsupported("a pointer", "use an array or span", o.Syntax);
            case IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicIndexerAccessOperation or IDynamicObjectCreationOperation:
                return LowerVerbatim(o, Lost(DiagnosticIds.LostInType, o.Syntax, "dynamic"));
            default:
                if (o.Kind == OperationKind.Invalid) throw Unsupported("code that does not compile", "mend the error first", o.Syntax);
                if (o.Kind == OperationKind.None && o.Syntax.IsKind(SyntaxKind.StackAllocArrayCreationExpression)
                    || o.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.StackAllocArrayCreationExpressionSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.ImplicitStackAllocArrayCreationExpressionSyntax)
                    return StackAlloc(o, null);
                return LowerVerbatim(o);
        }
    }

    /// <summary>The value that follows a throw: never computed.</summary>
    private Value Unreachable(IOperation o) => o.Type is null ? VoidValue.Instance : Default(o.Type);

    // ---- values to expressions

    /// <summary>The value as one expression of the Ir; a struct is put together again.</summary>
    private Expr ExprOf(Value value) => value switch
    {
        ExprValue e => e.Expr,
        CompositeValue c => Rebuild(c),
        IndexValue { FromEnd: false } i => i.Offset,
        ObjectValue { Fields.Number: { } number } => number,
        ObjectValue { Fields: var items } when TypeMap.IsClassTuple(items.Type) => TupleObject(items),
        ObjectValue => throw Unsupported("an object that leaves the method", "pass numbers, arrays or structs"),
        FunctionValue or ChoiceValue or TableValue => throw new Refused(DiagnosticIds.UnknownTarget, "a delegate or object that leaves the method"),
        SequenceValue s => ExprOf(ToArray(s)),
        UnreachableValue unreachable => throw unreachable.Why,
        _ => throw Unsupported("a value of this kind", "write it with numbers, arrays or structs"),
    };

    // nobody can tell it from the one that was made: its items never change
    private Opaque TupleObject(CompositePlace items)
    {
        Expr[] parts = [.. items.Fields.Select(f => ExprOf(f.Value.Load()))];
        string type = TypeMap.Spell(items.Type);
        string[] pieces = [$"new {type}(", .. Enumerable.Repeat(", ", parts.Length - 1), ")"];
        return new Opaque(new(pieces), new(parts), new PlainType(type, PlainKind.Other), Purity.Pure, default,
            _statement is null ? null : Lost(DiagnosticIds.LostInType, _statement, "Tuple"));
    }

    private static Expr Retype(Expr e, IrType type)
    {
        // references convert by themselves; a constant takes the variable's type
        if (e.Type.Equals(type)) return e;
        if (e is Constant { Text: "null" or "default" } c) return c with { ConstantType = type };
        if (e.Type is Ir.ArrayType array && type is SpanType span) return new Slice(e, null, null, span);
        if (e.Type is SpanType { ReadOnly: false } && type is SpanType { ReadOnly: true } view) return AsView(e, view);
        return e;
    }

    private static Expr AsView(Expr e, SpanType type) => e is Slice s ? s with { SpanType = type } : new Slice(e, null, null, type);

    /// <summary>The zero value of a type.</summary>
    private Value Default(ITypeSymbol type)
    {
        type = Actual(type);
        bool isStruct = type is INamedTypeSymbol { TypeKind: TypeKind.Struct, DeclaringSyntaxReferences.IsEmpty: false };
        (string Key, IParameterSymbol Parameter)[] captured = isStruct ? [.. CapturedBy((INamedTypeSymbol)type)] : [];
        if (IsSplit(type) || captured.Length > 0)
            return new CompositeValue(type, [.. TypeMap.Fields((INamedTypeSymbol)type).Select(f => new KeyValuePair<string, Value>(f.Name, Default(f.Type))), .. captured.Select(c => new KeyValuePair<string, Value>(c.Key, Default(c.Parameter.Type)))]);
        return new ExprValue(Zero(session.Types.Map(type)));
    }

    private static Constant Zero(IrType type) => type switch
    {
        ScalarType { Kind: ScalarKind.Double } => new Constant(type, "0.0", 0),
        ScalarType { Kind: ScalarKind.Single } => new Constant(type, "0f", 0),
        ScalarType { Kind: ScalarKind.Generic } s => new Constant(type, s.Name + ".Zero", 0),
        ScalarType s => new Constant(type, s.Name + ".Zero", 0),
        PlainType { Name: "int" } => new Constant(type, "0", 0),
        PlainType { Kind: PlainKind.Boolean } => new Constant(type, "false", null),
        _ => new Constant(type, $"default({type.CSharp})", null),
    };

    // ---- references

    private Value Reference(ISymbol symbol, IOperation o)
    {
        if (_frame.Find(symbol) is ViewedPlace viewed) return View(viewed, symbol);
        if (_frame.Find(symbol) is { } place) return place is ChosenPlace { IsComplete: true } && place.Load() is ChoiceValue now && !IsAskedHere(o) ? Settled(now) : Loaded(place);
        if (symbol is ILocalSymbol { HasConstantValue: true } c && ConstantOf(c.Type, c.ConstantValue) is { } constant) return new ExprValue(constant);
        if (Captured(symbol) is { } captured) return captured.Load();
        throw Unsupported($"the name {symbol.Name} at this place", "declare it in the method", o.Syntax);
    }

    /// <summary>The value in a place; a struct that stays whole in memory is taken apart.</summary>
    private Value Loaded(Place place)
    {
        Value value = place.Load();
        return value is ExprValue { Expr: { Type: StructType } e } ? Whole(e, null) : value;
    }

    /// <summary>A parameter of a primary constructor, inside a member of the object.</summary>
    private Place? Captured(ISymbol symbol)
    {
        // the receiver of a C# 14 extension block
        if (symbol is IParameterSymbol { ContainingSymbol: INamedTypeSymbol }) return _frame.FindThis();
        if (symbol is not IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } parameter) return null;
        string key = CapturedKey(symbol);
        switch (_frame.FindThis())
        {
            case CompositePlace c: return c[key] ?? c[symbol.Name];
            case BoundPlace { Value: CompositeValue c } when (c[key] ?? c[symbol.Name]) is { } value: return new BoundPlace(value, -1);
            case BoundPlace { Value: ObjectValue o }: return o.Fields[key] ?? o.Fields[symbol.Name];
            case { } outside when outside.Load() is ExprValue { Expr: { } e } && AccessorName(symbol) is { } accessor:
                return new BoundPlace(Whole(new Opaque([accessor + "(", ")"], [e], TypeOf(parameter.Type), Purity.Reads), Actual(parameter.Type)), -1);
            default: throw new Refused(DiagnosticIds.NotAccessible, symbol.Name, constructor.ContainingType.Name);
        }
    }

    private Value This(IInstanceReferenceOperation self)
    {
        if (self.ReferenceKind == InstanceReferenceKind.ImplicitReceiver && _initialised.Count > 0) return _initialised.Peek().Load();
        if (self.ReferenceKind == InstanceReferenceKind.PatternInput && _matched.Count > 0) return _matched.Peek();
        return (_frame.FindThis() ?? throw Unsupported("this", "use a static method", self.Syntax)) is var place ? place is CompositePlace { Number: { } number } ? new ExprValue(number) : Loaded(place) : VoidValue.Instance;
    }

    private readonly Stack<Place> _initialised = new();
    private readonly Stack<Value> _matched = new();
    private readonly Stack<Value> _accessed = new();
}
