using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Corpus;

/// <summary>An exception that carries a number.</summary>
public sealed class NoConvergenceException(double best) : Exception
{
    /// <summary>How far it came.</summary>
    public double Best { get; } = best;
}

/// <summary>Numbers that go into an object, a stream, a text or a static at one place and come out at another; and such that only go in.</summary>
public static partial class RoundTrips
{
    private static readonly ConditionalWeakTable<object, object> s_attached = [];
    private static readonly byte[] s_frame = new byte[16];
    private static readonly object?[] s_slots = new object?[4];
    private static string s_line = "";
    private static object? s_last;

    [Differentiable, Refused("through the stream below a writer")]
    public static double SerialisedAndRead(double[] samples)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            foreach (double s in samples) writer.Write(s * s);
        }
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        double sum = 0;
        for (int i = 0; i < samples.Length; i++) sum += reader.ReadDouble() + samples[i];
        return sum;
    }

    [Differentiable, Refused("through the array of a stream")]
    public static double BytesOfStream(double x)
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        writer.Write(x);
        return x + BitConverter.ToDouble(stream.ToArray(), 0);
    }

    [Differentiable, Refused("through helpers that are given a stream")]
    public static double StreamOfHelpers(double x)
    {
        var stream = new MemoryStream();
        Append(new BinaryWriter(stream), x);
        return x * First(stream);
    }

    private static void Append(BinaryWriter writer, double x) => writer.Write(x);

    private static double First(Stream stream)
    {
        stream.Position = 0;
        return new BinaryReader(stream).ReadDouble();
    }

    [Differentiable, Refused("through a builder below a writer")]
    public static double TextOfWriter(double x)
    {
        var text = new StringBuilder();
        var writer = new StringWriter(text, CultureInfo.InvariantCulture);
        writer.Write(x);
        return x + double.Parse(text.ToString(), CultureInfo.InvariantCulture);
    }

    [Differentiable, Refused("through characters")]
    public static double FormattedInPlace(double x)
    {
        Span<char> text = stackalloc char[40];
        x.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        return x + double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    [Differentiable, Refused("through bytes")]
    public static double BigEndian(double x)
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteDoubleBigEndian(bytes, x);
        return x + System.Buffers.Binary.BinaryPrimitives.ReadDoubleBigEndian(bytes);
    }

    [Differentiable, Refused("through bytes in a static")]
    public static double FrameOfBytes(double x)
    {
        byte[] frame = s_frame;
        BitConverter.TryWriteBytes(frame, x);
        return x + BitConverter.ToDouble(s_frame, 0);
    }

    [Differentiable, Refused("through a block copy to bytes and back")]
    public static double BlockCopied(double x)
    {
        double[] from = [x, 2 * x], to = new double[2];
        var bytes = new byte[16];
        Buffer.BlockCopy(from, 0, bytes, 0, 16);
        Buffer.BlockCopy(bytes, 0, to, 0, 16);
        return x + to[1];
    }

    [Differentiable, Refused("through memory seen as bytes")]
    public static double SeenAsBytes(double x)
    {
        double[] from = [x, 2 * x], to = new double[2];
        MemoryMarshal.AsBytes(from.AsSpan()).CopyTo(MemoryMarshal.AsBytes(to.AsSpan()));
        return x + to[1];
    }

    [Differentiable, Refused("through memory seen as integers")]
    public static double SeenAsIntegers(double x)
    {
        double doubled = 2 * x;
        long bits = Unsafe.As<double, long>(ref doubled);
        return x + BitConverter.Int64BitsToDouble(bits);
    }

    [Differentiable, Refused("through unmanaged memory")]
    public static double Unmanaged(double x)
    {
        double[] from = [x, 2 * x], to = new double[2];
        IntPtr memory = Marshal.AllocHGlobal(16);
        Marshal.Copy(from, 0, memory, 2);
        Marshal.Copy(memory, to, 0, 2);
        Marshal.FreeHGlobal(memory);
        return x + to[1];
    }

    [Differentiable, Refused("through an object that a static attaches")]
    public static double Attached(double x)
    {
        var key = new object();
        s_attached.Add(key, x);
        s_attached.TryGetValue(key, out object? value);
        return x + (double)value!;
    }

    [Differentiable, Refused("through what a process keeps by name")]
    public static double DataOfDomain(double x)
    {
        AppDomain.CurrentDomain.SetData("x", x);
        return x + (double)AppDomain.CurrentDomain.GetData("x")!;
    }

    [Differentiable, Refused("through an environment variable")]
    public static double InEnvironment(double x)
    {
        Environment.SetEnvironmentVariable("ROUND_TRIP", x.ToString("R", CultureInfo.InvariantCulture));
        return x + double.Parse(Environment.GetEnvironmentVariable("ROUND_TRIP")!, CultureInfo.InvariantCulture);
    }

    [Differentiable, Refused("through an exception's message")]
    public static double Message(double x)
    {
        try
        {
            throw new InvalidOperationException(x.ToString("R", CultureInfo.InvariantCulture));
        }
        catch (InvalidOperationException e)
        {
            return x + double.Parse(e.Message, CultureInfo.InvariantCulture);
        }
    }

    [Differentiable, Refused("through an exception's member")]
    public static double BestSoFar(double x)
    {
        try
        {
            return Iterated(x);
        }
        catch (NoConvergenceException e)
        {
            return x * e.Best;
        }
    }

    private static double Iterated(double x) => x > 0 ? throw new NoConvergenceException(x * x) : x;

    [Differentiable, Refused("through an exception's dictionary")]
    public static double DataOfException(double x)
    {
        var e = new InvalidOperationException();
        e.Data["x"] = x;
        return x + (double)e.Data["x"]!;
    }

    [Differentiable, Refused("through a view of a writer's buffer")]
    public static double BufferOfWriter(double x)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<double>();
        buffer.GetSpan(1)[0] = x;
        buffer.Advance(1);
        return x + buffer.WrittenSpan[0];
    }

    [Differentiable, Refused("through text in a static")]
    public static double LineInStatic(double x)
    {
        s_line += x.ToString("R", CultureInfo.InvariantCulture);
        string line = s_line;
        s_line = "";
        return x + double.Parse(line, CultureInfo.InvariantCulture);
    }

    [Differentiable, Refused("through an object in a static")]
    public static double LastInStatic(double x)
    {
        s_last = x;
        return x + (double)s_last;
    }

    [Differentiable, Refused("through objects in a static array")]
    public static double SlotInStatic(double x)
    {
        s_slots[1] = x;
        return x + (double)s_slots[1]!;
    }

    [Differentiable, Refused("through a queue of other threads")]
    public static double Queued(double x)
    {
        var queue = new BlockingCollection<double> { x };
        return x + queue.Take();
    }

    [Differentiable, Refused("through a number of each thread")]
    public static double OfThread(double x)
    {
        using var own = new ThreadLocal<double>(() => 3 * x);
        return x + own.Value;
    }

    [Differentiable, At("1.5")]
    public static double OnlyLogged(double x)
    {
        var text = new StringBuilder();
        text.Append("x = ").Append(x);
        s_line = text.ToString();
        if (text.Length > 1000) text.Clear();
        System.Diagnostics.Trace.WriteLine($"x {x}");
        return x * x * double.Parse("3.5", CultureInfo.InvariantCulture) * Math.Sign(Environment.ProcessorCount);
    }

    [Differentiable, At("1.5")]
    public static double OnlyWritten(double x)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(x);
        writer.Flush();
        return stream.Length == 8 ? x * x : x;
    }

    [Differentiable, At("new[] { 1.5, 2.0, 0.5 }")]
    public static double ShuffledPairs(double[] x)
    {
        int[] order = [0, 1, 2];
        var random = new Random(3);
        double sum = 0;
        for (int i = 0; i < 4; i++)
        {
            random.Shuffle(order);
            sum += x[order[0]] * x[order[1]] * (i + 1);
        }
        return sum;
    }

    [Differentiable, At("new[] { 1.5, 2.0, 0.5 }")]
    public static double MeanRank(double[] x)
    {
        int[] order = [.. Enumerable.Range(0, x.Length).OrderBy(i => x[i])];
        double sum = 0;
        for (int i = 0; i < order.Length; i++) sum += x[order[i]] * i + order[i];
        return sum + order.Average();
    }
}
