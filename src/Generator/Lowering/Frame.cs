using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>One activation of a method, lambda or local function while it is lowered: what its names stand for.</summary>
internal sealed class Frame(IMethodSymbol method, Frame? lexical, Substitution types)
{
    private readonly Dictionary<ISymbol, Place> _places = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _assigned = new(StringComparer.Ordinal);
    private readonly Dictionary<ILabelSymbol, Label> _labels = new(SymbolEqualityComparer.Default);

    public IMethodSymbol Method { get; } = method;

    /// <summary>The frame around a lambda or local function.</summary>
    public Frame? Lexical { get; } = lexical;

    /// <summary>The frame that called this one, to see recursion and depth.</summary>
    public Frame? Caller { get; init; }

    public int Depth { get; init; }

    public Substitution Types { get; } = types;

    /// <summary>What <c>this</c> is; null in a static method.</summary>
    public Place? This { get; set; }

    public ReturnTarget Return { get; init; } = new();

    /// <summary>Where <c>yield return</c> delivers to, in an iterator that is being unrolled into its consumer.</summary>
    public Action<Value>? Yield { get; init; }

    /// <summary>The body that is lowered in this frame; null in initialisers, constructors and iterators.</summary>
    public IOperation? Body { get; init; }

    /// <summary>Parameters and locals that are assigned somewhere in the body.</summary>
    public HashSet<ISymbol> Written { get; set; } = new(SymbolEqualityComparer.Default);

    /// <summary>What its own names stand for.</summary>
    public IEnumerable<KeyValuePair<ISymbol, Place>> Places => _places;

    public void Bind(ISymbol symbol, Place place)
    {
        _places[symbol] = place;
        if (place is ExprPlace { Target: Read { Variable: { Type.IsReference: true } v } } && IsWritten(symbol)) _assigned.Add(v.Name);
    }

    /// <summary>Whether a reference is given another value somewhere in its method, be it further on: in a loop that comes first.</summary>
    public bool IsAssigned(Variable v)
    {
        for (Frame? frame = this; frame is not null; frame = frame.Caller ?? frame.Lexical)
            if (frame._assigned.Contains(v.Name)) return true;
        return false;
    }

    public Place? Find(ISymbol symbol)
    {
        for (Frame? frame = this; frame is not null; frame = frame.Lexical)
            if (frame._places.TryGetValue(symbol, out Place? place)) return place;
        return null;
    }

    public bool IsWritten(ISymbol symbol)
    {
        for (Frame? frame = this; frame is not null; frame = frame.Lexical)
            if (frame.Written.Contains(symbol)) return true;
        return false;
    }

    public Place? FindThis()
    {
        for (Frame? frame = this; frame is not null; frame = frame.Lexical)
            if (frame.This is not null) return frame.This;
        return null;
    }

    public void Bind(ILabelSymbol symbol, Label label) => _labels[symbol] = label;

    public Label? Find(ILabelSymbol symbol) => _labels.TryGetValue(symbol, out Label? label) ? label : null;
}

/// <summary>A label that is printed only when something leaves by it.</summary>
internal sealed class Label(string name)
{
    public string Name { get; } = name;

    public bool Used { get; set; }
}

/// <summary>Where a <c>return</c> of a frame goes.</summary>
internal sealed class ReturnTarget
{
    public Label? Label { get; init; }

    /// <summary>Receives the result where there are several returns; null where there is one, at the end.</summary>
    public Place? Result { get; set; }

    /// <summary>Whether nothing asks for what is returned: a marked method's success, whose numbers are in what it writes.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Whether the method gives a sequence of unknown kind, and the result is the array of what is in it.</summary>
    public bool IsSequence { get; set; }

    /// <summary>The value of the only return.</summary>
    public Value? Direct { get; set; }

    /// <summary>Whether the only return is the last statement.</summary>
    public bool Single { get; init; }

    /// <summary>The place that a <c>ref</c> return refers to.</summary>
    public Place? Reference { get; set; }

    /// <summary>The control region of the code around an inlined method with several returns; its body belongs there until something has returned.</summary>
    public int Before { get; set; } = -1;

    /// <summary>The control region of that body.</summary>
    public int After { get; set; } = -1;

    /// <summary>The places that several <c>ref</c> returns refer to; null where there is one return.</summary>
    public ReturnedPlaces? Places { get; init; }
}

/// <summary>The places that the <c>ref</c> returns of a method refer to, and the number of the one that was taken.</summary>
internal sealed class ReturnedPlaces(Variable which)
{
    public Variable Which { get; } = which;

    public List<Place> All { get; } = [];

    /// <summary>The positions that run time tells, which are declared before the body.</summary>
    public List<Variable> Positions { get; } = [];

    /// <summary>The one that was taken.</summary>
    public Place Taken() => Enumerable.Range(0, All.Count - 1).Reverse().Aggregate(All[All.Count - 1], (rest, k) =>
        new ChoicePlace(new Binary(BinaryOperator.Equal, new Read(Which), new Constant(PlainType.Int, k.ToString(System.Globalization.CultureInfo.InvariantCulture), k), PlainType.Bool), All[k], rest));
}

