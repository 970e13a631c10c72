using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Calls of the framework whose meaning is known: elementary functions, arrays, spans, lists, tensors.</summary>
internal sealed partial class Lowerer
{
    /// <summary>A call that is known by its method alone; null if it is not.</summary>
    private Value? KnownCall(IInvocationOperation o, IMethodSymbol method)
    {
        INamedTypeSymbol? owner = method.ContainingType;
        if (owner is null) return null;
        string space = owner.ContainingNamespace?.ToDisplayString() ?? "";
        if (space == "DiffGen" && owner.Name == "Derivative" && method.Name == "Stop") return Stop(o, method);
        if (space == "DiffGen" && owner.Name == "LinearSystem" && method.IsStatic) return SolvedSystem(o, method);
        if (!method.DeclaringSyntaxReferences.IsEmpty) return null;
        switch (space)
        {
            case "System.Collections.Generic" when owner.Name == "CollectionExtensions" && o.Arguments.Length > 1 && IsModelledCollection(Actual(Unconverted(o.Arguments[0].Value).Type!)) && Lower(Unconverted(o.Arguments[0].Value)) is CollectionValue map:
                return CollectionCall(o, method, map);
            case "System.Numerics" when owner.Name is "Matrix4x4" or "Matrix3x2" && method.Name == "Invert" && o.Arguments.Length == 2: return Inverse(o, owner);
            case "System" when owner.Name == "Array" && method.IsStatic: return ArrayCall(o, method);
            case "System" when owner.Name == "Buffer" && method.Name == "BlockCopy": return BlockCopy(o);
            case "System" when owner.Name == "MemoryExtensions": return SpanCall(o, method);
            case "System" when owner.Name == "Convert" && method.Name is "ToDouble" or "ToSingle": return NumberOf(o);
            case "System" when owner.Name is "Math" or "MathF" && method.Name is "SinCos": return SinCos(o, method);
            case "System.Linq" when owner.Name == "Enumerable": return Linq(o, method);
            case "System.Numerics.Tensors" when owner.Name == "TensorPrimitives": return Tensor(o, method);
            case "System.Threading.Tasks" when owner.Name == "Parallel" && method.Name == "For" && o.Arguments.Length == 3 && o.Parent is IExpressionStatementOperation
                && o.Arguments[0].Parameter!.Type.SpecialType == SpecialType.System_Int32:
                {
                    // iterations that may run in any order may run in this one
                    Value[] v = ArgumentsOf(o.Arguments);
                    if (v[2] is not FunctionValue { Method.Parameters.Length: 1 } body) return null;
                    Expr end = Named(ExprOf(v[1]), "end");
                    Counter("i", ExprOf(v[0]), end, i => Call(body, o.Syntax, new ExprValue(i)));
                    return VoidValue.Instance;
                }
            case "System.Runtime.CompilerServices" when owner.Name == "RuntimeHelpers" && method.Name == "GetSubArray": return null;
        }
        if (KnownFunctions.Find(method, session.Types) is { } known && (method.IsStatic || o.Instance is not null))
        {
            if (TypeOf(o.Type!) is PlainType { Kind: PlainKind.Other }) return null;
            IEnumerable<IOperation> operands = o.Arguments.Select(a => a.Value);
            if (!method.IsStatic) operands = [o.Instance!, .. operands];
            return ApplyKnown(known, method, [.. Operands(operands).Select(ExprOf)], o);
        }
        // T.Sqrt(x) through an interface: on a number type that is known, its own method; else as generic code
        if (o.ConstrainedToType is { } constrained && method.IsStatic)
        {
            ITypeSymbol actual = Actual(constrained);
            if (session.Types.Map(actual) is ScalarType scalar)
            {
                if (method.Name is "CreateChecked" or "CreateSaturating" or "CreateTruncating") return CreateNumber(o, scalar, method);
                if (KnownFunctions.OnParameter(method, scalar.CSharp) is { } row) return ApplyKnown(row, method, [.. Operands(o.Arguments.Select(a => a.Value)).Select(ExprOf)], o);
            }
            return null;
        }
        if (method.IsStatic && session.Types.Map(owner) is ScalarType && method.Name is "CreateChecked" or "CreateSaturating" or "CreateTruncating"
            && session.Types.Map(owner) is ScalarType number) return CreateNumber(o, number, method);
        if (method.IsStatic && session.Types.Map(owner) is ScalarType && method.Name is "SinCos" or "SinCosPi") return SinCos(o, method);
        return null;
    }

