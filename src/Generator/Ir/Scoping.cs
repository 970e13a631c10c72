namespace DiffGen.Generator.Ir;

/// <summary>Names and scopes: every pass works on functions in which no two variables share a name; the text that is emitted reuses names in sibling scopes.</summary>
public static class Scoping
{
    /// <summary>Renames variables that are declared more than once (the reverse of a loop declares again what the loop declared).</summary>
    public static Function Uniquify(Function function)
    {
        var names = new Names();
        foreach (Variable v in Fixed(function)) names.Reserve(v.Name);
        var everywhere = new Names();
        foreach (Variable v in Declared(function.Body)) everywhere.Reserve(v.Name);
        foreach (Variable v in Fixed(function)) everywhere.Reserve(v.Name);
        return function with { Body = new Renamer(v => names.Reserve(v.Name) ? v.Name : everywhere.Fresh(v.Name)).Visit(function.Body) };
    }

    /// <summary>Renames local variables whose names are wanted for something else.</summary>
    public static Function Avoid(Function function, IReadOnlyCollection<string> wanted)
    {
        HashSet<string> reserved = new(wanted, StringComparer.Ordinal);
        if (!Declared(function.Body).Any(v => reserved.Contains(v.Name))) return function;
        var names = new Names();
        foreach (string name in reserved) names.Reserve(name);
        foreach (Variable v in Fixed(function).Concat(Declared(function.Body))) names.Reserve(v.Name);
        return function with { Body = new Renamer(v => reserved.Contains(v.Name) ? names.Fresh(v.Name) : v.Name).Visit(function.Body) };
    }

    /// <summary>
    /// Gives each variable the shortest form of its name that C# allows: <c>j1</c> becomes <c>j</c> where no enclosing or enclosed scope has a
    /// <c>j</c>. Names in <paramref name="users"/> (those of the primal) are not cut.
    /// </summary>
    public static Function Shorten(Function function, ISet<string> users)
    {
        var taken = new HashSet<string>(Fixed(function).Select(v => v.Name), StringComparer.Ordinal) { "this" };
        foreach (Stmt s in function.Body.All())
            foreach (Expr e in s.Values().Concat(s.Targets()).SelectMany(x => x.All()))
                if (e is Opaque { Type: not null } opaque) Free(opaque, taken);
        return function with { Body = new Shortener(taken, users).Visit(function.Body) };
    }

    /// <summary>Lambdas and patterns in opaque code declare names of their own, which must stay free.</summary>
    private static void Free(Opaque opaque, HashSet<string> taken)
    {
        foreach (string piece in opaque.Pieces)
        {
            int start = -1;
            for (int i = 0; i <= piece.Length; i++)
            {
                bool letter = i < piece.Length && (char.IsLetterOrDigit(piece[i]) || piece[i] == '_');
                if (letter && start < 0) start = i;
                if (letter || start < 0) continue;
                taken.Add(piece.Substring(start, i - start));
                start = -1;
            }
        }
    }

    private static IEnumerable<Variable> Fixed(Function function) => function.Parameters.Select(p => p.Variable).Concat(function.Results);

    /// <summary>The variables that are declared in a block and the blocks inside of it.</summary>
    public static IEnumerable<Variable> Declared(this Block block)
    {
        foreach (Stmt s in block.All())
        {
            if (s is Declare d) yield return d.Variable;
            if (s is For f) yield return f.Counter;
        }
    }

    // a labelled block has no braces in the text: what it declares is in the scope around it
    private static IEnumerable<Variable> Own(Block block) => block.Statements.SelectMany(s => s switch
    {
        Declare d => [d.Variable],
        Labelled l => Own(l.Body),
        _ => (IEnumerable<Variable>)[],
    });

    /// <summary>Renames by declaration, respecting scopes.</summary>
    private sealed class Renamer(Func<Variable, string> name) : Rewriter
    {
        private Dictionary<Variable, Variable> _map = [];

        public override Expr Visit(Expr e) => e switch
        {
            Read x when _map.TryGetValue(x.Variable, out Variable? other) => new Read(other),
            Opaque x when x.Writes.Any(_map.ContainsKey) => (Opaque)base.Visit(x) with { Writes = x.Writes.Select(Of).ToEquatable() },
            _ => base.Visit(e),
        };

