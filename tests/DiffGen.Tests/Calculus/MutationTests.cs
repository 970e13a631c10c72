using System.Globalization;
using System.Text.RegularExpressions;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;

namespace DiffGen.Tests.Calculus;

/// <summary>
/// The check of the checks of the derivative table: every formula of every row is changed (a sign, a number, an operator, an operand, a function), and
/// comparison with extrapolated differences must notice each change, and find nothing in the formula as it stands.
/// </summary>
public class MutationTests
{
    private static readonly double[] Grid = [-2.3, -0.7, 0.3, 0.8, 1.7, 3.2];

    /// <summary>Points without a derivative (or at the edge of a formula's cases), with the derivative that is laid down for them.</summary>
    private static readonly (string Row, double[] At, double[] Partials)[] Kinks =
    [
        ("Abs", [0], [0]),
        ("CopySign", [0, 1], [0, double.NaN]),
        ("Hypot", [0, 0], [0, 0]),
        ("Hypot", [1, 0], [1, 0]),
        ("Hypot", [0, 1], [0, 1]),
        ("MaxNumber", [1, double.NaN], [1, double.NaN]),
        ("MaxNumber", [double.NaN, 1], [double.NaN, 1]),
        ("MinNumber", [1, double.NaN], [1, double.NaN]),
        ("MinNumber", [double.NaN, 1], [double.NaN, 1]),
    ];

    /// <summary>Changes that change nothing: multiplying by a sign is dividing by it; c·0/r is 0.</summary>
    private static readonly string[] Equivalent = ["(x > 0 ? 1 : x < 0 ? -1 : 0) / CopySign(1, y)", "x == 0 ? 0 : c * x / r", "y == 0 ? 0 : c * y / r"];

    [Fact]
    public void EveryChangeOfAFormulaIsNoticed()
    {
        int total = 0;
        List<string> survivors = [];
        foreach (var (row, (_, partials)) in ScalarTable.Rows)
            for (int i = 0; i < partials.Length; i++)
            {
                if (partials[i] is not { } text) continue;
                int points = 0;
                Assert.Null(FirstDifference(row, i, text, ref points));
                Assert.True(points >= 2, $"{row}, operand {i}: only {points} points could be compared");
                foreach (string mutant in Mutants(text, partials.Length).Distinct().Except(Equivalent))
                {
                    total++;
                    int compared = 0;
                    if (FirstDifference(row, i, mutant, ref compared) is null) survivors.Add($"{row}[{i}]: {text} → {mutant}");
                }
            }
        TestContext.Current.TestOutputHelper?.WriteLine($"{total - survivors.Count} of {total} changes of the derivative table are noticed");
        Assert.True(total > 300, $"only {total} changes");
        Assert.True(survivors.Count == 0, string.Join("\n", survivors));
    }

    /// <summary>Ties and kinks, where differences say nothing: the conventions of the documentation.</summary>
    [Theory]
    [InlineData("Max", new[] { 2.0, 2.0 }, new[] { true, true }, new[] { 1.0, 0.0 })]
    [InlineData("Max", new[] { 2.0, 2.0 }, new[] { true, false }, new[] { 0.0, double.NaN })]
    [InlineData("Max", new[] { 2.0, 2.0 }, new[] { false, true }, new[] { double.NaN, 0.0 })]
    [InlineData("Min", new[] { 2.0, 2.0 }, new[] { true, true }, new[] { 1.0, 0.0 })]
    [InlineData("Min", new[] { 2.0, 2.0 }, new[] { false, true }, new[] { double.NaN, 0.0 })]
    [InlineData("Abs", new[] { 0.0 }, new[] { true }, new[] { 0.0 })]
    [InlineData("Hypot", new[] { 0.0, 0.0 }, new[] { true, true }, new[] { 0.0, 0.0 })]
    [InlineData("Clamp", new[] { 1.0, 1.0, 2.0 }, new[] { true, false, false }, new[] { 0.0, double.NaN, double.NaN })]
    [InlineData("Pow", new[] { 0.0, 2.5 }, new[] { true, true }, new[] { 0.0, 0.0 })]
    [InlineData("Pow", new[] { 0.0, 1.0 }, new[] { true, true }, new[] { 1.0, 0.0 })]
    [InlineData("Pow", new[] { 3.0, 0.0 }, new[] { true, true }, new[] { 0.0, 1.0986122886681098 })]
    [InlineData("Pow", new[] { -2.0, 3.0 }, new[] { true, false }, new[] { 12.0, double.NaN })]
    public void ATieHasItsConvention(string function, double[] at, bool[] varies, double[] expected)
    {
        Rule rule = RuleTable.Scalar(function, at.Length)!;
        for (int i = 0; i < at.Length; i++)
        {
            if (!varies[i]) continue;
            Assert.Equal(expected[i], RuleValue.Of(rule, i, at, varies, Functions.Value(function, at)));
        }
    }

