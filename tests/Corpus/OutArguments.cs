namespace Corpus;

/// <summary>A surface that lets some of the light through.</summary>
public interface ISurface
{
    double Share { get; }

    bool Scatter(double light, out double share, out double next);
}

/// <summary>A mirror.</summary>
public sealed class Mirror(double share) : ISurface
{
    public double Share { get; } = share;

    public bool Scatter(double light, out double share, out double next)
    {
        share = Share;
        next = light * Share;
        return next > 0;
    }
}

/// <summary>A pane.</summary>
public sealed class Pane(double index) : ISurface
{
    public double Share => 1;

    public bool Scatter(double light, out double share, out double next)
    {
        if (light > 100)
        {
            share = next = 0;
            return false;
        }
        share = index * index;
        next = light / index;
        return true;
    }
}

/// <summary>Where a ray has met something: numbers, and the object that it met.</summary>
public struct Meeting
{
    public double At;
    public ISurface Surface;
}

/// <summary>Something that a ray meets.</summary>
public interface IBody
{
    bool Meet(double from, double limit, out Meeting meeting);
}

/// <summary>A ball.</summary>
public sealed class SolidBall(double centre, ISurface surface) : IBody
{
    public bool Meet(double from, double limit, out Meeting meeting)
    {
        meeting = default;
        double at = centre * centre + from;
        if (at > limit) return false;
        meeting.At = at;
        meeting.Surface = surface;
        return true;
    }
}

/// <summary>Bodies, and bodies of bodies.</summary>
public sealed class Group : IBody
{
    private readonly List<IBody> _bodies = new();

    public void Add(IBody body) => _bodies.Add(body);

    public bool Meet(double from, double limit, out Meeting meeting)
    {
        meeting = new Meeting();
        bool any = false;
        double nearest = limit;
        foreach (IBody body in _bodies)
        {
            if (body.Meet(from, nearest, out Meeting met))
            {
                any = true;
                nearest = met.At;
                meeting = met;
            }
        }
        return any;
    }
}

/// <summary>What calls give out where a condition holds, and structs that hold objects.</summary>
public static partial class OutArguments
{
    private static bool TryRoot(double x, out double root)
    {
        if (x < 0)
        {
            root = 0;
            return false;
        }
        root = Math.Sqrt(x);
        return true;
    }

    private static bool TryPair(double x, double y, out (double Product, double Difference) pair)
    {
        if (x > 50)
        {
            pair = default;
            return false;
        }
        pair = (x * y, x - y);
        return true;
    }

    private static bool TrySwap(double[] v, out double[] swapped)
    {
        if (v.Length == 0)
        {
            swapped = null!;
            return false;
        }
        swapped = [v[1] * v[0], v[0]];
        return true;
    }

    [Differentiable, At("0.7, 1.2"), At("-0.7, 1.2")]
    public static double RightOfAnd(double x, double y)
    {
        if (x > 0 && TryRoot(x * y, out double root)) return root * x;
        return x;
    }

    [Differentiable, At("0.7, 1.2"), At("-0.7, 1.2")]
    public static double RightOfOr(double x, double y)
    {
        if (x < 0 || !TryRoot(x * y, out double root)) return x;
        return root * root * y;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double TwiceInALoop(double x, double y)
    {
        double s = 0;
        for (int i = 0; i < 3; i++)
            if (s < 10 && TryRoot(x * y + i, out double a) && TryRoot(a, out double b)) s += a * x * b;
        return s;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double ArraysGivenOut(double x, double y)
    {
        double[] v = [x, y];
        return x > 0 && TrySwap(v, out double[] w) ? w[0] * w[1] : x;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double TuplesGivenOut(double x, double y) => x > 0 && TryPair(x, y, out (double Product, double Difference) p) ? p.Product * p.Difference : x;

    [Differentiable, At("0.7, 1.2, 3")]
    public static double GivenOutOnTheWay(double x, double y, int depth)
    {
        bool Descend(int n, out double z)
        {
            if (n == 0)
            {
                z = x;
                return true;
            }
            if (Descend(n - 1, out double w) && TryRoot(w, out double q))
            {
                z = w * q;
                return true;
            }
            z = y;
            return false;
        }
        return Descend(depth, out double t) ? t * y : x;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double ByTwoClasses(double x, double y)
    {
        var surfaces = new List<ISurface> { new Mirror(x), new Pane(y) };
        double light = 1;
        foreach (ISurface s in surfaces)
            if (light > 0 && s.Scatter(light, out double share, out double next)) light = share * next;
        return light;
    }

    private static double Look(double from, IBody body) => body.Meet(from, 100, out Meeting meeting) ? meeting.Surface.Share * meeting.At : from * from;

    private static double Trace(double light, IBody scene, int depth)
    {
        if (depth <= 0) return 0;
        if (!scene.Meet(light, 100, out Meeting meeting)) return light * light;
        return meeting.Surface.Scatter(meeting.At, out double share, out double next) ? share * (next + Trace(next, scene, depth - 1)) : 0;
    }

    [Differentiable, At("0.7")]
    public static double OneSurface(double x) => Look(x, new SolidBall(1 + x, new Mirror(0.5 * x)));

    [Differentiable, At("0.7")]
    public static double TwoSurfaces(double x)
    {
        var scene = new Group();
        scene.Add(new SolidBall(1 + x, new Mirror(0.5 * x)));
        scene.Add(new SolidBall(2, new Pane(1.5)));
        return Look(x, scene);
    }

    [Differentiable, At("0.7")]
    public static double Bounces(double x)
    {
        var inner = new Group();
        inner.Add(new SolidBall(0.4 + x, new Mirror(0.5)));
        var scene = new Group();
        scene.Add(inner);
        scene.Add(new SolidBall(2, new Pane(1.5 + x * x)));
        return Trace(x, scene, 3);
    }

    [Differentiable, At("0.7")]
    public static double AssignedInALocalStruct(double x)
    {
        var m = new Meeting { At = x };
        m.Surface = new Mirror(x * x);
        return m.At * m.Surface.Share;
    }

    [Differentiable, At("0.7"), At("-0.7")]
    public static double ChosenForALocalStruct(double x)
    {
        Meeting m = default;
        if (x > 0)
        {
            m.At = x;
            m.Surface = new Mirror(x * x);
        }
        else
        {
            m.At = x * x;
            m.Surface = new Pane(2);
        }
        return m.At * m.Surface.Share;
    }
}
