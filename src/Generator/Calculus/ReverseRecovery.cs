using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>What the reverse of an iteration needs of its forward: computed again where that is cheap, else remembered.</summary>
internal sealed partial class ReverseSweep
{
    /// <summary>Variables that an iteration gives storage of its own.</summary>
    private static IEnumerable<Variable> Owners(List<Stmt> statements)
    {
        foreach (Stmt s in new Block(statements.ToEquatable()).All())
        {
            if (s is Declare { Initial: NewArray or CopyOf or ArrayLiteral or NewList } d) yield return d.Variable;
            if (s is Assign { Target: Read target, Value: NewArray or CopyOf or ArrayLiteral or NewList }) yield return target.Variable;
        }
    }

    /// <summary>A view on storage that an iteration does not own cannot be remembered: a copy of it would not be the storage.</summary>
    internal sealed class ViewNotKept(Declare view) : NotSupportedException(view.Variable.Name)
    {
        /// <summary>What is to be said of it.</summary>
        public Irreversible Refusal { get; } = new(view.Site, $"the span '{view.Variable.Name}' over storage that goes by other names when the loop runs backwards", "index the array itself");
    }

    /// <summary>What a span is made of: where it is declared, or in the one branch that assigns it.</summary>
    private static Expr? ViewOf(Variable v, Declare declared, List<Stmt> forward) => declared.Initial
        ?? (new Block(forward.ToEquatable()).All().OfType<Assign>().Where(a => a.Target is Read r && r.Variable == v).Take(2).ToList() is [var only] ? only.Value : null);

    /// <summary>What the branches ask for in which a view is made.</summary>
    private static IEnumerable<Variable> ConditionsOf(Variable v, IEnumerable<Stmt> statements) => statements.OfType<If>()
        .Where(x => new Block([x]).All().Any(s => s is Assign { Target: Read made } && made.Variable == v))
        .SelectMany(x => x.Condition.FreeVariables().Concat(ConditionsOf(v, x.Then.Statements)).Concat(ConditionsOf(v, x.Else.Statements)));

    private sealed record Recovery(List<Stmt> Pushes, List<Stmt> Start);

    /// <summary>
    /// What the reverse of an iteration reads of the variables that the iteration declares: recomputed by a slice of the forward statements where
    /// that is cheap and reads nothing that the loop changes, else pushed at the end of the iteration and popped at the start of its reverse.
    /// </summary>
    private Recovery Recover(List<Stmt> forward, List<Stmt> reverse, HashSet<string> writes, Stmt? loop)
    {
        var declared = new Dictionary<string, Declare>(StringComparer.Ordinal);
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Stmt s in forward)
            if (s is Declare d) (declared[d.Variable.Name], order[d.Variable.Name]) = (d, order.Count);
        // what is dear is remembered before one asks for what is cheap once it is known: of e = exp(x) and s = 1 / (1 + e), e alone
        List<Variable> wanted = VariablesOf(reverse).Where(v => declared.ContainsKey(v.Name)).Distinct().OrderBy(v => order[v.Name]).ToList();
        if (wanted.Count == 0) return new Recovery([], []);
        var slicer = new Slicer(locations, forward, declared, writes, loop is For f ? f.Counter.Name : "");
        var pushed = new List<Variable>();
        HashSet<string> reads = locations.Reads(reverse);
        List<Variable> owners = Owners(forward).Where(v => declared.ContainsKey(v.Name)).ToList();
        // what is pushed makes some slices impossible that were possible, and others cheap: round by round until nothing changes
        var taken = new HashSet<Variable>();
        bool again = true;
        while (again)
        {
            again = false;
            foreach (Variable v in wanted.ToList())
            {
                if (taken.Contains(v)) continue;
                if (OutlivesIteration(v, owners, forward, loop))
                {
                    Take(v);
                    again = true;
                    continue;
                }
                // storage made in the iteration: its contents count, unless it is kept itself
                List<string> asked = ContentsOf(v);
                List<Variable> made = asked.Count > 0
                    ? owners.Where(o => locations.ClassOf(o) == locations.ClassOf(v) && !taken.Contains(o)).ToList()
                    : [];
                if (made.Count > 0 && slicer.Slice([v.Name, .. asked], pushed) is null)
                {
                    foreach (Variable o in made) Take(o);
                    wanted.AddRange(made.Where(o => !wanted.Contains(o)));
                    again = true;
                    continue;
                }
                if (slicer.Slice([v.Name], pushed) is { } slice && slice.Sum(Slicer.Cost) <= Limit(v)) continue;
                bool progress = again;
                again = true;
                if (v.Type is not SpanType || ViewOf(v, declared[v.Name], forward) is NewArray or CopyOf or ArrayLiteral)
                {
                    Take(v);
                    continue;
                }
                // a view is made again where it lies: its ends are remembered, and those of the view that it is a part of, or the row
                List<Variable> parts = (ViewOf(v, declared[v.Name], forward)?.FreeVariables() ?? []).Where(b => declared.ContainsKey(b.Name)).ToList();
                List<Variable> bounds = parts.Concat(ConditionsOf(v, forward)).Where(b => !b.Type.IsReference && declared.ContainsKey(b.Name) && !taken.Contains(b)).Distinct().ToList(), views = parts.Where(b => b.Type.IsReference && !wanted.Contains(b)).ToList();
                if (bounds.Count == 0 && views.Count == 0 && !progress) throw new ViewNotKept(declared[v.Name]);
                foreach (Variable b in bounds) Take(b);
                wanted.InsertRange(wanted.IndexOf(v), [.. bounds.Where(b => !wanted.Contains(b)), .. views]);
            }
        }

