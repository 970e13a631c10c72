namespace DiffGen.Samples;

/// <summary>What an option is worth under.</summary>
internal sealed record Market(double Spot, double Strike, double Rate, double Vol, double Maturity)
{
    /// <summary>The inputs that are differentiated, in the order in which the marked methods declare them.</summary>
    public double[] Inputs => [Spot, Rate, Vol, Maturity];

    public Market With(double[] inputs) => this with { Spot = inputs[0], Rate = inputs[1], Vol = inputs[2], Maturity = inputs[3] };
}

/// <summary>The names of the derivatives of an option's value.</summary>
internal static class Greeks
{
    /// <summary>First the four of first order.</summary>
    public static readonly string[] Names = ["delta", "vega", "rho", "theta", "gamma", "vanna", "volga", "charm"];

    /// <summary>How many of them are of first order.</summary>
    public const int FirstOrder = 4;

    /// <summary>Picks the Greeks out of a gradient and a Hessian; time runs against maturity.</summary>
    public static double[] Of(double[] gradient, double[,] hessian) =>
    [
        gradient[0], gradient[2], gradient[1], -gradient[3],
        hessian[0, 0], hessian[0, 2], hessian[2, 2], -hessian[0, 3],
    ];
}
