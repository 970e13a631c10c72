namespace Corpus;

/// <summary>Copies within one array under several names, copies of objects, and questions after their class.</summary>
public static partial class CopiesAndKinds
{
    public sealed class DelayLine
    {
        private readonly double[] _past = new double[3];
        private readonly double[,] _grid = new double[2, 3];

        public double[] Past => _past;

        public double Filtered(double x)
        {
            Array.Copy(_past, 0, _past, 1, 2);
            _past[0] = x;
            return _past[0] + (2 * _past[1] * _past[1]) + (3 * _past[2] * _past[2] * _past[2]);
        }

        public double Gridded(double x)
        {
            Array.Copy(_grid, 0, _grid, 1, 5);
            _grid[0, 0] = x;
            return _grid[0, 1] * _grid[0, 2] * _grid[1, 0];
        }

        public void Shift() => Shifted(_past, _past);
    }

    private static void Shifted(double[] from, double[] to) => Array.Copy(from, 0, to, 1, 2);

    [Differentiable, At("Arr(1, 5)")]
    public static double InAField(double[] x)
    {
        var line = new DelayLine();
        double s = 0;
        foreach (double v in x) s += line.Filtered(v) + line.Gridded(v);
        return s;
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double ByAnotherName(double[] x)
    {
        double[] past = new double[3], same = past;
        double s = 0;
        foreach (double v in x)
        {
            Array.Copy(past, 0, same, 1, 2);
            past[0] = v;
            s += (past[1] * past[1]) + (past[2] * past[2] * past[2]);
        }
        return s;
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double ThroughAHelper(double[] x)
    {
        var line = new DelayLine();
        double s = 0;
        foreach (double v in x)
        {
            line.Shift();
            line.Past[0] = v;
            Buffer.BlockCopy(line.Past, 0, line.Past, 8, 16);
            s += line.Past[1] * line.Past[2] * v;
        }
        return s;
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double RowsOfOneArray(double[] x)
    {
        double[][] rows = [new double[3], new double[3]];
        double s = 0;
        foreach (double v in x)
        {
            Array.Copy(rows[0], 0, rows[0], 1, 2);
            rows[0][0] = v;
            Array.Copy(rows[0], 0, rows[1], 1, 2);
            s += (rows[0][1] * rows[0][2] * v) + (rows[1][2] * rows[1][1]);
        }
        return s;
    }

    [Differentiable, At("Arr(1, 4), Arr(2, 4)")]
    public static double OfTwoArrays(double[] x, double[] y)
    {
        Array.Copy(x, 0, y, 1, 2);
        Array.Clear(x, 1, 2);
        var grid = new double[2, 2] { { x[0], y[1] }, { y[2], y[3] } };
        Array.Clear(grid, 0, 1);
        return (y[0] * y[1] * y[2] * y[3]) + grid[0, 1] + (grid[1, 0] * x[3]);
    }

    // objects
    public class Body : ICloneable
    {
        public double Mass;
        public double[] Position = [1, 2];

        public Body Copy()
        {
            var copy = (Body)MemberwiseClone();
            copy.Position = (double[])Position.Clone();
            return copy;
        }

        public object Clone() => MemberwiseClone();

        public double Pull(Body other) => GetType() != other.GetType() ? Mass * other.Mass : Mass * Mass * other.Mass;
    }

    public sealed class Star : Body
    {
        public double Light;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double Copied(double a, double b)
    {
        var body = new Body { Mass = a };
        Body copy = body.Copy();
        copy.Mass *= b;
        copy.Position[0] = a;
        var shared = (Body)body.Clone();
        shared.Position[1] = a * b;
        return (body.Mass * body.Position[1]) + (copy.Mass * copy.Position[0]) + body.Position[0] + copy.Position[1];
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double CopiedInAList(double a, double b, int n)
    {
        List<Body> bodies = [new Body { Mass = a }];
        for (int i = 0; i < n; i++)
        {
            Body next = bodies[i].Copy();
            next.Mass *= b;
            next.Position[1] += a;
            bodies.Add(next);
        }
        return bodies.Sum(z => z.Mass * z.Position[1]);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OfOneKind(double a, double b)
    {
        Body body = new() { Mass = a }, star = new Star { Mass = b, Light = a };
        return ((body.GetType() == typeof(Body) ? a : b) * (star.GetType() == typeof(Body) ? 2 : 3)) + body.Pull(star) + body.Pull(new Body { Mass = b });
    }

    [Differentiable, At("1.3, 0.7, 4")]
    public static double OfManyKinds(double a, double b, int n)
    {
        List<Body> bodies = [];
        for (int i = 0; i < n; i++) bodies.Add(i % 2 == 0 ? new Body { Mass = a * i } : new Star { Mass = b, Light = a });
        double s = 0;
        foreach (Body x in bodies)
        {
            s += x.GetType() == typeof(Star) ? x.Mass * x.Mass : x.Mass * a;
            s += x.Pull(bodies[0]) * x.Pull(bodies[1]);
        }
        return s;
    }

    // a cast that is only asked whether it holds
    private static int Brightness(Body body)
    {
        var star = body as Star;
        return star != null ? 3 : 2;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CastAndAsked(double a, double b)
    {
        object other = new Body { Mass = b };
        double s = Brightness(new Body { Mass = a }) * a * b * Brightness(new Star());
        foreach (Body body in new Body[] { new() { Mass = a }, new Star { Mass = b } })
        {
            if (body as Star == null) continue;
            s += body.Mass * a;
        }
        return s * (other as Star is not null ? 3 : 2);
    }

    [Differentiable, At("Arr(1, 3)")]
    public static double AnArrayIsNoList(double[] x)
    {
        IEnumerable<double> items = x;
        var list = items as List<double>;
        return (list != null ? 2 : 1) * x[0] * x[1];
    }

    [Differentiable, At("1.3, 0.7"), Throws("-1.3, 0.7")]
    public static double CastThatFails(double a, double b)
    {
        Body body = a > 0 ? new Star { Mass = a, Light = b } : new Body { Mass = a };
        return ((Star)body).Light * body.Mass;
    }

    // members that are null until they are made
    public sealed class Cell(double level)
    {
        public double Level = level;
    }

    public sealed class Lazily
    {
        private Cell? _cell = null;
        private double[]? _buffer = null;

        public double Next(double a)
        {
            if (_buffer == null) _buffer = new double[2];
            _cell ??= new Cell(a);
            _buffer[0] += a;
            return (_buffer[0] * _cell.Level) + (_cell?.Level ?? a);
        }
    }

    public sealed class Filled
    {
        private Cell[]? _cells = null;
        private List<double>? _numbers = null;

        public void Fill(double a)
        {
            _numbers = [a, 2];
            _cells = new Cell[3];
            for (int i = 0; i < 3; i++) _cells[i] = new Cell(a * i);
        }

        public double Sum() => _cells!.Sum(c => c.Level * c.Level) * _numbers![0];
    }

    [Differentiable, At("1.3")]
    public static double MadeLater(double a)
    {
        var lazily = new Lazily();
        var filled = new Filled();
        filled.Fill(a);
        return (lazily.Next(a) * lazily.Next(a * a)) + filled.Sum();
    }

    // a variable that begins as an element and is given other objects: the element stays what it is
    public sealed class Dual(double value)
    {
        public double Value = value;

        public static implicit operator Dual(double value) => new(value);

        public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value);

        public Dual Plus(Dual other) => new(Value + other.Value);
    }

    private static Dual Product(Dual[] all)
    {
        Dual s = all[0];
        for (int i = 1; i < all.Length; i++) s = s * all[i];
        return s;
    }

    private static double Replaced(Dual given, double by)
    {
        if (by > 0.5) given = new Dual(by);
        return given.Value;
    }

    [Differentiable, At("1.3, 0.7"), At("0.4, 0.7")]
    public static double BeganAsAnElement(double a, double b)
    {
        Dual[] all = [new(a), new(b), 2.0];
        Dual s = all[0], best = all[0];
        if (a > .5) s = s * all[1];
        for (int i = 1; i < 3; i++)
            if (all[i].Value > best.Value) best = new Dual(all[i].Value * 2);
        return (s.Value * all[0].Value) + (best.Value * all[1].Value) + (Product(all).Value * all[0].Value) + (Replaced(all[1], a) * all[1].Value);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double BeganInACollection(double a, double b)
    {
        List<Dual> list = [new(a)];
        list.Add(new Dual(b));
        var named = new Dictionary<string, Dual> { ["x"] = new(a), ["y"] = new(b) };
        Dual s = list[0], t = named["x"], own = new(a);
        Dual[] shared = [own, 0.5];
        while (s.Value < 4) s = s.Plus(list[1]);
        for (int i = 0; i < 2; i++) t = t * named["y"];
        if (a > 1) own = b * b;
        return (s.Value * list[0].Value) + (t.Value * named["x"].Value) + (own.Value * shared[0].Value * shared[1].Value);
    }

    // what a lock or a question looks at is computed once
    private static readonly object s_gate = new();

    [Differentiable, At("1.3, 0.7")]
    public static double AskedOnce(double a, double b)
    {
        int calls = 0;
        object Gate()
        {
            calls++;
            return s_gate;
        }
        lock (Gate()) a *= b;
        bool same = Gate().GetType() == typeof(object);
        return a * calls * (same ? 2 : 1);
    }

    public interface IHolder<out T>
    {
        T Held { get; }
    }

    public sealed class StarHolder : IHolder<Star>
    {
        public Star Held { get; set; } = new();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double SeenByItsBase(double a, double b)
    {
        object holder = new StarHolder { Held = new Star { Mass = a } };
        var seen = holder as IHolder<Body>;
        return seen != null ? seen.Held.Mass * b : b;
    }
}
