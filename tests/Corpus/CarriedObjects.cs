namespace Corpus;

/// <summary>Objects without numbers, whose code is carried as it is: what only their own class may name, texts with several dollars, state that ends with the run</summary>
public static partial class CarriedObjects
{
    internal sealed record Settings
    {
        public int Steps { get; init; } = 3;

        public Settings Next() => this with { Steps = Steps + 1 };

        public Settings Later()
        {
            var later = this with { Steps = Steps + 2 };
            return later;
        }
    }

    // a private setter, in an operator and in a method
    internal sealed class Counter
    {
        public int N { get; private set; }

        public static Counter operator ++(Counter c) => new() { N = c.N + 1 };

        public Counter Skip() => new() { N = N + 2 };
    }

    internal sealed class Shape : ICloneable
    {
        private enum Kind
        {
            Round,
            Square,
        }

        private readonly Kind _kind;
        private readonly int _sides;

        public string? Name;

        private Shape(int sides)
        {
            _sides = sides;
            _kind = sides == 4 ? Kind.Square : Kind.Round;
        }

        public static Shape Square() => new Shape(4);

        public static Shape Circle() => new(0);

        public bool IsSquare() => this is { _kind: Kind.Square, _sides: > 3 };

        public Shape Named(string name)
        {
            var copy = (Shape)MemberwiseClone();
            copy.Name = name;
            return copy;
        }

        public object Clone() => MemberwiseClone();

        public int Length => Name?.Length ?? 1;
    }

    // a generator of numbers, and a tokenizer
    internal sealed class Generator(uint seed)
    {
        private uint _state = seed;

        public double Next()
        {
            _state = _state * 1664525u + 1013904223u;
            return _state / 4294967296.0;
        }
    }

    internal sealed class Ticks
    {
        private int _n;

        public double Next()
        {
            _n++;
            return _n;
        }
    }

    private static string Json(string key, int value) => $$"""{"key":"{{key}}","value":{{value}}}""";

    [Differentiable, At("1.3, 3")]
    public static double RawTexts(double x, int n)
    {
        var braces = $$"""{v}={{n}}""";
        var lines = $$"""
            { "v": {{n:D3}} }
              {{(n > 2 ? $"{{{n}}}" : "no")}}
            """;
        return x * x * $$$"""{{{{n}}}}""".Length + x * Json("a", n).Length * braces.Length + lines.Length * x * x * x;
    }

    [Differentiable, At("1.3")]
    public static double ThisWith(double x) => Math.Pow(x, new Settings().Next().Steps) * Math.Pow(x, new Settings().Later().Steps);

    [Differentiable, At("1.3")]
    public static double PrivateSetter(double x)
    {
        var c = new Counter();
        c++;
        double a = x * c.N;
        c = c.Skip();
        c++;
        return a * x * c.N;
    }

    [Differentiable, At("1.3")]
    public static double PrivateConstructor(double x)
    {
        Shape square = Shape.Square(), circle = Shape.Circle();
        return (square.IsSquare() ? x * x : x) * (circle.IsSquare() ? 1 : x * x * x);
    }

    [Differentiable, At("1.3")]
    public static double Clones(double x)
    {
        Shape square = Shape.Square();
        Shape named = square.Named("abc"), copy = (Shape)named.Clone();
        copy.Name = "ab";
        return Math.Pow(x, named.Length) * square.Length + x * copy.Length;
    }

    [Differentiable, At("1.3")]
    public static double NumbersOfAGenerator(double x)
    {
        var random = new Generator(12345);
        double a = random.Next(), b = random.Next();
        return x * x * a + b * x * x * x;
    }

    [Differentiable, At("new[] { 1.3, 0.7 }")]
    public static double[] Counted(double[] x)
    {
        var ticks = new Ticks();
        var random = new Generator(7);
        return [x[0] * x[0] * ticks.Next() + x[1] * ticks.Next(), x[1] * x[0] * ticks.Next() * random.Next() * random.Next()];
    }

    private static readonly Ticks Kept = new();

    private static double Walked(Ticks ticks, double v, int depth) =>
        depth == 0 ? v * v * ticks.Next() : Walked(ticks, v * ticks.Next(), depth - 1) + v * v * Walked(ticks, v, depth - 1);

    // more columns than there are lanes: each run counts from the start
    [Differentiable, At("new[] { 1.3, 0.7, 0.2, 0.1, 0.5, 0.6 }")]
    public static double ManyColumns(double[] x)
    {
        var ticks = new Ticks();
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * x[i] * ticks.Next() * sum + x[i] * ticks.Next() + Walked(ticks, x[i], 2);
        return sum;
    }

    [Differentiable, At("new[] { 1.3, 0.7 }"), Refused("the counter goes on counting from column to column", Only = "Hessian")]
    public static double OneOutlives(double[] x)
    {
        var ticks = new Ticks();
        return Walked(ticks, x[0], 2) + 0 * Walked(Kept, x[1], 1);
    }

    internal sealed class Release(int major, int minor)
    {
        public int Major { get; } = major;
        public int Minor { get; } = minor;

        public void Deconstruct(out int major, out int minor) => (major, minor) = (Major, Minor);
    }

    internal sealed class Link
    {
        public int V = 2;
        public Link? Next;

        public int Kind(object o) => (o as Link)?.V ?? (o as string)?.Length ?? -1;

        public int Size(object o) => o is Link link ? link.V : o is string text ? text.Length : -1;
    }

    [Differentiable, At("1.3, new Corpus.CarriedObjects.Release(1, 2)")]
    internal static double TakenApart(double x, Release given)
    {
        var (a, b) = given;
        double sum = x * x * a + x * b;
        foreach (var (major, minor) in new List<Release> { new(1, 2), new(1, 4) }) sum += Math.Pow(x, major) * minor;
        return sum;
    }

    [Differentiable, At("1.3")]
    public static double AskedForItsClass(double x)
    {
        var link = new Link();
        return Math.Pow(x, link.Kind("abc")) + x * link.Kind(link) + x * x * link.Size("ab") * link.Size(link) * link.Size(3);
    }

    // a list pattern is asked of nothing as well
    [Differentiable, At("1.3, null"), At("1.3, new[] { 1, 2 }"), At("1.3, new int[0]")]
    public static double ListsOrNone(double x, int[]? a) =>
        (a is [1, ..] ? x : x * x) * a switch
        {
            [] => x,
            [var first, ..] => first * x * x,
            null => 5 * x,
        };

    [Differentiable, At("1.3")]
    public static double NoneHere(double x)
    {
        double[]? a = x > 5 ? [x] : null;
        List<double>? list = x > 5 ? new() { x } : null;
        return (a is [var first, ..] ? first * x : x * x) * (list is not [_, ..] ? x : 1);
    }

    [Differentiable, At("1.3, \"ecabd\""), At("1.3, \"\""), At("1.3, \"q\"")]
    public static double Texts(double x, string text) => text switch
    {
        [] => x,
        [var only] => x * x * only,
        ['e', .. var middle, 'd'] => Math.Pow(x, middle.Length) * middle[0],
        _ => 1,
    };
}
