using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Arrays, spans and lists: elements, indices from the end, ranges, creation.</summary>
internal sealed partial class Lowerer
{
    private Value ArrayElement(IArrayElementReferenceOperation o)
    {
        if (IsRange(o.Indices[0]))
        {
            Value[] sliced = Operands(() => Lower(o.ArrayReference), () => Lower(o.Indices[0]));
            return new ExprValue(ArrayRange(ExprOf(sliced[0]), AsRange(sliced[1]) ?? throw Unsupported("a range of this kind", "write it out", o.Syntax)));
        }
        if (Actual(o.ArrayReference.Type!) is IArrayTypeSymbol { ElementType.Name: "IGrouping" } && o.Indices.Length == 1)
        {
            Value[] kept = Operands(() => Lower(o.ArrayReference), () => Lower(o.Indices[0]));
            if (kept[0] is SequenceValue { At: { } group, Count: { } count }) return group(kept[1] is IndexValue { FromEnd: true } back ? Minus(count(), back.Offset) : ExprOf(kept[1]));
        }
        if (IsTableType(Actual(o.ArrayReference.Type!)) && o.Indices.Length == 1)
        {
            Value[] known = Operands(() => Lower(o.ArrayReference), () => Lower(o.Indices[0]));
            if (known[0] is TableValue table) return TableElement(table, known[1]);
            if (known[0] is ChoiceValue several) return Distribute(several, one => one is TableValue t ? TableElement(t, known[1]) : throw Unsupported("an element of this", "use an array", o.Syntax), o.Type);
            return Whole(ArrayPlaceRaw(known, o).Target, Actual(o.Type!));
        }
        return Whole(ArrayPlaceRaw(o).Target, Actual(o.Type!));
    }

    private Place ArrayPlace(IArrayElementReferenceOperation o)
    {
        if (!IsTableType(Actual(o.ArrayReference.Type!)) || o.Indices.Length != 1) return Apart(ArrayPlaceRaw(o).Target, Actual(o.Type!));
        Value[] operands = Operands(() => Lower(o.ArrayReference), () => Lower(o.Indices[0]));
        if (operands[0] is not TableValue table) return Apart(ArrayPlaceRaw(operands, o).Target, Actual(o.Type!));
        if (IsHere(table.Region) && operands[1] is ExprValue { Expr: Constant { Number: { } n } } && n >= 0 && n < table.Elements.Count) return new TablePlace(table, (int)n);
        throw Unsupported("an element of an array of objects or delegates that is replaced by an index of run time", "list them where it is made", o.Syntax);
    }

    private ExprPlace ArrayPlaceRaw(IArrayElementReferenceOperation o) =>
        ArrayPlaceRaw(Operands([() => Lower(o.ArrayReference), .. o.Indices.Select(i => (Func<Value>)(() => Lower(i)))]), o);

    private ExprPlace ArrayPlaceRaw(Value[] operands, IArrayElementReferenceOperation o)
    {
        Expr array = ExprOf(operands[0]);
        if (array.Type is not (Ir.ArrayType or ListType)) throw Unsupported("an element of this", "use an array", o.Syntax);
        if (operands.Skip(1).Any(v => v is IndexValue { FromEnd: true })) array = Named(array, "items");
        Expr[] indices = [.. operands.Skip(1).Select(v => IndexOf(v, array))];
        return new ExprPlace(new ElementAt(array, new(indices)));
    }

    /// <summary>An element as a value: a struct is taken apart.</summary>
    private Value Whole(Expr e, ITypeSymbol? type)
    {
        if (e.Type is StructType s) return session.Types.SymbolOf(s) is { IsReferenceType: true } model ? Seen(e, model) : Split(e, session.Types.SymbolOf(s));
        if (type is not null && IsSplit(type)) return Split(e, (INamedTypeSymbol)Actual(type));
        return new ExprValue(e);
    }

    /// <summary>An object that somebody else holds, as its members are now: nothing here may write them.</summary>
    private ObjectValue Seen(Expr e, INamedTypeSymbol model)
    {
        if (e is ElementAt element) e = element with { Indices = element.Indices.Select(i => i is Constant ? i : Named(i, "at")).ToEquatable() };
        var seen = new CompositePlace(model) { IsObject = true, IsHeld = true, Origin = model.IsSealed ? null : e, IsOwned = true };
        foreach ((string name, ITypeSymbol type, ISymbol member) in TypeMap.Fields(model))
        {
            if (TypeMap.IsHidden(member, model))
            {
                seen.Add(name, new BoundPlace(null, -1));
                continue;
            }
            Value value = Whole(FieldOfWhole(e, member, name, type), type);
            seen.Add(name, new BoundPlace(session.IsAccessible(member) ? value.Map(part => Named(part, Join("", name))) : value, -1));
        }
        return new ObjectValue(seen);
    }

