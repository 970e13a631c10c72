namespace Corpus;

/// <summary>Arrays of every shape, spans, slices, lists, aliases and updates in place.</summary>
public static partial class Arrays
{
    [Differentiable, At("Arr(1, 5)")]
    public static double InPlaceUpdates(double[] x)
    {
        var a = new double[x.Length];
        for (int i = 0; i < a.Length; i++) a[i] = x[i] * x[i];
        for (int i = 1; i < a.Length; i++) a[i] += a[i - 1] * x[i];
        a[0] *= a[^1];
        a[1]++;
        a[2] /= 1 + a[1] * a[1];
        return a[0] + a[1] * a[2] - a[3];
    }

    [Differentiable, At("Arr(2, 4)")]
    public static double SwapByTemporary(double[] x)
    {
        double[] a = (double[])x.Clone();
        for (int i = 0, j = a.Length - 1; i < j; i++, j--)
        {
            double t = a[i];
            a[i] = a[j];
            a[j] = t * 2;
        }
        return a[0] * a[1] - a[2] * a[3] * a[3];
    }

    [Differentiable, At("Arr(3, 4)")]
    public static double TwoNamesForOneArray(double[] x)
    {
        double[] a = new double[4], b = a;
        for (int i = 0; i < 4; i++) a[i] = x[i];
        b[1] = a[0] * a[2];
        a[3] += b[1] * b[1];
        return a[1] * b[3];
    }

    [Differentiable, At("Jag(4, 3, 3)")]
    public static double RowsAsAliases(double[][] m)
    {
        double[][] a = m.Select(r => (double[])r.Clone()).ToArray();
        double[] first = a[0], last = a[^1];
        for (int j = 0; j < first.Length; j++) first[j] *= last[j];
        last[0] = first[1];
        a[1] = first;
        return a[1][0] * a[2][0] + a[0][2];
    }

