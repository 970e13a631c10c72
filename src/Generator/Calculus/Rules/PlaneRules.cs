using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// Functions of <c>Plane</c> by their definitions in <c>System.Numerics</c>: a plane is two arguments, its normal and its distance, and two results under
/// the names of the function and of the part.
/// </summary>
internal static class PlaneRules
{
    /// <summary>The rule of a function; null where there is none.</summary>
    public static Rule? For(string name, Apply x)
    {
        Func<N[][], N[]>? formulas = (name, x.Arguments.Count) switch
        {
            ("Dot", 3) => a => [N.Dot(a[0], a[2]) + a[1][0] * a[2][3]],
            ("DotCoordinate", 3) => a => [N.Dot(a[0], a[2]) + a[1][0]],
            ("DotNormal", 3) => a => [N.Dot(a[0], a[2])],
            ("CreateFromVerticesNormal", 3) => Through,
            ("CreateFromVerticesD", 3) => a => [-N.Dot(Through(a), a[0])],
            ("NormalizeNormal", 2) => a => N.Unit(a[0]),
            ("NormalizeD", 2) => a => [a[1][0] / N.Length(a[0])],
            ("TransformNormal", 3) => a => Turned(a[0], Placements.Rotation(a[2])),
            ("TransformD", 3) => a => [a[1][0]],
            _ => null,
        };
        return formulas is null ? null : Definition.Of("components", x, formulas);
    }

    private static N[] Through(N[][] points) => N.Unit(N.Cross(N.Minus(points[1], points[0]), N.Minus(points[2], points[0])));

    private static N[] Turned(N[] v, N[] matrix) => [.. Enumerable.Range(0, 3).Select(k => v[0] * matrix[k] + v[1] * matrix[4 + k] + v[2] * matrix[8 + k])];
}