    /// <summary>An element as a place: a struct's fields are places of their own where C# can assign them.</summary>
    private Place Apart(Expr e, ITypeSymbol? type) => new ExprPlace(e);

    private static bool IsRange(IOperation o) => o.Type is { Name: "Range", ContainingNamespace.Name: "System" };

    private Expr IndexOf(Value value, Expr source)
    {
        if (value is IndexValue { FromEnd: true } fromEnd)
            return fromEnd.Offset is Constant { Number: 0 } ? new LengthOf(source) : new Binary(BinaryOperator.Subtract, new LengthOf(source), fromEnd.Offset, PlainType.Int);
        Expr e = ExprOf(value);
        return e.Type.CSharp == "global::System.Index" ? new Opaque(["", $".GetOffset(", ")"], [e, new LengthOf(source)], PlainType.Int, Purity.Pure) : e;
    }

    /// <summary>A range: written here, or what somebody else has made of two indices; null for other values.</summary>
    private RangeValue? AsRange(Value value)
    {
        if (value is not ExprValue { Expr: { Type.CSharp: "global::System.Range" } made }) return value as RangeValue;
        made = Named(made, "range");
        IndexValue End(string name) => new(new Opaque(["", "." + name], [made], new PlainType("global::System.Index", PlainKind.Other), Purity.Pure), false);
        return new RangeValue(End("Start"), End("End"));
    }

    private RangeValue Range(IRangeOperation o)
    {
        IOperation[] ends = [.. new[] { o.LeftOperand, o.RightOperand }.OfType<IOperation>()];
        IndexValue[] indices = [.. Operands(ends.Select(Unconverted)).Select(v => v as IndexValue ?? new IndexValue(ExprOf(v), false))];
        return new RangeValue(o.LeftOperand is null ? null : indices[0], o.RightOperand is null ? null : indices[indices.Length - 1]);
    }

    private (Expr Start, Expr? Length) Bounds(Expr source, RangeValue range)
    {
        Expr start = range.Start is null ? IntConstant(0) : Simple(IndexOf(range.Start, source));
        if (range.End is null) return (start, null);
        Expr end = Simple(IndexOf(range.End, source));
        return (start, Minus(end, start));
    }

    private Expr Simple(Expr e) => e.All().All(x => x is Constant or Read or Binary or LengthOf) ? e : Named(e, "at");

    private static Expr Minus(Expr a, Expr b) =>
        b is Constant { Number: 0 } ? a
        : a is Constant { Number: { } x } && b is Constant { Number: { } y } ? IntConstant((int)(x - y))
        : new Binary(BinaryOperator.Subtract, a, b, PlainType.Int);

    private Expr ArrayRange(Expr source, RangeValue range)
    {
        source = Named(source, "items");
        (Expr start, Expr? length) = Bounds(source, range);
        IrType element = source.Type switch { Ir.ArrayType a => a.Element, SpanType s => s.Element, _ => throw Unsupported("a range of this", "use an array or span") };
        var view = new Slice(source, start, length, new SpanType(element, source.Type is SpanType { ReadOnly: true }));
        return source.Type is Ir.ArrayType array ? Named(new CopyOf(view, array), "part") : view;
    }

    private Value ImplicitIndexer(IImplicitIndexerReferenceOperation o)
    {
        Value[] operands = Operands(() => Lower(o.Instance), () => Lower(o.Argument));
        if (operands[0] is TableValue table && operands[1] is not RangeValue) return TableElement(table, operands[1]);
        if (OfTheUser(o, operands[0], operands[1]) is { } own) return own;
        if (operands[0] is not ExprValue { Expr: var source } || source.Type is not (Ir.ArrayType or SpanType or ListType)) return LowerVerbatim(o);
        if (AsRange(operands[1]) is { } range) return new ExprValue(ArrayRange(source, range));
        source = Named(source, "items");
        return Whole(new ElementAt(source, [IndexOf(operands[1], source)]), Actual(o.Type!));
    }

