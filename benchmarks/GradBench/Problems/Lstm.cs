using DiffGen;

namespace GradBench.Problems;

/// <summary>The loss of a diagonal long short-term memory network that predicts the next character's bits.</summary>
public static partial class Lstm
{
    /// <param name="mainParams">Two rows a layer, weights and biases; each row holds the blocks forget, ingate, outgate, change.</param>
    /// <param name="extraParams">The rows of the input's weight, the output's weight and the output's bias.</param>
    /// <param name="state">Two rows a layer, hidden and cell, as they are at the start.</param>
    /// <param name="sequence">One row of bits a character.</param>
    [Differentiable(nameof(mainParams), nameof(extraParams))]
    public static double Objective(double[][] mainParams, double[][] extraParams, double[][] state, double[][] sequence)
    {
        int bits = sequence[0].Length;
        var current = new double[state.Length][];
        for (int i = 0; i < state.Length; i++)
        {
            current[i] = (double[])state[i].Clone();
        }

        var input = new double[bits];
        var prediction = new double[bits];
        double total = 0;
        for (int t = 0; t < sequence.Length - 1; t++)
        {
            Predict(mainParams, extraParams, current, sequence[t], input, prediction);
            double norm = LogTwoPlusSumExp(prediction);
            for (int j = 0; j < bits; j++)
            {
                total += sequence[t + 1][j] * (prediction[j] - norm);
            }
        }

        return -total / (bits * (sequence.Length - 1));
    }

    /// <summary><see cref="Objective"/>, whose derivative may reassociate sums.</summary>
    [Differentiable(nameof(mainParams), nameof(extraParams), Math = MathMode.Fast)]
    public static double FastObjective(double[][] mainParams, double[][] extraParams, double[][] state, double[][] sequence) =>
        Objective(mainParams, extraParams, state, sequence);

    private static void Predict(
        double[][] mainParams, double[][] extraParams, double[][] state, double[] character, double[] input, double[] prediction)
    {
        for (int j = 0; j < input.Length; j++)
        {
            input[j] = character[j] * extraParams[0][j];
        }

        double[] v = input;
        for (int i = 0; i < state.Length; i += 2)
        {
            Step(mainParams[i], mainParams[i + 1], state[i], state[i + 1], v);
            v = state[i];
        }

        for (int j = 0; j < prediction.Length; j++)
        {
            prediction[j] = v[j] * extraParams[1][j] + extraParams[2][j];
        }
    }

    /// <summary>One layer's step: hidden and cell are replaced.</summary>
    private static void Step(double[] weight, double[] bias, double[] hidden, double[] cell, double[] input)
    {
        int b = hidden.Length;
        for (int j = 0; j < b; j++)
        {
            double forget = Sigmoid(input[j] * weight[j] + bias[j]);
            double ingate = Sigmoid(hidden[j] * weight[b + j] + bias[b + j]);
            double outgate = Sigmoid(input[j] * weight[2 * b + j] + bias[2 * b + j]);
            double change = Math.Tanh(hidden[j] * weight[3 * b + j] + bias[3 * b + j]);
            cell[j] = cell[j] * forget + ingate * change;
            hidden[j] = outgate * Math.Tanh(cell[j]);
        }
    }

    private static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));

    private static double LogTwoPlusSumExp(double[] v)
    {
        double sum = 2;
        for (int j = 0; j < v.Length; j++)
        {
            sum += Math.Exp(v[j]);
        }

        return Math.Log(sum);
    }
}
