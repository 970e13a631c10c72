namespace Corpus;

/// <summary>Numbers held beside arrays, in tuples, structs and lists of lists</summary>
public static partial class HeldTogether
{
    public struct Ring
    {
        public double[] Points;
        public double Weight;
    }

    public readonly record struct Leaf(double[] Values, double Share);

    public struct Branch
    {
        public Ring Inner;
        public double Scale;
    }

    [Differentiable]
    public readonly partial record struct Layer(double[] W, double B);

    /// <summary>Members whose names are keywords.</summary>
    [Differentiable]
    public partial struct Gate
    {
        public double @in;
        public double @base;
        public double[] @params;
    }

    [Differentiable]
    public partial struct Corner
    {
        public double X;
        public double Y;
    }

    [Differentiable]
    public partial struct Stored
    {
        public List<double> Parts;
        public double Scale;
    }

    [Differentiable, At("new[] { new HeldTogether.Gate { @in = 0.3, @base = 1.2, @params = Arr(1, 2) }, new HeldTogether.Gate { @in = -0.3, @base = 0.2, @params = Arr(2, 1) } }, 0.7")]
    public static double NamedWithKeywords(Gate[] gates, double t)
    {
        double s = 0;
        foreach (Gate g in gates)
        {
            s += Math.Sin(g.@in * t) * g.@base;
            foreach (double p in g.@params) s += p * p * g.@in;
        }
        return s;
    }

    [Differentiable, At("new (double, int)[] { (0.3, 2), (0.7, 3) }, 0.7")]
    public static double CountedPairs((double, int)[] pairs, double t)
    {
        double s = 0;
        foreach ((double v, int n) in pairs) s += v * v * n * t;
        return s;
    }

    [Differentiable, At("new (double[] A, int N)[] { (Arr(1, 2), 2), (Arr(2, 1), 3) }, 0.7")]
    public static double TaggedRows((double[] A, int N)[] rows, double t)
    {
        double s = 0;
        foreach ((double[] a, int n) in rows)
            foreach (double v in a) s += v * v * n * t;
        return s;
    }

    [Differentiable, At("new (HeldTogether.Corner P, int N)[] { (new HeldTogether.Corner { X = 0.3, Y = 0.4 }, 2), (new HeldTogether.Corner { X = 0.5, Y = 0.8 }, 3) }, 0.7")]
    public static double TaggedModels((Corner P, int N)[] corners, double t)
    {
        double s = 0;
        foreach ((Corner p, int n) in corners) s += p.X * p.X * n * t + Math.Sin(p.Y * p.X);
        return s;
    }

    [Differentiable, At("new (int N, HeldTogether.Corner[] P)[] { (2, new[] { new HeldTogether.Corner { X = 0.3, Y = 0.4 } }), (3, new[] { new HeldTogether.Corner { X = 0.5, Y = 0.8 }, new HeldTogether.Corner { X = 0.1, Y = 0.6 } }) }")]
    public static double TaggedPolygons((int N, Corner[] P)[] polygons)
    {
        double s = 0;
        foreach ((int n, Corner[] ps) in polygons)
            foreach (Corner p in ps) s += p.X * p.X * n + Math.Sin(p.Y * p.X);
        return s;
    }

    [Differentiable, At("new List<(string Name, double Value, double Weight)> { (\"a\", 0.3, 0.4), (\"bc\", 0.5, 0.2) }, 0.7")]
    public static double NamedRows(List<(string Name, double Value, double Weight)> rows, double t)
    {
        double s = 0;
        foreach (var r in rows) s += r.Value * r.Weight * t * r.Name.Length;
        return s;
    }

