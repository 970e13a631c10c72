using System;
using MathNet.Numerics.Distributions;

namespace DiffGen.MathNet;

/// <summary>The derivatives of the static functions of the normal distribution of Math.NET Numerics, with z = (x − mean)/stddev and φ the density.</summary>
public static class DistributionRules
{
    /// <summary>∂Φ/∂mean = −φ, ∂Φ/∂stddev = −z φ, ∂Φ/∂x = φ.</summary>
    [DerivativeOf(typeof(Normal), nameof(Normal.CDF))]
    public static (double, double, double) Cdf(double mean, double stddev, double x)
    {
        double density = Normal.PDF(mean, stddev, x);
        return (-density, -(x - mean) / stddev * density, density);
    }

    /// <summary>∂φ/∂mean = φ z/stddev, ∂φ/∂stddev = φ (z² − 1)/stddev, ∂φ/∂x = −φ z/stddev.</summary>
    [DerivativeOf(typeof(Normal), nameof(Normal.PDF))]
    public static (double, double, double) Pdf(double mean, double stddev, double x, double r)
    {
        double z = (x - mean) / stddev, scaled = r / stddev;
        return (scaled * z, scaled * (z * z - 1), -scaled * z);
    }

    /// <summary>∂ ln φ/∂mean = z/stddev, ∂ ln φ/∂stddev = (z² − 1)/stddev, ∂ ln φ/∂x = −z/stddev.</summary>
    [DerivativeOf(typeof(Normal), nameof(Normal.PDFLn))]
    public static (double, double, double) PdfLn(double mean, double stddev, double x)
    {
        double z = (x - mean) / stddev;
        return (z / stddev, (z * z - 1) / stddev, -z / stddev);
    }

    /// <summary>Of the quantile r at p: 1 with the mean, (r − mean)/stddev with the standard deviation, 1/φ(r) with p.</summary>
    [DerivativeOf(typeof(Normal), nameof(Normal.InvCDF))]
    public static (double, double, double) InvCdf(double mean, double stddev, double p, double r) =>
        (1, (r - mean) / stddev, 1 / Normal.PDF(mean, stddev, r));
}