    /// <summary><c>Convert.ToDouble</c> of a number, also of one that is boxed for it, is a conversion.</summary>
    private Value? NumberOf(IInvocationOperation o)
    {
        IOperation given = Unconverted(o.Arguments[0].Value);
        IrType type = TypeOf(o.Type!);
        if (given.Type is null || !IsNumeric(TypeOf(given.Type), type) || given.Type is { SpecialType: SpecialType.System_Char } or { TypeKind: TypeKind.Enum }) return null;
        Expr e = ExprOf(Lower(given));
        return new ExprValue(e.Type.Equals(type) ? e : new Ir.Convert(e, type));
    }

    private Value CreateNumber(IInvocationOperation o, ScalarType type, IMethodSymbol method)
    {
        Expr e = ExprOf(Lower(o.Arguments[0].Value));
        if (e.Type.Equals(type)) return new ExprValue(e);
        if (type.Kind != ScalarKind.Generic && IsNumeric(e.Type, type)) return e is Constant { Number: { } n } && type.Kind == ScalarKind.Double
            ? new ExprValue(new Constant(type, DoubleText(n), n)) : new ExprValue(new Ir.Convert(e, type));
        if (e is Constant { Number: { } number }) return new ExprValue(new Constant(type, $"{type.Name}.{method.Name}({((Constant)e).Text})", number));
        return new ExprValue(new Apply("Math.Create", $"{type.Name}.{method.Name}({{0}})", [e], type));
    }

    private Value ApplyKnown(KnownFunction known, IMethodSymbol method, Expr[] arguments, IOperation? o)
    {
        ITypeSymbol returned = o?.Type is { } t ? Actual(t) : method.ReturnType;
        var apply = new Apply(known.Key, known.Format, new(arguments), session.Types.Map(returned));
        return Whole(apply, returned);
    }

    private Value Inverse(IInvocationOperation o, INamedTypeSymbol owner)
    {
        Expr matrix = Named(ExprOf(Lower(o.Arguments[0].Value)), "matrix");
        if (PlaceOf(o.Arguments[1].Value) is not ExprPlace { Target: var target }) throw Unsupported("an inverse that is stored here", "use a local", o.Syntax);
        Variable exists = Local("isInvertible", PlainType.Bool);
        Emit(new Declare(exists, null));
        Emit(new Perform(owner.Name + ".Invert", $"global::System.Numerics.{owner.Name}.Invert({{0}}, out {{1}})", [matrix, target], [1], new Read(exists)));
        return new ExprValue(new Read(exists));
    }

    private Value Stop(IInvocationOperation o, IMethodSymbol method)
    {
        Value value = Lower(o.Arguments[0].Value);
        return value.Map(e => new Apply("DiffGen.Derivative.Stop", "{0}", [e], e.Type));
    }

    private Value SinCos(IInvocationOperation o, IMethodSymbol method)
    {
        Expr x = Named(ExprOf(Lower(o.Arguments[0].Value)), "angle");
        ITypeSymbol owner = Actual(o.ConstrainedToType ?? method.ContainingType);
        string type = TypeMap.Spell(owner);
        var tuple = (INamedTypeSymbol)Actual(o.Type!);
        bool pi = method.Name == "SinCosPi";
        return new CompositeValue(tuple,
        [
            new("Item1", new ExprValue(new Apply(pi ? "Math.SinPi" : "Math.Sin", $"{type}.{method.Name}({{0}}).{tuple.TupleElements[0].Name}", [x], x.Type))),
            new("Item2", new ExprValue(new Apply(pi ? "Math.CosPi" : "Math.Cos", $"{type}.{method.Name}({{0}}).{tuple.TupleElements[1].Name}", [x], x.Type))),
        ]);
    }

    // ---- System.Array

