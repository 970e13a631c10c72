namespace DiffGen.Tests.Runtime;

public class BuffersTests
{
    [Fact]
    public void ARightBufferPasses()
    {
        double[] w = new double[3];
        Buffers.Check(new double[3], w, "dW");
        Buffers.Check(new double[3], 3, "dW");
        Buffers.Check(new double[3], w.AsSpan(), "dW");
        Buffers.Check(new double[3], (ReadOnlySpan<double>)w, "dW");
        Buffers.Check(new double[3].AsSpan(), new List<double> { 1, 2, 3 }, "dW");
        Buffers.Check(new double[2, 3], new double[2, 3], "dW");
        Buffers.Check(new[] { new double[1], new double[2] }, new[] { new double[1], new double[2] }, "dW");
        Buffers.CheckLength<Half, double>(new Half[3], w, "dW");
    }

    [Fact]
    public void ItemsInPlaceAreTheItemsThemselves()
    {
        (double X, int N)[] array = [(1, 1), (2, 2)];
        var list = new List<(double X, int N)>(7) { (1, 1), (2, 2) };
        Buffers.InPlace<(double X, int N)>(array)[1].X = 5;
        Buffers.InPlace<(double X, int N)>(list)[1].X = 5;
        Assert.Equal((5, 2), array[1]);
        Assert.Equal((5, 2), list[1]);
        Assert.Equal(2, Buffers.InPlace<(double X, int N)>(list).Length);
        Assert.Throws<ArgumentException>(() => Buffers.InPlace(new HashSet<double> { 1 }).Length);
    }

    [Fact]
    public void AWrongLengthNamesTheBuffer()
    {
        Named("dW", () => Buffers.Check(new double[2], new double[3], "dW"));
        Named("dW", () => Buffers.Check(new double[4], 3, "dW"));
        Named("dW", () => Buffers.Check(new double[4].AsSpan(), new List<double> { 1 }, "dW"));
        Named("dW", () => Buffers.Check(new double[3, 2], new double[2, 3], "dW"));
        Named("dW", () => Buffers.Check(new double[3, 2], 2, 3, "dW"));
        Named("dW", () => Buffers.Check(new[] { new double[1], new double[1] }, new[] { new double[1], new double[2] }, "dW"));
        Named("dW", () => Buffers.Check(new[] { new double[1], null! }, new[] { new double[1], new double[2] }, "dW"));
        Named("dW", () => Buffers.Check(new[] { new double[1] }, new[] { new double[1], new double[2] }, "dW"));
        Named("dW", () => Buffers.Check(null!, new[] { new double[1] }, "dW"));
        Named("dW", () => Buffers.Check(default(Span<double>), new double[1], "dW"));
    }

    [Fact]
    public void SharedMemoryNamesTheBuffer()
    {
        double[] w = new double[6];
        double[][] rows = [new double[2], new double[2]];
        double[,] matrix = new double[2, 2];
        Named("dW", () => Buffers.Check(w, w, "dW"));
        Named("dW", () => Buffers.Check(w.AsSpan(0, 3), w.AsSpan(2, 3), "dW"));
        Named("dW", () => Buffers.Check(w.AsSpan(), (IReadOnlyCollection<double>)w, "dW"));
        Named("dW", () => Buffers.Check(matrix, matrix, "dW"));
        Named("dW", () => Buffers.Check(rows, rows, "dW"));
        Named("dW[1]", () => Buffers.Check(new[] { new double[2], rows[1] }, rows, "dW"));
        Named("dW[1]", () => Buffers.Check(new[] { w[..2], w[..2] }.Select((r, i) => i == 0 ? rows[0] : rows[0]).ToArray(), new[] { new double[2], new double[2] }, "dW"));
        Named("dW", () => Buffers.CheckDisjoint(w.AsSpan(0, 3), w.AsSpan(2, 3), "dW"));
        Named("dW", () => Buffers.CheckDisjoint(w.AsSpan(), w, "dW"));
        Named("dW", () => Buffers.CheckDisjoint(rows[1].AsSpan(), rows, "dW"));
        Named("dW[1]", () => Buffers.CheckDisjoint(rows, rows[1], "dW"));
        Named("dW", () => Buffers.CheckDisjoint(matrix, matrix, "dW"));
        Buffers.CheckDisjoint(w.AsSpan(0, 3), w.AsSpan(3, 3), "dW");
    }

    [Fact]
    public void AnAbsentArgumentIsLeftToThePrimal()
    {
        Buffers.Check(new double[2], (double[]?)null, "dW");
        Buffers.Check(new double[1, 2], (double[,]?)null, "dW");
        Buffers.Check(new[] { new double[2] }, (double[][]?)null, "dW");
    }

    [Fact]
    public void ZerosHaveTheShape()
    {
        Assert.Equal(new double[2, 3], Buffers.ZerosLike(new double[2, 3] { { 1, 2, 3 }, { 4, 5, 6 } }));
        double[][] jagged = Buffers.ZerosLike(new[] { new double[] { 1 }, null!, new double[] { 1, 2 } });
        Assert.Equal([1, -1, 2], jagged.Select(r => r?.Length ?? -1));
        double[][] filled = [[1, 2], [3]];
        Buffers.Clear(filled);
        Assert.Equal([0, 0, 0], filled.SelectMany(r => r));
    }

    [Fact]
    public void ChecksAllocateNothing()
    {
        double[] w = new double[6], d = new double[6];
        double[][] rows = [w], drows = [d];
        Buffers.Check(d, w, "dW");
        Buffers.Check(drows, rows, "dW");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Buffers.Check(d, w, "dW");
        Buffers.Check(drows, rows, "dW");
        Buffers.CheckDisjoint(d.AsSpan(), rows, "dW");
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Named(string name, Action check)
    {
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(check);
        // a row is named in the message, the parameter is the whole
        Assert.Equal(name.Split('[')[0], e.ParamName);
        Assert.Contains($"'{name}'", e.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(7), InlineData(40), InlineData(300)]
    public void AnOrderIsThatOfTheFrameworksSort(int n)
    {
        // few different keys: what compares equal has to lie as it does there
        var random = new System.Random(n);
        int[] keys = Enumerable.Range(0, n).Select(_ => random.Next(5)).ToArray();
        (int Key, int Name)[] items = [.. keys.Select((k, i) => (k, i))], sorted = [.. items];
        Array.Sort(sorted, (a, b) => a.Key.CompareTo(b.Key));
        Assert.Equal(sorted.Select(s => s.Name), Buffers.Order(n, (p, q) => items[p].Key.CompareTo(items[q].Key)));
        int[] ordered = [.. keys], names = [.. Enumerable.Range(0, n)];
        Array.Sort(ordered, names);
        Assert.Equal(names, Buffers.Order(keys));
    }
}
