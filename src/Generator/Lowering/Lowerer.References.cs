using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Ref locals: second names of places. One that is pointed at other elements of its array is a variable index into that array.</summary>
internal sealed partial class Lowerer
{
    /// <summary>The arrays whose elements ref locals that may move are names of.</summary>
    private readonly Dictionary<ISymbol, ISymbol> _movable = new(SymbolEqualityComparer.Default);

    /// <summary>Where ref locals are declared: in straight code that follows, another place takes the name over.</summary>
    private readonly Dictionary<ISymbol, int> _declared = new(SymbolEqualityComparer.Default);

    private void DeclareReference(ISymbol local, IOperation initial)
    {
        // a ref local is another name of the place, whose indices are evaluated here
        Place place = Fixed(PlaceOf(initial));
        if (_frame.IsWritten(local) && ArrayOf(initial) is { } array && place is ExprPlace { Target: ElementAt element })
        {
            _movable[local] = array;
            place = new ExprPlace(element with { Indices = element.Indices.Select(Movable).ToEquatable() });
        }
        _declared[local] = _region;
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

    private void ReturnReference(ReturnTarget target, IOperation returned)
    {
        if (target.Places is not { } places)
        {
            if (target.Reference is not null) throw Unsupported("a reference to one of several places", "return an index", returned.Syntax);
            target.Reference = Fixed(PlaceOf(returned));
            return;
        }
        Emit(new Assign(new Read(places.Which), IntConstant(places.All.Count)));
        places.All.Add(Ahead(PlaceOf(returned), places, returned));
    }

    /// <summary>A place whose positions are kept in variables that are declared before the body.</summary>
    private Place Ahead(Place place, ReturnedPlaces places, IOperation returned)
    {
        Expr Position(Expr at)
        {
            if (at is Constant) return at;
            if (at.Type is not PlainType { Kind: PlainKind.Integer }) throw Unsupported("a reference to one of several places", "return an index", returned.Syntax);
            Variable position = Local("at", at.Type);
            places.Positions.Add(position);
            Emit(new Assign(new Read(position), at));
            return new Read(position);
        }
        Expr Whole(Expr target) => target switch
        {
            Read => target,
            ElementAt { Source: Read } x => x with { Indices = x.Indices.Select(Position).ToEquatable() },
            FieldOf x => x with { Target = Whole(x.Target) },
            _ => throw Unsupported("a reference to one of several places", "return an index", returned.Syntax),
        };
        return place is ExprPlace { Target: var whole } ? new ExprPlace(Whole(whole)) : throw Unsupported("a reference to one of several places", "return an index", returned.Syntax);
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
        if (before is not null && (_declared.TryGetValue(symbol, out int region) ? region != _region : _region != 0)) throw Unsupported("a reference that changes in a branch or loop", "use an index instead", target.Syntax);
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
