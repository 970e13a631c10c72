namespace DiffGen;

/// <summary>How faithful emitted floating-point arithmetic is to the primal's.</summary>
public enum MathMode
{
    /// <summary>The value that comes with a derivative equals the primal's bit for bit.</summary>
    Exact = 0,

    /// <summary>Sums may be reassociated and elementary functions vectorised: faster, equal up to rounding.</summary>
    Fast = 1,
}
