using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>New arrays: with their lengths or elements, on the stack, by collection expressions.</summary>
internal sealed partial class Lowerer
{
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
            Value[] given = Operands([.. o.Initializer.ElementValues.Select(e => (Func<Value>)(() => LowerElement(e)))]);
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
        element ??= ArrayOfImmutable(type)?.Element;
        if (element is null && type is INamedTypeSymbol users && OwnCollection(o, users) is { } collection) return collection;
        if (element is null) return LowerVerbatim(o);
        var array = new Ir.ArrayType(element);
        Value[] parts = PartsOf(o);
        // functions that go by the name of a sequence
        if (type is INamedTypeSymbol { Name: "IEnumerable", Arity: 1, TypeArguments: [{ TypeKind: TypeKind.Delegate } function] } && !o.Elements.Any(e => e is ISpreadOperation) && TableOf(function, parts, OutOfRange) is { } functions) return functions;
        if (IsTableType(type) && Enumerable.Range(0, parts.Length).All(i => o.Elements[i] is not ISpreadOperation || parts[i] is TableValue))
        {
            Value[] all = [.. parts.SelectMany((p, i) => o.Elements[i] is ISpreadOperation ? ((TableValue)p).Elements : [p])];
            if (TableOf(ElementOfTable(type)!, all, type is IArrayTypeSymbol or { IsRefLikeType: true } ? OutOfRange : "System.ArgumentOutOfRangeException") is { } table) return table;
        }
        if (ir is ListType { IsOwn: var own } && (own ? EmptyOne((INamedTypeSymbol)type)?.EndsWith("()", StringComparison.Ordinal) == true : TypeIsList(type) || TypeMap.IsCollection(type)))
        {
            Expr list = ((ExprValue)Created(new NewList(own || TypeIsList(type) ? (ListType)ir : NewListOf(element).ListType) { Capacity = o.Elements.Length == 0 ? null : LengthOfParts(o, parts, orNull: true) })).Expr;
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
            Value value = e is ISpreadOperation ? Lower(part) : LowerElement(part);
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
