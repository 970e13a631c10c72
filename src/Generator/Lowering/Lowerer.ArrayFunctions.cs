using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>The functions of <c>System.Array</c>, as loops.</summary>
internal sealed partial class Lowerer
{
    private Value? ArrayCall(IInvocationOperation o, IMethodSymbol method)
    {
        switch (method.Name)
        {
            case "Empty": return Created(new NewArray((Ir.ArrayType)TypeOf(o.Type!), [IntConstant(0)]));
            case "Copy" or "ConstrainedCopy" or "Fill" or "Clear" or "Reverse" or "Resize" or "IndexOf" or "ConvertAll" or "ForEach" or "Sort": break;
            case var name when SearchNames.Contains(name) && o.Given().Length == 2: break;
            default: return null;
        }
        if (o.Given().Length > 0 && TypeOf(Unconverted(o.Given()[0].Value).Type!) is not Ir.ArrayType) return null;
        switch (method.Name)
        {
            case "Copy" or "ConstrainedCopy":
                {
                    if (TypeOf(Unconverted(o.Given()[o.Given().Length == 3 ? 1 : 2].Value).Type!) is not Ir.ArrayType) return null;
                    Expr[] a = [.. Operands(o.Given().OrderBy(x => x.Parameter!.Ordinal).Select(x => Unconverted(x.Value))).Select(ExprOf).Select(x => x is Constant { Type.CSharp: "long", Number: { } n } ? IntConstant((int)n) : x.Type.CSharp == "long" ? new Ir.Convert(x, PlainType.Int) : x)];
                    if (a[0].Type is not Ir.ArrayType from || !from.Equals(a[a.Length == 3 ? 1 : 2].Type)) return null;
                    if (a.Length == 3) Copy(a[0], IntConstant(0), a[1], IntConstant(0), a[2]);
                    else Copy(a[0], a[1], a[2], a[3], a[4]);
                    return VoidValue.Instance;
                }
            case "Fill":
                {
                    Value[] v = Operands(o.Given().Select(x => x.Value));
                    Expr array = Stable(ExprOf(v[0]), "items");
                    Value value = v[1].Map(e => Named(e, "value"));
                    (Expr start, Expr count) = v.Length == 4 ? (Named(ExprOf(v[2]), "start"), Named(ExprOf(v[3]), "count")) : (IntConstant(0), new LengthOf(array));
                    if (v.Length == 4) CheckPart(array, start, count, beyond: "ArgumentOutOfRangeException");
                    Counter("i", start, EndOf(start, count), i => StoreExpr(new ElementAt(array, [i]), value, o));
                    return VoidValue.Instance;
                }
            case "Clear":
                {
                    Value[] v = Operands(o.Given().Select(x => Unconverted(x.Value)));
                    Expr array = ExprOf(v[0]);
                    if (array.Type is not Ir.ArrayType type) return null;
                    if (v.Length == 1) { Emit(new Ir.Clear(array)); return VoidValue.Instance; }
                    array = Stable(array, "items");
                    Expr start = Named(ExprOf(v[1]), "start"), count = Named(ExprOf(v[2]), "count");
                    ThrowIf(Either(Either(Less(start, IntConstant(0)), Less(count, IntConstant(0))), Less(new Binary(BinaryOperator.Subtract, new LengthOf(array), start, PlainType.Int), count)), "IndexOutOfRangeException");
                    Counter("i", start, EndOf(start, count), i => Emit(new Assign(Flat(array, i), Zero(type.Element))));
                    return VoidValue.Instance;
                }
            case "Reverse":
                {
                    Value[] v = Operands(o.Given().Select(x => Unconverted(x.Value)));
                    Expr array = Stable(ExprOf(v[0]), "items");
                    (Expr start, Expr count) = v.Length == 3 ? (Named(ExprOf(v[1]), "start"), Named(ExprOf(v[2]), "count")) : (IntConstant(0), new LengthOf(array));
                    CheckPart(array, start, count);
                    Reverse(array, start, count);
                    return VoidValue.Instance;
                }
            case "Resize":
                {
                    Place place = PlaceOf(o.Given()[0].Value);
                    Expr length = Named(ExprOf(Lower(o.Given()[1].Value)), "length");
                    Expr old = Saved(ExprOf(place.Load()), "old");
                    if (old.Type is not Ir.ArrayType type) return null;
                    if (length is not (Constant { Number: >= 0 } or LengthOf)) ThrowIf(Less(length, IntConstant(0)), "ArgumentOutOfRangeException");
                    Expr fresh = Saved(new NewArray(type, [length]), "resized");
                    Expr count = Saved(new LengthOf(old), "kept");
                    Emit(new If(new Binary(BinaryOperator.Greater, count, length, PlainType.Bool), new Block([new Assign(count, length) { Source = _source, Site = _site }]), Block.Empty));
                    CopyFitting(old, IntConstant(0), fresh, IntConstant(0), count);
                    Store(place, new ExprValue(fresh), o);
                    return VoidValue.Instance;
                }
            case "Sort": return ArraySort(o);
            case "ConvertAll" when Lower(o.Given()[1].Value) is FunctionValue f:
                {
                    Expr array = Stable(ExprOf(Lower(o.Given()[0].Value)), "items");
                    Expr result = ((ExprValue)Created(new NewArray((Ir.ArrayType)TypeOf(o.Type!), [new LengthOf(array)]))).Expr;
                    Counter("i", IntConstant(0), new LengthOf(array), i => StoreExpr(new ElementAt(result, [i]), Call(f, o.Syntax, Element(array, i)), o));
                    return new ExprValue(result);
                }
            case var name when SearchNames.Contains(name):
                {
                    Expr array = Stable(ExprOf(Lower(Unconverted(o.Given()[0].Value))), "items");
                    return array.Type is Ir.ArrayType { Rank: 1 } && AsSequence(new ExprValue(array), Unconverted(o.Given()[0].Value)) is { } items ? Search(name, array, items, Lower(o.Given()[1].Value), o) : null;
                }
            case "ForEach" when Lower(o.Given()[1].Value) is FunctionValue f:
                {
                    Expr array = Stable(ExprOf(Lower(o.Given()[0].Value)), "items");
                    Counter("i", IntConstant(0), new LengthOf(array), i => Call(f, o.Syntax, Element(array, i)));
                    return VoidValue.Instance;
                }
            // objects that are made at run time are compared as numbers where nobody says how
            case "IndexOf" when o.Given().Length == 2 && Actual(Unconverted(o.Given()[0].Value).Type!) is IArrayTypeSymbol { Rank: 1, ElementType: var item } && IsInRoom(item) && !OverridesEquals(item):
                {
                    Expr[] both = [.. Operands(o.Given().OrderBy(x => x.Parameter!.Ordinal).Select(x => Unconverted(x.Value))).Select(ExprOf)];
                    return new ExprValue(new Opaque(["global::System.Array.IndexOf(", ", ", ")"], both.ToEquatable(), PlainType.Int, Purity.Reads));
                }
            case "IndexOf" when o.Given().Length == 2:
                {
                    Expr[] v = [.. Operands(o.Given().OrderBy(x => x.Parameter!.Ordinal).Select(x => x.Value)).Select(ExprOf)];
                    if (v[0].Type is not Ir.ArrayType { Rank: 1, Element: ScalarType element } || !v[1].Type.Equals(element)) return null;
                    return new ExprValue(PositionOf(v[0], v[1]));
                }
            default: return null;
        }
    }

