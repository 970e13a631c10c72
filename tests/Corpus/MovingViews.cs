namespace Corpus;

/// <summary>Spans whose ends are looked up, computed or chosen as they go along</summary>
public static partial class MovingViews
{
    private sealed class Layer(int outputs)
    {
        public int Outputs { get; } = outputs;
    }

    private static double[] Forward(ReadOnlySpan<double> weights, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = Math.Tanh(weights[i] * x[i]);
        return y;
    }

    [Differentiable, At("new[] { 0.3, 0.5, 1.2, -0.7 }, new[] { 0.4, 1.1 }")]
    public static double LayersOfOneVector(double[] weights, double[] x)
    {
        Layer[] layers = [new Layer(2), new Layer(2)];
        int offset = 0;
        foreach (Layer layer in layers)
        {
            x = Forward(weights.AsSpan(offset, layer.Outputs), x);
            offset += layer.Outputs;
        }

        return x[0] * x[1];
    }

    private sealed class Square(int n)
    {
        private readonly double[] entries = new double[n * n];

        public int Size { get; } = n;

        public ref double this[int i, int j] => ref entries[i * Size + j];

        public void SwapRows(int i, int j)
        {
            if (i == j) return;
            Span<double> a = Row(i), b = Row(j);
            for (int k = 0; k < Size; k++) (a[k], b[k]) = (b[k], a[k]);
        }

        private Span<double> Row(int i) => entries.AsSpan(i * Size, Size);
    }

    [Differentiable, At("new[] { 0.7, 1.5, 1.0, 2.0, 0.3, 0.8, 1.9, 0.2, 1.1 }"), At("new[] { 1.7, 1.5, 1.0, 2.0, 0.3, 3.8, 0.9, 0.2, 1.1 }")]
    public static double DeterminantWithPivots(double[] entries)
    {
        var m = new Square(3);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) m[i, j] = entries[3 * i + j];
        double determinant = 1;
        for (int k = 0; k < 3; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < 3; i++)
                if (Math.Abs(m[i, k]) > Math.Abs(m[pivot, k])) pivot = i;
            m.SwapRows(k, pivot);
            if (pivot != k) determinant = -determinant;
            determinant *= m[k, k];
            for (int i = k + 1; i < 3; i++)
            {
                double factor = m[i, k] / m[k, k];
                for (int j = k; j < 3; j++) m[i, j] -= factor * m[k, j];
            }
        }

        return determinant;
    }

    [Differentiable, At("new[] { 0.3, 0.5, 1.2, -0.7, 0.4 }")]
    public static double HalfOrRest(double[] x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            Span<double> part;
            if (i % 2 == 0) part = x.AsSpan(i);
            else part = x.AsSpan(0, i);
            for (int k = 0; k < part.Length; k++) sum += part[k] * part[0];
        }

        return sum;
    }
}
