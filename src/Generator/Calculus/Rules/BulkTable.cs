using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// The rules of operations on whole spans. An operation with a result is a reduction, one with a destination is elementwise; <c>Max</c> and the like are
/// both, by their arguments.
/// </summary>
internal static class BulkTable
{
    /// <summary>The rule by its key; null where there is none.</summary>
    public static BulkRule? For(string key)
    {
        if (key is "Matrix4x4.Invert" or "Matrix3x2.Invert") return new InverseRule();
        int dot = key.LastIndexOf('.');
        if (dot < 0 || VectorMath.Short(key.Substring(0, dot)) != "TensorPrimitives") return null;
        string name = key.Substring(dot + 1);
        BulkRule? reduction = Reduction(name);
        bool elementwise = ScalarTable.PiecewiseConstant.Contains(name) || Enumerable.Range(1, 3).Any(arity => RuleTable.Scalar(name, arity) is not null);
        if (!elementwise) return reduction;
        return reduction is null ? new ElementwiseBulk(name) : new EitherBulk(reduction, new ElementwiseBulk(name));
    }

    private static BulkRule? Reduction(string name) => name switch
    {
        "Sum" => new SumReduction(),
        "Average" => new AverageReduction(),
        "Dot" => new DotReduction(),
        "SumOfSquares" => new SumOfSquaresReduction(),
        "SumOfMagnitudes" => new SumOfMagnitudesReduction(),
        "Norm" => new NormReduction(),
        "Distance" => new DistanceReduction(),
        "CosineSimilarity" => new CosineReduction(),
        "Product" => new ProductReduction(null),
        "ProductOfSums" => new ProductReduction(1),
        "ProductOfDifferences" => new ProductReduction(-1),
        "StdDev" => new DeviationReduction(),
        "SinCos" or "SinCosPi" => new SinCosRule(name == "SinCosPi"),
        "SoftMax" => new SoftMaxRule(),
        "Max" or "MaxNumber" or "MaxMagnitude" or "MaxMagnitudeNumber" or "Min" or "MinNumber" or "MinMagnitude" or "MinMagnitudeNumber" =>
            new ExtremeReduction(name),
        _ => null,
    };

    private sealed class EitherBulk(BulkRule reduction, BulkRule elementwise) : BulkRule
    {
        public override string Name => reduction.Name;

        public override IEnumerable<Stmt> Pullback(BulkContext context) => Chosen(context).Pullback(context);

        public override IEnumerable<Stmt> Pushforward(BulkContext context) => Chosen(context).Pushforward(context);

        private BulkRule Chosen(BulkContext context) => context.Call.Writes.IsEmpty ? reduction : elementwise;
    }
}