    /// <summary>A type of the user's that counts and is indexed by integers: <c>x[^1]</c> is <c>x[x.Length - 1]</c>.</summary>
    private Value? OfTheUser(IImplicitIndexerReferenceOperation o, Value receiver, Value at)
    {
        if (at is not IndexValue index || o.IndexerSymbol is not IPropertySymbol { GetMethod: { } get } || o.LengthSymbol is not IPropertySymbol { GetMethod: { } count } length || !HasSource(get)) return null;
        Expr offset = index.Offset;
        if (index.FromEnd)
        {
            if (MemberOf(receiver, TypeMap.KeyOf(length)) is null && !HasSource(count)) return null;
            offset = Minus(ExprOf(MemberOf(receiver, TypeMap.KeyOf(length)) ?? Virtually(count, receiver, (actual, place) => Inline(actual, place, [], [], o.Syntax), length.Type)), offset);
        }
        return Virtually(get, receiver, (actual, place) => Inline(actual, place, [], [new ExprValue(offset)], o.Syntax), o.Type);
    }

    private Place ImplicitIndexerPlace(IImplicitIndexerReferenceOperation o)
    {
        Value[] operands = Operands(() => Lower(o.Instance), () => Lower(o.Argument));
        Expr source = Named(ExprOf(operands[0]), "items");
        if (source.Type is not (SpanType or ListType)) throw Unsupported("an index of this", "use an array, span or list", o.Syntax);
        return new ExprPlace(new ElementAt(source, [IndexOf(operands[1], source)]));
    }

    private const string OutOfRange = "System.IndexOutOfRangeException";

    // ---- creation

    private Value ArrayCreation(IArrayCreationOperation o)
    {
        var type = (Ir.ArrayType)TypeOf(o.Type!);
        if (o.Initializer is null)
        {
            Expr[] lengths = [.. Operands(o.DimensionSizes).Select(ExprOf)];
            if (lengths is [Constant { Number: >= 0 and <= LargestTable and var n }] && o.Type is IArrayTypeSymbol { ElementType: { TypeKind: TypeKind.Delegate } of })
                return new TableValue(Actual(of), [.. Enumerable.Repeat(0, (int)n).Select(_ => (Value)new ExprValue(new Constant(type.Element, "null", null)))], OutOfRange) { Region = _region };
            return Created(new NewArray(type, new(lengths)));
        }
        if (type.Rank == 1)
        {
            Value[] given = Operands(o.Initializer.ElementValues);
            if (TableOf(((IArrayTypeSymbol)o.Type!).ElementType, given, OutOfRange) is { } table) return table;
            Expr[] elements = [.. given.Select(v => Retype(ExprOf(v), type.Element))];
            return Created(elements.Length == 0 ? new NewArray(type, [IntConstant(0)]) : new ArrayLiteral(type, new(elements)));
        }
        Expr[] sizes = [.. o.DimensionSizes.Select(d => ExprOf(Lower(d)))];
        Expr array = Saved(new NewArray(type, new(sizes)), "array");
        _temporaries.Add(((Read)array).Variable);
        void Fill(IArrayInitializerOperation initializer, List<Expr> indices)
        {
            for (int i = 0; i < initializer.ElementValues.Length; i++)
            {
                List<Expr> at = [.. indices, IntConstant(i)];
                if (initializer.ElementValues[i] is IArrayInitializerOperation row) Fill(row, at);
                else StoreExpr(new ElementAt(array, at.ToEquatable()), Lower(initializer.ElementValues[i]), initializer.ElementValues[i]);
            }
        }
        Fill(o.Initializer, []);
        return new ExprValue(array);
    }

    /// <summary>New storage always gets a name: an expression that is written twice would be two arrays.</summary>
    private Value Created(Expr e, string wish = "array")
    {
        Variable variable = Local(wish, e.Type);
        _temporaries.Add(variable);
        Emit(new Declare(variable, e));
        return new ExprValue(new Read(variable));
    }

