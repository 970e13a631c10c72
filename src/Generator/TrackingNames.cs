namespace DiffGen.Generator;

/// <summary>The names of the pipeline's steps, as tests of caching see them.</summary>
public static class TrackingNames
{
    /// <summary>Marked methods in the Ir.</summary>
    public const string Methods = nameof(Methods);

    /// <summary>Their derivatives in the Ir.</summary>
    public const string Derivatives = nameof(Derivatives);

    /// <summary>Whether the project asks for a report.</summary>
    public const string Report = nameof(Report);

    /// <summary>Their files.</summary>
    public const string Files = nameof(Files);

    /// <summary>Marked types.</summary>
    public const string Types = nameof(Types);

    /// <summary>The files of their tangents.</summary>
    public const string Tangents = nameof(Tangents);
}
