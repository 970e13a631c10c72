namespace DiffGen.Tests.Calculus;

/// <summary>The primal functions of the derivative table, by the table's names.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, Func<double[], double>> Own = new(StringComparer.Ordinal)
    {
        ["Add"] = a => a[0] + a[1], ["Subtract"] = a => a[0] - a[1], ["Multiply"] = a => a[0] * a[1], ["Divide"] = a => a[0] / a[1],
        ["Remainder"] = a => a[0] % a[1], ["Negate"] = a => -a[0], ["Plus"] = a => a[0],
        ["Ieee754Remainder"] = a => Math.IEEERemainder(a[0], a[1]), ["IEEERemainder"] = a => Math.IEEERemainder(a[0], a[1]),
        ["MultiplyAdd"] = a => a[0] * a[1] + a[2], ["MultiplyAddEstimate"] = a => a[0] * a[1] + a[2], ["AddMultiply"] = a => (a[0] + a[1]) * a[2],
        ["Reciprocal"] = a => 1 / a[0], ["ReciprocalSqrt"] = a => 1 / Math.Sqrt(a[0]),
        ["ReciprocalEstimate"] = a => 1 / a[0], ["ReciprocalSqrtEstimate"] = a => 1 / Math.Sqrt(a[0]),    // the estimates' own steps are no function's
        ["Sigmoid"] = a => 1 / (1 + Math.Exp(-a[0])),
        ["RootN"] = a => double.RootN(a[0], (int)a[1]), ["ScaleB"] = a => Math.ScaleB(a[0], (int)a[1]),
        ["Log/2"] = a => Math.Log(a[0], a[1]),
        ["Clamp"] = a => a[1] <= a[2] ? Math.Clamp(a[0], a[1], a[2]) : double.NaN,
        ["Max"] = a => Math.Max(a[0], a[1]), ["Min"] = a => Math.Min(a[0], a[1]),
    };

    /// <summary>The function's value.</summary>
    public static double Value(string function, double[] at)
    {
        if (Own.TryGetValue(function, out Func<double[], double>? own)) return own(at);
        Type[] types = [.. at.Select(_ => typeof(double))];
        System.Reflection.MethodInfo method = typeof(double).GetMethod(function, types) ?? typeof(Math).GetMethod(function, types) ?? throw new MissingMethodException(function);
        return (double)method.Invoke(null, [.. at.Select(a => (object)a)])!;
    }

    /// <summary>All combinations of the grid's numbers for the function's operands; integers where it takes integers.</summary>
    public static IEnumerable<double[]> Points(string function, double[] grid)
    {
        int arity = DiffGen.Generator.Calculus.Rules.ScalarTable.Rows[function].Partials.Length;
        double[] second = function is "RootN" or "ScaleB" ? [2, 3] : [.. grid.Select(g => g + 0.11)];
        double[] third = [.. grid.Select(g => g - 0.07)];
        foreach (double x in grid)
        {
            if (arity == 1) yield return [x];
            else
                foreach (double y in second)
                {
                    if (arity == 2) yield return [x, y];
                    else foreach (double z in third) yield return [x, y, z];
                }
        }
    }
}
