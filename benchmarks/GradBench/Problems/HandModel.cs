namespace GradBench.Problems;

/// <summary>A skinned hand: bones in a tree, and a mesh whose vertices follow them. Matrices are 4 × 4, row by row.</summary>
/// <param name="Parents">Each bone's parent, which comes before it, or −1.</param>
/// <param name="BaseRelatives">Each bone's rest pose relative to its parent.</param>
/// <param name="InverseBaseAbsolutes">The inverse of each bone's absolute rest pose.</param>
/// <param name="BasePositions">Each vertex at rest, homogeneous.</param>
/// <param name="Weights">How far each vertex follows each bone.</param>
/// <param name="Triangles">The vertices of each triangle.</param>
/// <param name="IsMirrored">Whether x is negated.</param>
public sealed record HandModel(
    int[] Parents,
    double[][] BaseRelatives,
    double[][] InverseBaseAbsolutes,
    double[][] BasePositions,
    double[][] Weights,
    int[][] Triangles,
    bool IsMirrored);
