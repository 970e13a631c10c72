namespace Corpus;

/// <summary>Orders by comparers of the library and comparisons of texts; dictionaries of lists</summary>
public static partial class ComparersAndKeys
{
    [Differentiable(nameof(a)), At("""new[] { 100.0, 50, 25 }, new[] { "EUR", "USD", "CHF" }""")]
    public static double ByOrdinal(double[] a, string[] names) =>
        a.Zip(names).OrderBy(t => t.Second, StringComparer.Ordinal).Select((t, i) => (i + 1) * t.First * t.First).Sum();

    [Differentiable(nameof(a)), At("""new[] { 100.0, 50, 25 }, new[] { "EUR", "usd", "CHF" }""")]
    public static double ThenByName(double[] a, string[] names) =>
        a.Zip(names).OrderBy(t => t.Second.Length).ThenByDescending(t => t.Second, StringComparer.OrdinalIgnoreCase).Select((t, i) => (i + 1) * t.First * t.First).Sum();

    [Differentiable(nameof(a)), At("""new[] { 100.0, 50, 25 }, new[] { "EUR", "USD", "CHF" }""")]
    public static double PositionsByName(double[] a, string[] names) =>
        Enumerable.Range(0, a.Length).OrderBy(i => names[i], StringComparer.Ordinal).Select((i, j) => (j + 1) * a[i] * a[i]).Sum();

    [Differentiable(nameof(a)), At("""new[] { 100.0, 50, 25 }, new[] { "EUR", "USD", "CHF" }""")]
    public static double KeysAndItems(double[] a, string[] names)
    {
        var keys = (string[])names.Clone();
        double[] values = a.ToArray();
        Array.Sort(keys, values, StringComparer.Ordinal);
        return values[0] * values[1] - values[2];
    }

    [Differentiable(nameof(a)), At("""new[] { 100.0, 50, 25 }, new[] { "EUR", "USD", "CHF" }""")]
    public static double ComparedTexts(double[] a, string[] names)
    {
        List<(double Amount, string Name)> list = a.Select((v, i) => (v, names[i])).ToList();
        list.Sort((x, y) => string.CompareOrdinal(x.Name, y.Name));
        return list[0].Amount * list[1].Amount - list[2].Amount;
    }

    [Differentiable(nameof(a)), At("""new[] { 100.0, 50, 25 }, new[] { "EUR", "USD", "eur" }""")]
    public static double SumsByName(double[] a, string[] names)
    {
        var sums = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < a.Length; i++) sums[names[i]] = sums.GetValueOrDefault(names[i]) + a[i];
        return sums.OrderByDescending(kv => kv.Key, StringComparer.Ordinal).Select((t, i) => (i + 1) * t.Value * t.Value).Sum();
    }

    private sealed record Flow(double Amount, double Time, string Currency);

    [Differentiable, At("1.2, 0.05")]
    public static double FlowsByCurrency(double x, double rate)
    {
        var flows = new Dictionary<string, List<Flow>>();
        for (int i = 1; i <= 4; i++)
        {
            string currency = i % 2 == 0 ? "EUR" : "USD";
            if (!flows.TryGetValue(currency, out List<Flow>? list))
            {
                list = new List<Flow>();
                flows[currency] = list;
            }

            list.Add(new Flow(x * i, i * 0.5, currency));
        }

        double value = 0;
        foreach (var (_, list) in flows)
            foreach (Flow flow in list) value += flow.Amount * Math.Exp(-rate * flow.Time);
        return value * flows["EUR"].Count * flows["USD"][1].Amount;
    }

    [Differentiable, At("1.2, 0.05")]
    public static double ListsThatAreMadeWhenAskedFor(double x, double rate)
    {
        var flows = new Dictionary<string, List<Flow>>();
        for (int i = 1; i <= 4; i++)
        {
            string currency = i % 3 == 0 ? "EUR" : "USD";
            if (!flows.ContainsKey(currency)) flows[currency] = new List<Flow>();
            flows[currency].Add(new Flow(x * i, i * 0.5, currency));
        }

        return flows.Values.Sum(list => list.Sum(f => f.Amount * Math.Exp(-rate * f.Time)) / list.Count);
    }
}
