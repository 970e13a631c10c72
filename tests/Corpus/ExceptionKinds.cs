using System;
using System.Collections.Generic;
using System.Linq;

namespace Corpus;

/// <summary>What the framework throws where a part or a position is not there: its own exception, neither another one nor none.</summary>
public static partial class ExceptionKinds
{
    [Differentiable, At("new List<double> { 1.0, 2.0 }, 1"), Throws("new List<double> { 1.0, 2.0 }, 2")]
    public static double ElementOfList(List<double> x, int i) => x[i] * x[i];

    [Differentiable, At("new List<double> { 1.0, 2.0 }, 2"), Throws("new List<double> { 1.0, 2.0 }, 3")]
    public static double SumOfList(List<double> x, int n)
    {
        double s = 0;
        for (int i = 0; i < n; i++) s += x[i] * x[i];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 1"), Throws("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, -1")]
    public static double ElementByNumber(double[] x, int i) => x.ElementAt(i) * x[0];

    [Differentiable, At("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, 3"), Throws("new[] { 1.0, 2.0 }, -3")]
    public static double CopiedStart(double[] x, int n)
    {
        var a = new double[5];
        Array.Copy(x, a, n);
        return a[0] * a[1];
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, 3"), Throws("new[] { 1.0, 2.0 }, -1")]
    public static double CopiedPart(double[] x, int n)
    {
        var a = new double[4];
        Array.Copy(x, 0, a, 2, n);
        return a[2] * a[3];
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, 3"), Throws("new[] { 1.0, 2.0 }, -1")]
    public static double CopiedBehind(double[] x, int n)
    {
        var a = new double[4];
        x.CopyTo(a, n);
        return a[2] * a[3];
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, 3"), Throws("new[] { 1.0, 2.0 }, -1")]
    public static double FilledPart(double[] x, int n)
    {
        var a = (double[])x.Clone();
        Array.Fill(a, x[0], 0, n);
        return a[0] * a[1];
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 1"), Throws("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, -1")]
    public static double ClearedPart(double[] x, int n)
    {
        var a = (double[])x.Clone();
        Array.Clear(a, 1, n);
        return a[0] * x[1];
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, 3"), Throws("new[] { 1.0, 2.0 }, -1")]
    public static double SortedPart(double[] x, int n)
    {
        var a = (double[])x.Clone();
        Array.Sort(a, 0, n);
        return a[0] * a[1] * a[1];
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, 3"), Throws("new[] { 1.0, 2.0 }, -1")]
    public static double ReversedPart(double[] x, int n)
    {
        var a = (double[])x.Clone();
        Array.Reverse(a, 0, n);
        return a[0] * x[1] * x[1];
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, -3")]
    public static double Resized(double[] x, int n)
    {
        double[] a = x;
        Array.Resize(ref a, n);
        return a[0] * a[1];
    }

    [Differentiable, At("new[] { 1.0, 2.0 }, 2"), Throws("new[] { 1.0, 2.0 }, 3"), Throws("new[] { 1.0, 2.0 }, -1")]
    public static double Segment(double[] x, int n)
    {
        var part = new ArraySegment<double>(x, 0, n);
        return part[0] * x[1];
    }

    [Differentiable, At("new[] { 1.0, 2.0, 3.0 }, 2"), Throws("new[] { 1.0, 2.0, 3.0 }, 0")]
    public static double Chunked(double[] x, int n)
    {
        double s = 0;
        foreach (double[] c in x.Chunk(n)) s += c[0] * c[0];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 2.0 }")]
    public static double PartsThatFit(double[] x)
    {
        int n = x.Length;
        var a = new double[n + 1];
        Array.Copy(x, 0, a, 1, n);
        Array.Copy(x, a, n);
        Array.Reverse(a, 0, n);
        Array.Fill(a, x[0], 1, n);
        return a[0] * a[1] * a[2];
    }
}
