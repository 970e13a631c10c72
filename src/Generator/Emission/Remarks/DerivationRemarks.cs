using DiffGen.Generator.Calculus;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Remarks;

/// <summary>
/// The derivation of a short method for the remarks of what is emitted: its intermediate variables, their partial derivatives, and the product
/// along the way from the result to each parameter. Empty where it would be long or unclear.
/// </summary>
internal sealed class DerivationRemarks
{
    private const int MostDefinitions = 6;
    private const int LongestLine = 200;
    private static readonly string[] Letters = ["u", "v", "s", "t", "p", "q"];

    private readonly Function _function;
    private readonly Activity _activity;
    private readonly Dictionary<Variable, string> _names = [];
    private readonly List<Definition> _definitions = [];
    private readonly Notation _notation;
    private readonly HashSet<string> _taken;

    private DerivationRemarks(MethodRequest request, Unit unit, EquatableArray<string> wrt)
    {
        _function = unit.Entry;
        _activity = new Activity(unit, wrt, UnitOutputs.Of(unit));
        _notation = new Notation(NameOf);
        _taken = [.. _function.Parameters.Select(p => p.Variable.Name), .. _function.Body.All().OfType<Declare>().Select(d => d.Variable.Name), .. _function.Body.All().OfType<For>().Select(f => f.Counter.Name)];
        List<Variable> results = [.. _function.Results];
        for (int i = 0; i < results.Count; i++) _names[results[i]] = results.Count == 1 ? request.Name : request.Name + Subscript(i + 1);
    }

    /// <summary>The lines of the remarks.</summary>
    public static EquatableArray<string> Of(MethodRequest request, Unit unit, EquatableArray<string> wrt)
    {
        if (unit.Entry.Results.IsEmpty || unit.Entry.Results.Count > 4 || unit.Entry.Body.All().Take(25).Count() == 25) return [];
        try
        {
            return new DerivationRemarks(request, unit, wrt).Lines(wrt);
        }
        catch (Unclear)
        {
            return [];
        }
    }

    private string NameOf(Variable v) => _names.TryGetValue(v, out string? name) ? name : v.Name;

    private static string Subscript(int i) => ((char)('₀' + i)).ToString();

    private bool IsActive(Variable v) => _activity.IsActive(_function, v);

    /// <summary>Whether an expression is a number that varies: an intermediate variable or (an element of) a parameter.</summary>
    private bool IsPlace(Expr e) => e.Type is ScalarType && e is Read or ElementAt && e.Root() is { } root && IsActive(root);

    /// <summary>Whether an expression is a place of the body or an intermediate variable that was named here.</summary>
    private bool Varies(Expr e) => IsPlace(e) || e is Read r && _definitions.Any(d => d.Variable == r.Variable);

    private EquatableArray<string> Lines(EquatableArray<string> wrt)
    {
        foreach (Definition d in Definitions.Of(_function, IsActive)) Unfold(d);
        if (_definitions.Count is 0 or > MostDefinitions) throw new Unclear();
        CheckOnce();
        List<Edge> edges = [.. _definitions.SelectMany(Edges)];
        var lines = new List<string>();
        bool single = _definitions.All(d => _function.Results.Contains(d.Variable));
        if (!single) lines.Add("With " + string.Join(", ", _definitions.Select(d => $"{NameOf(d.Variable)} = {Text(d)}")) + ":");
        List<string> partials = [.. _definitions
            .Select(d => string.Join(", ", edges.Where(e => e.From == d).Select(e => $"{e.Symbol} = {e.Text}")))
            .Where(text => text.Length > 0)];
        lines.Add(string.Join("; ", partials) + (single ? "." : ";"));
        if (!single)
        {
            List<string> products = [];
            bool several = false;
            foreach (Variable result in _function.Results)
                foreach (Parameter p in _function.Parameters.Where(p => wrt.Contains(p.Variable.Name)))
                {
                    List<List<Edge>> paths = [.. Paths(edges, result, p.Variable, []).Take(4)];
                    if (paths.Count > 3) throw new Unclear();
                    if (paths.Count == 0 || paths is [[_]]) continue;
                    several |= paths.Count > 1;
                    products.Add($"∂{NameOf(result)}/∂{paths[0][paths[0].Count - 1].To} = {Sum(paths)}");
                }
            if (products.Count == 0) throw new Unclear();
            lines.Add($"hence, by the {(several ? "total derivative" : "chain rule")}, {string.Join(", ", products)}.");
        }
        if (lines.Any(l => l.Length > LongestLine)) throw new Unclear();
        return lines.Select(Documentation.Xml).ToEquatable();
    }

