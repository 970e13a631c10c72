namespace DiffGen.Samples;

/// <summary>A European call in the model of Black and Scholes, in closed form.</summary>
public static partial class EuropeanOption
{
    /// <summary>Today's value of the right to buy at <paramref name="strike"/> when <paramref name="maturity"/> years have passed.</summary>
    [Differentiable(nameof(spot), nameof(rate), nameof(vol), nameof(maturity), Emit = Derivatives.Gradient | Derivatives.Hessian)]
    public static double Call(double spot, double strike, double rate, double vol, double maturity) =>
        Math.Exp(-rate * maturity) * UndiscountedCall(spot, strike, rate, vol, maturity);

    /// <summary>The expected gain over <paramref name="strike"/> at maturity.</summary>
    internal static double UndiscountedCall(double spot, double strike, double rate, double vol, double maturity)
    {
        double forward = spot * Math.Exp(rate * maturity);
        double deviation = vol * Math.Sqrt(maturity);
        double d1 = Math.Log(forward / strike) / deviation + 0.5 * deviation;
        return forward * NormalDistribution.Cdf(d1) - strike * NormalDistribution.Cdf(d1 - deviation);
    }

    /// <summary>The Greeks by the formulas of the textbooks, in the order of <see cref="Greeks.Names"/>.</summary>
    internal static double[] Textbook(Market market)
    {
        var (spot, strike, rate, vol, maturity) = market;
        double root = Math.Sqrt(maturity), deviation = vol * root;
        double d1 = (Math.Log(spot / strike) + (rate + 0.5 * vol * vol) * maturity) / deviation, d2 = d1 - deviation;
        double density = NormalDistribution.Density(d1), discounted = strike * Math.Exp(-rate * maturity);
        double vega = spot * density * root;
        return
        [
            NormalDistribution.Cdf(d1),
            vega,
            maturity * discounted * NormalDistribution.Cdf(d2),
            -spot * density * vol / (2 * root) - rate * discounted * NormalDistribution.Cdf(d2),
            density / (spot * deviation),
            -density * d2 / vol,
            vega * d1 * d2 / vol,
            -density * (2 * rate * maturity - d2 * deviation) / (2 * maturity * deviation),
        ];
    }
}