        public override Block Visit(Block block)
        {
            Dictionary<Variable, Variable> outer = _map;
            _map = new Dictionary<Variable, Variable>(outer);
            Block result = base.Visit(block);
            _map = outer;
            return result;
        }

        public override Stmt Visit(Stmt s)
        {
            switch (s)
            {
                case Declare d:
                {
                    Expr? initial = d.Initial is null ? null : Visit(d.Initial);
                    return d with { Variable = Bind(d.Variable), Initial = initial };
                }
                case For f:
                {
                    Expr start = Visit(f.Start);
                    Dictionary<Variable, Variable> outer = _map;
                    _map = new Dictionary<Variable, Variable>(outer);
                    Variable counter = Bind(f.Counter);
                    For result = f with { Counter = counter, Start = start, Limit = Visit(f.Limit), Body = Visit(f.Body) };
                    _map = outer;
                    return result;
                }
                case Push p: return p with { Tape = Of(p.Tape), Value = Visit(p.Value) };
                case Pop p: return p with { Tape = Of(p.Tape), Target = VisitTarget(p.Target) };
                case Release r: return r with { Tape = Of(r.Tape) };
                default: return base.Visit(s);
            }
        }

        private Variable Of(Variable v) => _map.TryGetValue(v, out Variable? other) ? other : v;

        private Variable Bind(Variable v)
        {
            string wanted = name(v);
            Variable bound = wanted == v.Name ? v : v with { Name = wanted };
            if (bound == v) _map.Remove(v);
            else _map[v] = bound;
            return bound;
        }
    }

    /// <summary>Names a scope's own variables before those of the scopes inside it.</summary>
    private sealed class Shortener(HashSet<string> taken, ISet<string> users) : Rewriter
    {
        private readonly Dictionary<string, string> _map = new(StringComparer.Ordinal);
        private HashSet<string> _taken = taken;

        public override Expr Visit(Expr e) => e switch
        {
            Read x => new Read(Of(x.Variable)),
            Opaque { Writes.Count: > 0 } x => (Opaque)base.Visit(x) with { Writes = x.Writes.Select(Of).ToEquatable() },
            _ => base.Visit(e),
        };

        public override Block Visit(Block block)
        {
            HashSet<string> outer = _taken;
            _taken = new HashSet<string>(outer, StringComparer.Ordinal);
            foreach (Variable v in Own(block)) Choose(v);
            Block result = base.Visit(block);
            _taken = outer;
            return result;
        }

        public override Stmt Visit(Stmt s)
        {
            switch (s)
            {
                case Declare d: return d with { Variable = Of(d.Variable), Initial = d.Initial is null ? null : Visit(d.Initial) };
                case For f:
                {
                    Expr start = Visit(f.Start);
                    HashSet<string> outer = _taken;
                    _taken = new HashSet<string>(outer, StringComparer.Ordinal);
                    Choose(f.Counter);
                    For result = f with { Counter = Of(f.Counter), Start = start, Limit = Visit(f.Limit), Body = Visit(f.Body) };
                    _taken = outer;
                    return result;
                }
                case Labelled l: return l with { Body = base.Visit(l.Body) };
                case Push p: return p with { Tape = Of(p.Tape), Value = Visit(p.Value) };
                case Pop p: return p with { Tape = Of(p.Tape), Target = VisitTarget(p.Target) };
                case Release r: return r with { Tape = Of(r.Tape) };
                default: return base.Visit(s);
            }
        }

        private Variable Of(Variable v) => _map.TryGetValue(v.Name, out string? name) && name != v.Name ? v with { Name = name } : v;

        private void Choose(Variable v)
        {
            string stem = v.Name;
            while (stem.Length > 1 && !users.Contains(stem) && char.IsDigit(stem[stem.Length - 1])) stem = stem.Substring(0, stem.Length - 1);
            string name = stem;
            for (int n = 1; !_taken.Add(name); n++) name = stem + n.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _map[v.Name] = name;
        }
    }
}