    private Value? ArrayCall(IInvocationOperation o, IMethodSymbol method)
    {
        switch (method.Name)
        {
            case "Empty": return Created(new NewArray((Ir.ArrayType)TypeOf(o.Type!), [IntConstant(0)]));
            case "Copy" or "ConstrainedCopy" or "Fill" or "Clear" or "Reverse" or "Resize" or "IndexOf" or "ConvertAll" or "ForEach" or "Sort": break;
            default: return null;
        }
        if (o.Arguments.Length > 0 && TypeOf(Unconverted(o.Arguments[0].Value).Type!) is not Ir.ArrayType) return null;
        switch (method.Name)
        {
            case "Copy" or "ConstrainedCopy":
                {
                    if (TypeOf(Unconverted(o.Arguments[o.Arguments.Length == 3 ? 1 : 2].Value).Type!) is not Ir.ArrayType { Rank: 1 }) return null;
                    Expr[] a = [.. Operands(o.Arguments.OrderBy(x => x.Parameter!.Ordinal).Select(x => Unconverted(x.Value))).Select(ExprOf)];
                    if (a[0].Type is not Ir.ArrayType { Rank: 1 } from || !from.Equals(a[a.Length == 3 ? 1 : 2].Type)) return null;
                    if (a.Length == 3) Copy(a[0], IntConstant(0), a[1], IntConstant(0), a[2]);
                    else Copy(a[0], a[1], a[2], a[3], a[4]);
                    return VoidValue.Instance;
                }
            case "Fill":
                {
                    Value[] v = Operands(o.Arguments.Select(x => x.Value));
                    Expr array = Stable(ExprOf(v[0]), "items");
                    Value value = v[1].Map(e => Named(e, "value"));
                    (Expr start, Expr end) = v.Length == 4 ? (Named(ExprOf(v[2]), "start"), EndOf(ExprOf(v[2]), ExprOf(v[3]))) : (IntConstant(0), new LengthOf(array));
                    Counter("i", start, end, i => StoreExpr(new ElementAt(array, [i]), value, o));
                    return VoidValue.Instance;
                }
            case "Clear":
                {
                    Value[] v = Operands(o.Arguments.Select(x => Unconverted(x.Value)));
                    Expr array = ExprOf(v[0]);
                    if (array.Type is not Ir.ArrayType type) return null;
                    if (v.Length == 1) { Emit(new Ir.Clear(array)); return VoidValue.Instance; }
                    array = Stable(array, "items");
                    Counter("i", Named(ExprOf(v[1]), "start"), EndOf(ExprOf(v[1]), ExprOf(v[2])), i => Emit(new Assign(new ElementAt(array, [i]), Zero(type.Element))));
                    return VoidValue.Instance;
                }
            case "Reverse":
                {
                    Value[] v = Operands(o.Arguments.Select(x => Unconverted(x.Value)));
                    Expr array = Stable(ExprOf(v[0]), "items");
                    Reverse(array, v.Length == 3 ? ExprOf(v[1]) : IntConstant(0), v.Length == 3 ? ExprOf(v[2]) : new LengthOf(array));
                    return VoidValue.Instance;
                }
            case "Resize":
                {
                    Place place = PlaceOf(o.Arguments[0].Value);
                    Expr length = Named(ExprOf(Lower(o.Arguments[1].Value)), "length");
                    Expr old = Saved(ExprOf(place.Load()), "old");
                    if (old.Type is not Ir.ArrayType type) return null;
                    Expr fresh = Saved(new NewArray(type, [length]), "resized");
                    Expr count = Saved(new LengthOf(old), "kept");
                    Emit(new If(new Binary(BinaryOperator.Greater, count, length, PlainType.Bool), new Block([new Assign(count, length) { Source = _source, Site = _site }]), Block.Empty));
                    Copy(old, IntConstant(0), fresh, IntConstant(0), count);
                    Store(place, new ExprValue(fresh), o);
                    return VoidValue.Instance;
                }
            case "Sort" when o.Arguments.Length == 1 || o.Arguments.Length == 2 && TypeOf(Unconverted(o.Arguments[1].Value).Type!) is Ir.ArrayType:
                {
                    Expr[] v = [.. Operands(o.Arguments.Select(x => Unconverted(x.Value))).Select(e => Stable(ExprOf(e), "items"))];
                    if (v[0].Type is not Ir.ArrayType { Rank: 1, Element: ScalarType or PlainType { Kind: PlainKind.Integer } }) return null;
                    if (!v.Any(e => e.Type.CarriesDerivative)) return null;
                    Expr order = Permutation(v[0], false);
                    foreach (Expr array in v)
                    {
                        Expr old = Saved(new CopyOf(array, array.Type), "unsorted");
                        Counter("i", IntConstant(0), new LengthOf(order), i => StoreExpr(new ElementAt(array, [i]), Element(old, new ElementAt(order, [i])), o));
                    }
                    return VoidValue.Instance;
                }
            case "ConvertAll" when Lower(o.Arguments[1].Value) is FunctionValue f:
                {
                    Expr array = Stable(ExprOf(Lower(o.Arguments[0].Value)), "items");
                    Expr result = ((ExprValue)Created(new NewArray((Ir.ArrayType)TypeOf(o.Type!), [new LengthOf(array)]))).Expr;
                    Counter("i", IntConstant(0), new LengthOf(array), i => StoreExpr(new ElementAt(result, [i]), Call(f, o.Syntax, Element(array, i)), o));
                    return new ExprValue(result);
                }
            case "ForEach" when Lower(o.Arguments[1].Value) is FunctionValue f:
                {
                    Expr array = Stable(ExprOf(Lower(o.Arguments[0].Value)), "items");
                    Counter("i", IntConstant(0), new LengthOf(array), i => Call(f, o.Syntax, Element(array, i)));
                    return VoidValue.Instance;
                }
            default: return null;
        }
    }

