namespace DiffGen.Samples;

/// <summary>What the sample does with a model, whatever its parameters are.</summary>
internal interface IModel
{
    /// <summary>The model's name in tables and in file names.</summary>
    string Name { get; }

    /// <summary>The loss over the training rows.</summary>
    double Loss();

    /// <summary>Moves all parameters against the emitted gradient; gives the loss before the move.</summary>
    double Descend(double rate);

    /// <summary>The number of flowers that are told apart rightly.</summary>
    int Right(Iris flowers);

    /// <summary>The largest relative error of the emitted gradient against extrapolated differences, where the model stands now.</summary>
    double LargestRelativeError();

    /// <summary>Seconds of one call of the loss, of its emitted gradient and of a gradient written by hand.</summary>
    (double Primal, double Emitted, double HandWritten) Times();

    /// <summary>The number of the species, or <see cref="Iris.Other"/>, that a petal of this size is taken for.</summary>
    int Classify(double petalLength, double petalWidth);
}
