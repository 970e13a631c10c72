using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Adjoints of arrays that functions only index and hand on are spans to them: the caller's buffer can be given, and scratch on the stack. Where the entry had an
/// array of its own for such a function, copied into the buffer at the end, the buffer takes its place.
/// </summary>
internal static class SpanParameters
{
    /// <summary>Treats a derivative.</summary>
    public static Unit Run(Unit unit)
    {
        if (unit.Callees.Count == 0) return unit;
        HashSet<(string Function, int At)> spans = [.. unit.Callees.SelectMany(f => f.Parameters.Select((p, i) => (p, i)).Where(x => IsCandidate(x.p)).Select(x => (f.Name, x.i)))];
        for (int before = -1; before != spans.Count;)
        {
            before = spans.Count;
            foreach (Function f in unit.Callees)
                for (int i = 0; i < f.Parameters.Count; i++)
                    if (spans.Contains((f.Name, i)) && !Keeps(f.Body, f.Parameters[i].Variable, spans)) spans.Remove((f.Name, i));
        }
        return spans.Count == 0 ? unit : new Unit(WithBuffers(unit.Entry, spans), unit.Callees.Select(f => Retyped(f, spans)).ToEquatable());
    }

    private static bool IsCandidate(Parameter p) => p is { Role: ParameterRole.Adjoint, Passing: Passing.Value, Variable.Type: ArrayType { Rank: 1, Element: ScalarType or VectorType } };

    /// <summary>Whether an array is only indexed, measured, cleared and given to functions that do the same.</summary>
    private static bool Keeps(Block body, Variable array, HashSet<(string Function, int At)> spans) => body.All().All(s => s switch
    {
        Clear { Target: Read } => true,
        Call call => call.Arguments.Select((e, i) => e is Read { Variable: var given } && given == array ? spans.Contains((call.Function, i)) : IsIndexed(e, array)).All(kept => kept) && call.Results.All(r => IsIndexed(r, array)),
        _ => s.Values().Concat(s.Targets()).All(e => IsIndexed(e, array)),
    });

    private static bool IsIndexed(Expr e, Variable array) => e.IndexesOnly(array, _ => false);

    private static Function Retyped(Function f, HashSet<(string Function, int At)> spans)
    {
        Dictionary<Variable, Expr> changed = [];
        EquatableArray<Parameter> parameters = f.Parameters.Select((p, i) =>
        {
            if (!spans.Contains((f.Name, i))) return p;
            Variable span = p.Variable with { Type = new SpanType(((ArrayType)p.Variable.Type).Element, false) };
            changed[p.Variable] = new Read(span);
            return p with { Variable = span };
        }).ToEquatable();
        return changed.Count == 0 ? f : f with { Parameters = parameters, Body = new Renaming(changed).Visit(f.Body) };
    }

    /// <summary>The entry, its buffers in place of arrays that are copied into them at the end.</summary>
    private static Function WithBuffers(Function entry, HashSet<(string Function, int At)> spans)
    {
        foreach (Parameter p in entry.Parameters)
            if (p is { Role: ParameterRole.Adjoint, Variable: { Type: SpanType { ReadOnly: false } } buffer } && Copied(entry.Body, buffer) is var (own, declared, copy) && Keeps(entry.Body.Without(declared, copy), own, spans))
                entry = entry with { Body = new Renaming(new Dictionary<Variable, Expr> { [own] = new Read(buffer) }).Visit(Placed(entry.Body, buffer, declared, copy)) };
        return entry;
    }

    /// <summary>The array of zeros that all of a buffer is given from, where nothing else is done with the buffer.</summary>
    private static (Variable Own, Stmt Declared, Stmt Copy)? Copied(Block body, Variable buffer)
    {
        if (body.Statements.LastOrDefault(s => s is For loop && GivenFrom(loop, buffer) is not null) is not For copy || GivenFrom(copy, buffer) is not { } own) return null;
        if (body.Statements.FirstOrDefault(s => s is Declare d && d.Variable == own) is not Declare { Initial: NewArray { Lengths: [_], OnStack: false } } declared) return null;
        return body.Statements.All(s => s == (object)copy || s is Clear { Target: Read { Variable: var cleared } } && cleared == buffer || Mentions.All(s, buffer) == 0) ? (own, declared, copy) : null;
    }

    // for (int k = 0; k < own.Length; k++) buffer[k] = own[k];
    private static Variable? GivenFrom(For loop, Variable buffer) => loop is
    {
        Start: Constant { Number: 0 }, Step: 1, Limit: LengthOf { Source: Read { Variable: var measured } },
        Body.Statements: [Assign { Target: ElementAt { Source: Read { Variable: var to }, Indices: [Read { Variable: var at }] }, Value: ElementAt { Source: Read { Variable: var from }, Indices: [Read { Variable: var same }] } }],
    } && to == buffer && from == measured && at == loop.Counter && same == loop.Counter ? from : null;

    private static Block Without(this Block body, Stmt declared, Stmt copy) => body.Statements.Where(s => s != (object)declared && s != (object)copy).ToBlock();

    private static Block Placed(Block body, Variable buffer, Stmt declared, Stmt copy)
    {
        bool cleared = body.Statements.TakeWhile(s => s != (object)declared).Any(s => s is Clear { Target: Read { Variable: var v } } && v == buffer);
        return body.Statements.SelectMany(s => s == (object)copy || s == (object)declared && cleared ? [] : s == (object)declared ? [new Clear(new Read(buffer))] : new[] { s }).ToBlock();
    }
}
