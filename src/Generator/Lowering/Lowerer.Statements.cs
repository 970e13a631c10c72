using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Statements: the dispatch, declarations, returns, branches of control that are not loops.</summary>
internal sealed partial class Lowerer
{
    private void Statement(IOperation o)
    {
        if (o is not IBlockOperation) At(o.Syntax);
        switch (o)
        {
            case IBlockOperation block: Sequence(block.Operations, 0); break;
            case IVariableDeclarationGroupOperation group:
                foreach (IVariableDeclarationOperation d in group.Declarations) Declarations(d);
                break;
            case IVariableDeclarationOperation declaration: Declarations(declaration); break;
            case IExpressionStatementOperation e: Discard(e.Operation); break;
            case IConditionalOperation branch: Branch(branch); break;
            case ILoopOperation loop: Loop(loop); break;
            case ISwitchOperation choice: Switch(choice); break;
            case IReturnOperation { Kind: OperationKind.YieldReturn } y: YieldReturn(y); break;
            case IReturnOperation { Kind: OperationKind.YieldBreak }: Leave(_frame.Return.Label!); break;
            case IReturnOperation r: Return(r); break;
            case IBranchOperation jump: Jump(jump); break;
            case IThrowOperation t: Throw(t); break;
            case IEmptyOperation: break;
            case ILocalFunctionOperation f: _frame.Bind(f.Symbol, new BoundPlace(new FunctionValue(f.Symbol, f, _frame, null), -1)); break;
            case ILabeledOperation labelled: LabelledStatement(labelled); break;
            case ITryOperation t: TryStatement(t); break;
            case ILockOperation l: LockStatement(l); break;
            case IUsingOperation u: UsingStatement(u); break;
            case IParenthesizedOperation or IThrowOperation: Discard(o); break;
            default:
                if (o.Kind == OperationKind.None && o.Syntax is FixedStatementSyntax or UnsafeStatementSyntax)
                    throw new Refused(DiagnosticIds.UnsupportedConstruct, "unsafe code", "use arrays or spans") { Node = o.Syntax };
                if (o.Kind is OperationKind.None or OperationKind.Invalid || o.Type is null)
                    throw Unsupported($"this statement ({o.Syntax.Kind().ToString().Replace("Statement", "").ToLowerInvariant()})", "write it with plain assignments, branches and loops", o.Syntax);
                Discard(o);
                break;
        }
    }

    /// <summary>Evaluates for effects: the value is not wanted.</summary>
    private void Discard(IOperation o)
    {
        switch (o)
        {
            case IIncrementOrDecrementOperation step: Step(step, wanted: false); return;
            case IParenthesizedOperation p: Discard(p.Operand); return;
        }
        switch (Lower(o, discard: true))
        {
            // the value of an assignment is what its target now holds
            case ExprValue { Expr: Opaque { Purity: Purity.Reads } } when o is IAssignmentOperation: break;
            case ExprValue { Expr: Opaque { Purity: not Purity.Pure } effect }: Emit(new Evaluate(effect)); break;
            case SequenceValue: break;
        }
    }

    private void Declarations(IVariableDeclarationOperation declaration)
    {
        foreach (IVariableDeclaratorOperation d in declaration.Declarators)
        {
            IOperation? initial = (d.Initializer ?? declaration.Initializer)?.Value;
            if (d.Symbol.IsConst) continue; // constants are folded where they are used
            if (_declaredAhead.Contains(d.Symbol) && _frame.Find(d.Symbol) is { } ahead)
            {
                if (initial is not null) Store(ahead, LowerHeld(initial), initial);
                continue;
            }
            if (d.Symbol.IsRef)
            {
                // a ref local is another name of the place, whose indices are evaluated here
                DeclareReference(d.Symbol, initial ?? throw Unsupported("a ref local without a place", "initialise it", d.Syntax));
                continue;
            }
            if (initial is null) DeclareLocal(d.Symbol, d.Symbol.Type, null);
            else
            {
                Value value = LowerHeld(initial);
                if (NewWindow(d.Symbol, d.Symbol.Type, value, initial) is { } window) _frame.Bind(d.Symbol, window);
                else DeclareLocal(d.Symbol, d.Symbol.Type, value);
            }
        }
    }

    /// <summary>Makes a place for a local and gives it its first value.</summary>
    private Place DeclareLocal(ISymbol symbol, ITypeSymbol type, Value? initial)
    {
        Place place;
        if (initial is ObjectValue { Fields: var box } && _boxes.Contains(box) && Actual(type).IsValueType) initial = Unboxed(box).Load();
        if (AssignedInBranches(symbol) is { } around)
        {
            place = KnownAhead(NewChosen(symbol.Name, around), (ILocalSymbol)symbol, initial);
            if (initial is not null) Store(place, initial, null);
        }
        else place = NewPlace(symbol.Name, type, initial, _frame.IsWritten(symbol));
        _frame.Bind(symbol, place);
        return place;
    }

