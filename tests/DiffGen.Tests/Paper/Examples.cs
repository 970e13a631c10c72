namespace DiffGen.Tests.Paper;

/// <summary>The paper's functions as a user writes them; C# 9, so that emitted code is held to it.</summary>
internal static class Examples
{
    public const string Source = """
        using System;
        using DiffGen;

        public static partial class Examples
        {
            [Differentiable] public static double ThreeXSquaredY(double x, double y) => 3 * x * x * y;
            [Differentiable] public static double TwoXPlusY8(double x, double y) => 2 * x + Math.Pow(y, 8);
            [Differentiable] public static double XPlusXSquared(double x) { double u1 = x * x; return x + u1; }
            [Differentiable] public static double XTimesXSquared(double x) { double u1 = x * x; return x * u1; }
            [Differentiable] public static double SinOfXPlusXSquared(double x) { double u1 = x * x; double u2 = x + u1; return Math.Sin(u2); }
            [Differentiable] public static double SinXSquared(double x) => Math.Sin(x * x);
            [Differentiable] public static double LogSinCubedSquared(double x) => Math.Log(Square(Math.Sin(x * x * x)));
            private static double Square(double x) => x * x;

            [Differentiable]
            public static double SumOfElements(double[] x)
            {
                double sum = 0;
                for (int i = 0; i < x.Length; i++) sum += x[i];
                return sum;
            }

            [Differentiable]
            public static double ScaledSum(double[] x, double z)
            {
                double sum = 0;
                foreach (double xi in x) sum += xi * z;
                return sum;
            }

            [Differentiable]
            public static double DotProduct(double[] w, double[] x)
            {
                double sum = 0;
                for (int i = 0; i < w.Length; i++) sum += w[i] * x[i];
                return sum;
            }

            [Differentiable(nameof(w), nameof(b))]
            public static double Activation(double[] w, double b, double[] x)
            {
                double z = b;
                for (int i = 0; i < w.Length; i++) z += w[i] * x[i];
                return Math.Max(0, z);
            }

            [Differentiable(nameof(w), nameof(b))]
            public static double Loss(double[] w, double b, double[][] x, double[] y)
            {
                double sum = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    double z = b;
                    for (int j = 0; j < w.Length; j++) z += w[j] * x[i][j];
                    double e = y[i] - Math.Max(0, z);
                    sum += e * e;
                }
                return sum / x.Length;
            }

            [Differentiable] public static (double F, double G) TwoFunctions(double x, double y) => (3 * x * x * y, 2 * x + Math.Pow(y, 8));
            [Differentiable] public static (double, double) LogAndSin(double x) => (Math.Log(x * x), Math.Sin(3 * x));

            [Differentiable]
            public static double[] ElementwiseSum(double[] w, double[] x)
            {
                var y = new double[w.Length];
                for (int i = 0; i < y.Length; i++) y[i] = w[i] + x[i];
                return y;
            }

            [Differentiable]
            public static double[] ElementwiseDifference(double[] w, double[] x)
            {
                var y = new double[w.Length];
                for (int i = 0; i < y.Length; i++) y[i] = w[i] - x[i];
                return y;
            }

            [Differentiable]
            public static double[] ElementwiseProduct(double[] w, double[] x)
            {
                var y = new double[w.Length];
                for (int i = 0; i < y.Length; i++) y[i] = w[i] * x[i];
                return y;
            }

            [Differentiable]
            public static double[] ElementwiseQuotient(double[] w, double[] x)
            {
                var y = new double[w.Length];
                for (int i = 0; i < y.Length; i++) y[i] = w[i] / x[i];
                return y;
            }

            [Differentiable]
            public static double[] AddScalar(double[] x, double z)
            {
                var y = new double[x.Length];
                for (int i = 0; i < y.Length; i++) y[i] = x[i] + z;
                return y;
            }

            [Differentiable]
            public static double[] TimesScalar(double[] x, double z)
            {
                var y = new double[x.Length];
                for (int i = 0; i < y.Length; i++) y[i] = x[i] * z;
                return y;
            }
        }
        """;
}
