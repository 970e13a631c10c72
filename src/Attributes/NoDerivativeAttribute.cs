using System;

namespace DiffGen;

/// <summary>Makes a parameter, field or property a constant: no derivative flows into it.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NoDerivativeAttribute : Attribute
{
}
