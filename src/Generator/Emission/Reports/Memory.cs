using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Reports;

/// <summary>What a derivative remembers from its forward for its reverse sweep, and what it computes a second time.</summary>
internal static class Memory
{
    /// <summary>A line for each stack of remembered values: what it holds, how often, and which line of the source wants it back.</summary>
    public static IEnumerable<string> Remembered(Unit unit)
    {
        foreach (Function f in unit.Callees.Prepend(unit.Entry))
        {
            foreach (Variable tape in Tapes(f))
            {
                IrType element = ((TapeType)tape.Type).Element;
                Block sweeps = Iteration(f.Body, tape);
                string often = Around(sweeps, tape, []) is { Count: > 0 } found ? string.Join(" · ", found) : "once";
                string iteration = ReferenceEquals(sweeps, f.Body) ? "" : " in each iteration";
                string why = tape.Name.Contains("Was") ? "overwritten" : "of an iteration that is over";
                string wanted = Reader(f, tape) is { Length: > 0 } line ? $"{why}, and wanted by '{line.TrimEnd(';')}'" : why;
                yield return $"{Stem(tape)} ({Short(element)}, {often}{iteration}): {wanted}";
            }
        }
    }

    /// <summary>The lines of the primal that are computed again in the reverse sweep.</summary>
    public static IEnumerable<string> Recomputed(Unit primal, Unit derivative)
    {
        Dictionary<string, int> once = Lines(primal), again = Lines(derivative);
        return again.Where(line => line.Value > (once.TryGetValue(line.Key, out int n) ? n : 1)).Select(line => $"'{line.Key.Substring(0, line.Key.IndexOf('\n')).TrimEnd(';')}', from what is still there").Distinct();
    }

    private static IEnumerable<Variable> Tapes(Function f) =>
        f.Body.All().SelectMany(s => s is Push push ? [push.Tape] : s.Values().SelectMany(v => v.All()).OfType<Opaque>().SelectMany(o => o.Writes).Where(v => v.Type is TapeType))
            .Where(v => !IsRoom(v) && (v.Type is not TapeType { Element: var element } || !IsWide(element))).Distinct().ToArray();

    // what runs side by side has its single iterations behind it
    private static bool IsWide(IrType element) => element is VectorType or ArrayType { Element: VectorType } && element.CSharp.Contains("Vector256");

    /// <summary>The innermost loop body that fills a stack and empties it again; the whole where there is none.</summary>
    private static Block Iteration(Block block, Variable tape)
    {
        foreach (Stmt s in block.Statements)
        {
            if (s is For loop && SideBySide.Is(loop)) continue;
            foreach (Block inner in s.Blocks())
                if (Uses(inner, tape) > 1 && s is For or While or Scope) return Iteration(inner, tape);
        }
        return block;
    }

    private static int Uses(Block block, Variable tape) =>
        block.All().Count(s => s is Push push && push.Tape == tape || s is Pop pop && pop.Tape == tape || s is Declare { Initial: Opaque opaque } && opaque.Writes.Contains(tape));

    // room for transposed rows remembers nothing
    private static bool IsRoom(Variable v) => v.Name.EndsWith("Room", StringComparison.Ordinal) || v.Name.StartsWith("room", StringComparison.Ordinal);

    private static string Stem(Variable tape) => tape.Name.EndsWith("Tape", StringComparison.Ordinal) ? tape.Name.Substring(0, tape.Name.Length - 4) : tape.Name;

    private static string Short(IrType type) => type is PlainType or ScalarType ? type.CSharp : type.CSharp.Substring(type.CSharp.LastIndexOf('.') + 1).TrimEnd('>');

    /// <summary>The loops around the place that fills a stack; a stack that is sized at once is as long as it is asked to be.</summary>
    private static List<string>? Around(Block block, Variable tape, List<string> loops)
    {
        foreach (Stmt s in block.Statements)
        {
            if (s is Push push && push.Tape == tape) return loops;
            if (s is Declare { Initial: Opaque { Pieces: [_, var how, ..], Holes: [_, var count] } sized } && sized.Writes.Contains(tape))
                return how.StartsWith(".Reserve", StringComparison.Ordinal) ? [.. loops, Loops.Factor(Loops.Text(count))] : loops;
            if (s is For wide && SideBySide.Is(wide)) continue;
            foreach (Block inner in s.Blocks())
                if (Around(inner, tape, s is For loop ? [.. loops, Loops.Trips(loop)] : s is While ? [.. loops, "(iterations of while)"] : loops) is { } found) return found;
        }
        return null;
    }

    /// <summary>The source line of the first adjoint that reads what was taken back.</summary>
    private static string Reader(Function f, Variable tape)
    {
        HashSet<Variable> taken = [];
        string line = "";
        foreach (Stmt s in f.Body.All())
        {
            // a group of adjoints names its line once
            int gap = s.Comment.LastIndexOf("  ", StringComparison.Ordinal);
            if (gap > 0) line = s.Comment.Substring(0, gap);
            if (s is Pop pop && pop.Tape == tape && pop.Target.Root() is { } root) taken.Add(root);
            else if (s is Declare { Initial: Opaque { Pieces: [_, var how, ..] } opaque } values && opaque.Writes.Contains(tape) && how.StartsWith(".Take", StringComparison.Ordinal)) taken.Add(values.Variable);
            else if (taken.Count > 0 && s.Values().Any(v => v.FreeVariables().Any(taken.Contains)))
            {
                if (s.Comment.Length > 0) return line;
                if (s is Declare or Assign && s.Targets().Select(t => t.Root()).Append((s as Declare)?.Variable).FirstOrDefault(v => v is not null) is { } other) taken.Add(other);
            }
        }
        return "";
    }

    private static Dictionary<string, int> Lines(Unit unit)
    {
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        foreach (Function f in unit.Callees.Prepend(unit.Entry)) Lines(f.Body, lines);
        return lines;
    }

    private static void Lines(Block block, Dictionary<string, int> lines)
    {
        foreach (Stmt s in block.Statements)
        {
            if (s is For loop && SideBySide.Is(loop)) continue;
            if (s is Declare or Assign or AddTo && s.Source.Length > 0)
                foreach (Expr value in s.Values())
                    if (value is Binary { Type.CarriesDerivative: true } or Apply)
                    {
                        string key = s.Source + "\n" + Skeleton(value);
                        lines[key] = (lines.TryGetValue(key, out int n) ? n : 0) + 1;
                    }
            foreach (Block inner in s.Blocks()) Lines(inner, lines);
        }
    }

    /// <summary>The operations of an expression, whatever its operands are called.</summary>
    private static string Skeleton(Expr e) => e switch
    {
        Binary x => $"({Skeleton(x.Left)}{x.Operator}{Skeleton(x.Right)})",
        Apply x => $"{x.Key}({string.Join(",", x.Arguments.Select(Skeleton))})",
        _ => "_",
    };
}