    private Value StackAlloc(IOperation o, ITypeSymbol? target)
    {
        SemanticModel model = session.Model(o.Syntax.SyntaxTree);
        IrType? spanType = target is null ? null : session.Types.Map(target);
        InitializerExpressionSyntax? initializer;
        Expr? length = null;
        ITypeSymbol? element = null;
        if (o.Syntax is StackAllocArrayCreationExpressionSyntax explicitly)
        {
            var array = (ArrayTypeSyntax)explicitly.Type;
            element = model.GetTypeInfo(array.ElementType, session.Token).Type;
            initializer = explicitly.Initializer;
            if (array.RankSpecifiers[0].Sizes[0] is { } size and not OmittedArraySizeExpressionSyntax && model.GetOperation(size, session.Token) is { } bound)
                length = ExprOf(Lower(bound));
        }
        else
        {
            initializer = ((ImplicitStackAllocArrayCreationExpressionSyntax)o.Syntax).Initializer;
            TypeInfo made = model.GetTypeInfo(o.Syntax, session.Token);
            element = made.Type is IPointerTypeSymbol pointer ? pointer.PointedAtType : (made.ConvertedType ?? made.Type) is INamedTypeSymbol { TypeArguments: [var only] } ? only : null;
        }
        SpanType type = spanType as SpanType ?? (element is not null ? new SpanType(TypeOf(element), false) : throw new Refused(DiagnosticIds.UnsupportedConstruct, "a pointer", "use a span") { Node = o.Syntax });
        type = type with { ReadOnly = type.ReadOnly && initializer is null };
        var storage = new SpanType(type.Element, false);
        IOperation[] elements = initializer is null ? [] : [.. initializer.Expressions.Select(e => model.GetOperation(e, session.Token)!)];
        length ??= IntConstant(elements.Length);
        Expr span = IsInitial(o.Syntax) ? ((ExprValue)Created(new NewArray(storage, [length], true))).Expr : ToSpan(Scratch(type.Element, length), storage);
        for (int i = 0; i < elements.Length; i++)
        {
            Expr value = ExprOf(Lower(elements[i]));
            if (!value.Type.Equals(storage.Element) && IsNumeric(value.Type, storage.Element)) value = value is Constant { Number: { } n } && storage.Element.Equals(ScalarType.Double)
                ? new Constant(ScalarType.Double, DoubleText(n), n) : new Ir.Convert(value, storage.Element);
            Emit(new Assign(new ElementAt(span, [IntConstant(i)]), value));
        }
        return new ExprValue(span);
    }

    /// <summary>A collection expression: a literal, or an array of the summed length filled part by part.</summary>
    private Value Collection(ICollectionExpressionOperation o)
    {
        ITypeSymbol type = Actual(o.Type!);
        if (o.Elements.IsEmpty && IsModelledCollection(type)) return EmptyCollection((INamedTypeSymbol)type);
        if (o.Elements.IsEmpty && TypeIsList(type) && IsTableType(type) && GrowsInPlace(o)) return new TableValue(ElementOfTable(type)!, [], "System.ArgumentOutOfRangeException") { Region = _region };
        IrType ir = session.Types.Map(type);
        IrType? element = ir switch { Ir.ArrayType a => a.Element, SpanType s => s.Element, ListType l => l.Element, _ => null };
        if (element is null && type is INamedTypeSymbol { TypeKind: TypeKind.Interface, Arity: 1 } sequence) element = session.Types.Map(sequence.TypeArguments[0]);
        if (element is null && IsImmutableArray(type)) element = session.Types.Map(((INamedTypeSymbol)type).TypeArguments[0]);
        if (element is null && type is INamedTypeSymbol users && OwnCollection(o, users) is { } collection) return collection;
        if (element is null) return LowerVerbatim(o);
        var array = new Ir.ArrayType(element);
        Value[] parts = PartsOf(o);
        if (IsTableType(type) && Enumerable.Range(0, parts.Length).All(i => o.Elements[i] is not ISpreadOperation || parts[i] is TableValue))
        {
            Value[] all = [.. parts.SelectMany((p, i) => o.Elements[i] is ISpreadOperation ? ((TableValue)p).Elements : [p])];
            if (TableOf(ElementOfTable(type)!, all, type is IArrayTypeSymbol ? OutOfRange : "System.ArgumentOutOfRangeException") is { } table) return table;
        }
        if (ir is ListType { IsOwn: var own } && (own ? EmptyOne((INamedTypeSymbol)type)?.EndsWith("()", StringComparison.Ordinal) == true : TypeIsList(type)))
        {
            Expr list = ((ExprValue)Created(new NewList((ListType)ir) { Capacity = o.Elements.Length == 0 ? null : LengthOfParts(o, parts, orNull: true) })).Expr;
            for (int i = 0; i < parts.Length; i++)
            {
                if (o.Elements[i] is ISpreadOperation spread) Each(parts[i], spread.Operand, v => Emit(new AddItem(list, ExprOf(SpreadItem(v, spread, element)))));
                else Emit(new AddItem(list, ExprOf(parts[i])));
            }
            return new ExprValue(list);
        }
        Expr result;
        if (!o.Elements.Any(e => e is ISpreadOperation))
        {
            Expr[] elements = [.. parts.Select(p => Retype(ExprOf(p), element))];
            result = ((ExprValue)Created(elements.Length == 0 ? new NewArray(array, [IntConstant(0)]) : new ArrayLiteral(array, new(elements)))).Expr;
        }
        else
        {
            for (int i = 0; i < parts.Length; i++)
                if (o.Elements[i] is ISpreadOperation s && parts[i] is SequenceValue { Count: null } or ExprValue { Expr.Type: PlainType }) parts[i] = new ExprValue(Materialise(parts[i], s.Operand, element));
            Expr total = LengthOfParts(o, parts, orNull: false)!;
            result = ((ExprValue)Created(new NewArray(array, [total]))).Expr;
            Variable at = Local("at", PlainType.Int);
            Emit(new Declare(at, IntConstant(0)));
            void Put(Value v)
            {
                StoreExpr(new ElementAt(result, [new Read(at)]), v, null);
                Emit(new Assign(new Read(at), new Binary(BinaryOperator.Add, new Read(at), IntConstant(1), PlainType.Int)));
            }
            for (int i = 0; i < parts.Length; i++)
            {
                if (o.Elements[i] is ISpreadOperation s) Each(parts[i], s.Operand, v => Put(SpreadItem(v, s, element)));
                else Put(parts[i]);
            }
        }
        return ir is SpanType span ? new ExprValue(new Slice(result, null, null, span)) : new ExprValue(result);
    }

