using System;
using System.Collections.Generic;
using System.Globalization;

namespace DiffGen;

/// <summary>One component of a derivative, as emitted and as differences have it.</summary>
public sealed class GradientComponent
{
    internal GradientComponent(string name, double emitted, double expected, double uncertainty, double relativeError)
    {
        Name = name;
        Emitted = emitted;
        Expected = expected;
        Uncertainty = uncertainty;
        RelativeError = relativeError;
    }

    /// <summary>Which component: <c>w[3]</c>, <c>b</c>; for a Jacobian with the output in front, <c>[0] x[2]</c>.</summary>
    public string Name { get; }

    /// <summary>What the derivative under check says.</summary>
    public double Emitted { get; }

    /// <summary>What extrapolated differences of the primal say.</summary>
    public double Expected { get; }

    /// <summary>An estimate of the absolute error of <see cref="Expected"/>.</summary>
    public double Uncertainty { get; }

    /// <summary>
    /// The difference, less ten times <see cref="Uncertainty"/>, relative to <see cref="Expected"/> or to 10⁻⁴ of the largest component, whichever is
    /// larger; infinite where one of the two is not a number.
    /// </summary>
    public double RelativeError { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture,
        "{0}: emitted {1:R}, differences {2:R} ± {3:0.0e+0}, relative error {4:0.0e+0}", Name, Emitted, Expected, Uncertainty, RelativeError);
}

/// <summary>What a gradient check found.</summary>
public sealed class GradientReport
{
    internal GradientReport(IReadOnlyList<GradientComponent> components)
    {
        Components = components;
        foreach (GradientComponent component in components)
            if (Worst is null || component.RelativeError > Worst.RelativeError) Worst = component;
    }

    /// <summary>All components, in the order of the arguments.</summary>
    public IReadOnlyList<GradientComponent> Components { get; }

    /// <summary>The component with the largest relative error; <c>null</c> when there is none.</summary>
    public GradientComponent? Worst { get; }

    /// <summary>The relative error of the worst component.</summary>
    public double LargestRelativeError => Worst?.RelativeError ?? 0;

    /// <summary>Throws when the worst component is off by more than a tolerance.</summary>
    /// <param name="tolerance">The largest relative error to be accepted.</param>
    /// <returns>This report.</returns>
    /// <exception cref="GradientCheckException">A component is off.</exception>
    public GradientReport ThrowIfAbove(double tolerance = GradientCheck.DefaultTolerance)
    {
        if (!(LargestRelativeError <= tolerance)) throw new GradientCheckException(this, tolerance);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => Worst is null ? "no components" : $"{Components.Count} components, the worst: {Worst}";
}

/// <summary>A derivative does not agree with differences of its primal.</summary>
public sealed class GradientCheckException : Exception
{
    internal GradientCheckException(GradientReport report, double tolerance)
        : base(string.Format(CultureInfo.InvariantCulture, "The derivative is off by more than {0:0.0e+0}: {1}", tolerance, report)) => Report = report;

    /// <summary>What the check found.</summary>
    public GradientReport Report { get; }
}
