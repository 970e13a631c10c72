using GradBench.Problems;
using Kernels.Baselines;

namespace Kernels;

/// <summary>A problem at one size: the primal, its emitted derivative, and one written by hand in plain loops.</summary>
/// <param name="Name">The problem and its size.</param>
/// <param name="Primal">Runs the primal once.</param>
/// <param name="Emitted">Runs the emitted derivative once.</param>
/// <param name="HandWritten">Runs the hand-written derivative once.</param>
public sealed record Kernel(string Name, Action Primal, Action Emitted, Action HandWritten)
{
    /// <summary>The problems whose hand-written derivative is here, at the sizes that are watched.</summary>
    public static IEnumerable<Kernel> All() =>
    [
        NeuronOf(1000, 10), NeuronOf(1000, 100), NeuronOf(1000, 1000),
        LeastSquaresOf(4096, 128), LogSumExpOf(160_000), OdeOf(10_000, 100), DeterminantOf(9), MixtureOf(2, 25, 1000),
        MixtureOf(32, 25, 1000), LstmOf(4, 4096), BundleOf(20_000), KMeansOf(100, 10_000, 8),
    ];

    /// <summary>The problems that have a derivative with <c>MathMode.Fast</c>; it takes the place of the emitted one.</summary>
    public static IEnumerable<Kernel> Fast() =>
    [
        LeastSquaresOf(4096, 128, fast: true), LogSumExpOf(160_000, fast: true), MixtureOf(2, 25, 1000, fast: true),
        MixtureOf(32, 25, 1000, fast: true), LstmOf(4, 4096, fast: true), KMeansOf(100, 10_000, 8, fast: true),
    ];

    /// <summary>Three problems over four sizes each, and one over four depths of recursion.</summary>
    public static IEnumerable<Kernel> Growing() =>
    [
        LeastSquaresOf(1024, 128), LeastSquaresOf(2048, 128), LeastSquaresOf(4096, 128), LeastSquaresOf(8192, 128),
        OdeOf(10_000, 10), OdeOf(10_000, 20), OdeOf(10_000, 40), OdeOf(10_000, 80),
        LstmOf(2, 1024), LstmOf(2, 2048), LstmOf(2, 4096), LstmOf(2, 8192),
        DeterminantOf(6), DeterminantOf(7), DeterminantOf(8), DeterminantOf(9),
    ];

    private static Kernel NeuronOf(int n, int d)
    {
        var random = new Random(1);
        double[][] x = Workloads.Rows(n, () => Workloads.Normal(random, d));
        double[] y = Workloads.Uniform(random, n);
        double[] w = Workloads.Normal(random, d);
        var dW = new double[d];
        return new Kernel(
            $"neuron n {n}, d {d}",
            () => Neuron.Loss(w, 0.1, x, y),
            () => Neuron.LossValueAndGradient(w, 0.1, x, y, dW, out _),
            () => NeuronBaseline.ValueAndGradient(w, 0.1, x, y, dW, out _));
    }

    private static Kernel LeastSquaresOf(int n, int m, bool fast = false)
    {
        double[] x = Workloads.Uniform(new Random(1), m);
        return new Kernel(
            $"llsq {n} × {m}", () => LeastSquares.Loss(x, n), fast ? () => LeastSquares.FastLossGradient(x, n) : () => LeastSquares.LossGradient(x, n), () => LeastSquaresBaseline.Gradient(x, n));
    }

    private static Kernel LogSumExpOf(int n, bool fast = false)
    {
        double[] x = Workloads.Uniform(new Random(1), n);
        return new Kernel($"lse {n}", () => LogSumExp.Value(x), fast ? () => LogSumExp.FastValueGradient(x) : () => LogSumExp.ValueGradient(x), () => LogSumExpBaseline.Gradient(x));
    }

    private static Kernel OdeOf(int n, int steps)
    {
        double[] x = Workloads.Uniform(new Random(1), n);
        return new Kernel($"ode {n}, {steps} steps", () => Ode.Solve(x, steps), () => Ode.LastGradient(x, steps), () => OdeBaseline.Gradient(x, steps));
    }