    /// <summary>What a collection expression is made of. When a spread is copied before or after later elements is the compiler's: they may not change it.</summary>
    private Value[] PartsOf(ICollectionExpressionOperation o)
    {
        var spreads = new List<(Value Value, IOperation Operand)>();
        return Operands([.. o.Elements.Select(e => (Func<Value>)(() =>
        {
            IOperation part = e is ISpreadOperation { Operand: var spread } ? spread : e;
            int mark = _out.Count;
            Value value = Lower(part);
            List<Variable> changed = _out.Count == mark || spreads.Count == 0 ? [] : [.. Changed([.. _out.Skip(mark)])];
            if (changed.Count > 0 && spreads.Any(s => Effects.Of(Into(() => Each(s.Value, s.Operand, v => v.Map(x => Saved(x, "t"))))).Reads.Any(changed.Contains)))
                throw Unsupported("a spread of what a later element changes", "copy it first", e.Syntax);
            if (e is ISpreadOperation) spreads.Add((value, part));
            return value;
        }))]);
    }

    /// <summary>How many elements a collection expression has; null where a part does not tell, if that is allowed (<paramref name="orNull"/>). Parts get names.</summary>
    private Expr? LengthOfParts(ICollectionExpressionOperation o, Value[] parts, bool orNull)
    {
        int singles = o.Elements.Count(e => e is not ISpreadOperation);
        Expr total = IntConstant(0);
        for (int i = 0; i < parts.Length; i++)
        {
            if (o.Elements[i] is not ISpreadOperation) continue;
            if (orNull && parts[i] is not (SequenceValue { Count: not null } or ExprValue { Expr.Type: not PlainType })) return null;
            if (parts[i] is ExprValue e) parts[i] = new ExprValue(Named(e.Expr, "items"));
            Expr length = parts[i] is SequenceValue q ? q.Count!() : new LengthOf(ExprOf(parts[i]));
            total = total is Constant { Number: 0 } ? length : new Binary(BinaryOperator.Add, total, length, PlainType.Int);
        }
        return singles == 0 ? total : total is Constant { Number: 0 } ? IntConstant(singles) : new Binary(BinaryOperator.Add, total, IntConstant(singles), PlainType.Int);
    }

    private static bool TypeIsList(ITypeSymbol type) => type is INamedTypeSymbol { Name: "List" };

    private static Value SpreadItem(Value v, ISpreadOperation spread, IrType element) =>
        v is ExprValue { Expr: var e } && !e.Type.Equals(element) && IsNumeric(e.Type, element) ? new ExprValue(new Ir.Convert(e, element)) : v;
}
