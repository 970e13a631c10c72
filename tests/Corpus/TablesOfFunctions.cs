using System.Text;

namespace Corpus;

/// <summary>Dictionaries of delegates that are looped over or asked by a comparer; entries that go into texts</summary>
public static partial class TablesOfFunctions
{
    private static double Square(double v) => v * v;

    [Differentiable, At("0.3, 1.2")]
    public static double Deconstructed(double x, double k)
    {
        var terms = new Dictionary<string, Func<double, double>> { ["exp"] = Math.Exp, ["scaled"] = v => v * k, ["square"] = Square };
        double sum = 0;
        foreach (var (name, f) in terms) sum += f(x) * name.Length;
        return sum;
    }

    [Differentiable, At("0.3, 1.2")]
    public static double EntriesAndValues(double x, double k)
    {
        var terms = new Dictionary<string, Func<double, double>> { { "exp", Math.Exp }, { "scaled", v => v * k } };
        terms.Add("square", Square);
        double product = 1;
        foreach (KeyValuePair<string, Func<double, double>> term in terms) product *= term.Value(x) + term.Key.Length;
        foreach (Func<double, double> f in terms.Values) product += f(k);
        foreach (string name in terms.Keys) product += terms[name](x) * name.Length;
        return product + terms.Sum(t => t.Value(x * k)) * terms.Count;
    }

    [Differentiable(nameof(x)), At("""new[] { 1.0, 1.5, 0.7 }, "TANH" """), At("""new[] { 1.0, 1.5, 0.7 }, "square" """)]
    public static double WhateverTheCase(double[] x, string name)
    {
        var activations = new Dictionary<string, Func<double, double>>(StringComparer.OrdinalIgnoreCase) { ["tanh"] = Math.Tanh, ["Square"] = Square };
        if (!activations.TryGetValue(name, out Func<double, double>? f)) throw new KeyNotFoundException(name);
        return x.Select(f).Sum() * activations[name](x[0]);
    }

    [Differentiable(nameof(x)), At("""new[] { 0.3, 1.2 }, "a" """)]
    public static double EntriesInTexts(double[] x, string key)
    {
        var log = new StringBuilder();
        var results = new Dictionary<string, double>();
        results[key] = x[0] * x[1];
        log.Append(results[key]).Append($"{key} = {results[key]:F3} of {results.Count}");
        if (results[key] > 100) throw new InvalidOperationException($"{key} is {results[key]}");
        var waiting = new Stack<double>();
        waiting.Push(results[key] * x[0]);
        log.Append(waiting.Peek());
        return waiting.Pop() * (log.Length > 0 ? 2 : 1);
    }

    private static double InTurnsOfSpan(double x, params ReadOnlySpan<Func<double, double>> steps)
    {
        foreach (Func<double, double> step in steps) x = step(x);
        return x * steps.Length;
    }

    private static double InTurnsOfSequence(double x, params IEnumerable<Func<double, double>> steps)
    {
        foreach (Func<double, double> step in steps) x = step(x);
        return x;
    }

    [Differentiable, At("0.4, 1.7")]
    public static double ParamsSpanOfFunctions(double x, double k)
    {
        ReadOnlySpan<Func<double, double>> more = [v => v + k, Math.Sin];
        return InTurnsOfSpan(x, v => v * k, Math.Sin) + more[0](x) * InTurnsOfSpan(k, more);
    }

    [Differentiable, At("0.4, 1.7")]
    public static double ParamsSequenceOfFunctions(double x, double k) => InTurnsOfSequence(x, v => v * k, Math.Sin) * InTurnsOfSequence(k, [Math.Cos]);
}
