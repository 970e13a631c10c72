using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Properties and indexers: of the framework by what they mean, of the user by their bodies.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Properties of the framework that give another value at each reading: read once, where the primal reads them.</summary>
    private static bool IsClock(IPropertySymbol property) => property.DeclaringSyntaxReferences.IsEmpty && property.ContainingType?.ContainingNamespace?.ToDisplayString() switch
    {
        "System" => property.ContainingType.Name is "DateTime" or "DateTimeOffset" or "Environment" or "Console" && property.IsStatic,
        "System.Diagnostics" => property.ContainingType.Name is "Stopwatch" or "Process",
        _ => false,
    };

    private Value Property(IPropertyReferenceOperation o)
    {
        IPropertySymbol property = o.Property;
        if (IsClock(property)) return LowerVerbatim(o);
        if (property.IsStatic) return StaticProperty(property, o);
        if (IsComponent(o)) return ComponentOf(o);
        if (o.Instance is not null && !IsModelledCollection(Actual(o.Instance.Type!))) RefuseView(o);
        if (property.Name is "Length" or "IsEmpty" or "Count" && WindowOf(o.Instance) is { } window)
            return new ExprValue(property.Name != "IsEmpty" ? window.Length : new Binary(BinaryOperator.Equal, window.Length, IntConstant(0), PlainType.Bool));
        // a getter that changes its struct, or is given arguments that do, works on the struct itself
        PlaceValue? place = property.GetMethod is { } reads && o.Instance?.Type is { IsValueType: true } && HasSource(reads) && (ChangesItself(reads.OriginalDefinition) || IsChangedBy(o.Arguments, o.Instance)) ? StructPlace(o.Instance) : null;
        Value receiver = place?.Place.Load() ?? ReceiverOf(o.Instance);
        if (receiver is LinkValue link) return link.Value;
        if (PositionProperty(receiver, property.Name) is { } part) return part;
        if (receiver is LazyValue lazy) return LazyProperty(lazy, o);
        if (receiver is CollectionValue collection) return CollectionProperty(property.Name is "Values" or "Keys" ? OfNow(collection) : collection, o) ?? throw Unsupported($"{property.Name} of this", "use a list", o.Syntax);
        if (receiver is ChoiceValue choice && !property.IsIndexer)
            return Distribute(choice, one => (one is ExprValue { Expr: { Type: PlainType } given } ? OpaqueMember(given, property, TypeOf(o.Type!), o) : PropertyOf(one, property, o)) ?? throw Unsupported($"the property {property.Name} of this", "call a method", o.Syntax), Actual(o.Type!));
        if (property.IsIndexer)
        {
            if (receiver is LookupValue lookup) return lookup.Find(Lower(o.Given()[0].Value));
            if (receiver is TableValue table)
            {
                Value[] known = Operands(() => receiver, () => Lower(o.Given()[0].Value));
                return TableElement(table, known[1]);
            }
            if (receiver is SequenceValue { At: { } at } and not DeferredSequence && o.Given() is [{ Value: { Type.SpecialType: SpecialType.System_Int32 } position }]) return at(ExprOf(Lower(position)));
            if (receiver is ExprValue { Expr: { Type: SpanType or ListType or Ir.ArrayType } } && !IsOwnIndexer(property))
            {
                Value[] operands = Operands(() => receiver, () => Lower(o.Given()[0].Value));
                Expr source = ExprOf(operands[0]);
                if (AsRange(operands[1]) is { } range) return new ExprValue(ArrayRange(source, range));
                if (operands[1] is IndexValue { FromEnd: true }) source = Named(source, "items");
                return Whole(new ElementAt(source, [IndexOf(operands[1], source)]), Actual(o.Type!));
            }
        }
        else if (receiver is ObjectValue { Fields: var outside } && property.GetMethod is { } read && !IsBase(o.Instance) && IsDispatched(read, outside))
        {
            return PropertyOf(receiver, property, o)!;
        }
        else if (Current(receiver, property) is { } current)
        {
            return current;
        }
        else if (KnownProperty(receiver, property, o) is { } known)
        {
            return known;
        }
        IMethodSymbol? getter = property.GetMethod is { } asked && !IsBase(o.Instance) ? Override(_frame.Types.Apply(asked), receiver) : property.GetMethod;
        if (receiver is CompositeValue or ObjectValue && !HasBody(getter) && MemberOf(receiver, TypeMap.KeyOf(getter?.AssociatedSymbol ?? property)) is { } member) return member;
        if (getter is null) throw Unsupported($"the property {property.Name}", "give it a getter", o.Syntax);
        // of the base, whatever overrides it: by its name the override would be read
        if (IsBase(o.Instance) && receiver is ExprValue && (property.IsVirtual || property.IsOverride))
            return HasSource(getter) && HasBody(getter) ? InvokeAccessor(getter, o, receiver, [.. Operands([.. o.Given().Select(a => (Func<Value>)(() => Argument(a)))])])
                : throw Unsupported("a property of base that has no getter of its own here", "read it apart", o.Syntax);
        // of an object that is not taken apart, a property that can be named is read by its name
        if (receiver is ExprValue { Expr: { Type: not StructType } e } && !property.IsIndexer && session.IsAccessible(property, e.Type) && (!HasSource(getter) || e.Type is PlainType))
            return OpaqueMember(e, property, TypeOf(o.Type!), o);
        if (HasSource(getter) || property.IsIndexer && IsDecidedLater(getter, receiver))
        {
            Value[] arguments = Operands([() => place ?? receiver, .. o.Given().Select(a => (Func<Value>)(() => Argument(a)))]);
            if (property.IsIndexer && !IsBase(o.Instance) && IsDecidedLater(getter, receiver))
            {
                Value[] given = [.. arguments.Skip(1).Select(v => v.Map(e => Named(e, "at")))];
                return Virtually(getter, arguments[0], (actual, self) => HasSource(actual) ? Inline(actual, self, [], given, o.Syntax) : throw new Refused(DiagnosticIds.UnknownTarget, property.Name) { Node = o.Syntax }, o.Type, o.Instance);
            }
            return InvokeAccessor(getter, o, arguments[0], [.. arguments.Skip(1)]);
        }
        if (receiver is ExprValue { Expr: { } plain } && !property.IsIndexer) return OpaqueMember(plain, property, TypeOf(o.Type!), o);
        return LowerVerbatim(o);
    }

    /// <summary>A property of an object that is taken apart: its storage, or what its getter computes; null where neither is at hand.</summary>
    private Value? PropertyOf(Value receiver, IPropertySymbol property, IPropertyReferenceOperation o, params Value[] arguments)
    {
        if (property.GetMethod is not { } get) return null;
        bool known = true;
        Value value = Virtually(_frame.Types.Apply(get), receiver, (actual, place) =>
        {
            if (!HasBody(actual) && MemberOf(place.Load(), TypeMap.KeyOf(actual.AssociatedSymbol ?? property)) is { } kept) return kept;
            known &= HasSource(actual);
            return known ? Inline(actual, place, [], arguments, o.Syntax) : VoidValue.Instance;
        }, o.Type);
        return known ? value : null;
    }

    private Value StaticProperty(IPropertySymbol property, IPropertyReferenceOperation o)
    {
        IrType type = TypeOf(o.Type!);
        ITypeSymbol owner = Actual(o.ConstrainedToType ?? property.ContainingType);
        if (property.Name == "Radix" && o.ConstrainedToType is not null && session.Types.Map(owner) is ScalarType { Kind: not ScalarKind.Generic } or PlainType { Kind: PlainKind.Integer } && type.Equals(PlainType.Int)) return new ExprValue(IntConstant(2));
        // T.Zero, T.One, T.Pi …: constants of the number type
        if (type is ScalarType scalar && session.Types.Map(owner) is ScalarType && property.DeclaringSyntaxReferences.IsEmpty)
            return new ExprValue(NumberConstant(scalar, property.Name));
        if (type is PlainType { Kind: PlainKind.Integer } && session.Types.Map(owner).Equals(type) && property.Name is "Zero" or "One" or "AdditiveIdentity" or "MultiplicativeIdentity" && o.ConstrainedToType is not null)
            return new ExprValue(type.Equals(PlainType.Int) ? IntConstant(property.Name is "One" or "MultiplicativeIdentity" ? 1 : 0) : new Ir.Convert(IntConstant(property.Name is "One" or "MultiplicativeIdentity" ? 1 : 0), type));
        string named = o.ConstrainedToType is null ? property.Name : property.Name switch { "AdditiveIdentity" => "Zero", "MultiplicativeIdentity" => "One", var same => same };
        if (type is VectorType && property.DeclaringSyntaxReferences.IsEmpty && (o.ConstrainedToType is null || owner.GetMembers(named).Any(m => m is { IsStatic: true, DeclaredAccessibility: Accessibility.Public })))
            return new ExprValue(new Constant(type, $"{TypeMap.Spell(o.ConstrainedToType is null ? property.ContainingType : owner)}.{named}", null));
        IMethodSymbol? getter = property.GetMethod is null ? null : Implementation(property.GetMethod, o.ConstrainedToType);
        bool inRoom = session.Types.IsOfRooms(Actual(o.Type!));
        if ((inRoom || HoldsFunctions(Actual(o.Type!))) && IsAuto(property) && InitialObject(property) is { } made) return made;
        if (getter is not null && HasSource(getter) && (!IsAuto(getter.AssociatedSymbol as IPropertySymbol ?? property) || HasBody(getter))
            && (inRoom || IsSplit(o.Type!) || IsLocalClass(Actual(o.Type!)) || o.Type!.TypeKind == TypeKind.Delegate || !session.IsAccessible(property) || o.ConstrainedToType is not null || type.CarriesDerivative && !type.IsReference))
            return InvokeAccessor(getter, o, VoidValue.Instance, []);
        KeepOutOfRooms(o);
        // what a type gives under an interface's name only cannot be called by its own
        if (o.ConstrainedToType is not null && !owner.GetMembers(property.Name).Any()) throw new Refused(DiagnosticIds.UnknownTarget, property.Name) { Node = o.Syntax };
        string name = session.IsAccessible(property) ? $"{TypeMap.Spell(owner)}.{Session.Escape(property.Name)}" : StaticName(property, o);
        session.FieldReads.Add(FieldName([name]));
        var read = new Opaque([name], [], type, HasEffects(property) ? Purity.Effects : Purity.Reads);
        return Whole(Operand(read, "value").Expr, Actual(o.Type!));
    }

    private static Constant NumberConstant(ScalarType type, string name)
    {
        double? number = name switch
        {
            "Zero" or "AdditiveIdentity" => 0, "One" or "MultiplicativeIdentity" => 1, "NegativeOne" => -1, "E" => Math.E, "Pi" => Math.PI, "Tau" => 2 * Math.PI, _ => null,
        };
        if (number is { } n && type.Kind == ScalarKind.Double && name is not ("E" or "Pi" or "Tau")) return new Constant(type, DoubleText(n), n);
        if (number is { } m && type.Kind == ScalarKind.Single && name is not ("E" or "Pi" or "Tau")) return new Constant(type, FloatText((float)m), m);
        if (type.Kind == ScalarKind.Generic || type.Kind == ScalarKind.Half) return new Constant(type, type.Name + "." + name, number);
        string known = name switch { "AdditiveIdentity" => "0", "MultiplicativeIdentity" => "1", _ => $"{(type.Kind == ScalarKind.Double ? "double" : "float")}.{name}" };
        return new Constant(type, known, number);
    }

    /// <summary>Lengths, counts and views of the framework's own types.</summary>
    private Value? KnownProperty(Value receiver, IPropertySymbol property, IPropertyReferenceOperation o)
    {
        switch (receiver)
        {
            case ExprValue { Expr: var e }:
                switch (e.Type, property.Name)
                {
                    case (Ir.ArrayType { Rank: 1 } or SpanType, "Length"): return new ExprValue(new LengthOf(e));
                    case (Ir.ArrayType, "IsEmpty" or "IsDefaultOrEmpty"): return new ExprValue(new Binary(BinaryOperator.Equal, new LengthOf(e), IntConstant(0), PlainType.Bool));
                    case (Ir.ArrayType, "IsDefault"): return new ExprValue(False);
                    case (Ir.ArrayType, "Length"): return new ExprValue(new LengthOf(e));
                    case (Ir.ArrayType, "LongLength"): return new ExprValue(new Ir.Convert(new LengthOf(e), TypeOf(o.Type!)));
                    case (ListType { IsOwn: true }, _) when !property.DeclaringSyntaxReferences.IsEmpty: return null;
                    case (ListType { IsOwn: true }, "Capacity"): return Capacity(e, o.Syntax);
                    case (ListType or Ir.ArrayType, "Count") or (ListType, "Length"): return new ExprValue(new LengthOf(e));
                    case (Ir.ArrayType a, "Rank"): return new ExprValue(IntConstant(a.Rank));
                    case (SpanType, "Count"): return new ExprValue(new LengthOf(e));
                    case (SpanType, "Span"): return receiver;
                    case (SpanType, "Array" or "Offset") when property.ContainingType.Name == "ArraySegment" && SegmentOf(e) is { } segment:
                        return new ExprValue(property.Name == "Array" ? segment.Source : segment.Start ?? IntConstant(0));
                    case (SpanType, "IsEmpty"): return new ExprValue(new Binary(BinaryOperator.Equal, new LengthOf(e), IntConstant(0), PlainType.Bool));
                    case (Ir.ArrayType array, "Span"): return new ExprValue(new Slice(e, null, null, new SpanType(array.Element, false)));
                    case (VectorType v, _) when v.Members.Contains(property.Name): return new ExprValue(new FieldOf(e, property.Name, v.Component));
                    case (VectorType matrix, _) when PartsOf(matrix, property.Name) is { } parts: return new ExprValue(PartsPlace.Read(Named(e, "of"), (VectorType)TypeOf(o.Type!), parts));
                    case (VectorType, _) when property.DeclaringSyntaxReferences.IsEmpty:
                        return new ExprValue(new Apply($"{property.ContainingType.Name}.{property.Name}", "{0}." + property.Name, [e], TypeOf(o.Type!)));
                    default: return null;
                }
            case CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable:
                return property.Name switch { "HasValue" => nullable["HasValue"], "Value" => NullableValue(nullable), _ => null };
            case GroupValue group when property.Name == "Key": return group.Key;
            case TableValue table when TableProperty(table, property.Name) is { } known: return known;
            case SequenceValue { Count: { } count } when property.Name is "Count" or "Length": return new ExprValue(count());
            case IndexValue index when property.Name == "Value": return new ExprValue(index.Offset);
            default: return null;
        }
    }

    private Place PropertyPlace(IPropertyReferenceOperation o)
    {
        IPropertySymbol property = o.Property;
        if (DictionaryOf(o) is { } map) return new ExprPlace(Entry(map, Lower(o.Given()[0].Value)));
        if (IsComponent(o)) return ComponentPlaceOf(o);
        if (property.IsIndexer && o.Instance is not null)
        {
            if (property.ReturnsByRef || property.ReturnsByRefReadonly || TypeOf(o.Instance.Type!) is ListType && !IsOwnIndexer(property) || IsImmutableBuilder(Actual(o.Instance.Type!)) || MemoryElement(o.Instance.Type!) is not null)
            {
                Value[] operands = Operands([() => ReceiverOf(o.Instance), .. o.Given().Select(a => (Func<Value>)(() => Lower(a.Value)))]);
                if (operands[0] is TableValue table && IsHere(table.Region) && operands[1] is ExprValue { Expr: Constant { Number: { } n } } && n >= 0 && n < table.Elements.Count) return new TablePlace(table, (int)n);
                if (operands[0] is ExprValue { Expr: Read { Variable: var given } } && session.Sequences.ContainsKey(given) && o.Instance.Type is { TypeKind: not TypeKind.Array })
                    throw Unsupported("an element of the caller's list that is written", "copy the list, or take an array", o.Syntax);
                if (operands[0] is ExprValue { Expr: { Type: SpanType or ListType or Ir.ArrayType } source })
                    return new ExprPlace(new ElementAt(source, [IndexOf(operands[1], source)]));
                if (HasSource(property.GetMethod!) && property.ReturnsByRef)
                {
                    Value[] arguments = [.. operands.Skip(1)];
                    return ReferenceOf(property.GetMethod!, o.Instance, o.Instance.Type!.IsReferenceType ? operands[0] : null, o.Given(), arguments, o.Syntax);
                }
            }
            Value[] keys = Operands([() => ReceiverOf(o.Instance), .. o.Given().Select(a => (Func<Value>)(() => Lower(a.Value)))]);
            if (keys[0] is not ExprValue { Expr: { Type: PlainType { Kind: PlainKind.Other } } }) throw Unsupported("this indexer as a place", "use an array", o.Syntax);
            string[] pieces = ["", "[", .. Enumerable.Repeat(", ", keys.Length - 2), "]"];
            return new ExprPlace(new Opaque(new(pieces), [.. keys.Select(ExprOf)], TypeOf(o.Type!), Purity.Reads, default, Lost(DiagnosticIds.LostInType, o.Syntax, TypeMap.Spell(Actual(o.Instance.Type!)).Replace("global::", ""))));
        }
        if (property.IsStatic)
        {
            if (!session.IsAccessible(property)) throw new Refused(DiagnosticIds.NotAccessible, property.Name, property.ContainingType.Name) { Node = o.Syntax };
            return new ExprPlace(new Opaque([$"{TypeMap.Spell(Actual(property.ContainingType))}.{Session.Escape(property.Name)}"], [], TypeOf(o.Type!), Purity.Reads));
        }
        if (property.ReturnsByRef && property.GetMethod is { } getter && HasSource(getter))
            return ReferenceOf(getter, o.Instance, o.Instance!.Type!.IsReferenceType ? ReceiverOf(o.Instance) : null, [], [], o.Syntax);
        Place place = MemberPlace(o.Instance!, TypeMap.KeyOf(property), property, o);
        // storage of a property whose setter does more than to store
        if (place is not ExprPlace { Target: Opaque } && IsAuto(property) && HasBody(property.SetMethod)) throw Unsupported($"an assignment to {property.Name} of this", "hold the object in a local", o.Syntax);
        return place;
    }

    /// <summary>Whether an accessor is more than storage: with the <c>field</c> keyword, a property has storage and bodies.</summary>
    private bool HasBody(IMethodSymbol? accessor) => accessor?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) switch
    {
        AccessorDeclarationSyntax declared => declared.Body is not null || declared.ExpressionBody is not null,
        ArrowExpressionClauseSyntax => true,
        _ => false,
    };

    private static bool IsReadOnly(IMethodSymbol method) => method.IsReadOnly || method.ContainingType.IsReadOnly || method.IsInitOnly is false && method.MethodKind == MethodKind.PropertyGet;
}
