namespace DiffGen.Samples;

/// <summary>
/// The models of the reference problems: y at each x for parameters b, in plain loops. Their Jacobians with respect to b, a row
/// for each x, are emitted while this project is built.
/// </summary>
public static partial class Models
{
    /// <summary>b₁ (1 − exp(−b₂ x)), also the model of BoxBOD.</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Misra1a(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = b[0] * (1 - Math.Exp(-b[1] * x[i]));
        return y;
    }

    /// <summary>b₁ (1 − (1 + b₂ x / 2)⁻²).</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Misra1b(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = b[0] * (1 - Math.Pow(1 + b[1] * x[i] / 2, -2));
        return y;
    }

    /// <summary>b₁ (1 − 1 / √(1 + 2 b₂ x)).</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Misra1c(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = b[0] * (1 - 1 / Math.Sqrt(1 + 2 * b[1] * x[i]));
        return y;
    }

    /// <summary>b₁ b₂ x / (1 + b₂ x).</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Misra1d(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double load = b[1] * x[i];
            y[i] = b[0] * load / (1 + load);
        }

        return y;
    }

    /// <summary>b₁ x^b₂.</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] DanWood(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = b[0] * Math.Pow(x[i], b[1]);
        return y;
    }

    /// <summary>b₁ / (1 + exp(b₂ − b₃ x)).</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Rat42(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = b[0] / (1 + Math.Exp(b[1] - b[2] * x[i]));
        return y;
    }

    /// <summary>b₁ / (1 + exp(b₂ − b₃ x))^(1 / b₄).</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Rat43(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = b[0] / Math.Pow(1 + Math.Exp(b[1] - b[2] * x[i]), 1 / b[3]);
        return y;
    }

    /// <summary>b₁ (x² + b₂ x) / (x² + b₃ x + b₄).</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Mgh09(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double square = x[i] * x[i];
            y[i] = b[0] * (square + x[i] * b[1]) / (square + x[i] * b[2] + b[3]);
        }

        return y;
    }

    /// <summary>b₁ exp(b₂ / (x + b₃)).</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Mgh10(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = b[0] * Math.Exp(b[1] / (x[i] + b[2]));
        return y;
    }

    /// <summary>b₁ / b₂ exp(−((x − b₃) / b₂)² / 2).</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Eckerle4(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double t = (x[i] - b[2]) / b[1];
            y[i] = b[0] / b[1] * Math.Exp(-0.5 * t * t);
        }

        return y;
    }

    /// <summary>A cubic over a cubic, by Horner's rule.</summary>
    [Differentiable(nameof(b), Emit = Derivatives.Jacobian)]
    public static double[] Thurber(double[] b, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double t = x[i];
            y[i] = (b[0] + t * (b[1] + t * (b[2] + t * b[3]))) / (1 + t * (b[4] + t * (b[5] + t * b[6])));
        }

        return y;
    }
}
