global using System;
global using System.Collections.Generic;
global using System.Linq;
global using System.Numerics;
global using DiffGen;
global using Corpus.Annotations;

namespace Corpus.Annotations;

/// <summary>A point at which a corpus method is executed and its derivatives are compared.</summary>
/// <param name="arguments">The argument list in C#, one expression for each parameter that is not <c>out</c>; a span parameter takes an array.
/// <c>Arr(seed, n)</c>, <c>Mat(seed, rows, columns)</c>, <c>Jag(seed, rows, columns)</c> and their kin draw fixed numbers.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AtAttribute(string arguments) : Attribute
{
    /// <summary>The argument list.</summary>
    public string Arguments { get; } = arguments;
}

/// <summary>Arguments at which the method throws, and its derivatives must throw the same.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ThrowsAttribute(string arguments) : Attribute
{
    /// <summary>The argument list.</summary>
    public string Arguments { get; } = arguments;
}

/// <summary>What else the harness must know to call a method.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CallAttribute : Attribute
{
    /// <summary>Type arguments of a generic method, as written in C#.</summary>
    public string TypeArguments { get; set; } = "";

    /// <summary>Type arguments of the generic class around the method.</summary>
    public string ClassArguments { get; set; } = "";

    /// <summary>The receiver of an instance method.</summary>
    public string Receiver { get; set; } = "";

    /// <summary>The span parameters, by name and separated by commas, that are the method's result.</summary>
    public string Outputs { get; set; } = "";

    /// <summary>The relative tolerance, where it is not the usual one.</summary>
    public double Tolerance { get; set; }

    /// <summary>The method's arrays are its state: they are overwritten in place.</summary>
    public bool WritesArguments { get; set; }
}

/// <summary>A method that must be refused, with a located diagnostic and without harm to its neighbours.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RefusedAttribute(string reason) : Attribute
{
    /// <summary>Why no derivative is possible or intended.</summary>
    public string Reason { get; } = reason;

    /// <summary>The derivative that is refused (<c>"Hessian"</c>), where the others are right.</summary>
    public string Only { get; set; } = "";
}
