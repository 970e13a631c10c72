namespace DiffGen.Tests.Contract;

/// <summary>Arguments that a method writes, and state of the caller's that it changes: each derivative starts from what it is given, and leaves what the method leaves.</summary>
public class WrittenArgumentTests
{
    private const string Source = """
        using System;
        using System.Collections.Generic;
        using DiffGen;

        [Differentiable] public partial struct Point { public double A; public double B; }

        public static partial class C
        {
            // ---- a result that only the method can make
            [Differentiable(Emit = Derivatives.Jvp)] public static Point Made(ref double m, double k) { m *= k; return new Point { A = m, B = k * m }; }
            [Differentiable(Emit = Derivatives.Jvp)] public static Point MadeOfAnArray(double[] v, double k) { v[0] *= k; return new Point { A = v[0], B = k * v[1] }; }
            [Differentiable(Emit = Derivatives.Jvp)] public static (double, Point) MadeInATuple(List<double> v, double k) { v[0] *= k; return (k, new Point { A = v[0], B = k }); }

            public static double[] OfMade()
            {
                double m = 2;
                var a = MadeJvp(ref m, 0.5, 1, 1);
                double[] v = { 2, 3 };
                var b = MadeOfAnArrayJvp(v, 0.5, new double[] { 1, 0 }, 1);
                var l = new List<double> { 2 };
                var c = MadeInATupleJvp(l, 0.5, new double[] { 1 }, 1);
                return new[] { a.Value.A, a.Value.B, a.Tangent.A, a.Tangent.B, m, b.Value.A, b.Value.B, b.Tangent.A, b.Tangent.B, v[0], c.Value.Item2.A, c.Tangent.Item2.A, l[0] };
            }

            // ---- constants that are written with numbers that vary
            [Differentiable(nameof(k), Emit = Derivatives.Jvp)] public static double[] OfPoints(Point[] p, double k) { p[0].A *= k; return new[] { p[0].A, k }; }
            [Differentiable(nameof(k), Emit = Derivatives.Jvp)] public static double[] OfAReference(ref double[] v, double k) { v[0] *= k; return new[] { v[0], k }; }
            [Differentiable(nameof(k), Emit = Derivatives.Jvp)] public static double[] OfAList(IList<double> v, double k) { v[0] *= k; return new[] { v[0], k }; }
            [Differentiable(nameof(k), Emit = Derivatives.Jvp)] public static double[] OfMemory(Memory<double> v, double k) { v.Span[0] *= k; return new[] { v.Span[0], k }; }
            [Differentiable(nameof(k), Emit = Derivatives.Jvp)] public static double[] OfAMatrix(Point[,] p, double k) { p[0, 1].B *= k; return new[] { p[0, 1].B, k }; }
            [Differentiable(Emit = Derivatives.Jvp)] public static void Scaled(IList<double> v, double k) { v[0] *= k; }
            [Differentiable(Emit = Derivatives.Jvp)] public static void Moved(Point[] p, double k) { p[0].A *= k; }

            public static double[] OfConstants()
            {
                var p = new[] { new Point { A = 3 } };
                double[] v = { 3 }, w = { 3 };
                var m = new Point[1, 2];
                m[0, 1].B = 3;
                var moved = new[] { new Point { A = 3 } };
                var scaled = ScaledJvp(new List<double> { 3 }, 2, 1);
                var along = MovedJvp(moved, 2, 1);
                return new[]
                {
                    OfPointsJvp(p, 2, 1).Tangent[0], OfAReferenceJvp(ref v, 2, 1).Tangent[0], OfAListJvp(new List<double> { 3 }, 2, 1).Tangent[0],
                    OfMemoryJvp(w, 2, 1).Tangent[0], OfAMatrixJvp(m, 2, 1).Tangent[0], p[0].A, v[0], w[0], m[0, 1].B,
                    scaled.Value[0], scaled.Tangent[0], along.Value[0].A, along.Tangent[0].A,
                };
            }

            // ---- flags and counters of the caller's
            [Differentiable(Emit = Derivatives.Jacobian)] public static double[] Flagged(double[] x, bool[] done) { var r = new double[2]; for (int i = 0; i < 2; i++) { r[i] = done[i] ? 1 : x[i] * x[i]; done[i] = true; } return r; }
            [Differentiable(Emit = Derivatives.Jacobian)] public static double[] Counted(double[] x, List<int> n) { n.Add(1); return new[] { x[0] * x[0] * n.Count, x[1] * n.Count }; }
            [Differentiable(Emit = Derivatives.Hessian)] public static double Summed(double[] x, int[] n) { n[0]++; double s = 0; foreach (double v in x) s += v * v * n[0]; return s; }
            [Differentiable(Emit = Derivatives.Jacobian)] public static double[] Known(double[] x, Dictionary<string, double> rates, HashSet<int> some) => new[] { rates.TryGetValue("a", out double r) ? x[0] * r : 0, some.Contains(1) ? x[1] : 0 };

            [Differentiable(Emit = Derivatives.Jacobian)] public static double[] Traced(double[] x, List<int>? trace = null, int[][]? rows = null, int[]? counts = null)
            {
                trace?.Add(1);
                if (rows != null) rows[0][0]++;
                if (counts != null) counts[0]++;
                return new[] { x[0] * x[0], x[1] };
            }

            public static double[] OfNothing() => new[] { TracedJacobian(new double[] { 3, 1 })[0, 0], TracedJacobian(new double[] { 3, 1 }, null, new[] { new[] { 1 } })[0, 0] };

            public static double[] OfState()
            {
                bool[] done = { false, false };
                double[,] flags = FlaggedJacobian(new double[] { 1, 2 }, done);
                var n = new List<int>();
                double[,] counted = CountedJacobian(new double[] { 1, 2 }, n);
                int[] count = { 1 };
                double[,] h = SummedHessian(new double[] { 1, 2, 3, 4, 5, 6 }, count);
                double[,] known = KnownJacobian(new double[] { 1, 2 }, new() { ["a"] = 3 }, new() { 1 });
                return new[] { flags[0, 0], flags[1, 1], done[0] ? 1 : 0, counted[0, 0], counted[1, 1], n.Count, h[0, 0], h[5, 5], h[0, 5], count[0], known[0, 0], known[1, 1] };
            }
        }
        """;

    [Fact]
    public void AResultThatTheMethodMakesIsMadeOnceOfWhatWasGiven()
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        // m k, k² m at m = 2, k = 1/2 along (1, 1): m' k + m k' = 2.5, 2 k m + k² = 2.25
        Assert.Equal([1, 0.5, 2.5, 2.25, 1, 1, 1.5, 2.5, 3, 1, 1, 2.5, 1], code.Call<double[]>("C", "OfMade"));
    }

    [Fact]
    public void ConstantsThatAreWrittenHaveTangentsOnTheWay()
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        Assert.Equal([3, 3, 3, 3, 3, 6, 6, 6, 6, 6, 3, 6, 3], code.Call<double[]>("C", "OfConstants"));
    }

    [Fact]
    public void WhatIsNotThereIsNotPutBack()
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        Assert.Equal([6, 6], code.Call<double[]>("C", "OfNothing"));
    }

    [Fact]
    public void EachRunOfAJacobianOrHessianFindsTheSameState()
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        Assert.Equal([2, 4, 1, 2, 1, 1, 4, 4, 0, 2, 3, 1], code.Call<double[]>("C", "OfState"));
    }
}
