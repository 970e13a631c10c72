using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>The methods of arrays, spans and lists, as loops.</summary>
internal sealed partial class Lowerer
{
    private Value? KnownInstance(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        if (EnumeratorCall(o, method, receiver) is { } moved) return moved;
        if (receiver is IndexValue or RangeValue) return PositionCall(o, method, receiver);
        if (method.Name == "AsReadOnly" && (receiver is TableValue || receiver is ExprValue { Expr.Type: ListType viewed } && (viewed.CarriesDerivative || session.Types.IsOfRooms(Actual(o.Type!))))) return receiver;
        if (method is { Name: "ToString", Parameters.IsEmpty: true } && receiver is ObjectValue { Fields: { Type: INamedTypeSymbol named, Origin: null } } spoken && Override(method, receiver) is var saying && (saying.IsImplicitlyDeclared || !HasSource(saying)) && TextOf(spoken, named) is { } text) return text;
        if (receiver is CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && method.Name == "GetValueOrDefault")
        {
            Value[] given = ArgumentsOf(o.Given());
            Expr has = ExprOf(nullable["HasValue"]!);
            return Choose(has, () => nullable["Value"]!, () => given.Length == 1 ? given[0] : Default(o.Type!), o.Type, "value");
        }
        if (receiver is ObjectValue && method is { Name: "Equals", IsImplicitlyDeclared: true, ContainingType.IsRecord: true } && o.Given() is [{ Value: { } compared }] && Lower(compared) is ObjectValue record
            && RecordEquality(receiver, record, false, o.Syntax) is { } equal) return equal;
        if (receiver is CompositeValue same && method.Name == "Equals" && method.DeclaringSyntaxReferences.IsEmpty && o.Given().Length == 1 && same.Type is INamedTypeSymbol tuple && (tuple.IsTupleType || tuple.IsAnonymousType)
            && Lower(Unconverted(o.Given()[0].Value)) is CompositeValue { Type: INamedTypeSymbol another } other && SymbolEqualityComparer.Default.Equals(tuple.TupleUnderlyingType ?? tuple, another.TupleUnderlyingType ?? another)) return Equality(same, other, false, byMethod: true);
        if (receiver is not ExprValue { Expr: var e } || !method.DeclaringSyntaxReferences.IsEmpty) return null;
        if (e.Type is ScalarType or PlainType { Kind: PlainKind.Integer } && method.Name == "CompareTo" && o.Given().Length == 1)
        {
            Value[] both = Operands(() => receiver, () => Lower(Unboxed(o.Given()[0].Value, o.Instance!.Type)));
            var order = new Opaque(["", ".CompareTo(", ")"], [ExprOf(both[0]), ExprOf((both[1] as CompositeValue)?["Value"] ?? both[1])], PlainType.Int, Purity.Pure);
            // nothing is less than any number
            return new ExprValue(both[1] is CompositeValue perhaps ? new Conditional(ExprOf(perhaps["HasValue"]!), order, IntConstant(1)) : order);
        }
        if (e.Type is not (Ir.ArrayType or SpanType or ListType)) return null;
        if (ImmutableCall(o, method.Name, e) is { } changed) return changed;
        IrType element = ElementOf(e.Type);
        switch (method.Name)
        {
            case "Clone" when e.Type is Ir.ArrayType array: return Created(new CopyOf(e, array));
            case "Clone" when e.Type is ListType && method.ContainingType.SpecialType == SpecialType.System_Array: return Created(new CopyOf(e, new Ir.ArrayType(element)));
            case "GetLength" when e.Type is Ir.ArrayType && o.Given()[0].Value.ConstantValue is { HasValue: true, Value: int d }: return new ExprValue(new LengthOf(e, d));
            case "GetUpperBound" when e.Type is Ir.ArrayType && o.Given()[0].Value.ConstantValue is { HasValue: true, Value: int d }:
                return new ExprValue(new Binary(BinaryOperator.Subtract, new LengthOf(e, d), IntConstant(1), PlainType.Int));
            case "GetLowerBound" when e.Type is Ir.ArrayType: return new ExprValue(IntConstant(0));
            case "ToArray" when e.Type is SpanType or ListType: return Created(new CopyOf(e, new Ir.ArrayType(element)));
            case "AsSpan" or "AsMemory": return null;
            case "Slice" when e.Type is SpanType span:
                {
                    Value[] v = Operands([() => receiver, .. o.Given().Select(a => (Func<Value>)(() => Lower(a.Value)))]);
                    return new ExprValue(new Slice(ExprOf(v[0]), ExprOf(v[1]), v.Length > 2 ? ExprOf(v[2]) : null, span));
                }
            case "CopyTo" when o.Given().Length is 1 or 2 && TypeOf(Unconverted(o.Given()[0].Value).Type!) is Ir.ArrayType { Rank: 1 } or SpanType:
                {
                    Expr[] v = [.. Operands([() => receiver, .. o.Given().Select(a => (Func<Value>)(() => Lower(a.Value)))]).Select(ExprOf)];
                    Expr from = Stable(Viewed(v[0]), "from");
                    Copy(from, IntConstant(0), v[1], v.Length > 2 ? v[2] : IntConstant(0), new LengthOf(from));
                    return VoidValue.Instance;
                }
            case "TryCopyTo" when e.Type is SpanType && o.Given().Length == 1:
                {
                    Expr[] v = [.. Operands(() => receiver, () => Lower(o.Given()[0].Value)).Select(ExprOf)];
                    Expr from = Stable(Viewed(v[0]), "from"), to = Stable(Viewed(v[1]), "to");
                    Expr fits = Named(new Binary(BinaryOperator.LessOrEqual, new LengthOf(from), new LengthOf(to), PlainType.Bool), "fits");
                    Emit(new If(fits, BlockOf(Into(() => Copy(from, IntConstant(0), to, IntConstant(0), new LengthOf(from)))), Block.Empty));
                    return new ExprValue(fits);
                }
            case "Fill" when e.Type is SpanType:
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Given()[0].Value));
                    Expr span = Stable(ExprOf(v[0]), "items");
                    Value value = v[1].Map(x => Named(x, "value"));
                    Counter("i", IntConstant(0), new LengthOf(span), i => StoreExpr(new ElementAt(span, [i]), value, o));
                    return VoidValue.Instance;
                }
            case "Clear" when e.Type is SpanType: Emit(new Ir.Clear(e)); return VoidValue.Instance;
            case "Add" or "Insert" or "Remove" or "RemoveAt" or "Clear" when e.Type is Ir.ArrayType && method.ContainingType.TypeKind == TypeKind.Interface:
                throw Unsupported($"{method.Name} on a sequence that may be an array", "take a List", o.Syntax);
            case "Add" or "AddRange" or "Insert" or "RemoveAt" or "Clear" when e.Type is ListType && (e.Root() is not { } held || session.Held.Values.Any(d => d.Variable == held)):
                return OutsideList(o, method, receiver);
            case "RemoveRange" or "GetRange" or "Slice" or "Reverse" or "InsertRange" or "Remove" when e.Type is ListType { IsOwn: false } items && e.Root() is { } own && !session.Held.Values.Any(d => d.Variable == own) && ListCall(o, method.Name, receiver, items) is { } done:
                return done;
            case "Add" when e.Type is ListType:
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Given()[0].Value));
                    Emit(new AddItem(ExprOf(v[0]), Retype(ExprOf(v[1]), element)));
                    return VoidValue.Instance;
                }
            case "AddRange" when e.Type is ListType:
                {
                    Value items = Lower(Unconverted(o.Given()[0].Value));
                    // a list that is added to itself, maybe by another name, is as long as it was
                    if (items is ExprValue { Expr: { Type: ListType } others } && others.Type.Equals(e.Type))
                    {
                        Expr source = Stable(others, "items");
                        Counter("i", IntConstant(0), Saved(new LengthOf(source), "count"), i => Emit(new AddItem(e, new ElementAt(source, [i]))));
                        return VoidValue.Instance;
                    }
                    Each(items, Unconverted(o.Given()[0].Value), v => Emit(new AddItem(e, ExprOf(v))));
                    return VoidValue.Instance;
                }
            case "Insert" when e.Type is ListType && o.Given().Length == 2:
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Given()[0].Value), () => Lower(o.Given()[1].Value));
                    Expr list = Stable(ExprOf(v[0]), "items"), at = Named(ExprOf(v[1]), "at");
                    Value item = v[2].Map(x => Named(x, "item"));
                    Emit(new AddItem(list, ExprOf(item)));
                    Variable i = Local("i", PlainType.Int);
                    List<Stmt> shift = Into(() => StoreExpr(new ElementAt(list, [new Read(i)]), Element(list, Minus(new Read(i), IntConstant(1))), null));
                    Emit(new For(i, Minus(new LengthOf(list), IntConstant(1)), BinaryOperator.Greater, at, -1, BlockOf(shift)));
                    StoreExpr(new ElementAt(list, [at]), item, null);
                    return VoidValue.Instance;
                }
            case "Clear" when e.Type is ListType:
                {
                    Expr list = Stable(e, "items");
                    Emit(new While(new Binary(BinaryOperator.Greater, new LengthOf(list), IntConstant(0), PlainType.Bool), new Block([new RemoveLast(list) { Source = _source, Site = _site }])));
                    return VoidValue.Instance;
                }
            case "RemoveAt" when e.Type is ListType && !IsLast(o.Given()[0].Value, o.Instance!):
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Given()[0].Value));
                    Expr list = Stable(ExprOf(v[0]), "items"), at = Named(ExprOf(v[1]), "at");
                    if (at is not Constant { Number: 0 }) ThrowIf(new Binary(BinaryOperator.GreaterOrEqual, at, new LengthOf(list), PlainType.Bool), "ArgumentOutOfRangeException");
                    Counter("i", at, Minus(new LengthOf(list), IntConstant(1)), i => StoreExpr(new ElementAt(list, [i]), Element(list, new Binary(BinaryOperator.Add, i, IntConstant(1), PlainType.Int)), null));
                    Emit(new RemoveLast(list));
                    return VoidValue.Instance;
                }
            case "RemoveAt" when e.Type is ListType && IsLast(o.Given()[0].Value, o.Instance!): Emit(new RemoveLast(e)); return VoidValue.Instance;
            case "Reverse" when e.Type is ListType or SpanType && o.Given().IsEmpty:
                {
                    Expr list = Stable(e, "items");
                    Reverse(list, IntConstant(0), new LengthOf(list));
                    return VoidValue.Instance;
                }
            // objects that are made at run time are compared as numbers where nobody says how
            case "Contains" or "IndexOf" when e.Type is ListType && o.Given() is [{ Value: { } sought }] && IsInRoom(method.ContainingType.TypeArguments.FirstOrDefault()) && IsInRoom(Unconverted(sought).Type) && !OverridesEquals(method.ContainingType.TypeArguments[0]):
                {
                    Expr[] both = [.. Operands(() => receiver, () => Lower(Unconverted(sought))).Select(ExprOf)];
                    return new ExprValue(new Opaque(["", $".{method.Name}(", ")"], both.ToEquatable(), TypeOf(o.Type!), Purity.Reads));
                }
            case "IndexOf" when e.Type is ListType { Element: ScalarType number } && o.Given() is [{ Value: { } sought }]:
                {
                    Expr[] both = [.. Operands(() => receiver, () => Lower(sought)).Select(ExprOf)];
                    return both[1].Type.Equals(number) ? new ExprValue(PositionOf(both[0], both[1])) : null;
                }
            case "Sort" when e.Type is ListType list && (list.Element.CarriesDerivative || IsInRoom(method.ContainingType.TypeArguments.FirstOrDefault())):
                {
                    IOperation[] given = [.. o.Given().Select(a => a.Value)];
                    (Expr? first, Expr? some) = given.Length == 3 ? (Named(ExprOf(Lower(given[0])), "start"), Named(ExprOf(Lower(given[1])), "count")) : ((Expr?)null, null);
                    return Reordered([Stable(e, "items")], method.ContainingType.TypeArguments[0], first, some, given.LastOrDefault(), o) ? VoidValue.Instance : null;
                }
            case "ConvertAll" when e.Type is ListType && TypeOf(o.Type!) is ListType && AsSequence(receiver, o.Instance) is { } items && Lower(o.Given()[0].Value) is FunctionValue converter:
                return new ExprValue(ToList(Mapped(items, Actual(method.TypeArguments[0]), v => Call(converter, o.Syntax, v))));
            case var name when SearchNames.Contains(name) && e.Type is ListType && o.Given().Length == 1:
                {
                    Expr list = Stable(e, "items");
                    return AsSequence(new ExprValue(list), o.Instance) is { } items ? Search(name, list, items, Lower(o.Given()[0].Value), o) : null;
                }
            case "ForEach" when e.Type is ListType && Lower(o.Given()[0].Value) is FunctionValue f:
                {
                    Expr list = Stable(e, "items");
                    Counter("i", IntConstant(0), new LengthOf(list), i => Call(f, o.Syntax, Element(list, i)));
                    return VoidValue.Instance;
                }
            default: return null;
        }
    }

    /// <summary>A list in a field or static grows: code that no derivative flows through, or a derivative that outlives the call.</summary>
    private Value OutsideList(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        RefuseHiddenState(ExprOf(receiver));
        Value[] v = Operands([() => receiver, .. o.Given().Select(a => (Func<Value>)(() => Lower(a.Value)))]);
        Expr[] holes = [.. v.Select(ExprOf)];
        string[] pieces = holes.Length == 1 ? ["", $".{method.Name}()"] : ["", $".{method.Name}(", .. Enumerable.Repeat(", ", holes.Length - 2), ")"];
        Emit(new Evaluate(new Opaque(new(pieces), new(holes), PlainType.Void, Purity.Effects, Aliases.Holders(holes[0]).Where(h => h.Type is PlainType).ToEquatable(),
            holes[0].Type.CarriesDerivative ? Lost(DiagnosticIds.StateWritten, o.Syntax, (Innermost(holes[0]) is { Pieces: [{ Length: > 0 }, ..] } named ? FieldName(named) : o.Instance!.Syntax.ToString()) + "[]") : null)));
        return VoidValue.Instance;
    }

    private static bool IsLast(IOperation index, IOperation list) =>
        index is IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract, LeftOperand: IPropertyReferenceOperation { Property.Name: "Count", Instance: { } counted } } minus
        && minus.RightOperand.ConstantValue is { HasValue: true, Value: 1 } && counted.Syntax.ToString() == list.Syntax.ToString();

    /// <summary>Extension methods of spans.</summary>
    private Value? SpanCall(IInvocationOperation o, IMethodSymbol method)
    {
        if (method.Name is not ("AsSpan" or "AsMemory" or "CopyTo" or "Reverse" or "Sort" or "IndexOf")) return null;
        if (method.Name == "IndexOf" && (method.TypeArguments is not [{ } sought] || TypeOf(sought) is not ScalarType || o.Given().Length != 2)) return null;
        ITypeSymbol viewed = Unconverted(o.Given()[0].Value).Type!;
        IrType type = MemoryElement(viewed) is { } memory ? new SpanType(TypeOf(memory.Element), memory.ReadOnly) : TypeOf(viewed);
        if (type is not (Ir.ArrayType { Rank: 1 } or SpanType)) return null;
        if (method.Name == "Sort")
        {
            IOperation[] sorted = [.. o.Given().OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value)];
            return sorted.Length < 3 && type is SpanType { Element.CarriesDerivative: true } or Ir.ArrayType { Element.CarriesDerivative: true } && Reordered([Stable(ExprOf(Lower(sorted[0])), "items")], viewed is IArrayTypeSymbol array ? array.ElementType : ((INamedTypeSymbol)viewed).TypeArguments[0], null, null, sorted.Length > 1 ? sorted[1] : null, o) ? VoidValue.Instance : null;
        }
        Value[] v = Operands(o.Given().OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value));
        Expr source = ExprOf(v[0]);
        IrType element = ElementOf(source.Type);
        switch (method.Name)
        {
            case "AsSpan" or "AsMemory":
                var span = new SpanType(element, source.Type is SpanType { ReadOnly: true });
                if (v.Length == 1) return new ExprValue(new Slice(source, null, null, span));
                if (AsRange(v[1]) is { } range)
                {
                    source = Named(source, "items");
                    (Expr start, Expr? length) = Bounds(source, range);
                    return new ExprValue(new Slice(source, start, length, span));
                }
                return new ExprValue(new Slice(source, IndexOf(v[1], source), v.Length > 2 ? ExprOf(v[2]) : null, span));
            case "IndexOf": return ExprOf(v[1]).Type.Equals(element) ? new ExprValue(PositionOf(source, ExprOf(v[1]))) : null;
            case "CopyTo":
                source = Stable(Viewed(source), "from");
                Copy(source, IntConstant(0), ExprOf(v[1]), IntConstant(0), new LengthOf(source));
                return VoidValue.Instance;
            default:
                source = Stable(source, "items");
                Reverse(source, IntConstant(0), new LengthOf(source));
                return VoidValue.Instance;
        }
    }

    /// <summary>What is put into a box as a value of the type, or as one that may be missing; what is written for everything else.</summary>
    private IOperation Unboxed(IOperation given, ITypeSymbol? type) =>
        given is IConversionOperation { Type.SpecialType: SpecialType.System_Object, Operand: { Type: { } own } inner } && type is not null
            && SymbolEqualityComparer.Default.Equals(Actual(own) is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : Actual(own), Actual(type)) ? inner : given;

    private Value ListCreation(IObjectCreationOperation o, ListType list)
    {
        bool copies = o.Given() is [{ Value: var copied, Parameter.Type: { SpecialType: not SpecialType.System_Int32 } }] && MemoryElement(Unconverted(copied).Type!) is not null;
        Value[] arguments = copies ? [Lower(Unconverted(o.Given()[0].Value))] : ArgumentsOf(o.Given());
        bool isSized = o.Given().Length == 1 && o.Given()[0].Parameter!.Type.SpecialType == SpecialType.System_Int32;
        Expr made = ((ExprValue)Created(new NewList(list) { Capacity = isSized ? ExprOf(arguments[0]) : null })).Expr;
        if (o.Given().Length == 1 && !isSized)
            Each(arguments[0], Unconverted(o.Given()[0].Value), v => Emit(new AddItem(made, ExprOf(v))));
        if (o.Initializer is not null) AddEach(made, list, o.Initializer);
        return new ExprValue(made);
    }

    private void AddEach(Expr made, ListType list, IObjectOrCollectionInitializerOperation initializer)
    {
        foreach (IOperation item in initializer.Initializers)
        {
            if (item is not IInvocationOperation { Arguments.Length: 1 } add || HasSource(add.TargetMethod)) throw Unsupported("this initialiser", "add the elements one by one", item.Syntax);
            Emit(new AddItem(made, Retype(ExprOf(Lower(add.Given()[0].Value)), list.Element)));
        }
    }

    private Value SpanCreation(IObjectCreationOperation o, SpanType span)
    {
        Value[] v = ArgumentsOf(o.Given());
        Expr source = ExprOf(v[0]);
        if (source.Type is not (Ir.ArrayType or SpanType)) throw Unsupported("a span over this", "make it over an array", o.Syntax);
        if (v.Length == 1) return new ExprValue(new Slice(source, null, null, span));
        (Expr at, Expr count) = (ExprOf(v[1]), ExprOf(v[2]));
        if (o.Type is { Name: "ArraySegment" })
        {
            (source, at, count) = (Stable(source, "items"), Named(at, "at"), Named(count, "count"));
            CheckPart(source, at, count);
        }
        return new ExprValue(new Slice(source, at, count, span));
    }

    private Value VectorCreation(IObjectCreationOperation o, IrType type)
    {
        Expr[] v = [.. ArgumentsOf(o.Given()).Select(ExprOf)];
        if (v.Length == 0) return new ExprValue(new Constant(type, $"default({type.CSharp})", null));
        // of an array or a span: of its first elements
        if (v is [{ Type: Ir.ArrayType or SpanType } items] && type is VectorType { Members: var members })
        {
            items = Stable(Viewed(items), "items");
            v = [.. members.Select((_, i) => (Expr)new ElementAt(items, [IntConstant(i)]))];
        }
        Expr created = new Apply($"{o.Type!.Name}.new", $"new {type.CSharp}({KnownFunctions.Holes(v.Length)})", new(v), type);
        if (o.Initializer is null) return new ExprValue(created);
        Variable variable = Local("value", type);
        Emit(new Declare(variable, created));
        throw Unsupported("this initialiser", "use the constructor", o.Syntax);
    }
}
