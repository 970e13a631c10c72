using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Reports;

/// <summary>
/// How many operations on floating-point numbers a function does, by the loops around them: a sum of products of trip counts. Both sides of a branch
/// count; a loop that runs four iterations side by side counts as the single iterations that it stands for.
/// </summary>
internal sealed class Operations
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    /// <summary>The operations of a unit's entry, and of the functions that it calls by their names.</summary>
    public static string Of(Unit unit) => string.Join("; ", unit.Callees.Select(f => $"{f.Name}: {Of(f)}").Prepend(Of(unit.Entry)));

    private static string Of(Function function)
    {
        Operations operations = new();
        operations.Count(function.Body, []);
        string[] terms = [.. operations._order.Where(loops => operations._counts[loops] > 0)
            .Select(loops => operations._counts[loops].ToString(CultureInfo.InvariantCulture) + (loops.Length == 0 ? "" : " · " + loops))];
        return terms.Length == 0 ? "none" : string.Join(" + ", terms);
    }

    private void Count(Block block, List<string> loops)
    {
        foreach (Stmt s in block.Statements)
        {
            Add(string.Join(" · ", loops), s.Values().Concat(s.Targets()).Sum(Of) + (s is AddTo { Target.Type.CarriesDerivative: true } ? 1 : 0));
            switch (s)
            {
                case Call call: Add(string.Join(" · ", loops.Append("operations of " + call.Function)), 1); break;
                case For loop when SideBySide.Is(loop): break;
                case For loop: Count(loop.Body, [.. loops, Loops.Trips(loop)]); break;
                case While loop: Count(loop.Body, [.. loops, "(iterations of while)"]); break;
                default:
                    foreach (Block inner in s.Blocks()) Count(inner, loops);
                    break;
            }
        }
    }

    private void Add(string loops, int count)
    {
        if (!_counts.ContainsKey(loops)) _order.Add(loops);
        _counts[loops] = (_counts.TryGetValue(loops, out int before) ? before : 0) + count;
    }

    private static int Of(Expr e) => e.All().Count(x => x.Type.CarriesDerivative && x is Binary or Apply || x is Unary { Operator: UnaryOperator.Negate, Type.CarriesDerivative: true });
}
