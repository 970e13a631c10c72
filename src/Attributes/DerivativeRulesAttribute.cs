using System;

namespace DiffGen;

/// <summary>Offers the derivative rules of a type (its methods with <see cref="DerivativeOfAttribute"/>) to every assembly that references this one.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class DerivativeRulesAttribute : Attribute
{
    /// <summary>Offers the rules that <paramref name="type"/> declares.</summary>
    /// <param name="type">A public static class with rules.</param>
    public DerivativeRulesAttribute(Type type) => Type = type;

    /// <summary>The type that declares the rules.</summary>
    public Type Type { get; }
}
