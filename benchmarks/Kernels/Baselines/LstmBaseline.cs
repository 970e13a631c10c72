namespace Kernels.Baselines;

/// <summary>The gradient of the LSTM's loss, written by hand: the gates of every step are kept.</summary>
public static class LstmBaseline
{
    public static (double[][] Main, double[][] Extra) Gradient(
        double[][] mainParams, double[][] extraParams, double[][] state, double[][] sequence)
    {
        int b = sequence[0].Length;
        int layers = state.Length / 2;
        int steps = sequence.Length - 1;
        double[][] current = Array.ConvertAll(state, row => (double[])row.Clone());
        double[][] dMain = Array.ConvertAll(mainParams, row => new double[row.Length]);
        double[][] dExtra = Array.ConvertAll(extraParams, row => new double[row.Length]);

        // For each step, layer and bit: input, old hidden, old cell, the four gates, tanh of the new cell; then the step's predictions.
        const int kept = 8;
        var memory = new double[steps * layers * b * kept];
        var softs = new double[steps * b];
        var lasts = new double[steps * b];
        var input = new double[b];
        int next = 0;
        for (int t = 0; t < steps; t++)
        {
            for (int j = 0; j < b; j++)
            {
                input[j] = sequence[t][j] * extraParams[0][j];
            }

            double[] v = input;
            for (int layer = 0; layer < layers; layer++)
            {
                double[] weight = mainParams[2 * layer], bias = mainParams[2 * layer + 1];
                double[] hidden = current[2 * layer], cell = current[2 * layer + 1];
                for (int j = 0; j < b; j++)
                {
                    double forget = Sigmoid(v[j] * weight[j] + bias[j]);
                    double ingate = Sigmoid(hidden[j] * weight[b + j] + bias[b + j]);
                    double outgate = Sigmoid(v[j] * weight[2 * b + j] + bias[2 * b + j]);
                    double change = Math.Tanh(hidden[j] * weight[3 * b + j] + bias[3 * b + j]);
                    memory[next] = v[j];
                    memory[next + 1] = hidden[j];
                    memory[next + 2] = cell[j];
                    cell[j] = cell[j] * forget + ingate * change;
                    double squashed = Math.Tanh(cell[j]);
                    hidden[j] = outgate * squashed;
                    memory[next + 3] = forget;
                    memory[next + 4] = ingate;
                    memory[next + 5] = outgate;
                    memory[next + 6] = change;
                    memory[next + 7] = squashed;
                    next += kept;
                }

                v = hidden;
            }

            double sum = 2;
            for (int j = 0; j < b; j++)
            {
                lasts[t * b + j] = v[j];
                double e = Math.Exp(v[j] * extraParams[1][j] + extraParams[2][j]);
                softs[t * b + j] = e;
                sum += e;
            }

            for (int j = 0; j < b; j++)
            {
                softs[t * b + j] /= sum;
            }
        }

        double seed = -1.0 / (b * steps);
        double[][] dState = Array.ConvertAll(state, row => new double[row.Length]);
        var dInput = new double[b];
        for (int t = steps - 1; t >= 0; t--)
        {
            double ones = 0;
            for (int j = 0; j < b; j++)
            {
                ones += sequence[t + 1][j];
            }

            double[] dLast = dState[2 * layers - 2];
            for (int j = 0; j < b; j++)
            {
                double dPrediction = seed * (sequence[t + 1][j] - ones * softs[t * b + j]);
                dExtra[1][j] += dPrediction * lasts[t * b + j];
                dExtra[2][j] += dPrediction;
                dLast[j] += dPrediction * extraParams[1][j];
            }

            for (int layer = layers - 1; layer >= 0; layer--)
            {
                double[] weight = mainParams[2 * layer];
                double[] dWeight = dMain[2 * layer], dBias = dMain[2 * layer + 1];
                double[] dHidden = dState[2 * layer], dCell = dState[2 * layer + 1];
                double[] dV = layer == 0 ? dInput : dState[2 * layer - 2];
                for (int j = b - 1; j >= 0; j--)
                {
                    next -= kept;
                    double v = memory[next], h = memory[next + 1], s = memory[next + 2];
                    double forget = memory[next + 3], ingate = memory[next + 4], outgate = memory[next + 5];
                    double change = memory[next + 6], squashed = memory[next + 7];
                    double dh = dHidden[j];
                    double ds = dCell[j] + dh * outgate * (1 - squashed * squashed);
                    double dOut = dh * squashed * outgate * (1 - outgate);
                    double dForget = ds * s * forget * (1 - forget);
                    double dIn = ds * change * ingate * (1 - ingate);
                    double dChange = ds * ingate * (1 - change * change);
                    dCell[j] = ds * forget;
                    dHidden[j] = dIn * weight[b + j] + dChange * weight[3 * b + j];
                    double dInputJ = dForget * weight[j] + dOut * weight[2 * b + j];
                    if (layer == 0)
                    {
                        dV[j] = dInputJ;
                    }
                    else
                    {
                        dV[j] += dInputJ;
                    }

                    dWeight[j] += dForget * v;
                    dWeight[b + j] += dIn * h;
                    dWeight[2 * b + j] += dOut * v;
                    dWeight[3 * b + j] += dChange * h;
                    dBias[j] += dForget;
                    dBias[b + j] += dIn;
                    dBias[2 * b + j] += dOut;
                    dBias[3 * b + j] += dChange;
                }
            }

            for (int j = 0; j < b; j++)
            {
                dExtra[0][j] += dInput[j] * sequence[t][j];
            }
        }

        return (dMain, dExtra);
    }

    private static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
}
