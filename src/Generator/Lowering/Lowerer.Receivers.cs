using System.Collections.Immutable;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>What a method is called on: the struct itself or the copy that C# makes, the box of an interface or delegate; and whether two names are of one object.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Whether a method of a struct is run on the variable that it is called on: where nothing may change that variable, C# runs it on a copy.</summary>
    private bool WorksOn(IOperation receiver, IMethodSymbol method)
    {
        if (receiver.Type is null || !Actual(receiver.Type).IsValueType) return false;
        if (!IsPlace(receiver))
        {
            RefuseUnseen(receiver, method);
            return false;
        }
        method = InStruct(method, receiver);
        if (!HasSource(method) || method.IsReadOnly || method.ContainingType.IsReadOnly) return false;
        return !IsReadOnlyPlace(receiver) || !ChangesItself(method.OriginalDefinition);
    }

    /// <summary>Whether arguments may change the struct variable that a method is called on: it sees what the variable is by then.</summary>
    private bool IsChangedBy(ImmutableArray<IArgumentOperation> arguments, IOperation receiver) => receiver.Type is not null && Actual(receiver.Type) is { IsValueType: true } type && IsSplit(type) && IsPlace(receiver) && !IsReadOnlyPlace(receiver)
        && arguments.Any(a => a.Parameter is { RefKind: RefKind.None or RefKind.In } && a.Value.DescendantsAndSelf().Any(d => d is IAssignmentOperation or IIncrementOrDecrementOperation or IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out }));

    /// <summary>A struct in a static, or behind a choice of references, cannot be changed by its own methods here.</summary>
    private void RefuseUnseen(IOperation receiver, IMethodSymbol method)
    {
        IOperation root = receiver;
        while (root is IParenthesizedOperation or IFieldReferenceOperation { Instance.Type.IsValueType: true }) root = root is IParenthesizedOperation p ? p.Operand : ((IFieldReferenceOperation)root).Instance!;
        bool isStatic = root is IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: false } };
        if (!isStatic && root is not IConditionalOperation { IsRef: true }) return;
        method = InStruct(method, receiver);
        if (!HasSource(method) || !ChangesItself(method.OriginalDefinition)) return;
        if (isStatic) throw new Refused(DiagnosticIds.StateWritten, receiver.Syntax.ToString()) { Node = receiver.Syntax };
        throw Unsupported("a method that changes one of two structs", "use a conditional statement", receiver.Syntax);
    }

    private bool IsReadOnlyPlace(IOperation o) => o switch
    {
        ILocalReferenceOperation { Local.RefKind: RefKind.RefReadOnly } or IParameterReferenceOperation { Parameter.RefKind: RefKind.In or RefKind.RefReadOnlyParameter } => true,
        IInstanceReferenceOperation => _frame.Method is { ContainingType.IsValueType: true } own && (own.IsReadOnly || own.ContainingType.IsReadOnly && own.MethodKind != MethodKind.Constructor && !own.IsInitOnly),
        IFieldReferenceOperation { Field: { } field, Instance: { } owner } =>
            field.IsReadOnly && !(owner is IInstanceReferenceOperation && Initialises(_frame.Method, field)) || owner.Type!.IsValueType && IsReadOnlyPlace(owner),
        IParenthesizedOperation p => IsReadOnlyPlace(p.Operand),
        _ => false,
    };

    // constructors and init accessors of the field's own class may change it
    private static bool Initialises(IMethodSymbol method, IFieldSymbol field) =>
        (method.MethodKind == MethodKind.Constructor || method.IsInitOnly) && SymbolEqualityComparer.Default.Equals(method.ContainingType.OriginalDefinition, field.ContainingType.OriginalDefinition);

    private static bool IsPlace(IOperation o) => o switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation => true,
        IFieldReferenceOperation { Field.IsStatic: false, Instance: { } owner } => owner.Type!.IsReferenceType || IsPlace(owner),
        IArrayElementReferenceOperation => true,
        IPropertyReferenceOperation { Property.ReturnsByRef: true } or IInvocationOperation { TargetMethod.ReturnsByRef: true } => true,
        IParenthesizedOperation p => IsPlace(p.Operand),
        _ => false,
    };

    /// <summary>A copy of a struct, where it goes by an interface from now on; other values as they are.</summary>
    private Value ByInterface(Value value, ITypeSymbol type) =>
        Actual(type) is { TypeKind: TypeKind.Interface } name && value is CompositeValue { Type.IsValueType: true } copied && copied.Map(e => Saved(e, "boxed")) is CompositeValue own ? Box(own, !name.DeclaringSyntaxReferences.IsEmpty) : value;

    /// <summary>A struct behind an interface or a delegate: where it can change, everybody who is given it has the same one.</summary>
    private Value Box(CompositeValue value, bool isOneOfSeveral = false)
    {
        if (value.Type is not INamedTypeSymbol { IsValueType: true, DeclaringSyntaxReferences.IsEmpty: false } type
            || !isOneOfSeveral && (type.IsReadOnly || !type.GetMembers().OfType<IMethodSymbol>().Any(m => !m.IsStatic && HasSource(m) && ChangesItself(m.Definition())))) return value;
        var box = new CompositePlace(type) { IsObject = true };
        foreach (KeyValuePair<string, Value> field in value.Fields) box.Add(field.Key, NewPlace(Join(char.ToLowerInvariant(type.Name[0]) + type.Name.Substring(1), field.Key), FieldType(type, field.Key), field.Value));
        _boxes.Add(box);
        return new ObjectValue(box);
    }

    /// <summary>A struct's method whose body the interface has runs on one copy, in a box.</summary>
    private Place? BoxedFor(Place? self) => self is CompositePlace own && _boxOf.TryGetValue(own, out CompositePlace? known) ? known :
        self is CompositePlace { IsObject: false } or BoundPlace { Value: CompositeValue } && self.Load() is CompositeValue { Type.IsValueType: true } value
            && Box((CompositeValue)value.Map(e => Saved(e, "boxed")), isOneOfSeveral: true) is ObjectValue { Fields: var box } ? box : self;

    private readonly HashSet<CompositePlace> _boxes = [];

    // a box keeps what variables hold now; whatever is not known to be made for it may be made of them
    private bool IsSteady(IOperation o) => o switch
    {
        ILocalReferenceOperation local => !_frame.IsWritten(local.Local),
        IParameterReferenceOperation parameter => !_frame.IsWritten(parameter.Parameter),
        IConversionOperation c => IsSteady(c.Operand),
        _ => o is IObjectCreationOperation or IDefaultValueOperation,
    };

    /// <summary>The struct in a box, as the variable that it is to its own methods.</summary>
    private CompositePlace Unboxed(CompositePlace box)
    {
        var own = new CompositePlace(box.Type);
        foreach (KeyValuePair<string, Place> field in box.Fields) own.Add(field.Key, field.Value);
        _boxOf[own] = box;
        return own;
    }

    private readonly Dictionary<CompositePlace, CompositePlace> _boxOf = [];

    /// <summary>Whether two names are of one object, or of none, where that is known while lowering; null where it is not.</summary>
    private Value? KnownIdentity(IInvocationOperation o, bool byReference)
    {
        IOperation[] sides = [.. o.Given().Select(a => Unconverted(a.Value))];
        if (sides.Any(s => s is not (ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation or { ConstantValue: { HasValue: true, Value: null } }))) return null;
        Value left = Lower(sides[0]), right = Lower(sides[1]);
        bool noLeft = IsNone(sides[0], left), noRight = IsNone(sides[1], right);
        if (noLeft || noRight) return noLeft && noRight ? new ExprValue(True) : IsMadeHere(noLeft ? right : left) ? new ExprValue(False) : null;
        if (left is not ObjectValue { Fields: var one } || right is not ObjectValue { Fields: var other }) return null;
        if (ReferenceEquals(one, other)) return new ExprValue(True);
        return byReference && IsMadeHere(left) && IsMadeHere(right) && !one.IsReplaced && !other.IsReplaced ? new ExprValue(False) : null;

        static bool IsNone(IOperation side, Value value) => side.ConstantValue is { HasValue: true, Value: null } || value is ExprValue { Expr: { } e } && IsNull(e);    }

    private static bool IsMadeHere(Value value) => value is ObjectValue { Fields: { Number: null, Origin: null, IsHeld: false, IsLikeness: false } };
}
