using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Ref locals: second names of places. One that is pointed at other elements of its array is a variable index into that array.</summary>
internal sealed partial class Lowerer
{
    /// <summary>The arrays whose elements ref locals that may move are names of.</summary>
    private readonly Dictionary<ISymbol, ISymbol> _movable = new(SymbolEqualityComparer.Default);

    private void DeclareReference(ISymbol local, IOperation initial)
    {
        // a ref local is another name of the place, whose indices are evaluated here
        Place place = Fixed(PlaceOf(initial));
        if (_frame.IsWritten(local) && ArrayOf(initial) is { } array && place is ExprPlace { Target: ElementAt element })
        {
            _movable[local] = array;
            place = new ExprPlace(element with { Indices = element.Indices.Select(Movable).ToEquatable() });
        }
        _frame.Bind(local, place);
    }

    private Expr Movable(Expr index)
    {
        if (index is not Constant) return index;   // a variable of its own already
        Variable at = Local("at", index.Type);
        Emit(new Declare(at, index));
        return new Read(at);
    }

    /// <summary>A statement about one of two places: once for each, under the name that the reference has.</summary>
    private Value Either(ChoicePlace chosen, IOperation target, Func<Value> statement)
    {
        if (target is not ILocalReferenceOperation { Local: var name }) throw Unsupported("a choice between references", "choose the index or the value instead", target.Syntax);
        List<Stmt> Of(Place one) => Into(() =>
        {
            _frame.Bind(name, one);
            statement();
        });
        Emit(new If(chosen.Condition, BlockOf(Of(chosen.First)), BlockOf(Of(chosen.Second))));
        _frame.Bind(name, chosen);
        return chosen.Load();
    }

    private void RebindReference(IOperation target, Place place, IOperation value)
    {
        ISymbol symbol = target is ILocalReferenceOperation l ? l.Local : target is IParameterReferenceOperation p ? p.Parameter
            : throw Unsupported("this reference", "use indices instead", target.Syntax);
        Place? before = _frame.Find(symbol);
        if (_movable.TryGetValue(symbol, out ISymbol? array) && ArrayOf(value) is { } other && SymbolEqualityComparer.Default.Equals(array, other)
            && before is ExprPlace { Target: ElementAt old } && place is ExprPlace { Target: ElementAt now } && old.Indices.Count == now.Indices.Count)
        {
            for (int d = 0; d < old.Indices.Count; d++) Emit(new Assign(old.Indices[d], now.Indices[d]));
            return;
        }
        if (_region != 0 && before is not null) throw Unsupported("a reference that changes in a branch or loop", "use an index instead", target.Syntax);
        _frame.Bind(symbol, place);
    }

    /// <summary>The array of an element, where it is a variable that is never made to refer to another one.</summary>
    private ISymbol? ArrayOf(IOperation element) => element switch
    {
        IParenthesizedOperation p => ArrayOf(p.Operand),
        IArrayElementReferenceOperation { ArrayReference: ILocalReferenceOperation { Local: var local } } when !_frame.IsWritten(local) => local,
        IArrayElementReferenceOperation { ArrayReference: IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } } when !_frame.IsWritten(parameter) => parameter,
        _ => null,
    };
}
