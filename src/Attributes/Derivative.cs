namespace DiffGen;

/// <summary>Marks inside a differentiated body.</summary>
public static class Derivative
{
    /// <summary>The value of <paramref name="x"/>; no derivative flows through it.</summary>
    /// <typeparam name="T">Any type.</typeparam>
    /// <param name="x">The value to be taken for a constant.</param>
    /// <returns><paramref name="x"/> itself.</returns>
    public static T Stop<T>(T x) => x;
}