    /// <summary>A new place of a C# type: a variable, several for what is taken apart, or a name for a value known while lowering.</summary>
    private Place NewPlace(string name, ITypeSymbol type, Value? initial, bool written = true)
    {
        type = Actual(type);
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer) throw Unsupported("a pointer", "use an array or span", _statement);
        // the number of an object can be named whatever its class is
        if (initial is ExprValue or null && !IsSplit(type) && !type.IsAnonymousType && !session.IsAccessible(type) && !session.Types.IsOfRooms(type) && !session.Types.IsStandIn(type))
        {
            ITypeSymbol hidden = type is IArrayTypeSymbol array ? array.ElementType : type;
            throw new Refused(DiagnosticIds.NotAccessible, hidden.Name, hidden.ContainingType?.Name ?? hidden.Name) { Node = _statement };
        }
        switch (initial)
        {
            // other names of a variable that is given other collections
            case CollectionValue collection when written && NewCollectionPlace(name, collection.Type, collection) is { } variable: return variable;
            case CollectionValue collection when OfNow(collection) is var now && now != collection: return new BoundPlace(now, -1);
            case null when written && type is INamedTypeSymbol named && IsModelledCollection(type) && NewCollectionPlace(name, named, null) is { } variable: return variable;
            case ExprValue { Expr: Constant { Text: "null" } } when written && type is INamedTypeSymbol { Name: not "PriorityQueue" } named && IsCarriedByReferences(type): return NewCollectionPlace(name, named, null, isMissing: true)!;
            case IndexValue or RangeValue: return new BoundPlace(SettledPosition(initial), written ? _region : -1);
            case FunctionValue or SequenceValue or ChoiceValue or CollectionValue or ObjectValue or LazyValue:
                {
                    var place = new BoundPlace(Own(initial, written), written ? _region : -1);
                    Hold(place, place.Value!, _frame);
                    return place;
                }
            // a delegate that is still to come: one that calls itself is declared so
            case ExprValue { Expr: Constant { Text: "null" } } when written && type.TypeKind == TypeKind.Delegate: return new BoundPlace(null, _region);
            case ExprValue { Expr: Constant { Text: "null" } } when !written: return new BoundPlace(initial, -1);
            case CompositeValue composite:
                {
                    var place = new CompositePlace(composite.Type);
                    foreach (KeyValuePair<string, Value> field in composite.Fields)
                        place.Add(field.Key, NewPlace(Join(name, FieldLabel(composite.Type, field.Key)), FieldType(composite.Type, field.Key), field.Value, written));
                    return place;
                }
            case ExprValue e when IsSplit(type) && e.Expr.Type is not StructType:
                // an opaque struct value of a type that is taken apart
                return NewPlace(name, type, Split(e.Expr, (INamedTypeSymbol)type), written);
            case ExprValue e when e.Expr.Type is StructType:
                return NewPlace(name, type, Split(e.Expr, (INamedTypeSymbol)type), written);
            case ExprValue e:
                {
                    IrType ir = type.TypeKind == TypeKind.Error ? e.Expr.Type : session.Types.Map(type);
                    // an array that goes by an interface's name is still the array
                    if (e.Expr.Type is Ir.ArrayType or SpanType or ListType && (ir is PlainType or ListType || e.Expr.Type is ListType && ir is Ir.ArrayType)) ir = written && ir is ListType ? ir : e.Expr.Type;
                    if (ir is PlainType && MemoryElement(type) is not null) ir = e.Expr.Type;
                    Expr value = Retype(e.Expr, ir);
                    if (MergeDeclaration(name, ir, value) is { } merged) return new ExprPlace(new Read(merged));
                    Variable variable = Local(name, ir);
                    Emit(new Declare(variable, value));
                    return new ExprPlace(new Read(variable));
                }
            case null when IsSplit(type):
                {
                    var place = new CompositePlace(type);
                    foreach ((string field, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields((INamedTypeSymbol)type))
                        place.Add(field, NewPlace(Join(name, Spelled(member, field).TrimStart('@')), fieldType, null));
                    return place;
                }
            case null when IsBound(type) || IsLocalClass(type):
                return new BoundPlace(null, _region);
            case null:
                {
                    Variable variable = Local(name, MemoryElement(type) is { } m ? new SpanType(TypeOf(m.Element), m.ReadOnly) : session.Types.Map(type));
                    Emit(new Declare(variable, null));
                    return new ExprPlace(new Read(variable));
                }
            default:
                throw Unsupported("a variable of this kind", "write it with numbers, arrays or structs");
        }
    }

    /// <summary>A declaration of what was just put into a temporary takes the temporary's place.</summary>
    private Variable? MergeDeclaration(string name, IrType type, Expr value)
    {
        if (value is not Read { Variable: var temporary } || _out.Count == 0 || _out[_out.Count - 1] is not Declare { Initial: { } initial } last
            || !last.Variable.Equals(temporary) || !type.Equals(temporary.Type) || !IsPassing(temporary)) return null;
        _out.RemoveAt(_out.Count - 1);
        Variable variable = Local(name, type);
        Emit(new Declare(variable, initial));
        return variable;
    }

    private readonly HashSet<Variable> _temporaries = [], _named = [];