    /// <summary>Gives names to what nonlinear functions are taken of, as the chain rule wants it.</summary>
    private void Unfold(Definition d)
    {
        Naming naming = new(this, d);
        Definition unfolded = d with { Value = d.Value is null ? null : naming.Visit(d.Value), Summand = d.Summand is null ? null : naming.Visit(d.Summand) };
        _definitions.Add(unfolded);
    }

    private sealed class Naming(DerivationRemarks owner, Definition around) : Rewriter
    {
        public override Expr Visit(Expr e)
        {
            if (e is ElementAt) return e;
            Expr inner = base.Visit(e);
            if (inner is not Apply { ResultType: ScalarType } x) return inner;
            return x with
            {
                Arguments = x.Arguments.Select(a => a is Read or ElementAt or Constant or Ir.Convert { Operand: Constant } || !a.All().Any(owner.Varies) ? a : owner.Name(a, around)).ToEquatable(),
            };
        }
    }

    private Read Name(Expr e, Definition around)
    {
        if (_definitions.FirstOrDefault(d => d.Summand is null && e.Equals(d.Value)) is { } known) return new Read(known.Variable);
        string name = Letters.FirstOrDefault(l => !_taken.Contains(l)) ?? throw new Unclear();
        _taken.Add(name);
        Variable v = new(name, e.Type);
        _definitions.Add(new Definition(v, e, around.Loops.Concat(around.Over.Select(l => l.Counter)).ToEquatable()));
        return new Read(v);
    }

    /// <summary>What is read has one meaning: a constant is written once, a sum is read after it, an array is read at one place.</summary>
    private void CheckOnce()
    {
        var places = new Dictionary<Variable, Expr>();
        Dictionary<Variable, int> writes = _function.Body.All().SelectMany(Written).GroupBy(v => v).ToDictionary(g => g.Key, g => g.Count());
        foreach (Definition d in _definitions)
        {
            List<Variable> within = [.. d.Loops, .. d.Over.Select(l => l.Counter)];
            foreach (Expr e in d.Parts.SelectMany(p => p.All()))
            {
                if (e is Read { Variable: var v })
                {
                    if (_definitions.FirstOrDefault(x => x.Variable == v) is { } read)
                    {
                        if (read.Over.Any(l => within.Contains(l.Counter)) || read.Loops.Any(c => !within.Contains(c))) throw new Unclear();
                    }
                    else if (writes.TryGetValue(v, out int count) && (count > 1 || _function.Parameters.Any(p => p.Variable == v))) throw new Unclear();
                    else if (IsActive(v) && !_function.Parameters.Any(p => p.Variable == v)) throw new Unclear();
                }
                if (e is not ElementAt || !IsPlace(e)) continue;
                Variable root = e.Root()!;
                if (places.TryGetValue(root, out Expr? other) && !other.Equals(e)) throw new Unclear();
                places[root] = e;
                // each loop around it that does not choose the element sums over it; one that does chooses it once
                if (((ElementAt)e).Indices.Any(i => i is not (Read or Constant)) || ((ElementAt)e).Source is not Read and not ElementAt { Indices: [Read or Constant] }) throw new Unclear();
            }
        }
    }

    private static IEnumerable<Variable> Written(Stmt s)
    {
        if (s is Declare { Initial: not null } d) yield return d.Variable;
        foreach (Expr target in s.Targets())
            if (target.Root() is { } root) yield return root;
    }

    private string Text(Definition d)
    {
        if (d.Summand is null) return _notation.Text(d.Value ?? throw new Unclear());
        string sum = d.Dot is var (left, right) ? $"{_notation.Text(left)}·{_notation.Text(right)}" : Sigma(d) + Bracketed(_notation.Text(d.Summand));
        return d.Value is null ? sum : $"{_notation.Text(d.Value)} + {sum}";
    }

