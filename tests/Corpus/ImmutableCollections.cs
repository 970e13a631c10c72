using System.Collections.Immutable;

namespace Corpus;

/// <summary>Immutable arrays and lists of numbers: another one for each change, builders</summary>
public static partial class ImmutableCollections
{
    [Differentiable, At("new[] { 1.3, 0.4, 0.9 }")]
    public static double Changed(double[] x)
    {
        ImmutableArray<double> a = x.ToImmutableArray();
        ImmutableArray<double> b = a.Add(a[0] * a[1]).SetItem(1, 2 * a[2]);
        double sum = 0;
        foreach (double v in b) sum = sum * 0.5 + v * v;
        return sum + b.Length * a[1];
    }

    [Differentiable, At("new[] { 1.3, 0.4, 0.9 }")]
    public static double Parts(double[] x)
    {
        ImmutableArray<double> a = [.. x, x[0] * x[1]];
        ImmutableArray<double> b = a.RemoveRange(1, 2).AddRange(a.Select(v => v * v)).InsertRange(1, a.Slice(0, 2)).Insert(2, x[2]).RemoveAt(0);
        return b.Select((v, i) => v * i).Sum() + b.Length;
    }

    [Differentiable, At("new[] { 1.3, 0.4, 0.9 }")]
    public static double Growing(double[] x)
    {
        ImmutableList<double> log = ImmutableList<double>.Empty;
        foreach (double v in x) log = log.Add(v * v).Insert(0, v);
        log = log.RemoveAt(1).SetItem(0, log[2]);
        double sum = 0;
        for (int i = 0; i < log.Count; i++) sum += (i + 1) * log[i];
        return sum + log.Sum() * log.Max() + log.Reverse()[0];
    }

    [Differentiable, At("new[] { 1.3, 0.4, 0.9 }")]
    public static double Built(double[] x)
    {
        ImmutableArray<double>.Builder builder = ImmutableArray.CreateBuilder<double>(x.Length);
        foreach (double v in x) builder.Add(v * v);
        builder[0] *= 2;
        ImmutableArray<double> a = builder.ToImmutable();
        builder.Add(1);
        ImmutableArray<double>.Builder again = a.ToBuilder();
        again.RemoveAt(0);
        return a.Sum() * builder.Count + a[^1] * again[0];
    }

    private static ImmutableArray<double> Normalised(ImmutableArray<double> p)
    {
        double sum = p.Sum();
        return p.Select(v => v / sum).ToImmutableArray();
    }

    [Differentiable, At("new[] { 1.3, 0.4, 0.9 }"), At("new[] { 0.3, 0.4, 0.9 }")]
    public static double Passed(double[] x)
    {
        ImmutableArray<double> p = Normalised([.. x]);
        ImmutableArray<double> q = x[0] > 1 ? p.Add(1.0) : p;
        p = p.Clear().Add(q[0]);
        return q.Select(v => v * v).Sum() * p[0] + (q.IsEmpty ? 1 : q.Length);
    }

    [Differentiable, At("new[] { 1.3, 0.4, 0.9 }, 7"), At("new[] { 1.3, 0.4, 0.9 }, 1")]
    public static double OutOfRange(double[] x, int at)
    {
        ImmutableList<double> p = x.ToImmutableList();
        try
        {
            return p.RemoveAt(at)[0] * 3;
        }
        catch (ArgumentOutOfRangeException)
        {
            return p[2] * p[1];
        }
    }
}
