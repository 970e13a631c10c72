using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Sequences that are not stored: iterators and what LINQ makes of arrays.</summary>
internal sealed partial class Lowerer
{
    private static bool IsSequenceType(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Interface, Name: "IEnumerable" or "IOrderedEnumerable" or "IGrouping" or "ILookup" } or INamedTypeSymbol { Name: "ParallelQuery" or "OrderedParallelQuery", Arity: 1 };

    /// <summary>A user's iterator: its body runs inside the consumer's loop, each <c>yield</c> delivers to the consumer's body.</summary>
    private Value Iterator(IMethodSymbol method, IOperation body, Frame? lexical, Place? self, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site)
    {
        IMethodSymbol definition = method.Definition();
        Substitution types = Substitution.Of(session.Compilation, method);
        if (lexical is not null) types = lexical.Types.With(types);
        ITypeSymbol element = method.ReturnType is INamedTypeSymbol { Arity: 1 } named ? types.Apply(named.TypeArguments[0]) : session.Compilation.ObjectType;
        if (session.Functions.IsRecursive(definition, session)) throw Unsupported("a recursive iterator", "return a list", site);
        Frame caller = _frame;
        // arguments are evaluated at the call, the body at each enumeration
        Value[] kept = [.. arguments.Select(a => a is PlaceValue ? throw Unsupported("an iterator with ref", "pass values", site) : Settled(a))];
        if (self is CompositePlace { IsObject: false } copied) self = NewPlace("copy", copied.Type, copied.Load());
        else if (self is CompositePlace known) RequireStays(known, site);
        IArgumentOperation[] written = [.. operations];
        return new SequenceValue(element, consume =>
        {
            if (caller.Depth > MaximalDepth) throw new Refused(DiagnosticIds.TooComplex, $"the calls of {definition.Name}") { Node = site };
            (Frame outer, SyntaxNode? statement, string source, Site at) = (_frame, _statement, _source, _site);
            var label = new Label(session.Names.Fresh("end" + Capital(definition.Name)));
            var frame = new Frame(definition, lexical, types)
            {
                Caller = caller, Depth = outer.Depth + 1, This = self ?? lexical?.FindThis(), Return = new ReturnTarget { Label = label }, Written = Writes.In(body),
                Yield = value =>
                {
                    Frame inner = _frame;
                    (SyntaxNode? s, string t, Site u) = (_statement, _source, _site);
                    _frame = outer;
                    (_statement, _source, _site) = (statement, source, at);
                    try { consume(value); }
                    finally { (_frame, _statement, _source, _site) = (inner, s, t, u); }
                },
            };
            List<Stmt> statements = Into(() =>
            {
                _frame = caller;
                BindParameters(frame, definition, written, kept);
                _frame = frame;
                try { Body(body); }
                finally { (_frame, _statement, _source, _site) = (outer, statement, source, at); }
            });
            label.Used = Exits.Contains(statements, label.Name);
            if (label.Used) statements = Exits.Simplify(statements, label);
            if (label.Used) Emit(new Labelled(label.Name, BlockOf(statements)));
            else _out.AddRange(statements);
        })
        { Origin = body };
    }

    private void YieldReturn(IReturnOperation o)
    {
        Frame frame = _frame;
        while (frame.Yield is null && frame.Lexical is not null) frame = frame.Lexical;
        if (frame.Yield is null) throw Unsupported("yield here", "return an array", o.Syntax);
        Value value = Lower(o.ReturnedValue!).Map(e => Named(e, "item"));
        frame.Yield(value);
    }

    /// <summary>Stores a sequence in a new array: counted first where its length is not known, in a list.</summary>
    private Value ToArray(SequenceValue sequence)
    {
        IrType element = session.Types.Map(sequence.Element);
        var array = new Ir.ArrayType(element);
        if (sequence.Count is { } count)
        {
            Expr result = ((ExprValue)Created(new NewArray(array, [count()]))).Expr;
            Variable at = Local("at", PlainType.Int);
            if (sequence.At is { } get)
            {
                Counter("i", IntConstant(0), new LengthOf(result), i => StoreExpr(new ElementAt(result, [i]), get(i), null));
                return new ExprValue(result);
            }
            Emit(new Declare(at, IntConstant(0)));
            sequence.Each(v =>
            {
                StoreExpr(new ElementAt(result, [new Read(at)]), v, null);
                Emit(new Assign(new Read(at), new Binary(BinaryOperator.Add, new Read(at), IntConstant(1), PlainType.Int)));
            });
            return new ExprValue(result);
        }
        Expr list = ToList(sequence);
        return Created(new CopyOf(list, array));
    }

    private Expr ToList(SequenceValue sequence)
    {
        IrType element = session.Types.Map(sequence.Element);
        if (sequence.Element.IsAnonymousType) throw Unsupported("a stored sequence of anonymous objects", "use tuples");
        Expr list = ((ExprValue)Created(NewListOf(element))).Expr;
        sequence.Each(v => Emit(new AddItem(list, ExprOf(HoldsSequence(v) && v is CompositeValue ? throw Unsupported("a stored sequence of sequences", "keep arrays in it", _statement) : v))));
        return list;
    }

    private static NewList NewListOf(IrType element) => new(ListType.Of(element));

    /// <summary>The array of what a returned sequence gives: an array itself, anything else copied.</summary>
    private Value Returned(Value value, IOperation operation)
    {
        if (value is SequenceValue sequence) return ToArray(sequence);
        IrType element = ((Ir.ArrayType)((ExprPlace)_frame.Return.Result!).Target.Type).Element;
        Expr items = value is ExprValue { Expr: { Type: Ir.ArrayType or ListType or SpanType } e } ? e : Materialise(value, Unconverted(operation), element);
        return items.Type is ListType or SpanType ? Created(new CopyOf(items, new Ir.ArrayType(element))) : new ExprValue(items);
    }

    private Expr Materialise(Value value, IOperation operation, IrType element)
    {
        if (value is SequenceValue s) return ((ExprValue)ToArray(s)).Expr;
        Expr list = ((ExprValue)Created(NewListOf(element))).Expr;
        Each(value, operation, v => Emit(new AddItem(list, ExprOf(v))));
        return list;
    }
}
