using System;
using System.Collections.Generic;
using System.Linq;

namespace Corpus;

/// <summary>Dictionaries and collections that go by their interfaces, are tested for null and are filled by the class that holds them; private auto properties; stubs that throw.</summary>
public static partial class RegistriesAndGuards
{
    public class Interpolator
    {
        private readonly double[] keys, values;

        public Interpolator(IDictionary<double, double> points)
        {
            if (points == null) throw new ArgumentNullException(nameof(points));
            keys = points.Keys.ToArray();
            values = points.Values.ToArray();
        }

        public double At(double x) => keys[1] * x * values[0] * values[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double Guarded(double a, double b) => new Interpolator(new Dictionary<double, double> { { 0.5, a }, { 1.5, b } }).At(a);

    private static double Product(Dictionary<int, double> d)
    {
        if (d is null || d.Count == 0) throw new ArgumentNullException(nameof(d));
        return d[0] * d[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double IsNull(double a, double b) => Product(new Dictionary<int, double> { { 0, a * b }, { 1, b } });

    private static IDictionary<int, double> Make(double a, double b) => new Dictionary<int, double> { { 0, a * b }, { 1, b } };

    [Differentiable, At("1.3, 0.7")]
    public static double MadeElsewhere(double a, double b)
    {
        IDictionary<int, double> d = Make(a, b);
        if (d == null) return 0;
        return d[0] * d[1];
    }

    private static double OrElse(SortedDictionary<int, double> d)
    {
        _ = d ?? throw new ArgumentNullException(nameof(d));
        return d[0] * d[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OrThrow(double a, double b) => OrElse(new SortedDictionary<int, double> { { 0, a * b }, { 1, b } });

    public class Settings(IReadOnlyDictionary<string, double> given)
    {
        private readonly IReadOnlyDictionary<string, double> values = given;
        private readonly IDictionary<string, double> own = new Dictionary<string, double>();

        public IDictionary<string, double> Shared { get; } = new Dictionary<string, double>();

        public void Put(string name, double value) => own[name] = value;

        public double At(double x) => values["p"] * x + own["q"] * Shared["r"];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ByInterface(double a, double b)
    {
        var settings = new Settings(new Dictionary<string, double> { ["p"] = a });
        settings.Put("q", a * b);
        settings.Shared["r"] = b * b;
        return settings.At(b);
    }

    public class Sample
    {
        private readonly IReadOnlyCollection<double> values;

        public Sample(IReadOnlyCollection<double> given)
        {
            if (given == null) throw new ArgumentNullException(nameof(given));
            values = given;
        }

        public double MeanSquare()
        {
            double s = 0;
            foreach (double v in values) s += v * v;
            return s / values.Count;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OfAnArray(double a, double b) => new Sample(new[] { a, b }).MeanSquare() * b;

    [Differentiable, At("1.3, 0.7")]
    public static double OfAQueue(double a, double b)
    {
        var q = new Queue<double>();
        q.Enqueue(a);
        q.Enqueue(b);
        q.Dequeue();
        q.Enqueue(a * a);
        return new Sample(q).MeanSquare() * b;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ThatGrows(double a, double b)
    {
        ICollection<double> c = new List<double>();
        c.Add(a);
        c.Add(a * b);
        var sample = new Sums(c);
        c.Add(b);
        return sample.Of(b);
    }

    public class Sums(ICollection<double> given)
    {
        private readonly ICollection<double> values = given;

        public double Of(double x) => values.Sum() * x;
    }

    public class Node
    {
        public int Id { get; set; }
        public double X { get; set; }
    }

    public class Mesh
    {
        private readonly Dictionary<int, Node> nodes = new Dictionary<int, Node>();

        public void Add(Node n) => nodes.Add(n.Id, n);

        public void Put(int id, Node n) => nodes[id] = n;

        public double Of(int id) => nodes[id].X;

        public double Total()
        {
            double s = 0;
            foreach (Node n in nodes.Values) s += n.X * n.Id;
            return s;
        }

        public IList<Node> Nodes => nodes.Values.ToList();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double Registered(double a, double b)
    {
        var mesh = new Mesh();
        mesh.Add(new Node { X = a, Id = 4 });
        mesh.Add(new Node { X = b, Id = 7 });
        return mesh.Of(4) * mesh.Of(7);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double RegisteredInALoop(double a, double b)
    {
        var mesh = new Mesh();
        for (int i = 1; i < 4; i++) mesh.Put(i, new Node { X = a * i + b, Id = i });
        foreach (Node n in mesh.Nodes) n.X *= b;
        return mesh.Total() * mesh.Of(2);
    }

    public class Table
    {
        private int Rows { get; set; }

        private int Columns { get; set; }

        public double Sum(double[] x)
        {
            Rows = x.Length;
            Columns = 2;
            double s = 0;
            for (int i = 0; i < Rows; i++) s += x[i] * Columns * x[i];
            return s;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double PrivateProperties(double a, double b) => new Table().Sum(new[] { a, b });

    [Differentiable, Throws("1.0")]
    public static double Stub(double x) => throw new NotImplementedException();

    private static double Todo(double x) => throw new NotSupportedException();

    [Differentiable, At("2.3"), Throws("1.0")]
    public static double StubInABranch(double x) => x > 2 ? x * x : Todo(x) * x;

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double PerhapsNone(double a, double b)
    {
        Dictionary<int, double>? d = null;
        if (a > 1) d = new Dictionary<int, double> { { 1, a } };
        return d == null ? b : d[1] * b;
    }

    // objects that are made at run time and hold a static one
    public class Planet(double gravity)
    {
        public static readonly Planet Earth = new(3);

        public double Gravity { get; } = gravity;
    }

    public class Orbit(double p, double v, Planet planet)
    {
        public double P { get; private set; } = p;

        public double V { get; private set; } = v;

        public readonly Planet Planet = planet;
    }

    public class Stepper(Orbit first)
    {
        private double p = first.P, v = first.V;

        public void Step(Orbit[] path, int i)
        {
            p += v * 0.1;
            v += path[i - 1].P * 0.05 * path[i - 1].Planet.Gravity;
            path[i] = new Orbit(p, v, path[i - 1].Planet);
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OrbitsOfAStatic(double a, double b)
    {
        var path = new Orbit[4];
        path[0] = new Orbit(a, b, Planet.Earth);
        var stepper = new Stepper(path[0]);
        for (int i = 1; i < 4; i++) stepper.Step(path, i);
        return path[3].P + path[2].V;
    }
}
