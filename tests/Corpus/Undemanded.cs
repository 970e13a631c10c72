namespace Corpus;

/// <summary>Numbers that are not in their domain, and that nobody asks for.</summary>
public static partial class Undemanded
{
    /// <summary>A number that is worked on in steps and that only one branch asks for.</summary>
    [Differentiable, At("0.7, -0.3"), At("0.7, 2")]
    public static double InSteps(double x, double y)
    {
        double d = Math.Log(y / x) + x;
        d /= Math.Sqrt(x);
        double a = d * y;
        double best = x - y;
        if (best < a) best = a;
        return best;
    }

    /// <summary>A search that is over before it begins: what it would have tested is no number.</summary>
    [Differentiable, At("0.7, -0.3"), At("0.9, 3")]
    public static double Search(double x, double y)
    {
        double s = x * y;
        double r = Math.Sqrt(s) - 1;
        int n = 0;
        while (Math.Abs(r) > 1e-12 && n++ < 50)
        {
            s -= 2 * r * Math.Sqrt(s);
            r = Math.Sqrt(s) - 1;
        }
        return s * y;
    }
}