    /// <summary>A point where the formula and the differences disagree; null where they agree at all points that can be compared.</summary>
    private static string? FirstDifference(string row, int operand, string formula, ref int compared)
    {
        Formula parsed;
        try
        {
            parsed = Formula.Parse(formula);
        }
        catch (FormatException)
        {
            return "is no formula";
        }
        var rule = new FormulaRule("mutant", [.. Enumerable.Range(0, ScalarTable.Rows[row].Partials.Length).Select(i => i == operand ? parsed : null)]);
        foreach (double[] at in Functions.Points(row, Grid).Concat(Kinks.Where(k => k.Row == row).Select(k => k.At)))
        {
            if (!Expected(row, operand, at, out double expected, out double doubt)) continue;
            double value = Functions.Value(row, at);
            double got;
            try
            {
                got = RuleValue.Of(rule, operand, at, [.. at.Select(_ => true)], value);
            }
            catch (Exception e) when (e is InvalidCastException or MissingMethodException or IndexOutOfRangeException)
            {
                return "means nothing: " + e.Message;
            }
            compared++;
            if (!(Math.Abs(got - expected) <= 1e-7 * Math.Max(1, Math.Abs(expected)) + 10 * doubt))
                return string.Create(CultureInfo.InvariantCulture, $"{got} instead of {expected} at {string.Join(", ", at)}");
        }
        return null;
    }

    private static readonly Dictionary<string, (bool, double, double)> Known = [];

    private static bool Expected(string row, int operand, double[] at, out double value, out double doubt)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{row} {operand} {string.Join(' ', at)}");
        lock (Known)
        {
            if (!Known.TryGetValue(key, out var known))
            {
                int kink = Array.FindIndex(Kinks, k => k.Row == row && k.At.AsSpan().SequenceEqual(at));
                var (v, e) = kink >= 0 ? (Kinks[kink].Partials[operand], 0)
                    : double.IsFinite(Functions.Value(row, at))
                    ? FiniteDifference.Derivative(x => Functions.Value(row, [.. at.Select((a, i) => i == operand ? x : a)]), at[operand])
                    : (double.NaN, double.PositiveInfinity);
                Known[key] = known = (double.IsFinite(v) && e < 1e-6 * Math.Max(1, Math.Abs(v)), v, e);
            }
            (bool trusted, value, doubt) = known;
            return trusted;
        }
    }

    private static IEnumerable<string> Mutants(string formula, int arity)
    {
        yield return $"-({formula})";
        yield return $"2 * ({formula})";
        yield return $"({formula}) + 1";
        foreach (Match m in Regex.Matches(formula, @"(?<![A-Za-z0-9])\d+(\.\d+)?"))
            yield return Put(formula, m, (double.Parse(m.Value, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture));
        foreach (Match m in Regex.Matches(formula, @"(?<=\w|\)) ([-+*/]) "))
            foreach (char other in m.Value.Trim() is "+" or "-" ? "+-" : "*/")
                if (m.Value.Trim()[0] != other) yield return Put(formula, m, $" {other} ");
        foreach (Match m in Regex.Matches(formula, @"\b(Cos|Sin|Sqrt|Log|Exp|Cosh|Sinh|CosPi|SinPi|Abs)(?=\()"))
            yield return Put(formula, m, m.Value switch { "Cos" => "Sin", "Sin" => "Cos", "Sqrt" => "Cbrt", "Log" => "Exp", "Exp" => "Exp2", "Cosh" => "Sinh", "Sinh" => "Cosh", "CosPi" => "SinPi", "SinPi" => "CosPi", _ => "Negate" });
        foreach (Match m in Regex.Matches(formula, @"\b[xyzr]\b"))
            foreach (char other in "xyz"[..arity])
                if (m.Value[0] != other) yield return Put(formula, m, other.ToString());
        foreach (Match m in Regex.Matches(formula, @"ln2|ln10|pi"))
            yield return Put(formula, m, "1");
        foreach (Match m in Regex.Matches(formula, @" (>~|<~|>|<|==) "))
            yield return Put(formula, m, m.Value.Trim() switch { ">~" => " <~ ", "<~" => " >~ ", ">" => " < ", "<" => " > ", _ => " != " });
    }

    private static string Put(string text, Match at, string with) => text[..at.Index] + with + text[(at.Index + at.Length)..];
}