    private static string Bracketed(string text) => text.Contains(" + ") || text.Contains(" − ") || text.Contains(" where ") ? "(" + text + ")" : text;

    private static string Sigma(Definition d) => string.Concat(d.Over.Select(l => Sigma(l.Counter)));

    private static string Sigma(Variable counter) => "Σ" + counter.Name switch { "i" => "ᵢ", "j" => "ⱼ", "k" => "ₖ", "m" => "ₘ", "n" => "ₙ", var other => "_" + other } + " ";

    /// <summary>A partial derivative of a definition by one of the places that it reads.</summary>
    private sealed record Edge(Definition From, Expr Place, string To, string Symbol, string Text, Term Factor, string Last);

    /// <summary>Intermediate variables first, then the parameters as declared.</summary>
    private int Order(Expr place) => _function.Parameters.ToList().FindIndex(p => p.Variable == place.Root());

    private IEnumerable<Edge> Edges(Definition d)
    {
        string name = NameOf(d.Variable);
        foreach (Expr place in d.Parts.SelectMany(p => p.All()).Where(Varies).Distinct().OrderBy(Order).ToList())
        {
            if (d.Dot is var (left, right) && (d.Value is null || !d.Value.All().Contains(place)) && place is ElementAt element)
            {
                Expr other = element.Source.Equals(left) ? right : left;
                if (left.Equals(right)) throw new Unclear();
                string vector = _notation.Text(element.Source), transposed = _notation.Text(other) + "ᵀ";
                yield return new Edge(d, place, vector, $"∂{name}/∂{vector}", transposed, Term.Number(1), transposed);
                continue;
            }
            Expr? partial = null;
            foreach (Expr part in d.Parts)
                if (Partial.Of(part, place, Varies) is { } own) partial = E.Sum(partial, own);
            if (partial is null) continue;
            string to = _notation.Text(place), symbol = $"∂{name}/∂{to}";
            bool pieces = partial.All().Any(x => x is Conditional);
            Term factor = pieces ? Term.Of(symbol) : _notation.Single(partial);
            yield return new Edge(d, place, to, symbol, _notation.Text(partial), factor, "");
        }
    }

    private IEnumerable<List<Edge>> Paths(List<Edge> edges, Variable from, Variable to, EquatableArray<Variable> behind)
    {
        // a value that is defined by itself has no chain of definitions
        if (behind.Contains(from)) throw new Unclear();
        behind = behind.Append(from).ToEquatable();
        foreach (Edge edge in edges.Where(e => e.From.Variable == from))
        {
            if (edge.Place.Root() == to) yield return [edge];
            else if (edge.Place is Read { Variable: var next } && next != from)
                foreach (List<Edge> rest in Paths(edges, next, to, behind)) yield return [edge, .. rest];
        }
    }

    private string Sum(List<List<Edge>> paths) => string.Join(" + ", paths.Select(Product).OrderBy(p => p[0] == 'Σ')).Replace("+ −", "− ");

    /// <summary>The product along one path; sums over the loops that the place of the parameter does not choose from.</summary>
    private string Product(List<Edge> path)
    {
        Expr place = path[path.Count - 1].Place;
        string sums = "";
        Term product = Term.Number(1);
        string last = "";
        foreach (Edge edge in path)
        {
            bool summed = edge.From.Summand is not null && edge.From.Summand.All().Contains(edge.Place) && edge.Last.Length == 0;
            foreach (For loop in summed ? edge.From.Over : [])
                if (!place.All().Any(e => e is Read r && r.Variable == loop.Counter) || path[path.Count - 1].Last.Length > 0 && path[path.Count - 1].From.Over.Contains(loop)) sums += Sigma(loop.Counter);
            product = product.Times(edge.Factor);
            last += edge.Last;
        }
        string text = Notation.Text([product]);
        if (last.Length > 0) text = text == "1" ? last : text == "−1" ? "−" + last : $"{(text.Contains(" / ") ? "(" + text + ")" : text)}·{last}";
        return sums + text;
    }
}