/// <summary>What type parameters stand for in an inlined generic method.</summary>
internal sealed class Substitution(Compilation compilation, Dictionary<ITypeParameterSymbol, ITypeSymbol>? map = null)
{
    private readonly Dictionary<ITypeParameterSymbol, ITypeSymbol> _map = map ?? new(SymbolEqualityComparer.Default);

    public bool IsEmpty => _map.Count == 0;

    /// <summary>The substitution inside <paramref name="method"/>, whose own type arguments have been substituted already.</summary>
    public static Substitution Of(Compilation compilation, IMethodSymbol method)
    {
        var map = new Dictionary<ITypeParameterSymbol, ITypeSymbol>(SymbolEqualityComparer.Default);
        for (IMethodSymbol? m = method; m is not null; m = m.ContainingSymbol as IMethodSymbol)
            for (int i = 0; i < m.TypeArguments.Length; i++)
                if (!SymbolEqualityComparer.Default.Equals(m.OriginalDefinition.TypeParameters[i], m.TypeArguments[i]))
                    map[m.OriginalDefinition.TypeParameters[i]] = m.TypeArguments[i];
        Add(map, method.ContainingType);
        return new Substitution(compilation, map);
    }

    /// <summary>The substitution inside <paramref name="type"/>, whose type arguments have been substituted already.</summary>
    public static Substitution Of(Compilation compilation, INamedTypeSymbol type)
    {
        var map = new Dictionary<ITypeParameterSymbol, ITypeSymbol>(SymbolEqualityComparer.Default);
        Add(map, type);
        return new Substitution(compilation, map);
    }

    private static void Add(Dictionary<ITypeParameterSymbol, ITypeSymbol> map, INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
            for (int i = 0; i < type.TypeArguments.Length; i++)
                if (!SymbolEqualityComparer.Default.Equals(type.OriginalDefinition.TypeParameters[i], type.TypeArguments[i]))
                    map[type.OriginalDefinition.TypeParameters[i]] = type.TypeArguments[i];
    }

    /// <summary>This substitution and then what <paramref name="inner"/> adds (a generic local function inside a generic method).</summary>
    public Substitution With(Substitution inner)
    {
        if (inner.IsEmpty) return this;
        if (IsEmpty) return inner;
        var map = new Dictionary<ITypeParameterSymbol, ITypeSymbol>(_map, SymbolEqualityComparer.Default);
        foreach (KeyValuePair<ITypeParameterSymbol, ITypeSymbol> pair in inner._map) map[pair.Key] = pair.Value;
        return new Substitution(compilation, map);
    }

    public ITypeSymbol Apply(ITypeSymbol type)
    {
        if (_map.Count == 0) return type;
        switch (type)
        {
            case ITypeParameterSymbol parameter:
                return _map.TryGetValue(parameter, out ITypeSymbol? actual) ? actual : type;
            case IArrayTypeSymbol array:
                ITypeSymbol element = Apply(array.ElementType);
                return SymbolEqualityComparer.Default.Equals(element, array.ElementType) ? type : compilation.CreateArrayTypeSymbol(element, array.Rank);
            case INamedTypeSymbol { IsTupleType: true } tuple:
                return compilation.CreateTupleTypeSymbol(
                    [.. tuple.TupleElements.Select(e => Apply(e.Type))],
                    [.. tuple.TupleElements.Select(e => e.IsExplicitlyNamedTupleElement ? e.Name : null)]);
            case INamedTypeSymbol named:
                INamedTypeSymbol? container = named.ContainingType is null ? null : (INamedTypeSymbol)Apply(named.ContainingType);
                INamedTypeSymbol definition = container is null || SymbolEqualityComparer.Default.Equals(container, named.ContainingType)
                    ? named.ConstructedFrom
                    : container.GetTypeMembers(named.Name, named.Arity).FirstOrDefault() ?? named.ConstructedFrom;
                if (named.Arity == 0) return definition;
                ITypeSymbol[] arguments = [.. named.TypeArguments.Select(Apply)];
                bool same = ReferenceEquals(definition, named.ConstructedFrom);
                for (int i = 0; same && i < arguments.Length; i++) same = SymbolEqualityComparer.Default.Equals(arguments[i], named.TypeArguments[i]);
                return same ? type : definition.Construct(arguments);
            default:
                return type;
        }
    }

    public IMethodSymbol Apply(IMethodSymbol method)
    {
        if (_map.Count == 0) return method;
        if (method.ReducedFrom is { } reduced && method.MethodKind == MethodKind.ReducedExtension) return method;
        IMethodSymbol result = method;
        if (method.ContainingType is { } container && method.MethodKind is not (MethodKind.LocalFunction or MethodKind.AnonymousFunction))
        {
            ITypeSymbol changed = Apply(container);
            if (!SymbolEqualityComparer.Default.Equals(changed, container) && changed is INamedTypeSymbol)
                result = changed.GetMembers(method.Name).OfType<IMethodSymbol>()
                    .FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method.OriginalDefinition)) ?? method;
        }
        if (method.IsGenericMethod && method.TypeArguments.Length > 0)
            result = result.OriginalDefinition.Arity == result.Arity
                ? result.ConstructedFrom.Construct([.. method.TypeArguments.Select(Apply)])
                : result;
        return result;
    }
}
