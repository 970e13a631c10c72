namespace Corpus;

/// <summary>Parameters and results of every shape</summary>
public static partial class Shapes
{
    [Differentiable]
    public partial struct Point
    {
        public double A;
        public double B;
    }

    [Differentiable]
    public partial class Node
    {
        public double A;
        public double B { get; set; }
    }

    [Differentiable]
    public partial record Pair(double A, double B);

    [Differentiable]
    public readonly partial record struct ReadOnlyPair(double A, double B);

    [Differentiable]
    public readonly partial record struct Layer(double[] W, double B);

    [Differentiable]
    public partial class Derived : Node
    {
        public double C;
    }

    [Differentiable]
    public partial class Everything
    {
        public double[] W;
        public Point In;
        public (double, double) T;
        public Vector3 V;
        public double[,] M;
        public double[][] J;
        public List<double> L;
        public Point[] All;
        public int N;
        public string S;
    }

    [Differentiable, At("0.3, 0.7")]
    public static double TakesDouble(double p, double t) => p * p * t * t;

    [Differentiable, At("0.3f, 0.7")]
    public static double TakesFloat(float p, double t) => p * p * t * t;

    [Differentiable, At("0.3, 0.7")]
    public static double TakesMaybeDouble(double? p, double t) => (p ?? 1) * (p ?? 1) * t * t;

    [Differentiable, At("(0.3, 0.4), 0.7")]
    public static double TakesDoubleAndDouble((double, double) p, double t) => p.Item1 * p.Item2 * t * t;

    [Differentiable, At("(0.3, (0.4, 0.5)), 0.7")]
    public static double TakesDoubleAndDoubleAndDouble((double A, (double, double) B) p, double t) => p.A * p.B.Item1 * p.B.Item2 * t * t;

    [Differentiable, At("(0.3, new[] { 0.4, 0.5 }), 0.7")]
    public static double TakesDoubleAndArrayOfDouble((double, double[]) p, double t) => p.Item1 * p.Item2[0] * p.Item2[1] * t * t;

    [Differentiable, At("(new[] { 0.3 }, new List<double> { 0.4, 0.5 }), 0.7")]
    public static double TakesArrayOfDoubleAndListOfDouble((double[], List<double>) p, double t) => p.Item1[0] * p.Item2[0] * p.Item2[1] * t * t;

    [Differentiable, At("(2, 0.3), 0.7")]
    public static double TakesIntAndDouble((int, double) p, double t) => p.Item1 * p.Item2 * p.Item2 * t * t;

    [Differentiable, At("(\"a\", new[] { 0.4, 0.5 }), 0.7")]
    public static double TakesStringAndArrayOfDouble((string N, double[] V) p, double t) => p.V[0] * p.V[1] * p.N.Length * t * t;

