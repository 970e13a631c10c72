namespace Corpus;

/// <summary>A number in an object.</summary>
public class Amount(double value)
{
    public double Value = value;
}

/// <summary>An object that gives its own object another place.</summary>
public class Purse
{
    public Amount Content = new(0);

    public void Fill(double z) => Content = new Amount(z * z);
}

/// <summary>An object that holds one which changes.</summary>
public class Owner
{
    private readonly Purse _purse = new();

    public double Earn(double z)
    {
        _purse.Fill(z);
        return _purse.Content.Value;
    }
}

/// <summary>An object that holds numbers in a rectangle, and is held itself.</summary>
public class Grid(double[,] cells)
{
    public double[,] Cells = cells;
}

/// <summary>An object that gives its own grid another place.</summary>
public class GridHolder
{
    public Grid Content = new(new double[1, 1]);

    public void Fill(double z) => Content = new Grid(new[,] { { z * z } });
}

/// <summary>An object whose own number only it may change.</summary>
public class Meter
{
    public double Level { get; private set; }

    public void Put(double z) => Level = z * z;
}

/// <summary>A collection that lends its array's enumerator.</summary>
public class Samples(params double[] items) : IEnumerable<double>
{
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)items).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A line through what a list by its interface holds.</summary>
public class LineThrough(IList<double> y)
{
    public IList<double> Y { get; } = y;

    public double At(double x) => Y[0] + x * Y[1];
}

/// <summary>A private table of two dimensions.</summary>
public static class WeightsOfAnother
{
    private static readonly double[,] s_weights = { { 1, 2 }, { 3, 4.5 } };

    public static double Weighted(double x) => s_weights[0, 1] * x * x + s_weights[1, 1] * x;
}

/// <summary>Objects that others hold, and what may be done with them.</summary>
public static partial class HeldObjects
{
    /// <summary>What an object's method leaves in an object that it holds.</summary>
    [Differentiable, At("0.7")]
    public static double ThroughAnOwner(double x) => new Owner().Earn(x);

    /// <summary>The same with numbers in a rectangle.</summary>
    [Differentiable, At("0.7, new GridHolder()"), Refused("the numbers come back out of an object that nobody sees")]
    public static double ThroughAGrid(double x, GridHolder holder)
    {
        holder.Fill(x);
        return holder.Content.Cells[0, 0];
    }

    /// <summary>An object that is made here and stored in one from outside.</summary>
    [Differentiable, At("0.7, new Purse()"), Refused("the object leaves the method")]
    public static double IntoAGivenObject(double x, Purse purse)
    {
        purse.Content = new Amount(x * x);
        return purse.Content.Value;
    }

    /// <summary>A loop by an enumerator that the collection lends.</summary>
    [Differentiable, At("0.7")]
    public static double LentEnumerator(double x)
    {
        double sum = 0;
        foreach (double sample in new Samples(x, 1)) sum += sample * sample;
        return sum;
    }

    /// <summary>A property that only its class may set.</summary>
    [Differentiable, At("0.7, new Meter()"), Refused("the number stays in the meter")]
    public static double ThroughAMeter(double x, Meter meter)
    {
        meter.Put(x);
        return meter.Level;
    }

    /// <summary>An array that goes by a list's interface in an object.</summary>
    [Differentiable, At("new[] { 1.0, 2 }, 0.7")]
    public static double ByItsInterface(double[] y, double x) => new LineThrough(y).At(x);

    /// <summary>A table that cannot be named here.</summary>
    [Differentiable, At("0.7")]
    public static double PrivateTable(double x) => WeightsOfAnother.Weighted(x);
}
