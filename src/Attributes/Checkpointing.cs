namespace DiffGen;

/// <summary>How the reverse sweep of a long loop gets the states it needs: all remembered, or some remembered and the others computed again.</summary>
public enum Checkpointing
{
    /// <summary>Every state that the reverse sweep needs is remembered: memory proportional to the number of steps T, no step runs twice.</summary>
    None = 0,

    /// <summary>About √T states are remembered and each step runs once more: memory O(√T), time at most one primal more.</summary>
    SquareRoot = 1,

    /// <summary>About log₂ T states are remembered: memory O(log T), time O(T log T).</summary>
    Logarithmic = 2,
}
