namespace Corpus;

/// <summary>Method groups of objects whose class only run time tells: the class decides which method a delegate runs, the object is that of the moment.</summary>
public static partial class MethodGroups
{
    public class Linear
    {
        public double Slope { get; set; }

        public virtual double At(double t) => Slope * t;
    }

    public sealed class Square : Linear
    {
        public override double At(double t) => base.At(t) * t;
    }

    private static double Twice(Func<double, double> f, double x) => f(x) * f(x + 1);

    private static double Through(Linear l, double x) => Twice(l.At, x);

    private static double Generic<TLine>(TLine l, double x)
        where TLine : Linear
    {
        Func<double, double> f = l.At;
        return f(x) * 2;
    }

    private static Linear Chosen(double x, double y) => x > 0 ? new Linear { Slope = x } : new Square { Slope = y };

    [Differentiable, At("-1.3, 0.7"), At("1.3, 0.7")]
    public static double InALocal(double x, double y)
    {
        Linear l = Chosen(x, y);
        Func<double, double> f = l.At;
        return f(y) * x;
    }

    [Differentiable, At("-1.3, 0.7"), At("1.3, 0.7")]
    public static double AsAnArgument(double x, double y) => Twice(Chosen(x, y).At, y) + Through(Chosen(y, x), x);

    [Differentiable, At("-1.3, 0.7"), At("1.3, 0.7")]
    public static double OfATypeParameter(double x, double y) => Generic(Chosen(x, y), y) + Generic(new Square { Slope = x }, y);

    [Differentiable, At("-1.3, 0.7"), At("1.3, 0.7")]
    public static double InAQuery(double x, double y) => new[] { x, y }.Select(Chosen(x, y).At).Sum();

    [Differentiable, At("-1.3, 0.7"), At("1.3, 0.7")]
    public static double ObjectOfTheMoment(double x, double y)
    {
        Linear l = Chosen(x, y);
        Func<double, double> f = l.At;
        l.Slope *= y;
        l = new Linear { Slope = 1 };
        return f(y) + l.At(x);
    }

    [Differentiable, At("-1.3, 0.7, 1"), At("1.3, 0.7, 0")]
    public static double OfElements(double x, double y, int k)
    {
        var lines = new List<Linear> { new() { Slope = x }, new Square { Slope = y }, new Square { Slope = x * y } };
        double t = Twice(lines[k].At, y);
        foreach (Linear l in lines) t += Twice(l.At, x);
        return t;
    }

    [Differentiable, At("-1.3, 0.7"), At("1.3, 0.7")]
    public static double OfChosenElements(double x, double y)
    {
        var lines = new List<Linear> { Chosen(x, y), Chosen(-x, y), new Square { Slope = x } };
        double t = 0;
        for (int i = 0; i < 3; i++)
        {
            Func<double, double> f = lines[i].At;
            t += f(y);
        }

        return t;
    }

    [Differentiable, At("new Corpus.MethodGroups.Square { Slope = 2 }, 0.7"), At("new Corpus.MethodGroups.Linear { Slope = 2 }, 0.7")]
    public static double OfAnObjectFromOutside(Linear line, double y)
    {
        Func<double, double> f = line.At;
        return f(y) + Twice(line.At, y);
    }
}
