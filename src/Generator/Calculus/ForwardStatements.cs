using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Differentiates statements forward: the tangent's statement stands before the primal's, or after it where it reads the result.</summary>
internal sealed class ForwardStatements(ForwardExpressions expressions, Unit unit, IReadOnlyDictionary<string, string> versions, HashSet<Variable> nullTested) : Rewriter
{
    private TangentMap Tangents => expressions.Tangents;

    public override IEnumerable<Stmt> VisitMany(Stmt s)
    {
        List<Stmt> code = [];
        Translate(s, code);
        foreach (Expr value in s.Values())
            foreach (Opaque opaque in value.All().OfType<Opaque>())
                foreach (Variable written in opaque.Writes)
                    if (!written.Type.IsReference && Tangents.Has(written))
                        code.Add(new Assign(new Read(Tangents.Of(written)), Tangents.Space.Zero(written.Type)));
        return code;
    }

    private void Translate(Stmt s, List<Stmt> code)
    {
        expressions.Origin = s;
        switch (s)
        {
            case Declare x:
                Declared(x, code);
                break;
            case Assign x:
                Assigned(x, code);
                break;
            case AddTo x when Tangents.Place(x.Target) is { } place:
                Dual dual = expressions.Visit(x.Value, code);
                if (dual.Tangent is { } tangent) code.Add(new AddTo(place, tangent) { Comment = Comment(s, dual.Rule) });
                code.Add(x with { Value = dual.Primal });
                break;
            case Clear x:
                if (Tangents.Place(x.Target) is { } cleared) code.Add(new Clear(cleared));
                code.Add(s);
                break;
            case AddItem x:
                Added(x, code);
                break;
            case RemoveLast x:
                if (Tangents.Place(x.List) is { } list) code.Add(new RemoveLast(list));
                code.Add(s);
                break;
            case Push x:
                Pushed(x, code);
                break;
            case Pop x:
                Popped(x, code);
                break;
            case Release x:
                if (Tangents.Has(x.Tape)) code.Add(new Release(Tangents.Of(x.Tape)));
                code.Add(s);
                break;
            case Call x:
                Called(x, code);
                break;
            case Perform x:
                Performed(x, code);
                break;
            default:
                code.Add(Visit(s));
                break;
        }
    }

    private static string Comment(Stmt s, string rule) =>
        rule.Length == 0 ? s.Source : s.Source.Length == 0 ? rule : s.Source + "  " + rule;

    private void Declared(Declare x, List<Stmt> code)
    {
        if (!Tangents.Has(x.Variable))
        {
            code.Add(x);
            return;
        }
        Variable tangent = Tangents.Of(x.Variable);
        if (x.Initial is null)
        {
            code.Add(new Declare(tangent, null));
            code.Add(x);
            return;
        }
        Expr self = new Read(x.Variable);
        if (x.Variable.Type.IsReference)
        {
            Referenced(x.Initial, self, code, value => new Declare(tangent, value), value => x with { Initial = value });
            return;
        }
        bool declared = false;
        Dual dual = expressions.Visit(x.Initial, code, (primal, _) =>
        {
            declared = true;
            code.Add(x with { Initial = primal });
            return self;
        });
        code.Add(new Declare(tangent, dual.Tangent ?? Tangents.Space.Zero(x.Variable.Type)) { Comment = Comment(x, dual.Rule) });
        if (!declared) code.Add(x with { Initial = dual.Primal });
    }

    private void Assigned(Assign x, List<Stmt> code)
    {
        if (Tangents.Place(x.Target) is not { } place)
        {
            code.Add(x);
            return;
        }
        if (x.Target.Type.IsReference)
        {
            Referenced(x.Value, x.Target, code, value => new Assign(place, value), value => x with { Value = value });
            return;
        }
        bool assigned = false;
        Dual dual = expressions.Visit(x.Value, code, (primal, tangent) =>
        {
            // the target can hold the result at once only where nothing reads its old value afterwards
            if (x.Target is not Read target || tangent.All().Any(e => e is Read read && read.Variable == target.Variable)) return null;
            assigned = true;
            code.Add(x with { Value = primal });
            return x.Target;
        });
        code.Add(new Assign(place, dual.Tangent ?? Tangents.Space.Zero(x.Target.Type)) { Comment = Comment(x, dual.Rule) });
        if (!assigned) code.Add(x with { Value = dual.Primal });
    }

    /// <summary>Stores a reference and, first, its tangent; a tangent made to measure comes after.</summary>
    private void Referenced(Expr value, Expr target, List<Stmt> code, Func<Expr, Stmt> storeTangent, Func<Expr, Stmt> storePrimal)
    {
        if (value is ArrayLiteral { Elements: var elements } literal && elements.Any(e => !e.Type.IsReference))
        {
            // values and tangents of the elements share what they compute
            Dual[] duals = elements.Select(e => expressions.Visit(e, code)).ToArray();
            IrType shadow = Tangents.Space.Made(literal.ArrayType)!;
            code.Add(storeTangent(new ArrayLiteral(shadow, duals.Select(d => d.Tangent ?? Tangents.Space.Zero(d.Primal.Type)).ToEquatable())));
            code.Add(storePrimal(literal with { Elements = duals.Select(d => d.Primal).ToEquatable() }));
            return;
        }
        if (expressions.Reference(value, code) is { } tangent)
        {
            code.Add(storeTangent(tangent));
            code.Add(storePrimal(value));
            return;
        }
        code.Add(storePrimal(value));
        code.Add(storeTangent(nullTested.Guard(target, Tangents.Space.ZerosLike(target))));
    }

