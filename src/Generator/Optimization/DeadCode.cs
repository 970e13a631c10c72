using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Removes what nothing reads: assignments to variables that are dead, accumulations that only feed themselves, loops and branches left empty,
/// elements of local arrays that nothing looks at, tapes whose values are not wanted. What may throw in the primal is evaluated still.
/// </summary>
internal sealed class DeadCode
{
    private readonly Uses _uses;
    private readonly HashSet<Variable> _seenStorage = [];
    private readonly HashSet<Variable> _seenReferences = [];
    private readonly HashSet<Variable> _wantedTapes = [];
    private readonly HashSet<Variable> _ownTapes = [];
    private readonly Dictionary<string, HashSet<Variable>> _labels = new(StringComparer.Ordinal);
    private readonly HashSet<Variable> _mentioned = [];
    private readonly Dictionary<Stmt, HashSet<Variable>> _heads = new(IdentityComparer.Instance);
    private readonly Lazy<Bounds> _bounds;
    private readonly List<For> _loops = [];
    private bool _final;

    private DeadCode(Function function, Summaries callees)
    {
        _uses = Uses.Of(function, callees);
        _bounds = new(() => new Bounds(function, _uses));
        foreach (Parameter p in function.Parameters) See(p.Variable);
        foreach (Variable r in function.Results) See(r);
        foreach (Stmt s in function.Body.All())
        {
            Effects head = Effects.OfHead(s, callees);
            // what is only added to is not looked at
            Access? sum = s is AddTo { Target: ElementAt place } ? new(place.Root()!, place.Type) : null;
            foreach (Access a in head.ElementReads)
                if (sum is null || !a.Equals(sum.Value)) See(a.Root, a.Element);
            if (s is AddTo { Target: ElementAt target })
                foreach (Expr inner in target.Indices.Append(target.Source).SelectMany(i => i.All()).OfType<ElementAt>())
                    if (inner.Root() is { } r) See(r, inner.Type);
            if (s is AddTo { Value: var added })
                foreach (Access a in Effects.Of(added).ElementReads) See(a.Root, a.Element);
            if (s is Call or Perform)
                foreach (Expr argument in s.Values())
                    if (argument.Root() is { } root && root.Type.IsReference) See(root);
            if (s is Declare { Variable.Type: TapeType } tape) _ownTapes.Add(tape.Variable);
        }
        // what is passed on is pushed and popped elsewhere
        foreach (Stmt s in function.Body.All())
        {
            if (s is Call call)
                foreach (Expr argument in call.Arguments)
                    if (argument is Read { Variable: { Type: TapeType } passed }) _ownTapes.Remove(passed);
            foreach (Opaque opaque in s.Values().SelectMany(v => v.All()).OfType<Opaque>()) _ownTapes.ExceptWith(opaque.Writes);
        }
    }

    /// <summary>Removes dead code from a function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        DeadCode pass = new(function, callees);
        HashSet<Variable> live = [.. function.Results];
        foreach (Parameter p in function.Parameters)
            if (p.Passing is Passing.Ref or Passing.Out) live.Add(p.Variable);
        pass._labels[Function.ReturnLabel] = live;

