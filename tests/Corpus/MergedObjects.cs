namespace Corpus;

/// <summary>Objects that are made in the arms of a choice, and records compared with those that somebody else holds or that are made at run time</summary>
public static partial class MergedObjects
{
    internal sealed record Triplet(double A, double B, double C, int? Hue = null)
    {
        public Triplet Turned() => Hue switch
        {
            0 => new(A + 1, B, C, Hue),
            2 => new(A, B * C, C + 1, Hue),
            _ => throw new ArgumentOutOfRangeException(nameof(Hue)),
        };
    }

    internal sealed record Both(Triplet First, Triplet Second);

    internal sealed class Motion(double x)
    {
        public double X = x;
        public double[] Path = [x, x * x];

        public void Push(double by)
        {
            X += by;
            Path[0] *= by;
        }
    }

    internal sealed class Driven(double x)
    {
        public double X = x;
        public Func<double, double>? Force;
    }

    internal sealed class Reading(double x)
    {
        public double X { get; } = x;
    }

    internal sealed record White(double X, double Y);

    internal sealed class Configuration(White white)
    {
        public static readonly Configuration Day = new(new White(95, 100));
        public static readonly Configuration Dusk = new(new White(96, 100));

        public White White { get; } = white;

        public White? None { get; }
    }

    // what nobody can name from outside is what it is initialised with
    private static class Adaptation
    {
        private static readonly White Own = new(95, 100);

        public static double To(double x, White white) => Own == white ? x : x * white.X / Own.X;

        public static double From(double x, White? white) => white != Own ? x * x : x;
    }

    private static double Checked(double x) => x > -100 ? x * x : throw new ArgumentOutOfRangeException(nameof(x));

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double ByASwitch(double x, double y)
    {
        Triplet t = new Triplet(x, y, x * y, x > 1 ? 0 : 2).Turned();
        return t.A * t.B * t.C;
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double ThatChange(double x, double y)
    {
        Motion m = x > 1 ? new Motion(Checked(x)) : new Motion(Checked(y));
        m.Push(y);
        m.Push(x);
        Motion same = m;
        same.Push(2);
        return m.X * m.Path[0] + m.Path[1];
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double InEachOther(double x, double y)
    {
        Both b = x > 1 ? new Both(new(Checked(x), y, 1), new(y, y, x)) : new Both(new(Checked(y), x, 1), new(x, y, x));
        return b.First.A * b.Second.B + b.First.C * b.Second.C;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double InALoop(double x, double y)
    {
        double sum = 0;
        for (int i = 0; i < 4; i++)
        {
            Driven m = i % 2 == 0 ? new Driven(x * i) : new Driven(Checked(y));
            m.X += sum;
            sum += m.X * m.X * 0.1;
        }

        return sum;
    }

    // the variable is given the next one
    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double OneAfterAnother(double x, double y)
    {
        var t = new Triplet(x, y, 1);
        for (int i = 0; i < 3; i++) t = t.A > 1 ? new Triplet(Math.Sin(t.A), Checked(t.B), t.C) : new Triplet(t.B, Checked(t.A), t.C + t.A);
        return t.A * t.B + t.C;
    }

    // one of the two has a name already: it is still the same object
    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double StillTheSame(double x, double y)
    {
        var m = new Motion(x);
        Motion n = x > 1 ? m : new Motion(Checked(x * y));
        n.Push(y);
        return m.X * n.X + m.Path[0] * n.Path[1];
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double ByIdentity(double x, double y)
    {
        var a = new Triplet(x, y, 1);
        Triplet b = x > y ? a : new Triplet(Checked(x), y, 1);
        var c = new Reading(x);
        Reading d = x > y ? c : new Reading(Checked(x));
        return (ReferenceEquals(a, b) ? x * y : b.A) * (c == d ? y * y : d.X);
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double AmongOthers(double x, double y)
    {
        var a = new Reading(x);
        var list = new List<Reading> { a, new(y) };
        Reading b = x > y ? a : new Reading(Checked(x));
        return list.Contains(b) ? x * y * (1 + list.IndexOf(b)) + b.X : b.X;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ComparedWithAnothers(double x, double y) =>
        Adaptation.To(x, Configuration.Day.White) + Adaptation.To(y, Configuration.Dusk.White) * Adaptation.From(x, Configuration.Day.White) * Adaptation.From(y, Configuration.Dusk.None);

    [Differentiable, At("1.3, 0.7"), At("0.7, 0.7")]
    public static double MadeAndAnothers(double x, double y)
    {
        var white = new White(95, 100 + (x > 1 ? 1 : 0));
        return white == Configuration.Day.White ? x * y : white == Configuration.Day.None ? x : y * y;
    }

    internal sealed record Place(double X, double Y)
    {
        public double Height { get; set; } = 1;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OfRunTime(double x, double y)
    {
        var places = new List<Place>();
        for (int i = 0; i < 4; i++) places.Add(new Place(i % 2, i / 2));
        places[3].Height = x;
        places.Add(new Place(1, 0));
        double sum = 0;
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                if (places[i] == places[j]) sum += places[i].Height * y * (i + 1);
                else if (places[i] != places[j]) sum += x * places[j].Height;
            }
        }

        return sum;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OfRunTimeOrNone(double x, double y)
    {
        var places = new Place?[3];
        for (int i = 0; i < 2; i++) places[i] = new Place(i * x, y);
        double sum = 0;
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
                if (places[i] == places[j]) sum += (places[i]?.X ?? y) * x;
        }

        return sum;
    }
}