    private void Added(AddItem x, List<Stmt> code)
    {
        if (Tangents.Place(x.List) is not { } list)
        {
            code.Add(x);
            return;
        }
        if (x.Value.Type.IsReference)
        {
            Expr value = x.Value;
            if (expressions.Reference(value, code) is not { } twin)
            {
                value = expressions.Local(value, "item", code);
                twin = Tangents.Space.ZerosLike(value);
            }
            code.Add(new AddItem(list, twin));
            code.Add(x with { Value = value });
            return;
        }
        Dual dual = expressions.Visit(x.Value, code);
        code.Add(new AddItem(list, dual.Tangent ?? Tangents.Space.Zero(x.Value.Type)) { Comment = Comment(x, dual.Rule) });
        code.Add(x with { Value = dual.Primal });
    }

    private void Pushed(Push x, List<Stmt> code)
    {
        if (!Tangents.Has(x.Tape))
        {
            code.Add(x);
            return;
        }
        if (x.Value.Type.IsReference)
        {
            Expr twin = expressions.Reference(x.Value, code) ?? Tangents.Space.ZerosLike(x.Value);
            code.Add(new Push(Tangents.Of(x.Tape), twin));
            code.Add(x);
            return;
        }
        Dual dual = expressions.Visit(x.Value, code);
        code.Add(new Push(Tangents.Of(x.Tape), dual.Tangent ?? Tangents.Space.Zero(x.Value.Type)));
        code.Add(x with { Value = dual.Primal });
    }

    private void Popped(Pop x, List<Stmt> code)
    {
        Expr? place = Tangents.Place(x.Target);
        if (Tangents.Has(x.Tape) && place is not null) code.Add(new Pop(Tangents.Of(x.Tape), place));
        else if (place is { Type.IsReference: false }) code.Add(new Assign(place, Tangents.Space.Zero(x.Target.Type)));
        code.Add(x);
    }

    private void Called(Call x, List<Stmt> code)
    {
        if (unit.Find(x.Function) is not { } callee || !versions.TryGetValue(x.Function, out string? version))
        {
            code.Add(x);
            foreach (Expr result in x.Results) Constant(result, code);
            return;
        }
        List<Expr> arguments = [], added = [];
        for (int i = 0; i < x.Arguments.Count; i++)
        {
            Parameter parameter = callee.Parameters[i];
            Expr argument = x.Arguments[i];
            if (!expressions.VariesIn(callee, parameter.Variable))
            {
                arguments.Add(argument);
                continue;
            }
            if (parameter.Variable.Type.IsReference)
            {
                Expr? twin = expressions.Reference(argument, code);
                if (twin is null && argument is not Read) argument = expressions.Local(argument, "argument", code);
                added.Add(twin ?? Tangents.Space.ZerosLike(argument));
            }
            else if (parameter.Passing is Passing.Ref or Passing.Out)
            {
                added.Add(Tangents.Place(argument) ?? throw new NotSupportedException("a reference to a value without a tangent"));
            }
            else
            {
                Dual dual = expressions.Visit(argument, code);
                argument = dual.Primal;
                added.Add(dual.Tangent ?? Tangents.Space.Zero(parameter.Variable.Type));
            }
            arguments.Add(argument);
        }
        List<Expr> results = [.. x.Results];
        for (int i = 0; i < callee.Results.Count && i < x.Results.Count; i++)
            if (expressions.VariesIn(callee, callee.Results[i]))
                results.Add(Tangents.Place(x.Results[i]) ?? throw new NotSupportedException("a result without a tangent"));
        code.Add(x with { Function = version, Arguments = arguments.Concat(added).ToEquatable(), Results = results.ToEquatable() });
        for (int i = 0; i < x.Results.Count; i++)
            if (i >= callee.Results.Count || !expressions.VariesIn(callee, callee.Results[i])) Constant(x.Results[i], code);
    }

    /// <summary>What a callee gives that is a constant so far: others may put numbers into it.</summary>
    private void Constant(Expr given, List<Stmt> code)
    {
        if (Tangents.Place(given) is { } tangent) code.Add(new Assign(tangent, given.Type.IsReference ? Tangents.Space.ZerosLike(given) : Tangents.Space.Zero(given.Type)));
    }

    private void Performed(Perform x, List<Stmt> code)
    {
        Expr? result = x.Result is null ? null : Tangents.Place(x.Result);
        if (RuleTable.ForBulk(x) is not { } rule || (result is null && x.Writes.All(w => Tangents.Place(x.Arguments[w]) is null)))
        {
            code.Add(x);
            return;
        }
        if (Tangents.Space.IsBundle) throw new NotSupportedException("no bundle through " + x.Key);
        Expr[] primals = x.Arguments.ToArray();
        Expr?[] shadows = new Expr?[primals.Length];
        for (int i = 0; i < primals.Length; i++)
        {
            if (!primals[i].Type.IsReference && x.Writes.Contains(i))
            {
                shadows[i] = Tangents.Place(primals[i]);
                continue;
            }
            if (primals[i].Type.IsReference)
            {
                if (expressions.Varies(primals[i]) || x.Writes.Contains(i)) shadows[i] = Tangents.Place(primals[i]) ?? expressions.Reference(primals[i], code);
                continue;
            }
            Dual dual = expressions.Visit(primals[i], code);
            (primals[i], shadows[i]) = (dual.Primal, dual.Tangent);
        }
        Perform call = x with { Arguments = primals.ToEquatable() };
        if (rule.NeedsOutput) code.Add(call);
        code.AddRange(rule.Pushforward(new BulkContext(call, shadows, result, expressions.Names)));
        if (!rule.NeedsOutput) code.Add(call);
    }
}
