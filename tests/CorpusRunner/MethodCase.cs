using System;
using System.Collections.Generic;

namespace DiffGen.CorpusRunner;

/// <summary>One corpus method and what was emitted for it, as delegates over boxed arguments (a span stands there as its array).</summary>
public sealed class MethodCase
{
    /// <summary>Fresh arguments of each point.</summary>
    public List<Func<object?[]>> Points { get; } = [];

    /// <summary>Fresh arguments of each point at which the primal throws.</summary>
    public List<Func<object?[]>> Throwing { get; } = [];

    /// <summary>The indices of the differentiated arguments.</summary>
    public int[] Wrt { get; set; } = [];

    /// <summary>The relative tolerance, or 0 for the usual one.</summary>
    public double Tolerance { get; set; }

    /// <summary>The value may differ from the primal's in rounding.</summary>
    public bool Fast { get; set; }

    /// <summary>The method's results are the spans that it writes, and nothing else.</summary>
    public bool ReturnsNothing { get; set; }

    /// <summary>The results: returned value, then <c>out</c> values, then written spans.</summary>
    public Func<object?[], object?[]> Primal { get; set; } = null!;

    /// <summary>The types of the tangents that <see cref="Jvp"/> takes, one for each differentiated argument.</summary>
    public Type[] TangentTypes { get; set; } = [];

    /// <summary>The types of the directions that <see cref="Hvp"/> takes.</summary>
    public Type[] DirectionTypes { get; set; } = [];

    /// <summary>The types of the cotangents that <see cref="Vjp"/> takes.</summary>
    public Type[] CotangentTypes { get; set; } = [];

    public Func<object?[], object?>? Gradient { get; set; }
    public Func<object?[], object?[], object?>? GradientInto { get; set; }
    public Func<object?[], object?>? ValueAndGradient { get; set; }
    public Func<object?[], object?[], object?>? ValueAndGradientInto { get; set; }
    public Func<object?[], object?[], object?>? Jvp { get; set; }
    public Func<object?[], object?[], object?>? Vjp { get; set; }
    public Func<object?[], object?>? Jacobian { get; set; }
    public Func<object?[], object?>? Hessian { get; set; }
    public Func<object?[], object?[], object?>? Hvp { get; set; }
}