    [Differentiable, At("Arr(5, 3), Arr(6, 3)"), Call(WritesArguments = true)]
    public static double OverwritesItsParameter(double[] x, double[] y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = x[i] * y[i];
            y[i] += x[i] * x[i];
        }
        return x[0] * y[1] + y[2] * x[2];
    }

    [Differentiable, At("Arr(7, 3), 0.4")]
    public static double ReassignedParameter(double[] x, double k)
    {
        double s = x[0];
        x = [k, x[1] * k, 3];
        k = x[1];
        return s * x[0] + x[1] * k + x[2];
    }

    [Differentiable, At("Mat(8, 3, 3)")]
    public static double RectangularSweep(double[,] a)
    {
        var b = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i <= a.GetUpperBound(0); i++)
            for (int j = 0; j < a.GetLength(1); j++)
                b[j, i] = a[i, j] * (i + 1) + (i > 0 ? b[j, i - 1] : 0);
        double tr = 0;
        for (int i = 0; i < 3; i++) tr += b[i, i] * b[i, 2 - i];
        return tr + a.Length;
    }

    [Differentiable, At("Jag(9, 3, 2), 0.7")]
    public static double JaggedBuild(double[][] x, double k)
    {
        var t = new double[x.Length][];
        for (int i = 0; i < x.Length; i++)
        {
            t[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) t[i][j] = x[i][j % 2] * k + (j > 0 ? t[i][j - 1] : 0);
        }
        double s = 0;
        foreach (var row in t)
            foreach (var v in row)
                s += v * v;
        return s;
    }

    [Differentiable, At("Arr(10, 6)")]
    public static double SpanSlices(double[] x)
    {
        Span<double> work = stackalloc double[x.Length];
        x.AsSpan().CopyTo(work);
        var left = work[..3];
        var right = work.Slice(3);
        for (int i = 0; i < left.Length; i++) left[i] *= right[i];
        right[0] = left[2];
        right.Reverse();
        return work[0] + work[1] * work[5] + work[^2] * left[1];
    }

    [Differentiable, At("Arr(11, 6)")]
    public static double SpanParameters(ReadOnlySpan<double> x)
    {
        double s = 0;
        var tail = x[1..];
        for (int i = 0; i < tail.Length; i++) s += tail[i] * x[i];
        return s + SumOf(x[^2..]);
    }

    private static double SumOf(ReadOnlySpan<double> v)
    {
        double s = 0;
        foreach (var d in v) s += Math.Sin(d);
        return s;
    }

    [Differentiable, At("Arr(12, 5), Arr(13, 5)"), Call(Outputs = "y")]
    public static void WrittenSpan(ReadOnlySpan<double> x, Span<double> y)
    {
        y[0] = x[0];
        for (int i = 1; i < x.Length; i++) y[i] = y[i - 1] + x[i] * x[i];
    }

    [Differentiable, At("Arr(14, 5)")]
    public static double MemoryParameter(Memory<double> x)
    {
        var s = x.Span;
        double sum = 0;
        for (int i = 0; i < s.Length; i++) sum += s[i] * s[s.Length - 1 - i];
        return sum;
    }

    [Differentiable, At("List(15, 5)")]
    public static double ListParameter(List<double> x)
    {
        double s = 0;
        for (int i = 0; i < x.Count; i++) s += x[i] * i;
        foreach (var v in x) s += v * v;
        return s;
    }

    [Differentiable, At("Arr(16, 5), 0.4")]
    public static double ListLocal(double[] x, double k)
    {
        var list = new List<double>();
        foreach (var v in x)
            if (v > -0.5) list.Add(v * k);
        list.Add(k * k);
        list[0] += 1;
        double p = 1;
        for (int i = 0; i < list.Count; i++) p *= 1 + 0.3 * list[i];
        return p + list[^1];
    }

    [Differentiable, At("0.4, 1.3")]
    public static double InitialisersAndCollectionExpressions(double x, double y)
    {
        double[] a = { x, y, x * y };
        double[] b = [x, .. a, 2.0];
        var c = new[] { a[0], b[3] };
        double[,] m = { { x, 1 }, { y, x } };
        double[][] j = [[x, y], [y]];
        ReadOnlySpan<double> s = [x, y * y];
        List<double> l = [y, .. c];
        return a[2] * b[2] + c[1] + m[1, 0] * m[1, 1] + j[1][0] * j[0][0] + s[1] + l[2] * b.Length;
    }

    [Differentiable, At("Arr(17, 6)")]
    public static double RangesAndIndices(double[] x)
    {
        double[] middle = x[1..^1];
        double[] tail = x[^2..];
        Index last = ^1;
        Range firstTwo = ..2;
        return middle[0] * tail[0] + x[last] * x[firstTwo][1] + middle[^1] * tail.Length;
    }

    [Differentiable, At("Arr(18, 5)")]
    public static double ArrayStatics(double[] x)
    {
        var a = new double[5];
        Array.Copy(x, a, 5);
        var b = (double[])a.Clone();
        Array.Fill(a, x[0] * x[1]);
        Array.Reverse(b);
        Array.Copy(b, 1, a, 2, 2);
        Array.Clear(b, 0, 2);
        Array.Resize(ref b, 6);
        b[5] = a[2];
        double s = 0;
        for (int i = 0; i < 5; i++) s += a[i] * b[i] * (i + 1);
        return s + b[5];
    }

    [Differentiable, At("Arr(19, 5)")]
    public static double BlockCopies(double[] x)
    {
        var a = new double[x.Length + 2];
        x.CopyTo(a, 1);
        a.AsSpan(0, 2).Fill(x[3]);
        a.AsSpan(5).Clear();
        new Span<double>(a, 2, 2)[0] *= 3;
        double s = 1;
        foreach (var v in a) s += v * s * 0.5;
        return s;
    }

    [Differentiable, At("[0.15, 0.62, 0.34, 0.97, 0.58], Arr(20, 4)")]
    public static double Histogram(double[] samples, double[] weights)
    {
        var bins = new double[weights.Length];
        var counts = new int[weights.Length];
        foreach (var s in samples)
        {
            int b = (int)(s * bins.Length);
            bins[b] += s * s;
            counts[b]++;
        }
        double t = 0;
        for (int b = 0; b < bins.Length; b++) t += counts[b] == 0 ? 0 : weights[b] * bins[b] / counts[b];
        return t * t;
    }

    [Differentiable, At("Arr(21, 5), [4, 0, 3, 3, 1]")]
    public static double GatherAndScatter(double[] x, int[] index)
    {
        var y = new double[x.Length];
        for (int i = 0; i < index.Length; i++) y[index[i]] += x[i] * (i + 1);
        double s = 0;
        for (int i = 0; i < index.Length; i++) s += y[i] * y[index[i]];
        return s;
    }

    [Differentiable, At("Arr(22, 5)")]
    public static double PrefixSumsAndProducts(double[] x)
    {
        double running = 0, product = 1;
        var sums = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            sums[i] = running += x[i];
            product *= running + 2;
        }
        return product * sums[^1] + sums.Max();
    }

    [Differentiable, At("Arr(23, 5), 2.0"), At("Arr(24, 6), -1.5")]
    public static double RefLocals(double[] x, double k)
    {
        var a = x.ToArray();
        ref double first = ref a[0];
        first *= k;
        ref double max = ref a[0];
        for (int i = 1; i < a.Length; i++)
            if (a[i] > max) max = ref a[i];
        max = max * max;
        return a.Sum() + first;
    }

    [Differentiable, At("FArr(24, 4)")]
    public static float FloatArrays(float[] x)
    {
        var y = new float[x.Length];
        float s = 0;
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = x[i] * x[x.Length - 1 - i];
            s += MathF.Sin(y[i]);
        }
        return s;
    }

    [Differentiable, At("Cube(25, 2, 3, 2)")]
    public static double ThreeDimensional(double[,,] t)
    {
        double s = 0;
        for (int i = 0; i < t.GetLength(0); i++)
            for (int j = 0; j < t.GetLength(1); j++)
                for (int k = 0; k < t.GetLength(2); k++)
                    s += t[i, j, k] * t[t.GetLength(0) - 1 - i, j, k] * (k + 1);
        return s;
    }

    [Differentiable, At("Arr(26, 4)")]
    public static double DoubleBuffering(double[] x)
    {
        double[] front = x.ToArray(), back = new double[x.Length];
        for (int step = 0; step < 3; step++)
        {
            for (int i = 0; i < front.Length; i++)
                back[i] = front[i] * front[(i + 1) % front.Length] + 0.1 * step;
            (front, back) = (back, front);
        }
        return front[0] - back[1];
    }

    [Differentiable, At("Arr(27, 4), 1"), At("Arr(28, 4), 2")]
    public static double ArrayChosenByCondition(double[] x, int which)
    {
        double[] a = [x[0], x[1]], b = [x[2], x[3]];
        double[] chosen = which == 1 ? a : b;
        chosen[0] *= chosen[1];
        return a[0] * 2 + b[0] * 3;
    }

    [Differentiable, At("Arr(29, 8)")]
    public static double FlatMatrixRows(double[] a)
    {
        const int n = 2, m = 4;
        double s = 0;
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = a.AsSpan(i * m, m);
            double r = 0;
            for (int j = 0; j < row.Length; j++) r += row[j] * (j + 1);
            s += r * r;
        }
        return s;
    }

    [Differentiable, At("Arr(30, 4)")]
    public static double RingBuffer(double[] x)
    {
        var ring = new double[2];
        int head = 0;
        double s = 0;
        for (int t = 0; t < 7; t++)
        {
            s += ring[head] * ring[1 - head];
            ring[head] = x[t & 3] + 0.5 * ring[head];
            head = (head + 1) % ring.Length;
        }
        return s;
    }

    [Differentiable, At("Arr(31, 5)")]
    public static double StaleElementReads(double[] x)
    {
        var a = x.ToArray();
        double before = a[2];
        a[2] = a[1] * a[3];
        double after = a[2];
        a[1] = before * after;
        a[3] = a[1];
        return a[1] * a[2] * a[3] + before;
    }

    [Differentiable, At("0.7, 6"), At("1.2, 2")]
    public static double DynamicProgrammingTable(double p, int n)
    {
        var table = new double[n + 1, n + 1];
        table[0, 0] = 1;
        for (int i = 1; i <= n; i++)
            for (int j = 0; j <= i; j++)
                table[i, j] = (j > 0 ? p * table[i - 1, j - 1] : 0) + (j < i ? (1 - p) * table[i - 1, j] : 0);
        return table[n, n / 2];
    }

    [Differentiable, At("Arr(32, 4)")]
    public static double[] ReturnsItsArgumentScaled(double[] x)
    {
        double norm = 0;
        foreach (var v in x) norm += v * v;
        norm = Math.Sqrt(norm);
        for (int i = 0; i < x.Length; i++) norm += 0 * i;
        return Array.ConvertAll(x, v => v / norm);
    }

    [Differentiable, At("Mat(33, 2, 3)")]
    public static double[,] Transpose(double[,] a)
    {
        var t = new double[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < a.GetLength(1); j++) t[j, i] = a[i, j] * a[i, j];
        return t;
    }

    // ref locals that move: quickselect with its swaps by reference
    [Differentiable, At("Arr(3, 7), 3"), At("Arr(9, 8), 2"), At("Arr(4, 2), 1")]
    public static double OrderStatistic(double[] x, int rank)
    {
        double[] a = (double[])x.Clone();
        int low = 0, high = a.Length - 1;
        while (high > low)
        {
            ref double left = ref a[low];
            ref double right = ref a[high];
            if (left > right) Swap(ref left, ref right);
            double pivot = a[(low + high) / 2];
            int i = low, j = high;
            while (i <= j)
            {
                while (a[i] < pivot) i++;
                while (a[j] > pivot) j--;
                if (i > j) break;
                left = ref a[i];
                right = ref a[j];
                double kept = left;
                left = right;
                right = kept;
                i++;
                j--;
            }
            if (rank <= j) high = j;
            else if (rank >= i) low = i;
            else break;
        }
        return a[rank] * a[rank];
    }

    private static void Swap(ref double a, ref double b) => (a, b) = (b, a);

    [Differentiable, At("[0.4, 1.2, -0.7], 1"), At("[0.3, 0.8, 2.0, 1.1], 2")]
    public static double BytesCopied(double[] x, int shift)
    {
        var padded = new double[x.Length + shift];
        Buffer.BlockCopy(x, 0, padded, shift * 8, x.Length * 8);
        Buffer.BlockCopy(padded, 0, padded, sizeof(double), (x.Length - 1) * sizeof(double));
        double sum = 0;
        for (int i = 0; i < padded.Length; i++) sum += (i + 1) * padded[i] * padded[i];
        return sum;
    }

    [Differentiable, At("[0.4f, 1.2f, -0.7f], [0.5f, 0.1f]")]
    public static float[] BytesJoined(float[] first, float[] second)
    {
        var joined = new float[first.Length + second.Length];
        Buffer.BlockCopy(first, 0, joined, 0, 4 * first.Length);
        Buffer.BlockCopy(second, 0, joined, first.Length * 4, second.Length * 4);
        for (int i = 1; i < joined.Length; i++) joined[i] *= joined[i - 1];
        return joined;
    }

    [Differentiable, At("Arr(5, 4)")]
    public static double SpansThatOverlap(double[] x)
    {
        double[] a = x.ToArray();
        a.AsSpan(0, 3).CopyTo(a.AsSpan(1));
        double s = 0;
        for (int i = 0; i < a.Length; i++) s += a[i] * a[i] * (i + 1);
        var b = a;
        Span<double> low = b.AsSpan(0, 2), high = a.AsSpan(1, 3);
        high[..2].CopyTo(low);
        low.CopyTo(high);
        for (int i = 0; i < a.Length; i++) s += a[i] * x[i] * (i + 2);
        return s;
    }

    // the caller's rows stand afterwards where the primal leaves them, and the rows of its gradient where they stood
    [Differentiable, At("new[] { Arr(2, 2), Arr(5, 1), Arr(6, 3) }")]
    public static double RowsThatChangePlaces(double[][] a)
    {
        double s = 0;
        var row = a[0];
        (a[0], a[2]) = (a[2], a[0]);
        foreach (var r in a)
            for (int i = r.Length; i-- > 0;) s += r[i] * row[0] * (i + 1);
        return s;
    }

    [Differentiable(nameof(x)), At("Arr(5, 3), new double[2], new double[3]"), Call(Outputs = "y")]
    public static void WithScratch(ReadOnlySpan<double> x, Span<double> y, double[] scratch)
    {
        for (int i = 0; i < 3; i++) scratch[i] = x[i] * x[i];
        y[0] = scratch[0] + scratch[1];
        y[1] = scratch[2] * x[0];
    }

    // what is written to one of two arrays is written to that one
    [Differentiable, At("Arr(2, 2), Arr(3, 2)"), At("Arr(3, 2), Arr(2, 2)")]
    public static double OneOfTwoArrays(double[] x, double[] y)
    {
        double[] a = x.ToArray(), b = y.ToArray();
        Fill(x[0] > y[0] ? a : b, x[0] * y[1]);
        ref double z = ref (x[0] > y[0] ? ref a[1] : ref b[1]);
        z *= y[0];
        return a[0] * a[1] + b[0] * b[1];
    }

    private static void Fill(double[] into, double value)
    {
        for (int i = 0; i < into.Length; i++) into[i] = into[i] * value + 1;
    }

    [Differentiable(nameof(low), nameof(high)), At("2u, 5u, 0.5, 0.3, 1.2")]
    public static double[] UnsignedCounts(uint cycles, uint points, double duty, double low, double high)
    {
        uint above = (uint)(points * duty), below = points - above;
        double[] wave = new double[cycles * points];
        uint at = 0;
        for (int i = 0; i < cycles; i++)
        {
            for (int j = 0; j < below; j++) wave[at++] = low * j;
            for (int k = 0; k < above; k++) wave[at++] = high * high;
        }
        return wave;
    }

    [Differentiable(nameof(v)), At("Arr(3, 5), 4u"), At("Arr(3, 5), 2u")]
    public static double WideIndices(double[] v, uint n)
    {
        double s = 0;
        ulong at = 0;
        double[] squares = new double[n];
        for (uint i = 0; i < n; i++)
        {
            squares[i] = v[i] * v[at++] + v[n - 1 - i];
            s += squares[i] * i;
        }
        for (byte b = 1; b < 3; b++) s *= v[b];
        for (long k = v.LongLength - 1; k >= 0; k -= 2) s += v[k] * squares[k % n];
        return s;
    }

    // ---- storage for the time of a call

    [Differentiable, At("Arr(1, 5)")]
    public static double StackOrHeap(double[] x)
    {
        int n = x.Length;
        Span<double> work = n <= 64 ? stackalloc double[n] : new double[n];
        x.AsSpan().CopyTo(work);
        for (int i = 1; i < n; i++) work[i] += 0.5 * work[i - 1] * work[i];
        double s = 0;
        foreach (double v in work) s += v * v;
        return s;
    }

    [Differentiable, At("Arr(1, 5)"), At("Arr(2, 9)")]
    public static double StackOrHeapOfFixedSize(double[] x)
    {
        Span<double> work = x.Length <= 6 ? stackalloc double[6] : new double[x.Length];
        work = work[..x.Length];
        for (int i = 0; i < work.Length; i++) work[i] = Math.Sin(x[i]) * (i + 1);
        double s = 1;
        for (int i = 1; i < work.Length; i++) s = 0.5 * s + work[i] * work[i - 1];
        return s;
    }

    [Differentiable, At("Arr(1, 5)"), At("Arr(2, 2)")]
    public static double StackIfShort(double[] x)
    {
        Span<double> work = stackalloc double[1];
        if (x.Length <= 4) work = stackalloc double[4];
        else work = new double[x.Length];
        for (int i = 0; i < x.Length; i++) work[i] = x[i] * x[x.Length - 1 - i] + i;
        return work[0] * work[1] + work[x.Length - 1];
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double RentedFromAPool(double[] x)
    {
        double[] work = System.Buffers.ArrayPool<double>.Shared.Rent(x.Length);
        try
        {
            for (int i = 0; i < x.Length; i++) work[i] = Math.Exp(x[i]) * x[(i + 1) % x.Length];
            double s = 0;
            foreach (double v in work.AsSpan(0, x.Length)) s += v * v;
            return s;
        }
        finally
        {
            System.Buffers.ArrayPool<double>.Shared.Return(work);
        }
    }

    [Differentiable, At("Arr(1, 2)"), At("Arr(2, 5)")]
    public static double RentedIfLong(double[] x)
    {
        double[]? rented = null;
        Span<double> work = x.Length <= 2 ? stackalloc double[x.Length] : (rented = System.Buffers.ArrayPool<double>.Shared.Rent(x.Length));
        work = work[..x.Length];
        try
        {
            for (int i = 0; i < x.Length; i++) work[i] = Math.Sin(x[i]) * x[(i + 1) % x.Length];
            double s = 0;
            foreach (double v in work) s += v * v;
            return s;
        }
        finally
        {
            if (rented is not null) System.Buffers.ArrayPool<double>.Shared.Return(rented, clearArray: true);
        }
    }

    [Differentiable, At("Arr(1, 6)")]
    public static double Segments(double[] x)
    {
        var middle = new ArraySegment<double>(x, 1, 4);
        double s = 0;
        for (int i = 0; i < middle.Count; i++) s += middle[i] * middle[middle.Count - 1 - i] * i;
        foreach (double v in middle.Slice(1, 2)) s += Math.Sin(v);
        return s * middle.Array![0] + middle.AsSpan(2)[1];
    }

    private static double WeightOf(ArraySegment<double> part)
    {
        double s = 0;
        for (int i = 0; i < part.Count; i++) s += part[i] * part[i];
        part[0] = s;
        return s / part.Count;
    }

    [Differentiable, At("Arr(1, 6)")]
    public static double SegmentsAsArguments(double[] x)
    {
        double[] copy = (double[])x.Clone();
        double s = WeightOf(new ArraySegment<double>(copy, 0, 3)) * WeightOf(new ArraySegment<double>(copy, 2, 4));
        return s + copy[0] * copy[2] + WeightOf(copy);
    }

    [Differentiable, At("Arr(1, 6)")]
    public static double CopiesOfMatrices(double[] x)
    {
        var a = new double[2, 3];
        Buffer.BlockCopy(x, 0, a, 0, 6 * sizeof(double));
        var b = new double[2, 3];
        Array.Copy(a, b, a.Length);
        b[1, 1] *= a[0, 2];
        double s = b.Cast<double>().Max() + a.Cast<double>().Select(v => v * v).Sum();
        var back = new double[6];
        Buffer.BlockCopy(b, sizeof(double), back, 0, 5 * sizeof(double));
        return s + back[0] * back[3] + back[5];
    }

    // ---- spans that a loop moves along their storage

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp | Derivatives.Hessian | Derivatives.Hvp), At("Arr(1, 6)")]
    public static double HalvedAgainAndAgain(double[] x)
    {
        ReadOnlySpan<double> rest = x;
        double r = 1;
        while (rest.Length > 1)
        {
            int half = rest.Length / 2;
            r += rest[half] * rest[0] * r;
            rest = rest[half..];
        }
        return r * rest[0];
    }

    private static double PairProducts(ReadOnlySpan<double> s)
    {
        double sum = 0;
        while (s.Length >= 2)
        {
            sum += s[0] * s[1];
            s = s[2..];
        }
        foreach (double v in s) sum += v;
        return sum;
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double MovedInACallee(double[] x) => PairProducts(x) * PairProducts(x.AsSpan(1, 3)) + PairProducts([]);

    [Differentiable, At("Arr(1, 5)")]
    public static double FromBothEnds(ReadOnlySpan<double> x)
    {
        double r = 1;
        for (int i = 0; x.Length > 0; i++)
        {
            r = r * x[0] + x[^1] * i;
            x = x.Length > 1 ? x[1..^1] : x[..0];
        }
        return r;
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double WrittenWhileItMoves(double[] x)
    {
        double[] y = x.ToArray(), z = new double[x.Length];
        Span<double> w = y.AsSpan(), o = z;
        while (w.Length > 1)
        {
            w[1] += 0.5 * w[0] * w[^1];
            o[0] = w[1] * w[0];
            if (o.Length > 2) o[1] += w[0];
            w = w[1..];
            o = o.Slice(1);
        }
        return y.Sum() + w[0] * y[2] + z[1] * z[2];
    }

    [Differentiable, At("Arr(1, 7)")]
    public static double PartsOfTheRest(double[] x)
    {
        double s = 0;
        ReadOnlySpan<double> rest = x;
        for (int k = 1; !rest.IsEmpty; k++)
        {
            int n = Math.Min(k, rest.Length);
            ReadOnlySpan<double> head = rest.Slice(0, n), tail = rest.Slice(n);
            double m = 0;
            for (int i = 0; i < head.Length; i++) m += head[i] * head[head.Length - 1 - i];
            s += m * (tail.Length > 0 ? tail[0] : 1);
            rest = rest.Slice(n);
        }
        return s;
    }

    [Differentiable, At("Arr(1, 6), 0.35")]
    public static double NarrowedBySearching(double[] x, double t)
    {
        ReadOnlySpan<double> part = x.AsSpan(0, 5);
        double r = 0;
        for (int k = 0; k < 3; k++)
        {
            part = x;
            while (part.Length > 1)
            {
                int mid = part.Length / 2;
                if (part[mid] * (k + 1) > t) part = part[..mid];
                else part = part[mid..];
                r += part[0] * t;
            }
        }
        return r;
    }

    [Differentiable, At("Arr(1, 6)")]
    public static double ViewsAtAPosition(double[] x)
    {
        int position = 0;
        double s = 0;
        for (int n = 1; n <= 3; n++)
        {
            var row = x.AsSpan(position, n);
            position += n;
            double p = 1;
            foreach (double v in row) p *= v;
            s += p * p * n;
        }
        return s;
    }

    [Differentiable(nameof(x)), At("Arr(1, 6), new double[3]"), Call(Outputs = "y")]
    public static void BlocksIntoASpan(ReadOnlySpan<double> x, Span<double> y)
    {
        var rest = y;
        while (x.Length >= 2)
        {
            rest[0] = x[0] * x[1];
            rest = rest[1..];
            x = x[2..];
        }
    }

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0]")]
    public static double MovedWhileItsFirstIsLarge(double[] x)
    {
        ReadOnlySpan<double> s = x;
        double r = 0;
        while (s.Length > 0 && s[0] > -1)
        {
            var former = s;
            r += s[0] * s[^1];
            s = s[1..];
            if (s.Length > 0) r += former[0] * s[0] * former.Length;
        }
        return r + (s.Length > 0 ? s[0] * s[0] : 1);
    }

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0]")]
    public static double MovedInBranches(double[] x)
    {
        ReadOnlySpan<double> s = x;
        double r = 0;
        while (s.Length > 1)
        {
            foreach (double v in s) r += v * s[0] * 0.1;
            if (r > 5) s = s[2..];
            else s = s[1..];
            if (s.Length > 2 && r > 3)
            {
                r -= s[2];
                s = s[..^1];
                r += s[0];
            }
        }
        return r;
    }

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0]")]
    public static double MovedInASwitch(double[] x)
    {
        ReadOnlySpan<double> s = x;
        double r = 1;
        while (!s.IsEmpty)
        {
            switch (s.Length)
            {
                case 5:
                    r += s[4];
                    s = s[..4];
                    break;
                case 4:
                    r *= s[0];
                    s = s[1..];
                    break;
                case 3:
                case 2:
                    double a = s[0], b = s[1];
                    r += a * b;
                    s = s[1..];
                    break;
                default:
                    r *= s[0];
                    s = default;
                    break;
            }
        }
        return r;
    }

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0, 0.3], 2")]
    public static double MovedInARecursion(double[] x, int depth)
    {
        static double Go(ReadOnlySpan<double> s, int d)
        {
            double r = 0;
            while (s.Length > 2)
            {
                r += s[0] * (d > 0 ? Go(s[1..], d - 1) : s[1]);
                s = s[2..];
            }
            return r + s[0];
        }
        return Go(x, depth);
    }

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0, 0.3]")]
    public static double MemoryAndSegmentsThatMove(double[] x)
    {
        Memory<double> m = x;
        double r = 1;
        while (m.Length > 1)
        {
            r += m.Span[0] * r * 0.1;
            m = m[1..];
        }
        var part = new ArraySegment<double>(x);
        while (part.Count > 2)
        {
            r += part[0] * r * 0.1;
            part = part.Slice(2);
        }
        Span<double> written = stackalloc double[x.Length * 2];
        var rest = written;
        foreach (double v in x)
        {
            rest[0] = v;
            rest[1] = v * v;
            rest = rest[2..];
        }
        for (int i = 0; i < written.Length; i++) r += written[i] * written[written.Length - 1 - i] * i;
        return r * m.Span[0] * part[0];
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp | Derivatives.Hessian | Derivatives.Hvp), At("new[] { Arr(2, 2), Arr(5, 2), Arr(6, 2) }")]
    public static double SecondOrderWhileRowsChangePlaces(double[][] a)
    {
        (a[0], a[2]) = (a[2], a[0]);
        double s = 0;
        for (int i = 0; i < a.Length; i++) s += Math.Sin(a[i][0] * a[1][1] * (i + 1)) + a[i][1] * a[i][1] * a[0][1] * i;
        return s;
    }

    // a rented array is as long as the pool likes
    [Differentiable, At("1.3, 0.7")]
    public static double AsLongAsThePoolLikes(double a, double b)
    {
        double[] work = System.Buffers.ArrayPool<double>.Shared.Rent(5);
        Array.Clear(work);
        for (int i = 0; i < work.Length; i++) work[i] = a * (i + 1);
        double s = a * work.Length;
        foreach (double v in work) s += v * b;
        System.Buffers.ArrayPool<double>.Shared.Return(work);
        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double BeyondWhatWasAsked(double a, double b)
    {
        double[] work = System.Buffers.ArrayPool<double>.Shared.Rent(17);
        work.AsSpan().Fill(a);
        work[20] = b;
        return work[20] * work[31] * work[1];
    }

    // a span that is given another's storage
    [Differentiable, At("1.3, 0.7")]
    public static double AnothersStorage(double a, double b)
    {
        Span<double> c = new double[] { a, b }, d = new double[] { b, 2 };
        if (a > 0.5) c = d;
        c[1] *= b;
        c = Powers(b);
        c[0] += d[1];
        return c[0] * c[1] + d[0];
    }

    private static Span<double> Powers(double a)
    {
        Span<double> c = new double[] { a, a * a };
        return c;
    }

    // ranges that somebody else has made
    private static Range Window(int i, int n) => i < n ? i..n : Range.EndAt(0);

    [Differentiable, At("Arr(2, 4), true, 1"), At("Arr(2, 4), false, 2")]
    public static double RangesFromElsewhere(double[] x, bool tail, int i)
    {
        Range range = tail ? 1.. : 0..2;
        var from = Range.StartAt(i);
        double s = 0;
        foreach (double v in x.AsSpan(range)) s += v * v;
        foreach (double v in x[Window(i, x.Length)]) s += v * s;
        foreach (double v in x[from]) s += v * v;
        return s * x[range][0];
    }
}
