using System;
using System.Globalization;
using DiffGen;

internal static partial class Program
{
    /// <summary>f(x, y) = 3x²y − y², a polynomial whose derivatives are known.</summary>
    [Differentiable]
    internal static double Polynomial(double x, double y)
    {
        double sum = 0;
        for (int i = 0; i < 3; i++) sum += x * x * y;
        return sum - y * y;
    }

    private static void Main()
    {
        var (value, dX, dY) = PolynomialValueAndGradient(1, 3);
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture, "value {0}, gradient {1} {2}", value, dX, dY));
    }
}