    /// <summary>The first index at which a number stands; −1 where it does not.</summary>
    private Expr PositionOf(Expr items, Expr sought)
    {
        Expr all = Stable(items, "items"), wanted = Named(sought, "wanted");
        return Position(all, i => new Opaque(["", ".Equals(", ")"], [new ElementAt(all, [i]), wanted], PlainType.Bool, Purity.Reads));
    }

    /// <summary>A copy of bytes between arrays of one number type: a copy of elements, where the bytes are seen to be whole numbers.</summary>
    private Value? BlockCopy(IInvocationOperation o)
    {
        IOperation[] operands = [.. o.Given().OrderBy(x => x.Parameter!.Ordinal).Select(x => Unconverted(x.Value))];
        if (TypeOf(operands[0].Type!) is not Ir.ArrayType { Element: ScalarType element } || TypeOf(operands[2].Type!) is not Ir.ArrayType { Element: ScalarType other } || !element.Equals(other)) return null;
        int size = element.Kind switch { ScalarKind.Double => 8, ScalarKind.Single => 4, ScalarKind.Half => 2, _ => 0 };
        if (size == 0) return null;
        Expr[] a = [.. Operands(operands).Select(ExprOf)];
        if (a[0].Type is not Ir.ArrayType || a[2].Type is not Ir.ArrayType) return null;
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
        source = Viewed(source);
        bool isOne = source.Type is not SpanType && Original(source).Equals(Original(target));
        source = Stable(source, "from");
        target = isOne ? source : Stable(target, "to");
        (from, to, length) = (Named(from, "start"), Named(to, "at"), Named(length, "count"));
        CheckPart(source, from, length);
        CheckFits(target, to, length);
        CopyFitting(source, from, target, to, length);
    }

