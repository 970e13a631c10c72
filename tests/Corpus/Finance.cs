namespace Corpus;

/// <summary>Pricing formulas, trees, simulations with fixed normals and curves.</summary>
public static partial class Finance
{
    private static double NormalCdf(double x)
    {
        // Abramowitz and Stegun 26.2.17
        double l = Math.Abs(x);
        double k = 1.0 / (1.0 + 0.2316419 * l);
        double poly = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
        double w = 1.0 - Math.Exp(-l * l / 2) / Math.Sqrt(2 * Math.PI) * poly;
        return x < 0 ? 1.0 - w : w;
    }

    private static double NormalPdf(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    [Differentiable, At("100.0, 105.0, 0.02, 0.25, 1.5"), At("95.0, 80.0, 0.05, 0.4, 0.3")]
    public static double BlackScholesCall(double spot, double strike, double rate, double vol, double expiry)
    {
        double sqrtT = Math.Sqrt(expiry);
        double d1 = (Math.Log(spot / strike) + (rate + vol * vol / 2) * expiry) / (vol * sqrtT);
        double d2 = d1 - vol * sqrtT;
        return spot * NormalCdf(d1) - strike * Math.Exp(-rate * expiry) * NormalCdf(d2);
    }

    public enum OptionKind { Call, Put, Straddle }

    [Differentiable(nameof(s), nameof(v)), At("OptionKind.Put, 100.0, 95.0, 0.3, 1.0"), At("OptionKind.Straddle, 100.0, 95.0, 0.3, 1.0")]
    public static double OptionByKind(OptionKind kind, double s, double k, double v, double t)
    {
        switch (kind)
        {
            case OptionKind.Call:
                return BlackScholesCall(s, k, 0.01, v, t);
            case OptionKind.Put:
                return BlackScholesCall(s, k, 0.01, v, t) - s + k * Math.Exp(-0.01 * t);
            default:
                return OptionByKind(OptionKind.Call, s, k, v, t) + OptionByKind(OptionKind.Put, s, k, v, t);
        }
    }

    [Differentiable, At("100.0, 101.5, 0.03, 0.2, 1.0, 12"), At("90.0, 101.0, 0.03, 0.35, 0.7, 9")]
    public static double BinomialAmericanPut(double spot, double strike, double rate, double sigma, double expiry, int steps)
    {
        double dt = expiry / steps;
        double up = Math.Exp(sigma * Math.Sqrt(dt));
        double down = 1 / up;
        double p = (Math.Exp(rate * dt) - down) / (up - down);
        double discount = Math.Exp(-rate * dt);
        var values = new double[steps + 1];
        for (int i = 0; i <= steps; i++)
            values[i] = Math.Max(strike - spot * Math.Pow(up, 2 * i - steps), 0);
        for (int n = steps - 1; n >= 0; n--)
        {
            for (int i = 0; i <= n; i++)
            {
                double continuation = discount * (p * values[i + 1] + (1 - p) * values[i]);
                double exercise = strike - spot * Math.Pow(up, 2 * i - n);
                values[i] = Math.Max(continuation, exercise);
            }
        }
        return values[0];
    }

    [Differentiable, At("100.0, 0.05, 0.2, Arr(1, 6)"), At("80.0, 0.01, 0.5, Arr(2, 3)")]
    public static double AsianMonteCarlo(double s0, double r, double sigma, double[] normals)
    {
        double dt = 1.0 / normals.Length, s = s0, average = 0;
        for (int i = 0; i < normals.Length; i++)
        {
            s *= Math.Exp((r - 0.5 * sigma * sigma) * dt + sigma * Math.Sqrt(dt) * normals[i]);
            average += s / normals.Length;
        }
        return Math.Exp(-r) * Math.Max(average - 0.9 * 100, 0);
    }

    [Differentiable(nameof(spot), nameof(vol)), At("100.0, 0.3, Jag(3, 5, 4)")]
    public static double BarrierMonteCarlo(double spot, double vol, double[][] paths)
    {
        double payoff = 0;
        foreach (double[] z in paths)
        {
            double s = spot;
            bool alive = true;
            foreach (double zi in z)
            {
                s *= Math.Exp(-0.5 * vol * vol * 0.25 + vol * 0.5 * zi);
                if (s > 190) { alive = false; break; }
            }
            if (!alive) continue;
            payoff += Math.Max(0, s - 90);
        }
        return payoff / paths.Length;
    }

    [Differentiable(nameof(rate)), At("[-100.0, 30, 40, 50], 0.08")]
    public static double NetPresentValue(double[] cashFlows, double rate)
    {
        double npv = 0;
        for (int t = 0; t < cashFlows.Length; t++) npv += cashFlows[t] / Math.Pow(1 + rate, t);
        return npv;
    }

    /// <summary>Newton on the price: the iteration itself is differentiated.</summary>
    [Differentiable, At("[-100.0, 30, 40, 50]")]
    public static double InternalRateOfReturn(double[] flows)
    {
        double r = 0.1;
        for (int iteration = 0; iteration < 60; iteration++)
        {
            double f = 0, df = 0, growth = 1;
            for (int t = 0; t < flows.Length; t++)
            {
                f += flows[t] / growth;
                df -= t * flows[t] / (growth * (1 + r));
                growth *= 1 + r;
            }
            double step = f / df;
            r -= step;
            if (Math.Abs(step) < 1e-13) break;
        }
        return r;
    }

    [Differentiable, At("8.5, 100.0, 100.0, 0.02, 0.75")]
    public static double ImpliedVolatility(double price, double s, double k, double r, double t)
    {
        double vol = 0.2;
        double previous;
        int guard = 0;
        do
        {
            previous = vol;
            double d1 = (Math.Log(s / k) + (r + vol * vol / 2) * t) / (vol * Math.Sqrt(t));
            double vega = s * NormalPdf(d1) * Math.Sqrt(t);
            vol -= (BlackScholesCall(s, k, r, vol, t) - price) / vega;
            if (++guard > 100) throw new InvalidOperationException("no convergence");
        } while (Math.Abs(vol - previous) > 1e-12);
        return vol;
    }

    [Differentiable, At("[0.02, 0.025, 0.03, 0.031]"), At("[0.05, 0.04, 0.02]")]
    public static double BootstrapDiscountFactors(double[] swapRates)
    {
        var discount = new double[swapRates.Length];
        double annuity = 0;
        for (int i = 0; i < swapRates.Length; i++)
        {
            discount[i] = (1 - swapRates[i] * annuity) / (1 + swapRates[i]);
            annuity += discount[i];
        }
        return discount[^1] * annuity;
    }

    [Differentiable, At("0.04, -0.02, 0.015, 1.8, [0.5, 1, 2, 5, 10]")]
    public static double NelsonSiegel(double beta0, double beta1, double beta2, double tau, double[] maturities)
    {
        double sum = 0;
        foreach (double m in maturities)
        {
            double x = m / tau, decay = Math.Exp(-x), slope = (1 - decay) / x;
            double y = beta0 + beta1 * slope + beta2 * (slope - decay);
            sum += y * y;
        }
        return sum;
    }

    [Differentiable(nameof(omega), nameof(alpha), nameof(beta)), At("0.02, 0.1, 0.85, Arr(4, 8)")]
    public static double GarchLikelihood(double omega, double alpha, double beta, double[] returns)
    {
        double h = omega / (1 - alpha - beta), ll = 0;
        for (int t = 0; t < returns.Length; t++)
        {
            if (t > 0) h = omega + alpha * returns[t - 1] * returns[t - 1] + beta * h;
            ll += -0.5 * (Math.Log(2 * Math.PI) + Math.Log(h) + returns[t] * returns[t] / h);
        }
        return -ll;
    }

    [Differentiable, At("[0.3, 0.5, 0.2], Spd(5, 3)")]
    public static double PortfolioVolatility(double[] weights, double[,] covariance)
    {
        double v = 0;
        for (int i = 0; i < weights.Length; i++)
            for (int j = 0; j < weights.Length; j++)
                v += weights[i] * weights[j] * covariance[i, j];
        return Math.Sqrt(v);
    }

    [Differentiable, At("0.04, 1.2, 0.05, 0.3, -0.6, 0.03, Arr(6, 5), Arr(7, 5)")]
    public static double HestonPath(double v0, double kappa, double theta, double xi, double rho, double r, double[] z1, double[] z2)
    {
        double s = 100, v = v0, dt = 0.1;
        for (int i = 0; i < z1.Length; i++)
        {
            double vp = Math.Max(v, 0), sq = Math.Sqrt(vp * dt);
            double zv = rho * z1[i] + Math.Sqrt(1 - rho * rho) * z2[i];
            s *= Math.Exp((r - vp / 2) * dt + sq * z1[i]);
            v += kappa * (theta - vp) * dt + xi * sq * zv;
        }
        return s;
    }

    [Differentiable, At("0.03, 5, 0.04, 100.0"), At("0.08, 3, 0.02, 50.0")]
    public static double BondDurationConvexity(double yield, int years, double coupon, double face)
    {
        double price = 0, duration = 0, convexity = 0;
        for (int t = 1; t <= years; t++)
        {
            double cash = coupon * face + (t == years ? face : 0);
            double df = Math.Pow(1 + yield, -t);
            price += cash * df;
            duration += t * cash * df;
            convexity += t * (t + 1) * cash * df;
        }
        return duration / price + 0.01 * convexity / price;
    }

    [Differentiable, At("100.0, 110.0, 0.3, 0.25"), At("100.0, 80.0, 0.6, 1.25")]
    public static double MertonDistanceToDefault(double assets, double debt, double sigma, double horizon)
    {
        checked
        {
            double dd = (Math.Log(assets / debt) - 0.5 * sigma * sigma * horizon) / (sigma * Math.Sqrt(horizon));
            return NormalCdf(-dd);
        }
    }

    [Differentiable, At("100.0, 100.0, 0.03, 0.25, 1.0")]
    public static double ExplicitFiniteDifferencePut(double spot, double strike, double rate, double vol, double expiry)
    {
        const int m = 10, n = 20;
        double ds = 2 * strike / m, dt = expiry / n;
        var v = new double[m + 1];
        for (int i = 0; i <= m; i++) v[i] = Math.Max(strike - i * ds, 0);
        var w = new double[m + 1];
        for (int k = 0; k < n; k++)
        {
            for (int i = 1; i < m; i++)
            {
                double a = 0.5 * dt * (vol * vol * i * i - rate * i);
                double b = 1 - dt * (vol * vol * i * i + rate);
                double c = 0.5 * dt * (vol * vol * i * i + rate * i);
                w[i] = a * v[i - 1] + b * v[i] + c * v[i + 1];
            }
            w[0] = strike * Math.Exp(-rate * (k + 1) * dt);
            w[m] = 0;
            (v, w) = (w, v);
        }
        return v[m / 2] + (spot - strike) * (v[m / 2 + 1] - v[m / 2 - 1]) / (2 * ds);
    }
}
