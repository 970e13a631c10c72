using Spectre.Console;

namespace DiffGen.Samples;

/// <summary>One model's training by gradient descent, and what is measured of it.</summary>
internal sealed record Run(IModel Model, int Steps, double Rate)
{
    /// <summary>The loss before each step, and after the last.</summary>
    public double[] Losses { get; } = new double[Steps + 1];

    /// <summary>
    /// The largest relative error of the emitted gradient, at the start and ten steps on: at the end the gradient is so near zero
    /// that nothing could be said relative to it. (Differences also want a stretch without a kink: no flower is near the neuron's then.)
    /// </summary>
    public double GradientError { get; private set; }

    /// <summary>Seconds a call.</summary>
    public (double Primal, double Emitted, double HandWritten) Times { get; private set; }

    /// <summary>Flowers kept out of training that the trained model takes for what they are.</summary>
    public int Right { get; private set; }

    /// <summary>Descends, and shows the loss while it does.</summary>
    public void Train(ProgressContext progress)
    {
        var task = progress.AddTask(Model.Name, maxValue: Steps);
        for (int step = 0; step < Steps; step++)
        {
            if (step is 0 or 10) GradientError = Math.Max(GradientError, Model.LargestRelativeError());
            Losses[step] = Model.Descend(Rate);
            task.Description = $"{Model.Name,-8} loss {Losses[step]:0.0000}";
            if (step % (Steps / 5) == 0) AnsiConsole.WriteLine($"{task.Description} after {step} steps");
            task.Increment(1);
        }

        Losses[Steps] = Model.Loss();
        task.Description = $"{Model.Name,-8} loss {Losses[Steps]:0.0000}";
        AnsiConsole.WriteLine($"{task.Description} after {Steps} steps");
    }

    /// <summary>Takes what the final table shows of the trained model.</summary>
    public void Measure(Iris keptOut)
    {
        Right = Model.Right(keptOut);
        Times = Model.Times();
    }

    /// <summary>What the sample claims and this run does not bear out.</summary>
    public IEnumerable<string> Failures(Iris keptOut)
    {
        if (!(Losses[Steps] < Losses[0] / 3)) yield return $"{Model.Name}: the loss did not drop to a third";
        if (!(Right >= 0.9 * keptOut.Species.Length)) yield return $"{Model.Name}: fewer than nine in ten are told apart";
        if (!(GradientError < 1e-7)) yield return $"{Model.Name}: the gradient is not that of the loss";
    }
}
