using System.Numerics.Tensors;

namespace Corpus;

/// <summary>TensorPrimitives over spans and arrays.</summary>
public static partial class Tensors
{
    [Differentiable, At("Arr(1, 5), Arr(2, 5)")]
    public static double DotNormDistance(double[] x, double[] y)
        => TensorPrimitives.Dot<double>(x, y) + TensorPrimitives.Norm<double>(x) * TensorPrimitives.Distance<double>(x, y);

    [Differentiable, At("Arr(3, 5)")]
    public static double SumsOfAll(double[] x) => TensorPrimitives.Sum<double>(x) * TensorPrimitives.SumOfSquares<double>(x);

    [Differentiable, At("Arr(4, 5), Arr(5, 5, 0.5, 2)")]
    public static double ElementwiseArithmetic(double[] x, double[] y)
    {
        var r = new double[x.Length];
        TensorPrimitives.Add<double>(x, y, r);
        TensorPrimitives.Multiply<double>(r, x, r);
        TensorPrimitives.Subtract<double>(r, y, r);
        TensorPrimitives.Divide<double>(r, y, r);
        TensorPrimitives.Negate<double>(r, r);
        return TensorPrimitives.SumOfSquares<double>(r);
    }

    [Differentiable, At("Arr(6, 5, 0.3, 2)")]
    public static double ElementwiseFunctions(double[] x)
    {
        Span<double> a = stackalloc double[x.Length], b = stackalloc double[x.Length];
        TensorPrimitives.Exp<double>(x, a);
        TensorPrimitives.Log<double>(x, b);
        TensorPrimitives.Tanh<double>(b, b);
        TensorPrimitives.Sqrt<double>(a, a);
        TensorPrimitives.Sigmoid<double>(a, a);
        return TensorPrimitives.Dot<double>(a, b);
    }

    [Differentiable, At("Arr(7, 5), 0.7")]
    public static double WithScalars(double[] x, double k)
    {
        var r = new double[x.Length];
        TensorPrimitives.Multiply(x, k, r);
        TensorPrimitives.Add<double>(r, k * k, r);
        TensorPrimitives.MultiplyAdd<double>(r, x, x, r);
        return TensorPrimitives.Sum<double>(r);
    }

    [Differentiable, At("Arr(8, 5)")]
    public static double MaxMinAbs(double[] x)
    {
        var r = new double[x.Length];
        TensorPrimitives.Abs<double>(x, r);
        return TensorPrimitives.Max<double>(x) * 2 - TensorPrimitives.Min<double>(x) + TensorPrimitives.Sum<double>(r);
    }

    [Differentiable, At("Arr(9, 4)")]
    public static double SoftMaxEntropy(double[] x)
    {
        var p = new double[x.Length];
        TensorPrimitives.SoftMax<double>(x, p);
        double h = 0;
        foreach (var v in p) h -= v * Math.Log(v);
        return h;
    }

    [Differentiable, At("Jag(10, 3, 4), Arr(11, 4)")]
    public static double[] DenseLayer(double[][] w, double[] x)
    {
        var y = new double[w.Length];
        for (int i = 0; i < w.Length; i++) y[i] = Math.Tanh(TensorPrimitives.Dot<double>(w[i], x));
        return y;
    }

    [Differentiable, At("Arr(12, 4), Arr(13, 4)")]
    public static double Cosine(double[] x, double[] y) => TensorPrimitives.CosineSimilarity<double>(x, y);

    [Differentiable, At("FArr(14, 4), FArr(15, 4)")]
    public static float SinglePrecision(float[] x, float[] y) => TensorPrimitives.Dot(x, y) + TensorPrimitives.Norm(x);

    [Differentiable, At("Arr(16, 9), Arr(17, 9)")]
    public static double OnSlices(double[] x, double[] y)
    {
        double s = 0;
        for (int i = 0; i < 3; i++) s += TensorPrimitives.Dot<double>(x.AsSpan(3 * i, 3), y.AsSpan(3 * i, 3)) * (i + 1);
        return s;
    }

