namespace DiffGen.Samples;

/// <summary>A call on the average of several fixings, which has no closed form: Monte Carlo with given normals.</summary>
public static partial class AsianOption
{
    /// <summary>
    /// Today's value, over one path for each row of <paramref name="normals"/>. A row moves the price to all fixings but the last; what the
    /// last adds is integrated in closed form, so that the sum is smooth in every input. (A bare max(average − strike, 0) has a kink on each path,
    /// and no second derivative of such a path knows of the others: gamma would come out wrong, however it is differentiated.)
    /// </summary>
    [Differentiable(nameof(spot), nameof(rate), nameof(vol), nameof(maturity), Emit = Derivatives.Gradient | Derivatives.Hessian)]
    public static double Call(double spot, double strike, double rate, double vol, double maturity, double[][] normals)
    {
        int fixings = normals[0].Length + 1;
        double step = maturity / fixings;
        double drift = (rate - 0.5 * vol * vol) * step;
        double deviation = vol * Math.Sqrt(step);
        double total = 0;
        for (int path = 0; path < normals.Length; path++)
        {
            double price = spot, sum = 0;
            foreach (double z in normals[path])
            {
                price *= Math.Exp(drift + deviation * z);
                sum += price;
            }

            double missing = fixings * strike - sum;
            total += missing > 0
                ? EuropeanOption.UndiscountedCall(price, missing, rate, vol, step)
                : price * Math.Exp(rate * step) - missing;
        }

        return Math.Exp(-rate * maturity) * total / (fixings * normals.Length);
    }

    /// <summary>Standard normals, the same at every run, each row followed by its mirror image.</summary>
    internal static double[][] Normals(int paths, int fixings)
    {
        var random = new Random(1973);
        var rows = new double[paths][];
        for (int i = 0; i < paths; i += 2)
        {
            rows[i] = [.. Enumerable.Range(1, fixings - 1).Select(_ => Normal(random))];
            rows[i + 1] = [.. rows[i].Select(z => -z)];
        }

        return rows;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