    [Differentiable, At("new[] { 0.4, 0.5 }, 0.7")]
    public static double TakesArrayOfDouble(double[] p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new[] { 0.4f, 0.5f }, 0.7")]
    public static double TakesArrayOfFloat(float[] p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new Half[] { (Half)0.5, (Half)0.25 }, 0.7")]
    public static double TakesArrayOfHalf(Half[] p, double t) => (double)p[0] * (double)p[1] * t * t;

    [Differentiable, At("new[,] { { 0.4, 0.5 } }, 0.7")]
    public static double TakesMatrixOfDouble(double[,] p, double t) => p[0, 0] * p[0, 1] * t * t;

    [Differentiable, At("new[,,] { { { 0.4, 0.5 } } }, 0.7")]
    public static double TakesCubeOfDouble(double[,,] p, double t) => p[0, 0, 0] * p[0, 0, 1] * t * t;

    [Differentiable, At("new[] { new[] { 0.4, 0.5 } }, 0.7")]
    public static double TakesArrayOfArrayOfDouble(double[][] p, double t) => p[0][0] * p[0][1] * t * t;

    [Differentiable, At("new[] { new[] { new[] { 0.4, 0.5 } } }, 0.7")]
    public static double TakesArrayOfArrayOfArrayOfDouble(double[][][] p, double t) => p[0][0][0] * p[0][0][1] * t * t;

    [Differentiable, At("new[] { 0.4, 0.5 }, 0.7")]
    public static double TakesSpanOfDouble(Span<double> p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new[] { 0.4, 0.5 }, 0.7")]
    public static double TakesReadOnlySpanOfDouble(ReadOnlySpan<double> p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new[] { 0.4, 0.5 }, 0.7")]
    public static double TakesMemoryOfDouble(Memory<double> p, double t) => p.Span[0] * p.Span[1] * t * t;

    [Differentiable, At("new[] { 0.4, 0.5 }, 0.7")]
    public static double TakesReadOnlyMemoryOfDouble(ReadOnlyMemory<double> p, double t) => p.Span[0] * p.Span[1] * t * t;

    [Differentiable, At("new ArraySegment<double>(new[] { 0.4, 0.5 }), 0.7")]
    public static double TakesArraySegmentOfDouble(ArraySegment<double> p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new[] { 0.4f, 0.5f }, 0.7")]
    public static double TakesReadOnlySpanOfFloat(ReadOnlySpan<float> p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new[] { new Vector3(1, 2, 3) }, 0.7")]
    public static double TakesSpanOfVector3(Span<Vector3> p, double t) => p[0].X * p[0].Y * t * t;

    [Differentiable, At("new List<double> { 0.4, 0.5 }, 0.7")]
    public static double TakesListOfDouble(List<double> p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new double[] { 0.4, 0.5 }, 0.7")]
    public static double TakesIListOfDouble(IList<double> p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new double[] { 0.4, 0.5 }, 0.7")]
    public static double TakesIReadOnlyListOfDouble(IReadOnlyList<double> p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new double[] { 0.4, 0.5 }, 0.7")]
    public static double TakesIEnumerableOfDouble(IEnumerable<double> p, double t) => p.Sum(v => v * v) * t * t;

    [Differentiable, At("new double[] { 0.4, 0.5 }, 0.7")]
    public static double TakesICollectionOfDouble(ICollection<double> p, double t) => p.Sum(v => v * v) * p.Count * t * t;

    [Differentiable, At("new double[] { 0.4, 0.5 }, 0.7")]
    public static double TakesIReadOnlyCollectionOfDouble(IReadOnlyCollection<double> p, double t) => p.Sum(v => v * v) * p.Count * t * t;

    [Differentiable, At("new List<(double, double)> { (0.4, 0.5) }, 0.7")]
    public static double TakesListOfDoubleAndDouble(List<(double, double)> p, double t) => p[0].Item1 * p[0].Item2 * t * t;

    [Differentiable, At("new List<(double, int)> { (0.4, 5) }, 0.7")]
    public static double TakesListOfDoubleAndInt(List<(double, int)> p, double t) => p[0].Item1 * p[0].Item1 * p[0].Item2 * t * t;

    [Differentiable, At("new [] { (0.4, 0.5) }, 0.7")]
    public static double TakesIReadOnlyListOfDoubleAndDouble(IReadOnlyList<(double, double)> p, double t) => p[0].Item1 * p[0].Item2 * t * t;

    [Differentiable, At("new [] { (0.4, 0.5) }, 0.7")]
    public static double TakesIEnumerableOfDoubleAndDouble(IEnumerable<(double, double)> p, double t) => p.Sum(v => v.Item1 * v.Item2) * t * t;

    [Differentiable, At("new[] { new[] { (0.4, 0.5) } }, 0.7")]
    public static double TakesArrayOfArrayOfDoubleAndDouble((double, double)[][] p, double t) => p[0][0].Item1 * p[0][0].Item2 * t * t;

    [Differentiable, At("new Vector2(1, 2), 0.7")]
    public static double TakesVector2(Vector2 p, double t) => p.X * p.Y * t * t;

    [Differentiable, At("new Vector3(1, 2, 3), 0.7")]
    public static double TakesVector3(Vector3 p, double t) => p.X * p.Y * t * t;

    [Differentiable, At("new Vector4(1, 2, 3, 4), 0.7")]
    public static double TakesVector4(Vector4 p, double t) => p.X * p.Y * t * t;

    [Differentiable, At("new Quaternion(1, 2, 3, 4), 0.7")]
    public static double TakesQuaternion(Quaternion p, double t) => p.X * p.Y * t * t;

    [Differentiable, At("new Complex(1, 2), 0.7")]
    public static double TakesComplex(Complex p, double t) => p.Real * p.Imaginary * t * t;

    [Differentiable, At("Matrix4x4.CreateScale(2f), 0.7")]
    public static double TakesMatrix4x4(Matrix4x4 p, double t) => p.M11 * p.M22 * t * t;

    [Differentiable, At("Matrix3x2.CreateScale(2f), 0.7")]
    public static double TakesMatrix3x2(Matrix3x2 p, double t) => p.M11 * p.M22 * t * t;

    [Differentiable, At("new Vector3(1, 2, 3), 0.7")]
    public static double TakesMaybeVector3(Vector3? p, double t) => p.Value.X * p.Value.Y * t * t;

    [Differentiable, At("new[] { new Vector3(1, 2, 3) }, 0.7")]
    public static double TakesArrayOfVector3(Vector3[] p, double t) => p[0].X * p[0].Y * t * t;

    [Differentiable, At("new[,] { { new Vector3(1, 2, 3) } }, 0.7")]
    public static double TakesMatrixOfVector3(Vector3[,] p, double t) => p[0, 0].X * p[0, 0].Y * t * t;

    [Differentiable, At("new[] { new[] { new Vector3(1, 2, 3) } }, 0.7")]
    public static double TakesArrayOfArrayOfVector3(Vector3[][] p, double t) => p[0][0].X * p[0][0].Y * t * t;

    [Differentiable, At("new[] { new Complex(1, 2) }, 0.7")]
    public static double TakesArrayOfComplex(Complex[] p, double t) => p[0].Real * p[0].Imaginary * t * t;

    [Differentiable, At("new List<Vector2> { new Vector2(1, 2) }, 0.7")]
    public static double TakesListOfVector2(List<Vector2> p, double t) => p[0].X * p[0].Y * t * t;

    [Differentiable, At("new List<Complex> { new Complex(1, 2) }, 0.7")]
    public static double TakesListOfComplex(List<Complex> p, double t) => p[0].Real * p[0].Imaginary * t * t;

    [Differentiable, At("new[] { new Vector2(1, 2) }, 0.7")]
    public static double TakesIEnumerableOfVector2(IEnumerable<Vector2> p, double t) => p.Sum(v => v.X * v.Y) * t * t;

    [Differentiable, At("(new Vector3(1, 2, 3), 0.3), 0.7")]
    public static double TakesVector3AndDouble((Vector3, double) p, double t) => p.Item1.X * p.Item1.Y * p.Item2 * t * t;

    [Differentiable, At("(new[] { new Vector3(1, 2, 3) }, new[] { 0.3 }), 0.7")]
    public static double TakesArrayOfVector3AndArrayOfDouble((Vector3[], double[]) p, double t) => p.Item1[0].X * p.Item1[0].Y * p.Item2[0] * t * t;

    [Differentiable, At("new Shapes.Point { A = 0.3, B = 0.4 }, 0.7")]
    public static double TakesPoint(Point p, double t) => p.A * p.B * t * t;

    [Differentiable, At("new Shapes.Node { A = 0.3, B = 0.4 }, 0.7")]
    public static double TakesNode(Node p, double t) => p.A * p.B * t * t;

    [Differentiable, At("new Shapes.Pair(0.3, 0.4), 0.7")]
    public static double TakesPair(Pair p, double t) => p.A * p.B * t * t;

    [Differentiable, At("new Shapes.ReadOnlyPair(0.3, 0.4), 0.7")]
    public static double TakesReadOnlyPair(ReadOnlyPair p, double t) => p.A * p.B * t * t;

    [Differentiable, At("new[] { new Shapes.Point { A = 0.3, B = 0.4 } }, 0.7")]
    public static double TakesArrayOfPoint(Point[] p, double t) => p[0].A * p[0].B * t * t;

    [Differentiable, At("new[] { new Shapes.Node { A = 0.3, B = 0.4 } }, 0.7")]
    public static double TakesArrayOfNode(Node[] p, double t) => p[0].A * p[0].B * t * t;

    [Differentiable, At("new[] { new Shapes.Pair(0.3, 0.4) }, 0.7")]
    public static double TakesArrayOfPair(Pair[] p, double t) => p[0].A * p[0].B * t * t;

    [Differentiable, At("new[] { new Shapes.ReadOnlyPair(0.3, 0.4) }, 0.7")]
    public static double TakesArrayOfReadOnlyPair(ReadOnlyPair[] p, double t) => p[0].A * p[0].B * t * t;

    [Differentiable, At("new List<Shapes.Point> { new Shapes.Point { A = 0.3, B = 0.4 } }, 0.7")]
    public static double TakesListOfPoint(List<Point> p, double t) => p[0].A * p[0].B * t * t;

    [Differentiable, At("new List<Shapes.Node> { new Shapes.Node { A = 0.3, B = 0.4 } }, 0.7")]
    public static double TakesListOfNode(List<Node> p, double t) => p[0].A * p[0].B * t * t;

    [Differentiable, At("new[] { new Shapes.ReadOnlyPair(0.3, 0.4) }, 0.7")]
    public static double TakesIReadOnlyListOfReadOnlyPair(IReadOnlyList<ReadOnlyPair> p, double t) => p[0].A * p[0].B * t * t;

    [Differentiable, At("new[] { new Shapes.ReadOnlyPair(0.3, 0.4) }, 0.7")]
    public static double TakesIEnumerableOfReadOnlyPair(IEnumerable<ReadOnlyPair> p, double t) => p.Sum(m => m.A * m.B) * t * t;

    [Differentiable, At("new[] { new[] { new Shapes.Point { A = 0.3, B = 0.4 } } }, 0.7")]
    public static double TakesArrayOfArrayOfPoint(Point[][] p, double t) => p[0][0].A * p[0][0].B * t * t;

    [Differentiable, At("new List<Shapes.Point[]> { new[] { new Shapes.Point { A = 0.3, B = 0.4 } } }, 0.7")]
    public static double TakesListOfArrayOfPoint(List<Point[]> p, double t) => p[0][0].A * p[0][0].B * t * t;

    [Differentiable, At("new List<List<Shapes.Node>> { new List<Shapes.Node> { new Shapes.Node { A = 0.3, B = 0.4 } } }, 0.7")]
    public static double TakesListOfListOfNode(List<List<Node>> p, double t) => p[0][0].A * p[0][0].B * t * t;

    [Differentiable, At("new Shapes.Point { A = 0.3, B = 0.4 }, 0.7")]
    public static double TakesMaybePoint(Point? p, double t) => p.Value.A * p.Value.B * t * t;

    [Differentiable, At("(new Shapes.Point { A = 0.3, B = 0.4 }, 0.5), 0.7")]
    public static double TakesPointAndDouble((Point, double) p, double t) => p.Item1.A * p.Item1.B * p.Item2 * t * t;

    [Differentiable, At("(new Shapes.Node { A = 0.3, B = 0.4 }, new[] { new Shapes.Point { A = 0.3, B = 0.4 } }), 0.7")]
    public static double TakesNodeAndArrayOfPoint((Node, Point[]) p, double t) => p.Item1.A * p.Item1.B * p.Item2[0].A * p.Item2[0].B * t * t;

    [Differentiable, At("new Shapes.Everything { W = new[] { 0.3, 0.4 }, In = new Shapes.Point { A = 0.5, B = 0.6 }, T = (0.7, 0.8), V = new Vector3(1, 2, 3), M = new[,] { { 0.2 } }, J = new[] { new[] { 0.1 } }, L = new List<double> { 0.9 }, All = new[] { new Shapes.Point { A = 0.5, B = 0.6 } }, N = 3, S = \"a\" }, 0.7")]
    public static double TakesEverything(Everything p, double t) => p.W[0] * p.W[1] * p.In.A * p.In.B * p.T.Item1 * p.T.Item2 * p.V.X * p.V.Y * p.M[0, 0] * p.J[0][0] * p.L[0] * p.All[0].A * p.N * p.S.Length * t * t;

    [Differentiable, At("new[] { new[] { new Shapes.Node { A = 0.3, B = 0.4 } } }, 0.7")]
    public static double TakesArrayOfArrayOfNode(Node[][] p, double t) => p[0][0].A * p[0][0].B * t * t;

    [Differentiable, At("new[] { new Shapes.Layer(new[] { 0.3, 0.4 }, 0.5) }, 0.7")]
    public static double TakesArrayOfLayer(Layer[] p, double t) => p[0].W[0] * p[0].W[1] * p[0].B * t * t;

    [Differentiable, At("new[] { new[] { new Shapes.Layer(new[] { 0.3, 0.4 }, 0.5) } }, 0.7")]
    public static double TakesArrayOfArrayOfLayer(Layer[][] p, double t) => p[0][0].W[0] * p[0][0].W[1] * p[0][0].B * t * t;

    [Differentiable, At("new List<Shapes.Layer[]> { new[] { new Shapes.Layer(new[] { 0.3, 0.4 }, 0.5) } }, 0.7")]
    public static double TakesListOfArrayOfLayer(List<Layer[]> p, double t) => p[0][0].W[0] * p[0][0].W[1] * p[0][0].B * t * t;

    [Differentiable, At("new List<Shapes.Layer> { new Shapes.Layer(new[] { 0.3, 0.4 }, 0.5) }, 0.7")]
    public static double TakesListOfLayer(List<Layer> p, double t) => p[0].W[0] * p[0].W[1] * p[0].B * t * t;

    [Differentiable, At("new Shapes.Derived { A = 0.3, B = 0.4, C = 0.5 }, 0.7")]
    public static double TakesDerived(Derived p, double t) => p.A * p.B * p.C * t * t;

    [Differentiable, At("0.3, 0.7")]
    public static double TakesInDouble(in double p, double t) => p * p * t * t;

    [Differentiable, At("new Shapes.Point { A = 0.3, B = 0.4 }, 0.7")]
    public static double TakesInPoint(in Point p, double t) => p.A * p.B * t * t;

    [Differentiable, At("0.7, new[] { 0.4, 0.5 }")]
    public static double TakesArrayOfParamsDouble(double t, params double[] p) => p[0] * p[1] * t * t;

    [Differentiable, At("0.3, 0.7")]
    public static double TakesRefReadonlyDouble(ref readonly double p, double t) => p * p * t * t;

    [Differentiable, At("Tuple.Create(0.3, 0.4), 0.7")]
    public static double TakesTupleOfDoubleAndDouble(Tuple<double, double> p, double t) => p.Item1 * p.Item2 * t * t;

    [Differentiable, At("new KeyValuePair<string, double>(\"a\", 0.4), 0.7")]
    public static double TakesKeyValuePairOfStringAndDouble(KeyValuePair<string, double> p, double t) => p.Value * p.Value * t * t;

    [Differentiable, At("System.Collections.Immutable.ImmutableArray.Create(0.3, 0.4), 0.7")]
    public static double TakesImmutableArrayOfDouble(System.Collections.Immutable.ImmutableArray<double> p, double t) => p[0] * p[1] * t * t;

    [Differentiable, At("new Dictionary<string, double> { [\"a\"] = 0.3 }, 0.7")]
    public static double TakesDictionaryOfStringAndDouble(Dictionary<string, double> p, double t) => p["a"] * p["a"] * t * t;

    [Differentiable, At("new[] { 0.4, 0.5 }, 0.7")]
    public static double TakesMaybeArrayOfDouble(double[]? p, double t) => p![0] * p[1] * t * t;

    [Differentiable, At("0.3f, 0.7")]
    public static double TakesMaybeFloat(float? p, double t) => (p ?? 1) * (p ?? 1) * t * t;

    [Differentiable, At("(Half)0.5, 0.7")]
    public static double TakesHalf(Half p, double t) => (double)p * (double)p * t * t;

    [Differentiable, At("new HashSet<double> { 0.3 }, 0.7")]
    public static double TakesHashSetOfDouble(HashSet<double> p, double t) => p.Sum(v => v * v) * t * t;

    [Differentiable, At("new Queue<double>(new[] { 0.3 }), 0.7")]
    public static double TakesQueueOfDouble(Queue<double> p, double t) => p.Sum(v => v * v) * t * t;

    [Differentiable, At("new Stack<double>(new[] { 0.3 }), 0.7")]
    public static double TakesStackOfDouble(Stack<double> p, double t) => p.Sum(v => v * v) * t * t;

    [Differentiable, At("new double?[] { 0.3, null }, 0.7")]
    public static double TakesArrayOfMaybeDouble(double?[] p, double t) => (p[0] ?? 1) * (p[0] ?? 1) * t * t;

    [Differentiable, At("new List<double?> { 0.3, null }, 0.7")]
    public static double TakesListOfMaybeDouble(List<double?> p, double t) => (p[0] ?? 1) * (p[0] ?? 1) * t * t;

    [Differentiable, At("new[] { 0.4f, 0.5f }, 0.7")]
    public static double TakesReadOnlyMemoryOfFloat(ReadOnlyMemory<float> p, double t) => p.Span[0] * p.Span[1] * t * t;

    [Differentiable, At("new[] { new Vector3(1, 2, 3) }, 0.7")]
    public static double TakesMemoryOfVector3(Memory<Vector3> p, double t) => p.Span[0].X * p.Span[0].Y * t * t;

    [Differentiable, At("new[] { new Shapes.Point { A = 0.3, B = 0.4 } }, 0.7")]
    public static double TakesReadOnlySpanOfPoint(ReadOnlySpan<Point> p, double t) => p[0].A * p[0].B * t * t;

    [Differentiable, At("new[] { (0.3, 0.4) }, 0.7")]
    public static double TakesReadOnlySpanOfDoubleAndDouble(ReadOnlySpan<(double, double)> p, double t) => p[0].Item1 * p[0].Item2 * t * t;

    [Differentiable, At("new[] { new Shapes.Point { A = 0.3, B = 0.4 } }, 0.7")]
    public static double TakesMemoryOfPoint(Memory<Point> p, double t) => p.Span[0].A * p.Span[0].B * t * t;

    [Differentiable, At("0.7")]
    public static float GivesFloat(double x) => (float)(x * x);

    [Differentiable, At("0.7")]
    public static (double, double) GivesDoubleAndDouble(double x) => (x * x, x);

    [Differentiable, At("0.7")]
    public static (double, int) GivesDoubleAndInt(double x) => (x * x, 2);

    [Differentiable, At("0.7")]
    public static (double A, double[] B) GivesDoubleAndArrayOfDouble(double x) => (x * x, new[] { x, x * x });

    [Differentiable, At("0.7")]
    public static (double, (double, Vector2)) GivesDoubleAndDoubleAndVector2(double x) => (x, (x * x, new Vector2((float)x, 1)));

    [Differentiable, At("0.7")]
    public static double[] GivesArrayOfDouble(double x) => new[] { x, x * x };

    [Differentiable, At("0.7")]
    public static float[] GivesArrayOfFloat(double x) => new[] { (float)x };

    [Differentiable, At("0.7")]
    public static double[,] GivesMatrixOfDouble(double x) => new[,] { { x, x * x } };

    [Differentiable, At("0.7")]
    public static double[][] GivesArrayOfArrayOfDouble(double x) => new[] { new[] { x }, new[] { x * x, x } };

    [Differentiable, At("0.7")]
    public static List<double> GivesListOfDouble(double x) => new List<double> { x, x * x };

    [Differentiable, At("0.7")]
    public static IList<double> GivesIListOfDouble(double x) => new List<double> { x, x * x };

    [Differentiable, At("0.7")]
    public static IReadOnlyList<double> GivesIReadOnlyListOfDouble(double x) => new[] { x, x * x };

    [Differentiable, At("0.7")]
    public static IEnumerable<double> GivesIEnumerableOfDouble(double x) => new[] { x, x * x };

    [Differentiable, At("0.7")]
    public static Vector3 GivesVector3(double x) => new Vector3((float)x, (float)(x * x), 1);

    [Differentiable, At("0.7")]
    public static Complex GivesComplex(double x) => new Complex(x, x * x);

    [Differentiable, At("0.7")]
    public static Quaternion GivesQuaternion(double x) => new Quaternion((float)x, (float)(x * x), 1, 2);

    [Differentiable, At("0.7")]
    public static Vector3[] GivesArrayOfVector3(double x) => new[] { new Vector3((float)x, (float)(x * x), 1) };

    [Differentiable, At("0.7")]
    public static Complex[] GivesArrayOfComplex(double x) => new[] { new Complex(x, x * x) };

    [Differentiable, At("0.7")]
    public static Matrix4x4 GivesMatrix4x4(double x) => Matrix4x4.CreateScale((float)(x * x));

    [Differentiable, At("0.7")]
    public static List<Vector2> GivesListOfVector2(double x) => new List<Vector2> { new Vector2((float)x, 1) };

    [Differentiable, At("0.7")]
    public static Point GivesPoint(double x) => new Point { A = x, B = x * x };

    [Differentiable, At("0.7")]
    public static Node GivesNode(double x) => new Node { A = x, B = x * x };

    [Differentiable, At("0.7")]
    public static Pair GivesPair(double x) => new Pair(x, x * x);

    [Differentiable, At("0.7")]
    public static ReadOnlyPair GivesReadOnlyPair(double x) => new ReadOnlyPair(x, x * x);

    [Differentiable, At("0.7")]
    public static Point[] GivesArrayOfPoint(double x) => new[] { new Point { A = x, B = x * x } };

    [Differentiable, At("0.7")]
    public static ReadOnlyPair[] GivesArrayOfReadOnlyPair(double x) => new[] { new ReadOnlyPair(x, x * x) };

    [Differentiable, At("0.7")]
    public static List<Point> GivesListOfPoint(double x) => new List<Point> { new Point { A = x, B = x * x } };

    [Differentiable, At("0.7")]
    public static (Point, double) GivesPointAndDouble(double x) => (new Point { A = x, B = x * x }, x);

    [Differentiable, At("0.7")]
    public static IEnumerable<ReadOnlyPair> GivesIEnumerableOfReadOnlyPair(double x) => new[] { new ReadOnlyPair(x, x * x) };

    [Differentiable, At("0.7")]
    public static (double, double)[] GivesArrayOfDoubleAndDouble(double x) => new[] { (x, x * x) };

    [Differentiable, At("0.7")]
    public static List<(double, double)> GivesListOfDoubleAndDouble(double x) => new List<(double, double)> { (x, x * x) };

    [Differentiable, At("0.7")]
    public static ReadOnlySpan<double> GivesReadOnlySpanOfDouble(double x) => new[] { x, x * x };

    [Differentiable, At("0.7")]
    public static Span<double> GivesSpanOfDouble(double x) => new[] { x, x * x };

    [Differentiable, At("0.7")]
    public static Half GivesHalf(double x) => (Half)(x * x);

    [Differentiable, At("0.7")]
    public static Everything GivesEverything(double x) => new Everything { W = new[] { x }, In = new Point { A = x, B = x * x }, T = (x, x * x), V = new Vector3((float)x), M = new[,] { { x } }, J = new[] { new[] { x } }, L = new List<double> { x }, All = new[] { new Point { A = x } }, N = 1, S = "a" };

    [Differentiable, At("0.7")]
    public static double[][,] GivesArrayOfMatrixOfDouble(double x) => new[] { new[,] { { x * x } } };

    [Differentiable, At("0.7")]
    public static (double, double)[][] GivesArrayOfArrayOfDoubleAndDouble(double x) => new[] { new[] { (x, x * x) } };

    [Differentiable, At("0.7")]
    public static Point[][] GivesArrayOfArrayOfPoint(double x) => new[] { new[] { new Point { A = x, B = x * x } } };

    [Differentiable, At("0.7")]
    public static List<Point[]> GivesListOfArrayOfPoint(double x) => new List<Point[]> { new[] { new Point { A = x, B = x * x } } };

    [Differentiable, At("0.7")]
    public static IReadOnlyList<Point> GivesIReadOnlyListOfPoint(double x) => new List<Point> { new Point { A = x, B = x * x } };

    [Differentiable, At("0.7")]
    public static IReadOnlyList<(double, double)> GivesIReadOnlyListOfDoubleAndDouble(double x) => new[] { (x, x * x) };

    [Differentiable, At("0.7")]
    public static IEnumerable<double[]> GivesIEnumerableOfArrayOfDouble(double x) => new[] { new[] { x * x } };

    [Differentiable, At("0.7")]
    public static IEnumerable<(double, double)> GivesIEnumerableOfDoubleAndDouble(double x) => new[] { (x, x * x) };
}