    [Differentiable, At("new (Vector3 V, bool Up)[] { (new Vector3(1, 2, 3), true), (new Vector3(2, 1, 3), false) }")]
    public static float TaggedVectors((Vector3 V, bool Up)[] normals)
    {
        float s = 0;
        foreach ((Vector3 v, bool up) in normals) s += up ? v.X * v.Y * v.Z : v.Length();
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static (double, int)[] Tagged(double[] x)
    {
        var tagged = new (double, int)[x.Length];
        for (int i = 0; i < tagged.Length; i++) tagged[i] = (x[i] * x[i], i);
        return tagged;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static (double[] A, int N)[] TaggedArrays(double[] x)
    {
        var rows = new (double[] A, int N)[x.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = (new[] { x[i] * x[i], x[0] * x[i] }, i);
        return rows;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static Layer[] MadeLayers(double[] x)
    {
        var layers = new Layer[3];
        for (int i = 0; i < 3; i++) layers[i] = new Layer(new[] { x[i] * x[i], x[0] * x[i] }, x[i]);
        layers[1] = layers[1] with { B = layers[0].B * layers[2].B };
        return layers;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double Overwritten(double[] x)
    {
        var rings = new Ring[2];
        double s = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (i >= 2) s += rings[i % 2].Points[1] * rings[i % 2].Weight;
            rings[i % 2] = new Ring { Points = new[] { x[i] * x[i], x[0] * x[i] }, Weight = x[i] };
            s += rings[i % 2].Points[0] * rings[i % 2].Weight * rings[0].Points[1];
        }
        foreach (Ring ring in rings)
            foreach (double v in ring.Points) s += v * v * ring.Weight;
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double ReplacedInPlace(double[] x)
    {
        var rings = new Ring[1];
        rings[0] = new Ring { Points = new[] { x[0], x[1] }, Weight = x[2] };
        for (int i = 0; i < 3; i++) rings[0] = rings[0] with { Weight = rings[0].Weight * rings[0].Points[1] };
        return rings[0].Weight * rings[0].Points[0];
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double SharedByTwo(double[] x)
    {
        var rings = new Ring[3];
        for (int i = 0; i < 3; i++) rings[i] = new Ring { Points = new[] { x[i] * x[i], x[0] * x[i] }, Weight = x[i] };
        (rings[0], rings[1]) = (rings[1], rings[0]);
        rings[2] = rings[0];
        rings[0].Points[0] *= x[1];
        double s = 0;
        for (int i = 0; i < 3; i++) s += (i + 1) * rings[i].Points[0] * rings[i].Points[1] * rings[i].Weight;
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double ListOfReadOnly(double[] x)
    {
        var leaves = new List<Leaf>();
        for (int i = 0; i < 3; i++) leaves.Add(new Leaf(new[] { x[i] * x[i], x[0] * x[i] }, x[i]));
        leaves[1] = leaves[1] with { Share = leaves[0].Share * leaves[2].Share };
        leaves[0] = new Leaf(leaves[2].Values, x[1] * leaves[0].Share);
        double s = 0;
        foreach (Leaf leaf in leaves) s += leaf.Values[0] * leaf.Values[1] * leaf.Share;
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double StructInAStruct(double[] x)
    {
        var branches = new Branch[3];
        for (int i = 0; i < 3; i++) branches[i] = new Branch { Inner = new Ring { Points = new[] { x[i] * x[i], x[0] * x[i] }, Weight = x[i] }, Scale = x[i] * 2 };
        branches[2].Inner = branches[0].Inner;
        branches[1].Inner.Weight *= branches[2].Inner.Weight;
        branches[1].Inner.Points = branches[0].Inner.Points;
        double s = 0;
        foreach (Branch b in branches) s += b.Inner.Points[0] * b.Inner.Points[1] * b.Inner.Weight * b.Scale;
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double Copied(double[] x)
    {
        var rings = new[] { new Ring { Points = x, Weight = x[1] }, new Ring { Points = new[] { x[0] * x[1], x[2] }, Weight = x[2] } };
        var others = (Ring[])rings.Clone();
        others[0].Weight *= others[1].Weight;
        others[1] = others[0];
        List<Ring> list = rings.ToList();
        list.Add(others[1]);
        list.RemoveAt(0);
        double s = 0;
        foreach (Ring r in others) s += r.Points[0] * r.Points[1] * r.Weight;
        foreach (Ring r in list) s += r.Points[0] * r.Points[1] * r.Weight * r.Weight;
        return s;
    }

    [Differentiable, At("new[] { 0.9, 0.3, 0.7 }")]
    public static double SortedByKey(double[] x)
    {
        var rows = new List<(double Key, double[] Values)>();
        for (int i = 0; i < x.Length; i++) rows.Add((x[x.Length - 1 - i], new[] { x[i], x[0] }));
        rows.Sort((a, b) => a.Key.CompareTo(b.Key));
        double s = 0;
        int n = 1;
        foreach ((double key, double[] values) in rows) s += key * values[0] * values[1] * n++;
        return s;
    }

    [Differentiable, At("Arr(9, 3), true"), At("Arr(9, 3), false")]
    public static double ChosenWhole(double[] x, bool first)
    {
        var rings = new Ring[2];
        rings[0] = first ? new Ring { Points = x, Weight = x[1] } : new Ring { Points = new[] { x[0] * x[1], x[2] }, Weight = x[2] };
        rings[1] = first ? rings[0] : new Ring { Points = x, Weight = x[1] };
        double s = 0;
        foreach (Ring r in rings) s += r.Points[0] * r.Points[1] * r.Weight;
        return s;
    }

    [Differentiable, At("Arr(9, 2)")]
    public static double DepthFirst(double[] x)
    {
        var stack = new Stack<(double[] Point, double Scale, int Depth)>();
        stack.Push((x, 1.0, 0));
        double s = 0;
        while (stack.Count > 0)
        {
            (double[] p, double c, int depth) = stack.Pop();
            if (depth == 3)
            {
                s += c * p[0] * p[1];
                continue;
            }
            stack.Push((new[] { p[0] * p[1], p[1] }, c * 0.5, depth + 1));
            stack.Push((new[] { p[1], p[0] + p[1] }, c * p[0], depth + 1));
        }
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double BreadthFirst(double[] x)
    {
        var queue = new Queue<Ring>();
        queue.Enqueue(new Ring { Points = x, Weight = x[2] });
        double s = 0;
        int n = 0;
        while (queue.Count > 0)
        {
            Ring r = queue.Dequeue();
            s += r.Points[0] * r.Points[1] * r.Weight;
            if (n++ < 5) queue.Enqueue(new Ring { Points = new[] { r.Points[1], r.Points[0] * 2 }, Weight = r.Weight * r.Points[0] });
        }
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double ClearedAndRefilled(double[] x)
    {
        var rings = new Ring[2];
        var rows = new double[2][];
        double s = 0;
        for (int k = 0; k < 2; k++)
        {
            for (int i = 0; i < 2; i++)
            {
                rings[i] = new Ring { Points = new[] { x[i] * x[k], x[k] }, Weight = x[2] };
                rows[i] = new[] { x[i] * x[k], x[2] };
            }
            foreach (Ring r in rings) s += r.Points[0] * r.Points[1] * r.Weight;
            foreach (double[] row in rows) s += row[0] * row[1];
            Array.Clear(rings, 0, 2);
            Array.Clear(rows, 0, 2);
        }
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double SelectedInto(double[] x)
    {
        Ring[] rings = x.Select((v, i) => new Ring { Points = new[] { v, v * i }, Weight = v * x[0] }).ToArray();
        return rings.Sum(r => r.Points.Sum() * r.Weight);
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double ByName(double[] x)
    {
        var rings = new Dictionary<string, Ring>
        {
            ["inner"] = new Ring { Points = new[] { x[0], x[1] }, Weight = x[2] },
            ["outer"] = new Ring { Points = new[] { x[1], x[1] }, Weight = x[0] * x[2] },
        };
        double s = 0;
        foreach ((_, Ring r) in rings) s += r.Points[0] * r.Points[1] * r.Weight;
        return s;
    }

    private static Ring Made(double[] x, int i)
    {
        var points = new double[2];
        points[0] = x[i];
        points[1] = x[i] * x[0];
        return new Ring { Points = points, Weight = points[0] * points[1] };
    }

    private static void Swap(Ring[] rings, int i, int j)
    {
        Ring held = rings[i];
        rings[i] = rings[j];
        rings[j] = held;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double MadeAndSwapped(double[] x)
    {
        var rings = new Ring[3];
        for (int i = 0; i < 3; i++) rings[i] = Made(x, i);
        Swap(rings, 0, 2);
        double s = 0;
        int n = 1;
        foreach (Ring r in rings) s += r.Points[0] * r.Points[1] * r.Weight * n++;
        return s;
    }

    // ---- lists of lists

    [Differentiable, At("new List<List<double>> { new List<double> { 0.3, 0.4 }, new List<double> { 0.7 } }")]
    public static double ListsOfLists(List<List<double>> rows)
    {
        double s = 0;
        foreach (List<double> row in rows)
            foreach (double v in row) s += v * v * row[0];
        return s;
    }

    [Differentiable, At("new[] { new List<double> { 0.3, 0.4 }, new List<double> { 0.7 } }")]
    public static double ArrayOfLists(List<double>[] rows)
    {
        double s = 1;
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows[i].Count; j++) s *= 1 + rows[i][j];
        return s;
    }

    [Differentiable, At("new[] { Arr(1, 2), Arr(2, 3) }")]
    public static double ReadOnlyRows(IReadOnlyList<IReadOnlyList<double>> rows)
    {
        double s = 0;
        foreach (IReadOnlyList<double> row in rows) s += row[0] * row[row.Count - 1];
        return s;
    }

    [Differentiable, At("new[] { Arr(1, 2), Arr(2, 3) }")]
    public static double IndexedRows(IList<IList<double>> rows)
    {
        double s = 0;
        for (int i = 0; i < rows.Count; i++)
            for (int j = 0; j < rows[i].Count; j++) s += rows[i][j] * rows[i][0];
        return s;
    }

    [Differentiable, At("new List<double[]> { Arr(1, 2), Arr(2, 3) }, 0.3")]
    public static double ListOfArrays(List<double[]> points, double h)
    {
        double s = 0;
        foreach (double[] p in points)
            foreach (double[] q in points) s += Math.Exp(-h * (p[0] - q[0]) * (p[0] - q[0])) * p[1];
        return s;
    }

    [Differentiable, At("new[] { Arr(1, 2), Arr(2, 3) }")]
    public static double SequenceOfArrays(IEnumerable<double[]> points)
    {
        double s = 0;
        foreach (double[] p in points) s += p[0] * p[1];
        return s;
    }

    [Differentiable, At("new List<List<double>> { new List<double> { 0.3, 0.4 }, new List<double> { 0.7 } }")]
    public static double QueriedLists(List<List<double>> rows) => rows.Select(r => r.Sum(v => v * v)).Average() * rows.SelectMany(r => r).Max();

    private static double NormOf(List<double> row)
    {
        double s = 0;
        foreach (double v in row) s += v * v;
        return s;
    }

    private static double FirstOf(IReadOnlyList<List<double>> rows)
    {
        double s = 0;
        for (int i = 0; i < rows.Count; i++) s += rows[i][0] * rows[i].Count;
        return s;
    }

    [Differentiable, At("new List<List<double>> { new List<double> { 0.3, 0.4 }, new List<double> { 0.7 } }")]
    public static double PassedOn(List<List<double>> rows) => NormOf(rows[0]) * NormOf(rows[1]) * FirstOf(rows);

    [Differentiable, At("new List<List<Vector3>> { new List<Vector3> { new Vector3(1, 2, 3), new Vector3(2, 1, 3) } }")]
    public static float Polylines(List<List<Vector3>> lines)
    {
        float s = 0;
        foreach (List<Vector3> line in lines)
            for (int i = 1; i < line.Count; i++) s += Vector3.Distance(line[i - 1], line[i]);
        return s;
    }

    [Differentiable, At("new List<(double, double)[]> { new[] { (0.3, 0.5), (0.2, 0.1) } }")]
    public static double RingsOfPairs(List<(double, double)[]> rings)
    {
        double s = 0;
        foreach ((double, double)[] ring in rings)
            for (int i = 1; i < ring.Length; i++) s += ring[i - 1].Item1 * ring[i].Item2 - ring[i].Item1 * ring[i - 1].Item2;
        return s;
    }

    [Differentiable, At("new[] { new List<double[]> { Arr(1, 2) }, new List<double[]> { Arr(2, 2), Arr(3, 2) } }")]
    public static double ThreeDeep(List<double[]>[] groups)
    {
        double s = 0;
        foreach (List<double[]> group in groups)
            foreach (double[] p in group) s += p[0] * p[1];
        return s;
    }

    [Differentiable, Call(Outputs = "sums"), At("new List<double[]> { Arr(1, 2), Arr(2, 3) }, new double[2]")]
    public static void RowSums(List<double[]> rows, double[] sums)
    {
        for (int i = 0; i < rows.Count; i++) sums[i] = rows[i].Sum(v => v * v);
    }

    [Differentiable, Refused("what is written into a list of lists would stay in a copy"), At("new List<double[]> { Arr(1, 2) }, 0.3")]
    public static double WrittenRows(List<double[]> rows, double t)
    {
        double s = 0;
        foreach (double[] row in rows)
        {
            row[0] *= t;
            foreach (double v in row) s += v * v;
        }
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static List<List<double>> Triangle(double[] x)
    {
        var rows = new List<List<double>>();
        for (int i = 0; i < x.Length; i++)
        {
            var row = new List<double>();
            for (int j = 0; j <= i; j++) row.Add(x[i] * x[j]);
            rows.Add(row);
        }
        return rows;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static List<double>[] Columns(double[] x)
    {
        var columns = new List<double>[x.Length];
        for (int i = 0; i < x.Length; i++) columns[i] = new List<double> { x[i] * x[0], x[i] };
        return columns;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static IReadOnlyList<double> ReadOnlyResult(double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = x[i] * x[0];
        return y;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static IEnumerable<double> Query(double[] x) => x.Select(v => v * x[0]);

    [Differentiable, Refused("an iterator runs as far as somebody asks"), At("Arr(9, 3)")]
    public static IEnumerable<double> RunningSum(double[] x)
    {
        if (x.Length == 0) yield break;
        double s = 0;
        foreach (double v in x)
        {
            s += v * v;
            yield return s;
        }
    }

    [Differentiable, At("Arr(9, 3)"), At("Arr(9, 7)")]
    public static IEnumerable<double> OneOfThree(double[] x)
    {
        if (x.Length == 0) return x;
        if (x.Length > 5) return x.Select(v => v * 2);
        var list = new List<double>();
        foreach (double v in x) list.Add(v * x[0]);
        return list;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static IReadOnlyCollection<double> CountedResult(double[] x) => x.Select(v => v * x[0]).ToList();

    [Differentiable, Refused("the tangent of a list in a model is an array, which a list cannot be stored in"), At("new[] { new HeldTogether.Stored { Parts = new List<double> { 0.3, 0.4 }, Scale = 2 } }")]
    public static double ModelsWithLists(Stored[] models)
    {
        double s = 0;
        foreach (Stored m in models)
            foreach (double v in m.Parts) s += v * v * m.Scale;
        return s;
    }

    [Differentiable, Refused("the derivative of a list in a tuple is an array, which a list cannot be stored in"), At("new (List<double> L, int N)[] { (new List<double> { 0.3, 0.4 }, 2) }")]
    public static double TuplesWithLists((List<double> L, int N)[] rows)
    {
        double s = 0;
        foreach ((List<double> l, int n) in rows)
            foreach (double v in l) s += v * v * n;
        return s;
    }
}
