namespace Corpus;

/// <summary>Rules in the general form: pullbacks with accumulators, pushforwards with tangents, each also where it is the only one.</summary>
public static partial class GeneralRules
{
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp | Derivatives.Jvp), At("Arr(3, 4), 0.6")]
    public static double PulledBack(double[] w, double b)
    {
        double s = Ruled.Neuron(w, b) * b;
        return s * s + w[0];
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("Arr(3, 4), 0.6")]
    public static double PushedForward(double[] w, double b) => Math.Exp(0.1 * Ruled.Pushed(w, b)) * w[1];

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("0.4, 0.9")]
    public static double BothWays(double x, double y) => Ruled.Both(x * y, y) * x;

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("Arr(3, 5), 0.7")]
    public static double ArrayResult(double[] x, double a)
    {
        double[] y = Ruled.Squashed(x, a);
        double s = 0;
        for (int i = 0; i < y.Length; i++) s += y[i] * y[i] * x[i];
        return s;
    }

    [Differentiable, At("Arr(3, 5), 0.7")]
    public static double[] ArrayOfArrays(double[] x, double a) => Ruled.Squashed(Ruled.Squashed(x, a), a * a);

    [Differentiable, At("Arr(4, 6)")]
    public static double[] OnlyPushed(double[] x) => Ruled.Running(x);

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("Arr(3, 5), 1.2")]
    public static double SpanWritten(double[] x, double a)
    {
        var y = new double[x.Length];
        Ruled.Scale(x, a, y);
        Ruled.Scale(y, a, y);
        double s = 0;
        foreach (double v in y) s += v * v * v;
        return s;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("Arr(3, 5), 0.3, 4")]
    public static double InALoop(double[] x, double a, int steps)
    {
        double s = a;
        for (int i = 0; i < steps; i++)
        {
            double[] y = Ruled.Squashed(x, s);
            s = Math.Sin(s + y[i % y.Length]) + Ruled.Neuron(y, s);
        }
        return s;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("Mat(2, 2, 7)")]
    public static double OfAMatrix(double[,] m) => Ruled.Determinant(m) * m[0, 1];

    [Differentiable, At("0.8")]
    public static double OfTheResult(double x) => Ruled.Exponential(x * x);

    // the rule calls itself, so it is called and not looked into
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("Arr(3, 4), 0.4")]
    public static double CalledAsItIs(double[] x, double a) => Ruled.Cubes(x, a) * x[2] * a;

    [Differentiable(nameof(x), Emit = Derivatives.Gradient | Derivatives.Hessian), At("Arr(3, 5), 0.7")]
    public static double OneOfTwo(double[] x, double a) => Ruled.Neuron(Ruled.Squashed(x, a), a);
}

/// <summary>Stands for a library; its own bodies are never looked into.</summary>
public static class Ruled
{
    public static double Neuron(double[] w, double b)
    {
        double s = b;
        for (int i = 0; i < w.Length; i++) s += w[i] * w[i] * (i + 1);
        return Math.Tanh(s);
    }

    [DerivativeOf(typeof(Ruled), nameof(Neuron))]
    public static void NeuronPullback(double[] w, double b, double result, double cotangent, Span<double> dW, ref double dB)
    {
        double slope = cotangent * (1 - result * result);
        for (int i = 0; i < w.Length; i++) dW[i] += slope * 2 * w[i] * (i + 1);
        dB += slope;
    }

    public static double Pushed(double[] w, double b) => b * w[0] * w[0] + Math.Sin(w[w.Length - 1]);

    [DerivativeOf(typeof(Ruled), nameof(Pushed))]
    public static (double Value, double Tangent) PushedForward(double[] w, double b, ReadOnlySpan<double> dW, double dB)
    {
        double tangent = dB * w[0] * w[0] + 2 * b * w[0] * dW[0] + Math.Cos(w[w.Length - 1]) * dW[w.Length - 1];
        return (b * w[0] * w[0] + Math.Sin(w[w.Length - 1]), tangent);
    }

    public static double Both(double x, double y) => x * x * y;

    [DerivativeOf(typeof(Ruled), nameof(Both))]
    public static void BothPullback(double x, double y, double c, ref double dX, ref double dY)
    {
        dX += 2 * x * y * c;
        dY += x * x * c;
    }

    [DerivativeOf(typeof(Ruled), nameof(Both))]
    public static double BothPushforward(double x, double y, double dX, double dY) => 2 * x * y * dX + x * x * dY;

    public static double[] Squashed(double[] x, double a)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = Math.Tanh(a * x[i]);
        return y;
    }

    [DerivativeOf(typeof(Ruled), nameof(Squashed))]
    public static void SquashedPullback(double[] x, double a, double[] result, ReadOnlySpan<double> cotangent, Span<double> dX, ref double dA)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double slope = cotangent[i] * (1 - result[i] * result[i]);
            dX[i] += slope * a;
            dA += slope * x[i];
        }
    }

    public static double[] Running(double[] x)
    {
        var y = new double[x.Length];
        double s = 0;
        for (int i = 0; i < x.Length; i++) y[i] = s += x[i] * x[i];
        return y;
    }

    [DerivativeOf(typeof(Ruled), nameof(Running))]
    public static double[] RunningPushforward(double[] x, ReadOnlySpan<double> dX)
    {
        var t = new double[x.Length];
        double s = 0;
        for (int i = 0; i < x.Length; i++) t[i] = s += 2 * x[i] * dX[i];
        return t;
    }

    public static void Scale(ReadOnlySpan<double> x, double a, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++) y[i] = a * x[i];
    }

    [DerivativeOf(typeof(Ruled), nameof(Scale))]
    public static void ScalePullback(ReadOnlySpan<double> x, double a, ReadOnlySpan<double> dY, Span<double> dX, ref double dA)
    {
        for (int i = 0; i < x.Length; i++)
        {
            dX[i] += a * dY[i];
            dA += x[i] * dY[i];
        }
    }

    public static double Determinant(double[,] m) => m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0];

    [DerivativeOf(typeof(Ruled), nameof(Determinant))]
    public static void DeterminantPullback(double[,] m, double c, double[,] dM)
    {
        dM[0, 0] += c * m[1, 1];
        dM[1, 1] += c * m[0, 0];
        dM[0, 1] -= c * m[1, 0];
        dM[1, 0] -= c * m[0, 1];
    }

    public static double Cubes(double[] x, double a) => a * x.Sum(v => v * v * v);

    [DerivativeOf(typeof(Ruled), nameof(Cubes))]
    public static void CubesPullback(double[] x, double a, double cotangent, Span<double> dX, ref double dA) => CubesFrom(0, x, a, cotangent, dX, ref dA);

    private static void CubesFrom(int i, double[] x, double a, double cotangent, Span<double> dX, ref double dA)
    {
        if (i == x.Length) return;
        dX[i] += 3 * a * x[i] * x[i] * cotangent;
        dA += x[i] * x[i] * x[i] * cotangent;
        CubesFrom(i + 1, x, a, cotangent, dX, ref dA);
    }

    public static double Exponential(double x) => Math.Exp(x);

    [DerivativeOf(typeof(Ruled), nameof(Exponential))]
    public static double ExponentialDerivative(double x, double result) => result;
}
