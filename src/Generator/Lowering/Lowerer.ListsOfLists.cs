using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <content>Sequences of sequences that the marked method takes: its derivatives work on arrays of arrays.</content>
internal sealed partial class Lowerer
{
    /// <summary>The derivative of a list is an array: elements that hold lists cannot be of the same kind as their shadows.</summary>
    private void CheckMembers(Shape? shape)
    {
        if (shape is not SequenceShape { Element: var element }) return;
        if (element is CompositeShape && HoldsList(element)) throw Unsupported("a list in the elements of a sequence", "hold an array in them", session.Body(session.Entry)?.Syntax);
        CheckMembers(element);

        static bool HoldsList(Shape shape) => shape switch
        {
            SequenceShape s => s.Kind is not SequenceKind.Array || HoldsList(s.Element),
            CompositeShape c => c.Members.Any(m => m.Shape is { } inner && HoldsList(inner)),
            _ => false,
        };
    }

    // copies that bodies read of lists of lists that they are given
    private readonly List<(Variable Copy, IParameterSymbol Of)> _listsOfLists = [];

    private List<Stmt> ListsOfLists(IParameterSymbol p, Variable rows)
    {
        string source = _source;
        _source = "";
        List<Stmt> statements = Into(() =>
        {
            Expr given = AsGiven(new Read(rows), p.Type, p.Name);
            _frame.Bind(p, new ExprPlace(given));
            _listsOfLists.Add((given.Root()!, p));
        });
        _source = source;
        return statements;
    }

    /// <summary>What is written into a list of lists would stay in the copy that derivatives work on.</summary>
    private void CheckListsOfLists(Unit unit, Block body)
    {
        if (_listsOfLists.Count == 0) return;
        Aliases aliases = Aliases.Of(body);
        Variable[] written = [.. Effects.Of(body, Summaries.Of(unit)).WrittenReferences];
        foreach ((Variable copy, IParameterSymbol parameter) in _listsOfLists)
            if (written.Any(w => aliases.MayAlias(w, copy))) throw Unsupported($"what is written into '{parameter.Name}', a list of lists", "take arrays of arrays, or write into lists of your own", session.Body(session.Entry)?.Syntax);
    }

    private ArrayType ArraysOf(ITypeSymbol type)
    {
        ITypeSymbol element = ElementOfSequence(type)!;
        return ElementOfSequence(element) is null ? ArrayTypeOf(element) : new ArrayType(ArraysOf(element));
    }

    private static ITypeSymbol? ElementOfSequence(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol { Arity: 1 } named when ShapeReader.Read(named) is SequenceShape => named.TypeArguments[0],
        _ => null,
    };

    private static bool IsOfArrays(ITypeSymbol type) => ElementOfSequence(type) is not { } element || type.TypeKind is TypeKind.Array or TypeKind.Interface && IsOfArrays(element);

    /// <summary>A sequence of the given type with what is in arrays: the arrays themselves where they are that.</summary>
    private Expr AsGiven(Expr arrays, ITypeSymbol type, string wish)
    {
        if (ElementOfSequence(type) is not { } element || TypeOf(type).Equals(arrays.Type)) return arrays;
        IrType declared = TypeOf(type);
        if (IsOfArrays(type))
        {
            // an array is each of its interfaces
            Variable same = Local(wish, declared);
            Emit(new Declare(same, arrays));
            return new Read(same);
        }
        Expr made = ((ExprValue)Created(type is IArrayTypeSymbol ? new NewArray(declared, [new LengthOf(arrays)]) : NewListOf(((ListType)declared).Element), wish)).Expr;
        Variable k = Local("k", PlainType.Int);
        Block body = new(Into(() =>
        {
            Expr row = new ElementAt(arrays, [new Read(k)]);
            if (row.Type is ArrayType { Element.IsReference: false } flat && IsOfArrays(element)) row = ((ExprValue)Created(new CopyOf(row, flat), "row")).Expr;
            Expr item = AsGiven(row, element, "row");
            Emit(type is IArrayTypeSymbol ? new Assign(new ElementAt(made, [new Read(k)]), item) : new AddItem(made, item));
        }).ToEquatable());
        Emit(new For(k, IntConstant(0), BinaryOperator.Less, new LengthOf(arrays), 1, body));
        return made;
    }
}