    /// <summary>A copy of bytes between arrays of one number type: a copy of elements, where the bytes are seen to be whole numbers.</summary>
    private Value? BlockCopy(IInvocationOperation o)
    {
        IOperation[] operands = [.. o.Arguments.OrderBy(x => x.Parameter!.Ordinal).Select(x => Unconverted(x.Value))];
        if (TypeOf(operands[0].Type!) is not Ir.ArrayType { Rank: 1, Element: ScalarType element } type || !type.Equals(TypeOf(operands[2].Type!))) return null;
        int size = element.Kind switch { ScalarKind.Double => 8, ScalarKind.Single => 4, ScalarKind.Half => 2, _ => 0 };
        if (size == 0) return null;
        Expr[] a = [.. Operands(operands).Select(ExprOf)];
        if (!type.Equals(a[0].Type) || !type.Equals(a[2].Type)) return null;
        if (Divided(a[1], size) is not { } from || Divided(a[3], size) is not { } to || Divided(a[4], size) is not { } length) return null;
        Copy(a[0], from, a[2], to, length);
        return VoidValue.Instance;
    }

    /// <summary>A multiple of <paramref name="size"/>, divided by it; null if it is not seen to be one.</summary>
    private static Expr? Divided(Expr e, int size) => e switch
    {
        Constant { Number: { } n } when n % size == 0 => IntConstant((int)n / size),
        Binary { Operator: BinaryOperator.Multiply } b when Divided(b.Right, size) is { } right => right is Constant { Number: 1 } ? b.Left : b with { Right = right },
        Binary { Operator: BinaryOperator.Multiply } b when Divided(b.Left, size) is { } left => left is Constant { Number: 1 } ? b.Right : b with { Left = left },
        Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } b when Divided(b.Left, size) is { } left && Divided(b.Right, size) is { } right => b with { Left = left, Right = right },
        _ => null,
    };

    private static Expr EndOf(Expr start, Expr length) => start is Constant { Number: 0 } ? length : new Binary(BinaryOperator.Add, start, length, PlainType.Int);

    /// <summary>Copies elements as if by way of a buffer: forwards or backwards where the two may overlap.</summary>
    private void Copy(Expr source, Expr from, Expr target, Expr to, Expr length)
    {
        source = Stable(source, "from");
        target = Stable(target, "to");
        (from, to, length) = (Named(from, "start"), Named(to, "at"), Named(length, "count"));
        CheckFits(target, to, length);
        Expr At(Expr i, Expr offset) => offset is Constant { Number: 0 } ? i : new Binary(BinaryOperator.Add, offset, i, PlainType.Int);
        void One(Expr i) => StoreExpr(new ElementAt(target, [At(i, to)]), Element(source, At(i, from)), null);
        bool fresh = _temporaries.Contains(target.Root() ?? new Variable("", PlainType.Void));
        bool sameRoot = target.Root() is { } x && source.Root() is { } y && x.Equals(y);
        bool views = !sameRoot && !fresh && source.Type is SpanType && target.Type is SpanType && MayShare(source, target);
        if (!sameRoot && !views)
        {
            Counter("i", IntConstant(0), length, One);
            return;
        }
        // one array: backwards when the elements move up
        Variable down = Local("i", PlainType.Int);
        List<Stmt> forward = Into(() => Counter("i", IntConstant(0), length, One));
        List<Stmt> body = Into(() => One(new Read(down)));
        var backward = new For(down, new Binary(BinaryOperator.Subtract, length, IntConstant(1), PlainType.Int), BinaryOperator.GreaterOrEqual, IntConstant(0), -1, BlockOf(body)) { Source = _source, Site = _site };
        Expr inOrder = views
            ? new Opaque([$"global::DiffGen.Buffers.CopiesForwards<{((SpanType)target.Type).Element.CSharp}>(", ", ", ")"], [source, target], PlainType.Bool, Purity.Pure)
            : new Binary(BinaryOperator.LessOrEqual, Offset(target, to), Offset(source, from), PlainType.Bool);
        Emit(new If(inOrder, BlockOf(forward), new Block([backward])));
    }

    /// <summary>Whether two views may lie over the same storage: unless each is seen to be made over another one.</summary>
    private bool MayShare(Expr left, Expr right) => StorageOf(left) is not { } x || StorageOf(right) is not { } y || x.Equals(y);

    private Variable? StorageOf(Expr e)
    {
        Variable? root = e.Root();
        while (root is not null && !IsReassigned(root) && _views.TryGetValue(root, out Expr? made)) root = made.Root();
        return root is null || IsReassigned(root) ? null : root;
    }

    // where a view on the array starts
    private static Expr Offset(Expr e, Expr at) => e is Slice { Start: { } start } ? new Binary(BinaryOperator.Add, start, at, PlainType.Int) : at;

    /// <summary>A copy that does not fit throws before anything is written, as the framework's does.</summary>
    private void CheckFits(Expr target, Expr to, Expr length)
    {
        if (length is LengthOf { Source: var s } && s.Equals(target) && to is Constant { Number: 0 }) return;
        if (_temporaries.Contains(target.Root() ?? new Variable("", PlainType.Void))) return;
        Expr end = to is Constant { Number: 0 } ? length : new Binary(BinaryOperator.Add, to, length, PlainType.Int);
        Emit(new If(new Binary(BinaryOperator.Greater, end, new LengthOf(target), PlainType.Bool), new Block([new Ir.Throw(new Opaque(
            ["new global::System.ArgumentException(\"Destination is too short.\")"], [], new PlainType("global::System.ArgumentException", PlainKind.Other), Purity.Effects)) { Source = _source, Site = _site }]), Block.Empty));
    }

    private void Reverse(Expr array, Expr start, Expr length)
    {
        (start, length) = (Named(start, "start"), Named(length, "count"));
        Expr last = Minus(EndOf(start, length), IntConstant(1));
        Counter("i", IntConstant(0), new Binary(BinaryOperator.Divide, length, IntConstant(2), PlainType.Int), i =>
        {
            Expr low = EndOf(start, i), high = new Binary(BinaryOperator.Subtract, last, i, PlainType.Int);
            Value kept = Element(array, low).Map(e => Saved(e, "kept"));
            StoreExpr(new ElementAt(array, [low]), Element(array, high), null);
            StoreExpr(new ElementAt(array, [high]), kept, null);
        });
    }

    // ---- instance methods of arrays, spans and lists

    private Value? KnownInstance(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        if (EnumeratorCall(o, method, receiver) is { } moved) return moved;
        if (receiver is CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && method.Name == "GetValueOrDefault")
        {
            Value[] given = ArgumentsOf(o.Arguments);
            Expr has = ExprOf(nullable["HasValue"]!);
            return Choose(has, () => nullable["Value"]!, () => given.Length == 1 ? given[0] : Default(o.Type!), o.Type, "value");
        }
        if (receiver is CompositeValue same && method.Name == "Equals" && method.DeclaringSyntaxReferences.IsEmpty && o.Arguments.Length == 1 && same.Type is INamedTypeSymbol { IsTupleType: true }
            && Lower(o.Arguments[0].Value) is CompositeValue other) return Equality(same, other, false);
        if (receiver is not ExprValue { Expr: var e } || !method.DeclaringSyntaxReferences.IsEmpty) return null;
        if (e.Type is ScalarType or PlainType { Kind: PlainKind.Integer } && method.Name == "CompareTo" && o.Arguments.Length == 1)
        {
            Expr[] both = [.. Operands(() => receiver, () => Lower(o.Arguments[0].Value)).Select(ExprOf)];
            return new ExprValue(new Opaque(["", ".CompareTo(", ")"], [both[0], both[1]], PlainType.Int, Purity.Pure));
        }
        if (e.Type is not (Ir.ArrayType or SpanType or ListType)) return null;
        IrType element = e.Type switch { Ir.ArrayType a => a.Element, SpanType s => s.Element, ListType l => l.Element, _ => PlainType.Void };
        switch (method.Name)
        {
            case "Clone" when e.Type is Ir.ArrayType array: return Created(new CopyOf(e, array));
            case "Clone" when e.Type is ListType && method.ContainingType.SpecialType == SpecialType.System_Array: return Created(new CopyOf(e, new Ir.ArrayType(element)));
            case "GetLength" when e.Type is Ir.ArrayType && o.Arguments[0].Value.ConstantValue is { HasValue: true, Value: int d }: return new ExprValue(new LengthOf(e, d));
            case "GetUpperBound" when e.Type is Ir.ArrayType && o.Arguments[0].Value.ConstantValue is { HasValue: true, Value: int d }:
                return new ExprValue(new Binary(BinaryOperator.Subtract, new LengthOf(e, d), IntConstant(1), PlainType.Int));
            case "GetLowerBound" when e.Type is Ir.ArrayType: return new ExprValue(IntConstant(0));
            case "ToArray" when e.Type is SpanType or ListType: return Created(new CopyOf(e, new Ir.ArrayType(element)));
            case "AsSpan" or "AsMemory": return null;
            case "Slice" when e.Type is SpanType span:
                {
                    Value[] v = Operands([() => receiver, .. o.Arguments.Select(a => (Func<Value>)(() => Lower(a.Value)))]);
                    return new ExprValue(new Slice(ExprOf(v[0]), ExprOf(v[1]), v.Length > 2 ? ExprOf(v[2]) : null, span));
                }
            case "CopyTo" when o.Arguments.Length is 1 or 2 && TypeOf(Unconverted(o.Arguments[0].Value).Type!) is Ir.ArrayType { Rank: 1 } or SpanType:
                {
                    Expr[] v = [.. Operands([() => receiver, .. o.Arguments.Select(a => (Func<Value>)(() => Lower(a.Value)))]).Select(ExprOf)];
                    Copy(v[0], IntConstant(0), v[1], v.Length > 2 ? v[2] : IntConstant(0), new LengthOf(Stable(v[0], "from")));
                    return VoidValue.Instance;
                }
            case "Fill" when e.Type is SpanType:
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Arguments[0].Value));
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
            case "Add" when e.Type is ListType:
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Arguments[0].Value));
                    Emit(new AddItem(ExprOf(v[0]), Retype(ExprOf(v[1]), element)));
                    return VoidValue.Instance;
                }
            case "AddRange" when e.Type is ListType:
                {
                    Value items = Lower(o.Arguments[0].Value);
                    Each(items, Unconverted(o.Arguments[0].Value), v => Emit(new AddItem(e, ExprOf(v))));
                    return VoidValue.Instance;
                }
            case "Insert" when e.Type is ListType && o.Arguments.Length == 2:
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Arguments[0].Value), () => Lower(o.Arguments[1].Value));
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
            case "RemoveAt" when e.Type is ListType && !IsLast(o.Arguments[0].Value, o.Instance!):
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Arguments[0].Value));
                    Expr list = Stable(ExprOf(v[0]), "items"), at = Named(ExprOf(v[1]), "at");
                    Counter("i", at, Minus(new LengthOf(list), IntConstant(1)), i => StoreExpr(new ElementAt(list, [i]), Element(list, new Binary(BinaryOperator.Add, i, IntConstant(1), PlainType.Int)), null));
                    Emit(new RemoveLast(list));
                    return VoidValue.Instance;
                }
            case "RemoveAt" when e.Type is ListType && IsLast(o.Arguments[0].Value, o.Instance!): Emit(new RemoveLast(e)); return VoidValue.Instance;
            case "Reverse" when e.Type is ListType or SpanType && o.Arguments.IsEmpty:
                {
                    Expr list = Stable(e, "items");
                    Reverse(list, IntConstant(0), new LengthOf(list));
                    return VoidValue.Instance;
                }
            case "Sort" when o.Arguments.IsEmpty && e.Type is ListType { Element: ScalarType }:
                Sort(Stable(e, "items"), element!, o);
                return VoidValue.Instance;
            case "ForEach" when e.Type is ListType && Lower(o.Arguments[0].Value) is FunctionValue f:
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
        Value[] v = Operands([() => receiver, .. o.Arguments.Select(a => (Func<Value>)(() => Lower(a.Value)))]);
        Expr[] holes = [.. v.Select(ExprOf)];
        string[] pieces = holes.Length == 1 ? ["", $".{method.Name}()"] : ["", $".{method.Name}(", .. Enumerable.Repeat(", ", holes.Length - 2), ")"];
        Emit(new Evaluate(new Opaque(new(pieces), new(holes), PlainType.Void, Purity.Effects, default,
            holes[0].Type.CarriesDerivative ? Lost(DiagnosticIds.StateWritten, o.Syntax, o.Instance!.Syntax + "[]") : null)));
        return VoidValue.Instance;
    }

    private static bool IsLast(IOperation index, IOperation list) =>
        index is IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract, LeftOperand: IPropertyReferenceOperation { Property.Name: "Count", Instance: { } counted } } minus
        && minus.RightOperand.ConstantValue is { HasValue: true, Value: 1 } && counted.Syntax.ToString() == list.Syntax.ToString();

    /// <summary>The order of the values as they are, and then each to its place.</summary>
    private void Sort(Expr items, IrType element, IOperation o)
    {
        Expr old = Saved(new NewArray(new Ir.ArrayType(element), [new LengthOf(items)]), "unsorted");
        Counter("i", IntConstant(0), new LengthOf(old), i => StoreExpr(new ElementAt(old, [i]), Element(items, i), null));
        Expr order = Permutation(old, false);
        Counter("i", IntConstant(0), new LengthOf(order), i => StoreExpr(new ElementAt(items, [i]), Element(old, new ElementAt(order, [i])), o));
    }

    /// <summary>Extension methods of spans.</summary>
    private Value? SpanCall(IInvocationOperation o, IMethodSymbol method)
    {
        if (method.Name is not ("AsSpan" or "AsMemory" or "CopyTo" or "Reverse" or "Sort")) return null;
        IrType type = TypeOf(Unconverted(o.Arguments[0].Value).Type!);
        if (method.Name == "Sort" && (o.Arguments.Length > 1 || type is not (Ir.ArrayType { Element: ScalarType } or SpanType { Element: ScalarType }))) return null;
        if (type is not (Ir.ArrayType { Rank: 1 } or SpanType)) return null;
        Value[] v = Operands(o.Arguments.OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value));
        Expr source = ExprOf(v[0]);
        IrType element = source.Type switch { Ir.ArrayType a => a.Element, SpanType s => s.Element, _ => PlainType.Void };
        switch (method.Name)
        {
            case "AsSpan" or "AsMemory":
                var span = new SpanType(element, source.Type is SpanType { ReadOnly: true });
                if (v.Length == 1) return new ExprValue(new Slice(source, null, null, span));
                if (v[1] is RangeValue range)
                {
                    source = Named(source, "items");
                    (Expr start, Expr? length) = Bounds(source, range);
                    return new ExprValue(new Slice(source, start, length, span));
                }
                return new ExprValue(new Slice(source, IndexOf(v[1], source), v.Length > 2 ? ExprOf(v[2]) : null, span));
            case "CopyTo":
                source = Stable(source, "from");
                Copy(source, IntConstant(0), ExprOf(v[1]), IntConstant(0), new LengthOf(source));
                return VoidValue.Instance;
            case "Sort":
                Sort(Stable(source, "items"), element, o);
                return VoidValue.Instance;
            default:
                source = Stable(source, "items");
                Reverse(source, IntConstant(0), new LengthOf(source));
                return VoidValue.Instance;
        }
    }

    private Value ListCreation(IObjectCreationOperation o, ListType list)
    {
        Value[] arguments = ArgumentsOf(o.Arguments);
        Expr made = ((ExprValue)Created(new NewList(list))).Expr;
        if (o.Arguments.Length == 1 && o.Arguments[0].Parameter!.Type.SpecialType != SpecialType.System_Int32)
            Each(arguments[0], Unconverted(o.Arguments[0].Value), v => Emit(new AddItem(made, ExprOf(v))));
        if (o.Initializer is null) return new ExprValue(made);
        foreach (IOperation item in o.Initializer.Initializers)
        {
            if (item is not IInvocationOperation { Arguments.Length: 1 } add) throw Unsupported("this initialiser", "add the elements one by one", item.Syntax);
            Emit(new AddItem(made, Retype(ExprOf(Lower(add.Arguments[0].Value)), list.Element)));
        }
        return new ExprValue(made);
    }

    private Value SpanCreation(IObjectCreationOperation o, SpanType span)
    {
        Value[] v = ArgumentsOf(o.Arguments);
        Expr source = ExprOf(v[0]);
        if (source.Type is not (Ir.ArrayType or SpanType)) throw Unsupported("a span over this", "make it over an array", o.Syntax);
        return new ExprValue(v.Length == 1 ? new Slice(source, null, null, span) : new Slice(source, ExprOf(v[1]), ExprOf(v[2]), span));
    }

    private Value VectorCreation(IObjectCreationOperation o, IrType type)
    {
        Expr[] v = [.. ArgumentsOf(o.Arguments).Select(ExprOf)];
        if (v.Length == 0) return new ExprValue(new Constant(type, $"default({type.CSharp})", null));
        Expr created = new Apply($"{o.Type!.Name}.new", $"new {type.CSharp}({KnownFunctions.Holes(v.Length)})", new(v), type);
        if (o.Initializer is null) return new ExprValue(created);
        Variable variable = Local("value", type);
        Emit(new Declare(variable, created));
        throw Unsupported("this initialiser", "use the constructor", o.Syntax);
    }

    // ---- the runtime's linear systems

    private ExprValue SolvedSystem(IInvocationOperation o, IMethodSymbol method)
    {
        List<Expr> arguments = [.. Operands(o.Arguments.OrderBy(a => a.Parameter!.Ordinal).Select(a => (Func<Value>)(() => Lower(a.Value))).ToArray()).Select(ExprOf)];
        var numbers = new Ir.ArrayType(ScalarType.Double);
        for (int i = 1; i < arguments.Count; i++)
            if (arguments[i].Type is not Ir.ArrayType) arguments[i] = ToSpan(arguments[i], new SpanType(ScalarType.Double, i == 1));
        if (!method.ReturnsVoid)
        {
            Variable solution = Local("solution", numbers);
            Emit(new Declare(solution, new NewArray(numbers, [new LengthOf(arguments[1])])));
            arguments.Add(new Read(solution));
        }
        Emit(new Perform($"LinearSystem.{method.Name}", $"global::DiffGen.LinearSystem.{method.Name}({KnownFunctions.Holes(3)})", new(arguments.ToArray()), [2], null));
        return new ExprValue(arguments[2]);
    }

    // ---- TensorPrimitives

    private Value? Tensor(IInvocationOperation o, IMethodSymbol method)
    {
        var ordered = o.Arguments.OrderBy(a => a.Parameter!.Ordinal).ToList();
        Expr[] arguments = [.. Operands(ordered.Select(a => (Func<Value>)(() => Lower(a.Value))).ToArray()).Select(ExprOf)];
        var writes = new List<int>();
        for (int i = 0; i < arguments.Length; i++)
        {
            if (TypeOf(ordered[i].Parameter!.Type) is SpanType parameter)
            {
                arguments[i] = ToSpan(arguments[i], parameter);
                if (!parameter.ReadOnly) writes.Add(i);
            }
        }
        string typed = method.IsGenericMethod ? "<" + string.Join(", ", method.TypeArguments.Select(t => TypeMap.Spell(Actual(t)))) + ">" : "";
        string format = $"global::System.Numerics.Tensors.TensorPrimitives.{method.Name}{typed}({KnownFunctions.Holes(arguments.Length)})";
        Expr? result = null;
        if (!method.ReturnsVoid)
        {
            Variable variable = Local(char.ToLowerInvariant(method.Name[0]) + method.Name.Substring(1), TypeOf(o.Type!));
            Emit(new Declare(variable, null));
            result = new Read(variable);
        }
        Emit(new Perform("TensorPrimitives." + method.Name, format, new(arguments), writes.ToEquatable(), result));
        return result is null ? VoidValue.Instance : new ExprValue(result);
    }
}
