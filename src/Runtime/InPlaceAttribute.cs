using System;
using System.ComponentModel;

namespace DiffGen;

/// <summary>
/// On an emitted derivative: the method that it belongs to writes elements of these parameters, or returns storage of theirs. Who calls that method from
/// another assembly has no source to see it by.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class InPlaceAttribute : Attribute
{
    /// <param name="parameters">The names of the parameters.</param>
    public InPlaceAttribute(params string[] parameters) => Parameters = parameters;

    /// <summary>The names of the parameters.</summary>
    public string[] Parameters { get; }
}