        // once to learn which tapes are wanted and which variables are left, then for good
        Block first = pass.Process(function.Body, [.. live]);
        foreach (Stmt s in first.All())
        {
            foreach (Expr e in s.Values().Concat(s.Targets()).SelectMany(v => v.All()))
            {
                if (e is Read read) pass._mentioned.Add(read.Variable);
                if (e is Opaque opaque) pass._mentioned.UnionWith(opaque.Writes);
            }
            if (s is Push push) pass._mentioned.Add(push.Tape);
            if (s is Pop pop) pass._mentioned.Add(pop.Tape);
        }
        pass._final = true;
        pass._heads.Clear();
        return function with { Body = pass.Process(function.Body, [.. live]) };
    }

    // taking a row looks at no number of it
    private void See(Variable v, IrType? element = null) => (element is { IsReference: true } ? _seenReferences : _seenStorage).Add(_uses.Aliases.Class(v));

    private Block Process(Block block, HashSet<Variable> live)
    {
        List<Stmt> kept = [];
        for (int i = block.Statements.Count - 1; i >= 0; i--)
            foreach (Stmt s in Statement(block.Statements[i], live).Reverse()) kept.Add(s);
        kept.Reverse();
        return kept.ToBlock();
    }

    /// <summary>The statement as far as it is wanted; <paramref name="live"/> is what is read after it, and then before it.</summary>
    private IEnumerable<Stmt> Statement(Stmt s, HashSet<Variable> live)
    {
        switch (s)
        {
            case Declare x:
                return Declared(x, live);
            case Assign { Target: Read target } x:
                if (!live.Remove(target.Variable)) return Only(x.Value, x, live);
                break;
            case AddTo { Target: Read target } x:
                if (!live.Contains(target.Variable)) return Only(x.Value, x, live);
                break;
            case Assign { Target: FieldOf field } x when field.Root() is { Type: StructType or VectorType } root && !live.Contains(root) && field.Target is Read or FieldOf:
                return Only(x.Value, x, live);
            case AddTo { Target: FieldOf field } x when field.Root() is { Type: StructType or VectorType } root && !live.Contains(root) && field.Target is Read or FieldOf:
                return Only(x.Value, x, live);
            case Assign { Target: ElementAt or FieldOf } x when IsUnseen(x.Target) && (x.Source.Length == 0 || IsDroppable(x.Target)):
                return Only(x.Value, x, live);
            case AddTo { Target: ElementAt or FieldOf } x when IsUnseen(x.Target) && (x.Source.Length == 0 || IsDroppable(x.Target)):
                return Only(x.Value, x, live);
            case Clear x when IsUnseen(x.Target) && x.Source.Length == 0:
                return [];
            case If x:
                return Branch(x, live);
            case For x:
                return Loop(x, live);
            case While x:
                return [Loop(x, live)];
            case Labelled x:
                _labels[x.Label] = [.. live];
                return [Nested.Map(x, b => Process(b, live))];
            case Exit x:
                live.Clear();
                if (_labels.TryGetValue(x.Label, out HashSet<Variable>? after)) live.UnionWith(after);
                return [x];
            case Throw x:
                if (!_uses.HasHandlers) live.Clear();
                break;
            case Scope x:
                return [Nested.Map(x, b => Process(b, live))];
            case Pop x when _ownTapes.Contains(x.Tape):
                if (x.Target is not Read popped || live.Remove(popped.Variable)) _wantedTapes.Add(x.Tape);
                else if (_final && !_wantedTapes.Contains(x.Tape)) return [];
                break;
            case Push x when _final && _ownTapes.Contains(x.Tape) && !_wantedTapes.Contains(x.Tape):
                return Only(x.Value, x, live);
            case Release x when _final && _ownTapes.Contains(x.Tape) && !_wantedTapes.Contains(x.Tape):
                return [];
            case Try or Around:
                Effects inside = Effects.Of(s, _uses.Callees);
                live.UnionWith(inside.Reads);
                // what is inside stays as it is, the tapes that it pushes on too
                _wantedTapes.UnionWith(inside.Reads.Where(v => v.Type is TapeType));
                foreach (string exit in inside.Exits)
                    if (_labels.TryGetValue(exit, out HashSet<Variable>? there)) live.UnionWith(there);
                return [s];
            case Evaluate x when IsDroppable(x.Value):
                return [];
        }
        live.UnionWith(Effects.OfHead(s, _uses.Callees).Reads);
        if (s is Pop { Tape: var tape }) live.Add(tape);
        return [s];
    }

    private IEnumerable<Stmt> Declared(Declare x, HashSet<Variable> live)
    {
        bool wanted = live.Remove(x.Variable);
        if (x.Variable.Type is TapeType) return !_final || _wantedTapes.Contains(x.Variable) || !_ownTapes.Contains(x.Variable) ? [x] : [];
        if (x.Initial is null) return wanted || !_final || _mentioned.Contains(x.Variable) ? [x] : [];
        if (wanted)
        {
            live.UnionWith(Effects.Of(x.Initial).Reads);
            return [x];
        }
        if (_final && _mentioned.Contains(x.Variable) && x.Variable.Type is SpanType)
        {
            live.UnionWith(Effects.Of(x.Initial).Reads);
            return [x];
        }
        IEnumerable<Stmt> rest = Only(x.Initial, x, live);
        return _final && _mentioned.Contains(x.Variable) ? rest.Append(x with { Initial = null }) : rest;
    }

    /// <summary>What is left of a statement whose result is not wanted: its value, if that may throw or has effects.</summary>
    private IEnumerable<Stmt> Only(Expr value, Stmt s, HashSet<Variable> live)
    {
        if (s.Source.Length == 0 ? value.IsPure() && !value.All().Any(e => e is Opaque { Purity: Purity.Reads }) : IsDroppable(value)) return [];
        // of a sum or product that is not wanted, the operands that may throw
        Expr[] parts = value is Binary { Type: ScalarType, Operator: not (BinaryOperator.And or BinaryOperator.Or) } or Unary or Ir.Convert { Target: ScalarType } or Apply { Partials.IsEmpty: true }
            && !value.ThrowsItself() ? [.. value.Children().Where(c => !IsDroppable(c))] : [value];
        if (parts.Length == 1 && parts[0] == value)
        {
            live.UnionWith(Effects.Of(value).Reads);
            return [new Evaluate(value) { Source = s.Source, Site = s.Site }];
        }
        List<Stmt> kept = [];
        foreach (Expr part in Enumerable.Reverse(parts)) kept.InsertRange(0, Only(part, s, live));
        return kept;
    }

    // the length of a null array is not worth a statement of its own
    private bool IsDroppable(Expr e) => e.All().All(x => x is LengthOf
        || (x.ThrowsItself() ? x is ElementAt place && _loops.Count > 0 && _bounds.Value.IsInside(place, _loops) : x is not Opaque { Purity: not Purity.Pure }));

    private bool IsUnseen(Expr place) => place.Root() is { Type.IsReference: true } root && _uses.Aliases.Class(root) is var storage
        && !_seenStorage.Contains(storage) && !(_seenReferences.Contains(storage) && (place is not Read && place.Type.IsReference));

    private IEnumerable<Stmt> Branch(If x, HashSet<Variable> live)
    {
        HashSet<Variable> otherwise = [.. live];
        Block then = x.Then.Becoming(Process(x.Then, live)), not = x.Else.Becoming(Process(x.Else, otherwise));
        live.UnionWith(otherwise);
        if (then.IsEmpty && not.IsEmpty && IsDroppable(x.Condition)) return [];
        if (then.IsEmpty && not.IsEmpty)
        {
            live.UnionWith(Effects.Of(x.Condition).Reads);
            return [new Evaluate(x.Condition) { Source = x.Source, Site = x.Site }];
        }
        live.UnionWith(Effects.Of(x.Condition).Reads);
        return [ReferenceEquals(then, x.Then) && ReferenceEquals(not, x.Else) ? x : x with { Then = then, Else = not }];
    }

    /// <summary>
    /// What is wanted where an iteration begins, to start from: what was found before still holds when the loop around is looked at once more, for nothing
    /// that was wanted becomes unwanted by that.
    /// </summary>
    private HashSet<Variable> HeadOf(Stmt loop, HashSet<Variable> live)
    {
        if (!_heads.TryGetValue(loop, out HashSet<Variable>? head)) _heads.Add(loop, head = []);
        head.UnionWith(live);
        return head;
    }

    private IEnumerable<Stmt> Loop(For x, HashSet<Variable> live)
    {
        HashSet<Variable> head = HeadOf(x, live);
        Block body;
        while (true)
        {
            HashSet<Variable> inside = [.. head, .. Effects.Of(x.Limit).Reads];
            inside.Add(x.Counter);
            _loops.Add(x);
            body = Process(x.Body, inside);
            _loops.RemoveAt(_loops.Count - 1);
            inside.Remove(x.Counter);
            if (inside.IsSubsetOf(head)) break;
            head.UnionWith(inside);
        }
        if (body.IsEmpty && IsDroppable(x.Start) && IsDroppable(x.Limit)) return [];
        live.UnionWith(head);
        live.UnionWith(Effects.Of(x.Start).Reads);
        live.UnionWith(Effects.Of(x.Limit).Reads);
        return [Nested.Map(x, b => body)];
    }

    private Stmt Loop(While x, HashSet<Variable> live)
    {
        HashSet<Variable> head = HeadOf(x, live);
        head.UnionWith(Effects.Of(x.Condition).Reads);
        Block body;
        while (true)
        {
            HashSet<Variable> inside = [.. head];
            body = Process(x.Body, inside);
            if (inside.IsSubsetOf(head)) break;
            head.UnionWith(inside);
        }
        if (!x.TestLast) live.UnionWith(head);
        else
        {
            HashSet<Variable> inside = [.. head];
            body = Process(x.Body, inside);
            live.Clear();
            live.UnionWith(inside);
        }
        return Nested.Map(x, b => body);
    }
}