    private static Kernel DeterminantOf(int size)
    {
        double[] a = Workloads.Uniform(new Random(1), size * size);
        return new Kernel(
            $"det {size}", () => Determinant.Value(a, size), () => Determinant.ValueGradient(a, size), () => DeterminantBaseline.Gradient(a, size));
    }

    private static Kernel MixtureOf(int d, int k, int n, bool fast = false)
    {
        var random = new Random(1);
        double[][] x = Workloads.Rows(n, () => Workloads.Normal(random, d));
        double[] alpha = Workloads.Normal(random, k);
        double[][] mu = Workloads.Rows(k, () => Workloads.Uniform(random, d));
        double[][] q = Workloads.Rows(k, () => Workloads.Normal(random, d));
        double[][] l = Workloads.Rows(k, () => Workloads.Normal(random, d * (d - 1) / 2));
        return new Kernel(
            $"gmm d {d}, k {k}, n {n}",
            () => Mixture.Objective(alpha, mu, q, l, x, 1, 0),
            fast ? () => Mixture.FastObjectiveGradient(alpha, mu, q, l, x, 1, 0) : () => Mixture.ObjectiveGradient(alpha, mu, q, l, x, 1, 0),
            () => MixtureBaseline.Gradient(alpha, mu, q, l, x, 1, 0));
    }

    private static Kernel LstmOf(int layers, int characters, bool fast = false)
    {
        const int bits = 14;
        var random = new Random(1);
        double[][] main = Workloads.Rows(2 * layers, () => Workloads.Uniform(random, 4 * bits));
        double[][] extra = Workloads.Rows(3, () => Workloads.Uniform(random, bits));
        double[][] state = Workloads.Rows(2 * layers, () => Workloads.Uniform(random, bits));
        double[][] sequence = Workloads.Rows(characters, () => Array.ConvertAll(Workloads.Uniform(random, bits), Math.Round));
        return new Kernel(
            $"lstm l {layers}, c {characters}",
            () => Lstm.Objective(main, extra, state, sequence),
            fast ? () => Lstm.FastObjectiveGradient(main, extra, state, sequence) : () => Lstm.ObjectiveGradient(main, extra, state, sequence),
            () => LstmBaseline.Gradient(main, extra, state, sequence));
    }

    private static Kernel BundleOf(int observations)
    {
        double[] cam = [-0.758453, -1.109613, -0.845551, 34.556073, 39.676747, 53.881673, 419.194514, 5.864426, -8.51887, 0.087812, 0.002739];
        double[] x = [7.203245, 0.001144, 3.023326];
        double[] feature = [271.760969, 834.209256];
        double w = 0.417022;
        var jacobian = new double[30 * observations];
        double sum = 0;
        return new Kernel(
            $"ba, {observations} observations",
            () =>
            {
                for (int i = 0; i < observations; i++)
                {
                    sum += BundleAdjustment.ReprojectionError(cam, x, w, feature).X;
                }
            },
            () =>
            {
                for (int i = 0; i < observations; i++)
                {
                    BundleAdjustment.ReprojectionErrorJacobian(cam, x, w, feature, jacobian.AsSpan(30 * i, 30));
                }
            },
            () =>
            {
                for (int i = 0; i < observations; i++)
                {
                    BundleAdjustmentBaseline.Jacobian(cam, x, w, feature, jacobian.AsSpan(30 * i, 30));
                }
            });
    }

    private static Kernel KMeansOf(int k, int n, int d, bool fast = false)
    {
        var random = new Random(1);
        double[][] points = Workloads.Rows(n, () => Workloads.Uniform(random, d));
        double[][] centroids = Array.ConvertAll(points[^k..], row => (double[])row.Clone());
        return new Kernel(
            $"kmeans k {k}, n {n}, d {d}",
            () => KMeans.Cost(points, centroids),
            () => KMeans.NewtonDirection(points, centroids, fast),
            () => KMeansBaseline.NewtonDirection(points, centroids));
    }
}