    private void CopyFitting(Expr source, Expr from, Expr target, Expr to, Expr length)
    {
        Expr At(Expr i, Expr offset) => offset is Constant { Number: 0 } ? i : new Binary(BinaryOperator.Add, offset, i, PlainType.Int);
        void One(Expr i) => StoreExpr(Flat(target, At(i, to)), Whole(Flat(source, At(i, from)), null), null);
        bool fresh = _temporaries.Contains(target.Root() ?? new Variable("", PlainType.Void));
        bool sameRoot = target.Root() is { } x && source.Root() is { } y && x.Equals(y);
        bool views = !sameRoot && !fresh && source.Type is SpanType && target.Type is SpanType && MayShare(source, target);
        // two names for what may be one array: that only matters where elements move up
        bool perhaps = !sameRoot && !fresh && source.Type is Ir.ArrayType && target.Type is Ir.ArrayType && !MovesDown(from, to) && MayBeOne(source, target);
        if (sameRoot && MovesDown(Offset(source, from), Offset(target, to)) || !sameRoot && !views && !perhaps)
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
        if (perhaps) inOrder = Either(new Opaque(["((object)", " != ", ")"], [source, target], PlainType.Bool, Purity.Pure), inOrder);
        Emit(new If(inOrder, BlockOf(forward), new Block([backward])));
    }

    private static bool MovesDown(Expr from, Expr to) => from.Equals(to) || to is Constant { Number: { } low } && (low == 0 || from is Constant { Number: { } high } && high >= low);

    /// <summary>Whether two arrays may be one: unless each is a parameter of the marked method, or was made for its own variable.</summary>
    private bool MayBeOne(Expr left, Expr right) => StorageOf(left) is not { } x || StorageOf(right) is not { } y || x.Equals(y) || !IsApart(x) || !IsApart(y);

    private bool IsApart(Variable array) => _made.Contains(array) || session.Functions.Functions.Count == 0 && session.Entry.Parameters.Any(p => p.Name == array.Name);

    /// <summary>The element at a position in the order of storage: row by row.</summary>
    private static ElementAt Flat(Expr array, Expr position)
    {
        int rank = array.Type is Ir.ArrayType { Rank: var r } ? r : 1;
        var index = new Expr[rank];
        for (int k = rank - 1; k >= 0; k--)
        {
            Expr length = new LengthOf(array, k);
            index[k] = k == 0 ? position : new Binary(BinaryOperator.Remainder, position, length, PlainType.Int);
            position = new Binary(BinaryOperator.Divide, position, length, PlainType.Int);
        }
        return new ElementAt(array, new(index));
    }

    /// <summary>What an array's other name was declared as, as long as neither is given another.</summary>
    private Expr Original(Expr array)
    {
        while (array is Read { Variable: var name } && !IsReassigned(name) && _views.TryGetValue(name, out Expr? made) && made is Read { Type: Ir.ArrayType } other && !IsReassigned(other.Variable)) array = made;
        return array;
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
        if (to is not (Constant { Number: >= 0 } or LengthOf)) ThrowIf(Less(to, IntConstant(0)), "ArgumentOutOfRangeException");
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
}
