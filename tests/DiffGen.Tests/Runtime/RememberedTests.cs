namespace DiffGen.Tests.Runtime;

public class RememberedTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1000)]
    public void GivesBackInReverseOrder(int count)
    {
        var xs = new Remembered<double>(stackalloc double[32]);
        for (int i = 0; i < count; i++) xs.Push(i + 0.5);
        Assert.Equal(count, xs.Count);
        for (int i = count - 1; i >= 0; i--)
        {
            Assert.True(xs.TryPop(out double x));
            Assert.Equal(i + 0.5, x);
        }
        Assert.False(xs.TryPop(out _));
        xs.Dispose();
    }

    [Fact]
    public void StartsWithoutMemoryAndIsUsableAfterDispose()
    {
        Remembered<int> xs = default;
        xs.Push(1);
        xs.Push(2);
        Assert.Equal(2, xs.Pop());
        xs.Dispose();
        Assert.Equal(0, xs.Count);
        xs.Push(3);
        Assert.Equal(3, xs[0]);
        xs.Dispose();
    }

    [Fact]
    public void ReservesRoomThatIsIndexed()
    {
        var xs = new Remembered<double>(stackalloc double[4]);
        xs.Push(7);
        Span<double> room = xs.Reserve(100);
        for (int i = 0; i < room.Length; i++) room[i] = i;
        Assert.Equal(101, xs.Count);
        Assert.Equal(7, xs[0]);
        Span<double> taken = xs.Take(100);
        Assert.Equal(99, taken[99]);
        Assert.Equal(7, xs.Pop());
        xs.Dispose();
    }

    [Fact]
    public void PopOfNothingThrows()
    {
        Assert.Throws<IndexOutOfRangeException>(() =>
        {
            var xs = new Remembered<double>(stackalloc double[4]);
            xs.Pop();
        });
    }

    [Fact]
    public void AWarmStackAllocatesNothing()
    {
        static double Sum(int n)
        {
            var xs = new Remembered<double>(stackalloc double[8]);
            for (int i = 0; i < n; i++) xs.Push(i);
            double sum = 0;
            while (xs.TryPop(out double x)) sum += x;
            xs.Dispose();
            return sum;
        }
        for (int i = 0; i < 3; i++) Sum(5000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Sum(5000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ATapeIsUsedAgain()
    {
        for (int round = 0; round < 3; round++)
        {
            Tape<double> tape = Tape<double>.Rent();
            Assert.Equal(0, tape.Count);
            for (int i = 0; i < 1000; i++) tape.Push(i);
            for (int i = 999; i >= 0; i--) Assert.Equal(i, tape.Pop());
            tape.Push(1);
            tape.Dispose();
        }
        Tape<double> first = Tape<double>.Rent(), second = Tape<double>.Rent();
        Assert.NotSame(first, second);
        first.Push(1);
        first.Dispose();
        first.Dispose();
        Assert.NotSame(Tape<double>.Rent(), Tape<double>.Rent());
    }

    [Fact]
    public void AWarmTapeAllocatesNothing()
    {
        static void Work()
        {
            using Tape<double> tape = Tape<double>.Rent();
            for (int i = 0; i < 5000; i++) tape.Push(i);
        }
        for (int i = 0; i < 3; i++) Work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Work();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
