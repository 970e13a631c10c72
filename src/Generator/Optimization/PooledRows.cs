using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A row of numbers that each iteration makes and remembers for the reverse sweep is a part of the tape's own memory: nothing is allocated, and rows that
/// follow one another in time do so in memory. After <see cref="RowReuse"/>; the row's length is known again where it is taken back, and not negative.
/// </summary>
internal static class PooledRows
{
    private const string Next = "global::DiffGen.Rows.Next(ref ", Zeros = "global::DiffGen.Rows.Zeros(ref ";

    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit)
    {
        Summaries callees = Summaries.Of(unit);
        return new(Run(unit.Entry, callees), unit.Callees.Select(f => Run(f, callees)).ToEquatable());
    }

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        Dictionary<Variable, Row> rows = [];
        foreach (Declare d in function.Body.All().OfType<Declare>())
            if (d.Initial is Opaque { Pieces: [Next or Zeros, ..], Holes: [Read { Variable: var tape }, var length] }) rows[tape] = rows.ContainsKey(tape) ? default : new Row(d.Variable, length);
        if (rows.Count == 0) return function;

        Uses uses = Uses.Of(function, callees);
        if (uses.HasHandlers) return function;
        Definitions definitions = new(function, References.Assigned(function));
        Dictionary<Variable, Variable> renamed = [];
        foreach (KeyValuePair<Variable, Row> row in rows)
        {
            if (row.Value.Made is not { } made || made.Type is not ArrayType { Rank: 1, Element: ScalarType { Kind: not ScalarKind.Generic } or VectorType } array) continue;
            if (function.Body.All().OfType<Pop>().Where(p => p.Tape == row.Key).ToArray() is not [{ Target: Read { Variable: var taken } }]) continue;
            if (function.Body.All().Any(s => s is Push push && push.Tape == row.Key)) continue;
            if (!row.Value.Length.Type.Equals(PlainType.Int) || !row.Value.Length.FreeVariables().All(v => uses.IsConstant(v) && IsDeclaredFirst(function, v)) || !IsLength(definitions.Resolve(row.Value.Length))) continue;
            if (!AreNeighbours(function.Body, taken) || !IsIndexed(function.Body, made) || !IsIndexed(function.Body, taken) || uses.Assignments(made) != 1 || uses.Assignments(taken) != 1) continue;
            renamed[row.Key] = new Variable(row.Key.Name, new TapeType(array.Element, false));
            renamed[made] = new Variable(made.Name, new SpanType(array.Element, false));
            renamed[taken] = new Variable(taken.Name, new SpanType(array.Element, false));
        }
        return renamed.Count == 0 ? function : function with { Body = new Pass(renamed, rows, uses).Visit(function.Body) };
    }

    private readonly record struct Row(Variable? Made, Expr Length);

    // what the loop that takes a row back may still ask for
    private static bool IsDeclaredFirst(Function function, Variable v) =>
        function.Parameters.Any(p => p.Variable == v) || function.Body.Statements.Any(s => s is Declare { Initial: not null } d && d.Variable == v);

    // a list may have another length by then
    private static bool IsLength(Expr e) => e is LengthOf { Source.Type: not ListType } or Constant { Number: >= 0 };

    // declared where it is taken back
    private static bool AreNeighbours(Block body, Variable taken) => body.All().SelectMany(s => s.Blocks()).Prepend(body).Any(b =>
        b.Statements.Any(s => s is Declare d && d.Variable == taken) && b.Statements.Any(s => s is Pop { Target: Read { Variable: var v } } && v == taken));

    /// <summary>Whether a row is only indexed, measured, cleared and seen as vectors; a method of the runtime that wants an array is none of this.</summary>
    private static bool IsIndexed(Block body, Variable row) => body.All().All(s =>
        s is Pop or Declare { Initial: Opaque { Pieces: [Next or Zeros, ..] } } or Clear { Target: Read }
        || s.Values().Concat(s.Targets()).All(e => IsIndexed(e, row)));

    private static bool IsIndexed(Expr e, Variable row) => e switch
    {
        Read x => x.Variable != row,
        ElementAt { Source: Read { Variable: var source } } x when source == row => x.Indices.All(i => IsIndexed(i, row)),
        LengthOf { Source: Read { Variable: var source } } when source == row => true,
        Opaque x when LaneMath.TakesRows(x) || LaneMath.IsLaneAccess(x) && row.Type is ArrayType { Element: ScalarType } => x.Holes.All(h => h is Read || IsIndexed(h, row)),
        Opaque x => x.Writes.All(v => v != row) && x.Holes.All(h => IsIndexed(h, row)),
        _ => e.Children().All(c => IsIndexed(c, row)),
    };

    private sealed class Pass(Dictionary<Variable, Variable> renamed, Dictionary<Variable, Row> rows, Uses uses) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s)
        {
            switch (s)
            {
                case Declare { Variable: var made, Initial: Opaque { Pieces: [Next or Zeros, ..] } initial } when renamed.TryGetValue(made, out Variable? row):
                    return [((Declare)s) with { Variable = row, Initial = Of((Read)initial.Holes[0], initial.Pieces[0] == Next ? "Reserve" : "Zeros", initial.Holes[1], row) }];
                case Declare { Initial: null } d when renamed.ContainsKey(d.Variable) && d.Variable.Type is ArrayType: return [];
                case Pop { Target: Read { Variable: var taken } } pop when renamed.TryGetValue(taken, out Variable? row):
                    return [new Declare(row, Of(new Read(pop.Tape), "Take", rows[pop.Tape].Length, row)) { Source = s.Source, Comment = s.Comment }];
                case Declare d when renamed.TryGetValue(d.Variable, out Variable? tape): return [d with { Variable = tape }];
                case Release r when renamed.TryGetValue(r.Tape, out Variable? tape): return [r with { Tape = tape }];
                case For { Step: 1, Comparison: BinaryOperator.Less, Start: Constant { Number: 0 } } loop:
                    return [.. Expected(loop), .. base.VisitMany(loop)];
                default: return base.VisitMany(s);
            }
        }

        // what all iterations together make room for: the tape grows once
        private IEnumerable<Stmt> Expected(For loop)
        {
            if (!IndexedTapes.IsSteady(loop.Limit, uses)) yield break;
            foreach (Declare d in loop.Body.Statements.OfType<Declare>())
                if (renamed.ContainsKey(d.Variable) && d.Initial is Opaque { Pieces: [Next or Zeros, ..], Holes: [Read { Variable: var tape }, var length] })
                    yield return new Evaluate(new Opaque(["", ".Expect((long)", " * ", ")"], [new Read(renamed[tape]), loop.Limit, length], PlainType.Void, Purity.Effects, [renamed[tape]]));
        }

        private Expr Of(Read tape, string how, Expr length, Variable row) =>
            new Opaque(["", $".{how}(", ")"], [new Read(renamed[tape.Variable]), length], row.Type, Purity.Effects, [renamed[tape.Variable]]);

        public override Expr Visit(Expr e) => e switch
        {
            Read { Variable: var v } when renamed.TryGetValue(v, out Variable? to) => new Read(to),
            Opaque x when x.Writes.Any(renamed.ContainsKey) => (Opaque)base.Visit(x) with { Writes = x.Writes.Select(v => renamed.TryGetValue(v, out Variable? to) ? to : v).ToEquatable() },
            _ => base.Visit(e),
        };
    }
}
