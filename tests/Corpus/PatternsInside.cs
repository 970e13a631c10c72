namespace Corpus;

/// <summary>Patterns inside of patterns, variables that they bind, trees of records that hold more than numbers</summary>
public static partial class PatternsInside
{
    private sealed record Sample(double Value, Sample? Older);

    private static Sample? Chain(double[] values)
    {
        Sample? last = null;
        foreach (double v in values) last = new Sample(v * v, last);
        return last;
    }

    [Differentiable, At("new[] { 1.0, 1.5, 0.7 }"), At("new[] { 2.0 }")]
    public static double MemberOfAMember(double[] x) => Chain(x) is { Older.Value: var older } ? older * x[0] : 3 * x[0];

    [Differentiable, At("new[] { 1.0, 1.5, 0.7 }"), At("new[] { 2.0 }")]
    public static double Positions(double[] x)
    {
        if (Chain(x) is (var newest, (var older, _))) return newest * older;
        return x[0];
    }

    [Differentiable, At("new[] { 1.0, 1.5, 0.7 }"), At("new[] { 1.0, 0.5, 0.7 }"), At("new[] { 2.0 }")]
    public static double ArmsOfASwitch(double[] x) => Chain(x) switch
    {
        null => 0,
        { Older: null } alone => alone.Value,
        { Value: var newest, Older: { Value: > 1 and var older } } => newest * older,
        _ => x[1] * x[2],
    };

    /// <summary>A formula that is built and evaluated at run time; a name has no number.</summary>
    private abstract record Term
    {
        public sealed record Number(double Value) : Term;

        public sealed record Name(string Text) : Term;

        public sealed record Product(Term Left, Term Right) : Term;

        public sealed record Sum(Term Left, Term Right) : Term;

        public double At(double x) => this switch
        {
            Number(var value) => value,
            Product(var left, var right) => left.At(x) * right.At(x),
            Sum(var left, var right) => left.At(x) + right.At(x),
            _ => x,
        };

        public double AtByIf(double x)
        {
            if (this is Product(var a, var b)) return a.AtByIf(x) * b.AtByIf(x);
            if (this is Sum sum)
            {
                var (left, right) = sum;
                return left.AtByIf(x) + right.AtByIf(x);
            }

            return this is Number n ? n.Value : x;
        }
    }

    [Differentiable, At("0.5, 1.3")]
    public static double Formula(double x, double k)
    {
        Term square = new Term.Product(new Term.Name("x"), new Term.Name("x"));
        return new Term.Sum(new Term.Product(new Term.Number(k), square), new Term.Number(k * k)).At(x);
    }

    [Differentiable, At("0.5, 1.3")]
    public static double FormulaByIf(double x, double k)
    {
        Term square = new Term.Product(new Term.Name("x"), new Term.Name("x"));
        return new Term.Sum(new Term.Product(new Term.Number(k), square), new Term.Number(k * k)).AtByIf(x);
    }

    /// <summary>A joint on another one: the recursion gives arrays out, and a pattern names the parent before it.</summary>
    private sealed class Joint
    {
        public Joint? Parent { get; init; }

        public double Length { get; init; } = 1;

        public double[] Tip(double[] angles, int depth)
        {
            if (Parent is not { } parent) return [Length * Math.Cos(angles[0]), Length * Math.Sin(angles[0])];
            return Moved(parent, angles, depth);
        }

        private double[] Moved(Joint parent, double[] angles, int depth)
        {
            double[] at = parent.Tip(angles, depth - 1);
            return [at[0] + Length * Math.Cos(angles[depth]), at[1] + Length * Math.Sin(angles[depth])];
        }

        public double[] Scaled(double[] angles, int depth)
        {
            if (Parent is { } parent)
            {
                double[] below = parent.Scaled(angles, depth - 1);
                return [below[0] * Length * angles[depth], 1];
            }

            return [Length * angles[0], 1];
        }

        public double[] ScaledBySwitch(double[] angles, int depth)
        {
            switch (Parent)
            {
                case null: return [Length * angles[0], 1];
                case { } parent:
                    double[] below = parent.ScaledBySwitch(angles, depth - 1);
                    return [below[0] * Length * angles[depth], 1];
            }
        }
    }

    private static Joint Arm()
    {
        var shoulder = new Joint { Length = 0.5 };
        var elbow = new Joint { Parent = shoulder, Length = 2 };
        return new Joint { Parent = elbow, Length = 3 };
    }

    [Differentiable, At("new[] { 0.3, 0.5, 0.2 }")]
    public static double TipOfAnArm(double[] angles)
    {
        double[] tip = Arm().Tip(angles, 2);
        return tip[0] * tip[1];
    }

    [Differentiable, At("new[] { 0.3, 0.5, 0.2 }")]
    public static double NamedBeforeTheRecursion(double[] angles)
    {
        double[] product = Arm().Scaled(angles, 2);
        return product[0] * product[1];
    }

    [Differentiable, At("new[] { 0.3, 0.5, 0.2 }")]
    public static double NamedByACase(double[] angles)
    {
        double[] product = Arm().ScaledBySwitch(angles, 2);
        return product[0] * product[1];
    }

    private static double[] Along(double[] q, List<int> path)
    {
        if (path is [var head, ..])
        {
            path.RemoveAt(0);
            double[] rest = Along(q, path);
            return [rest[0] * q[head], 1];
        }

        return [q[0], 1];
    }

    [Differentiable, At("new[] { 0.3, 0.5, 0.2, 0.7 }")]
    public static double HeadsOfAList(double[] q)
    {
        double[] product = Along(q, [3, 1, 2]);
        return product[0] * product[1];
    }

    private static double Folded(ReadOnlySpan<double> s) => s switch
    {
        [] => 0,
        [var head, .. var tail] => head * Folded(tail) + head * head,
    };

    [Differentiable, At("new[] { 0.4, 1.2, 0.5, 0.7 }")]
    public static double HeadAndTail(double[] x) => Folded(x);
}