        void Take(Variable v)
        {
            if (taken.Add(v)) pushed.Add(v);
        }
        // what the reverse reads in an array: its numbers, and the references in it
        List<string> ContentsOf(Variable v) => v.Type.IsReference ? [.. new[] { locations.Content(v), locations.Rows(v) }.Where(reads.Contains)] : [];
        var contents = wanted.Where(v => !taken.Contains(v) && owners.Any(o => locations.ClassOf(o) == locations.ClassOf(v) && !pushed.Contains(o))).SelectMany(ContentsOf);
        List<Stmt> replay = slicer.Slice(wanted.Where(v => !taken.Contains(v)).Select(v => v.Name).Concat(contents), pushed)
            ?? throw new NotSupportedException("what an iteration needs cannot be recomputed together");
        var replayed = new HashSet<Variable>(VariablesOf(replay));
        var branches = new BranchMemory(locations, function.Results, crossesCalls);
        var pushes = new List<Stmt>();
        var pops = new List<Stmt>();
        foreach (Variable v in pushed)
        {
            bool view = v.Type is SpanType;
            IrType stored = view ? new ArrayType(ElementOf(v.Type)) : v.Type;
            Variable tape = crossesCalls ? callees.TapeOf(stored) : new Variable(names.Fresh(v.Name + "Tape"), new TapeType(stored, CrossesCalls: false));
            if (!crossesCalls) _tapes.Add(tape);
            var push = new Push(tape, view ? new CopyOf(new Read(v), stored) : new Read(v));
            Variable target = view ? new Variable(names.Fresh(v.Name + "Kept"), stored) : v;
            List<Stmt> pop = [new Declare(target, null), new Pop(tape, new Read(target))];
            if (view) pop.Add(new Declare(v, new Slice(new Read(target), null, null, (SpanType)v.Type)));
            if (!v.Type.IsReference && !replayed.Contains(v) && branches.TryMove(v, forward, reverse, push, pop)) continue;
            pushes.Add(push);
            pops.InsertRange(0, pop);
        }
        pops.AddRange(replay);
        return new Recovery(pushes, pops);
    }

    /// <summary>
    /// Whether a shadow that an iteration makes is held by something that outlives it (a row of a jagged array, a result): others have added to
    /// it since, so that it has to be that very storage and not another one of its size.
    /// </summary>
    private bool OutlivesIteration(Variable v, List<Variable> owners, List<Stmt> forward, Stmt? loop)
    {
        if (!v.Type.IsReference || !owners.Contains(v) || !shadows.All.Values.Contains(v)) return false;
        if (loop is null && function.Results.Any(r => shadows.All.TryGetValue(r.Name, out Variable? shadow) && locations.ClassOf(shadow) == locations.ClassOf(v))) return true;
        return !IsLocalStorage(locations.Content(v), forward) || HoldsInnerShadows(v, forward);
    }

    /// <summary>Whether a shadow holds others that are made further inside: these are popped there, and are to be the very same that it holds.</summary>
    private bool HoldsInnerShadows(Variable v, List<Stmt> forward)
    {
        if (v.Type is not (ArrayType { Element.IsReference: true } or ListType { Element.IsReference: true })) return false;
        HashSet<Variable> here = [.. forward.OfType<Declare>().Select(d => d.Variable)];
        return new Block(forward.ToEquatable()).All().Any(s => s switch
        {
            Assign { Target: ElementAt { Type.IsReference: true } row, Value: { } value } => IsOfClass(row) && value.FreeVariables().Any(x => x.Type.IsReference && !here.Contains(x)),
            AddItem { List: var list, Value: { Type.IsReference: true } value } => IsOfClass(list) && value.FreeVariables().Any(x => x.Type.IsReference && !here.Contains(x)),
            _ => false,
        });

        bool IsOfClass(Expr e) => e.Root() is { } root && locations.ClassOf(root) == locations.ClassOf(v);
    }

    /// <summary>The recovery of a whole function's variables, for a reverse half.</summary>
    public List<Stmt> RecoverAll(List<Stmt> forward, List<Stmt> reverse, HashSet<string> writes, out List<Stmt> pushes)
    {
        writes.UnionWith(locations.Writes(forward));
        Recovery recovery = Recover(forward, reverse, writes, null);
        pushes = recovery.Pushes;
        return recovery.Start;
    }

    /// <summary>See <see cref="ReverseRequest.CheapFunctions"/>.</summary>
    public bool CheapFunctions { get; init; }

    private int Limit(Variable v) => v.Type.IsReference ? 80 : CheapFunctions ? 2 * Cost.Function : Cost.Remembering;
}