    /// <summary>Whether a variable only carries a value to where it is stored: nobody else goes by it.</summary>
    private bool IsPassing(Variable variable) => _temporaries.Contains(variable) && !_named.Contains(variable);

    private static string FieldLabel(ITypeSymbol type, string field)
    {
        field = TypeMap.NameOf(field.Trim('(', ')'));
        if (type is INamedTypeSymbol { IsTupleType: true } tuple && field.StartsWith("Item", StringComparison.Ordinal)
            && int.TryParse(field.Substring(4), out int n) && n <= tuple.TupleElements.Length)
            return tuple.TupleElements[n - 1].Name;
        return field;
    }

    private ITypeSymbol FieldType(ITypeSymbol type, string field)
    {
        if (type is INamedTypeSymbol { IsAnonymousType: true } && type.GetMembers(field).OfType<IPropertySymbol>().FirstOrDefault() is { } member) return member.Type;
        if (type is INamedTypeSymbol { Name: "KeyValuePair", Arity: 2 } pair) return pair.TypeArguments[field == "Key" ? 0 : 1];
        foreach ((string name, ITypeSymbol fieldType, _) in TypeMap.Fields((INamedTypeSymbol)type))
            if (name == field) return fieldType;
        if (CapturedBy((INamedTypeSymbol)type).FirstOrDefault(c => c.Key == field).Parameter is { } captured) return captured.Type;
        throw Unsupported($"the member {field}", "use a field of the type itself");
    }

    // ---- return, break, continue, goto, throw

    private void Return(IReturnOperation r)
    {
        if (r.ReturnedValue is { } given && Unconverted(given) is IThrowOperation thrown)
        {
            Throw(thrown);
            if (_frame.Return.Single) _frame.Return.Direct = Default(_frame.Method.ReturnType); // which nobody sees
            return;
        }
        ReturnTarget target = _frame.Return;
        if (r.ReturnedValue is { } returned && !_frame.Method.ReturnsVoid && !target.IsDropped)
        {
            if (_frame.Method.ReturnsByRef || _frame.Method.ReturnsByRefReadonly) ReturnReference(target, returned);
            else if (target.Single) target.Direct = LowerHeld(returned);
            else if (target.Result is null) target.Result = NewResult(LowerHeld(returned), r.Syntax);
            else Store(target.Result, target.IsSequence ? Returned(Lower(returned), returned) : target.Result is CompositePlace && IsInRoom(returned.Type) ? Opened(Lower(returned), returned) : Lower(returned), null);
        }
        else if (r.ReturnedValue is { } effect)
        {
            Discard(effect);
        }
        if (target.Label is { } label) Leave(label);
    }

    private Place NewResult(Value value, SyntaxNode site)
    {
        if (value is FunctionValue or SequenceValue or ObjectValue or ChoiceValue or CollectionValue) return new BoundPlace(value, -1);
        throw Unsupported("a result of this kind", "return numbers, arrays or structs", site);
    }

    private void Leave(Label label)
    {
        label.Used = true;
        Emit(new Exit(label.Name));
    }

    // how often a goto has been met: what follows one runs only where it was not taken
    private int _gotos;

    private void Jump(IBranchOperation jump)
    {
        if (jump.BranchKind == BranchKind.GoTo) _gotos++;
        if (_frame.Find(jump.Target) is { } label) Leave(label);
        else if (_jumps.TryGetValue(jump.Target, out Action? go)) go();
        else throw Unsupported("this goto", "use loops, break, continue or return", jump.Syntax);
    }

    private void LabelledStatement(ILabeledOperation labelled)
    {
        // a label that is only jumped to from before it is found by Sequence; one that is jumped back to is not supported
        if (labelled.Operation is { } inner) Statement(inner);
    }

    private static IOperation Unconverted(IOperation o) => o is IConversionOperation { IsImplicit: true } c ? Unconverted(c.Operand) : o;

    // ---- if

    private void Branch(IConditionalOperation o)
    {
        if (o.Condition.ConstantValue is { HasValue: true, Value: bool known })
        {
            if (known) Statement(o.WhenTrue);
            else if (o.WhenFalse is not null) Statement(o.WhenFalse);
            return;
        }
        (SyntaxNode? statement, string source, Site site) = (_statement, _source, _site);
        Expr condition = Condition(o.Condition);
        if (condition is Constant { Text: "true" or "false" } constant)
        {
            if (constant.Text == "true") Statement(o.WhenTrue);
            else if (o.WhenFalse is not null) Statement(o.WhenFalse);
            return;
        }
        List<Stmt> then = Holding(condition, () => Into(() => Statement(o.WhenTrue), isBranch: true));
        List<Stmt> otherwise = o.WhenFalse is null ? [] : Into(() => Statement(o.WhenFalse), isBranch: true);
        Emit(new If(condition, BlockOf(then), BlockOf(otherwise)) { Source = source, Site = site });
        (_statement, _source, _site) = (statement, source, site);
    }

    private Expr Condition(IOperation o) => ExprOf(Lower(o));
}