    [Differentiable, At("Arr(18, 4)")]
    public static double MoreFunctions(double[] x)
    {
        var r = new double[x.Length];
        TensorPrimitives.Sin<double>(x, r);
        TensorPrimitives.Cos<double>(r, r);
        TensorPrimitives.Sinh<double>(r, r);
        TensorPrimitives.Atan<double>(r, r);
        TensorPrimitives.Pow<double>(r, 2.0, r);
        return TensorPrimitives.Product<double>(r) * TensorPrimitives.Average<double>(x);
    }

    [Differentiable, At("Arr(5, 3), Arr(6, 3)")]
    public static double WholeProducts(double[] x, double[] y)
    {
        var sine = new double[3];
        var cosine = new double[3];
        System.Numerics.Tensors.TensorPrimitives.SinCos<double>(x, sine, cosine);
        return System.Numerics.Tensors.TensorPrimitives.ProductOfSums<double>(x, y)
            + System.Numerics.Tensors.TensorPrimitives.ProductOfDifferences<double>(x, y) * sine[1] + cosine[2] * cosine[0];
    }

    [Differentiable(Math = MathMode.Fast), At("Arr(6, 9, 1, 3), 0.4")]
    public static double LogarithmsOfABase(double[] x, double k)
    {
        double s = 0;
        for (int i = 0; i < x.Length; i++) s += k * Math.Log(x[i], 3);
        return s;
    }

    // an element that every iteration reads, of the array that it goes through
    [Differentiable(Math = MathMode.Fast), At("Arr(1, 11), 5")]
    public static double FixedElement(double[] x, int k)
    {
        double s = 0;
        for (int i = 0; i < x.Length; i++) s += x[i] * x[0];
        foreach (double v in x) s += Math.Exp(v * x[k] * 0.1) + x[5];
        return s + x.Select(v => v * x[2]).Sum();
    }

    [Differentiable(Math = MathMode.Fast), At("Arr(1, 11)")]
    public static double[] FixedElementOfAResult(double[] x)
    {
        var z = new double[x.Length];
        for (int i = 0; i < x.Length; i++) z[i] = x[i] * x[0];
        return z;
    }

    // parts of arrays that are overwritten by functions of themselves, each time under a new name
    [Differentiable, At("Arr(1, 9, 1, 2), 0.7")]
    public static double PartsInPlace(double[] x, double k)
    {
        var y = (double[])x.Clone();
        for (int j = 0; j < 3; j++) TensorPrimitives.Multiply<double>(y.AsSpan(3 * j, 3), k, y.AsSpan(3 * j, 3));
        TensorPrimitives.Exp<double>(y.AsSpan()[1..7], y.AsSpan()[1..7]);
        TensorPrimitives.Exp<double>(y.AsSpan()[..6], y.AsSpan()[..6]);
        double[][] rows = [(double[])x.Clone(), (double[])x.Clone()];
        TensorPrimitives.Multiply<double>(rows[0], rows[0], rows[0]);
        TensorPrimitives.Divide<double>(1, rows[1], rows[1]);
        TensorPrimitives.Sin<double>(rows[1].AsSpan(2), rows[1].AsSpan(2));
        TensorPrimitives.Pow<double>(rows[0].AsSpan(1, 3), rows[1].AsSpan(1, 3), rows[0].AsSpan(1, 3));
        return y.Sum(v => Math.Log(v)) + (rows[0].Sum() * k) + rows[1].Sum();
    }

    // parts and rows that a loop fills and somebody reads after it
    [Differentiable, At("Arr(1, 9), 0.7")]
    public static double PartsOfALoop(double[] x, double k)
    {
        var y = (double[])x.Clone();
        double[][] rows = [new double[9], new double[9]];
        double s = 0;
        for (int j = 0; j < 3; j++) TensorPrimitives.Multiply<double>(x.AsSpan(3 * j, 3), k, y.AsSpan(3 * j, 3));
        for (int j = 0; j < 2; j++) TensorPrimitives.Multiply<double>(x, k, rows[j]);
        for (int j = 0; j < 3; j++)
        {
            TensorPrimitives.MultiplyAdd<double>(x.AsSpan(2, 3), k, y.AsSpan(1, 3), y.AsSpan(1, 3));
            s += y[1] * y[2];
        }
        return (y.Sum() * s) + (rows[0].Sum() * rows[1].Sum());
    }
}
