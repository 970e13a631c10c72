using System.Text.Json;
using System.Text.Json.Serialization;

namespace GradBench.Protocol;

internal sealed record LeastSquaresInput(double[] X, int N, int MinRuns, double MinSeconds) : IRepeated;

internal sealed record VectorInput(double[] X, int MinRuns, double MinSeconds) : IRepeated;

internal sealed record OdeInput(double[] X, int S, int MinRuns, double MinSeconds) : IRepeated;

internal sealed record DeterminantInput(
    [property: JsonPropertyName("A")] double[] A, int Ell, int MinRuns, double MinSeconds) : IRepeated;

internal sealed record MixtureInput(
    int D, int K, int N, double[][] X, int M, double Gamma, double[] Alpha, double[][] Mu, double[][] Q, double[][] L,
    int MinRuns, double MinSeconds) : IRepeated;

internal sealed record LstmInput(
    double[][] MainParams, double[][] ExtraParams, double[][] State, double[][] Sequence,
    int MinRuns, double MinSeconds) : IRepeated;

internal sealed record BundleInput(
    int N, int M, int P, double[] Cam, double[] X, double W, double[] Feat, int MinRuns, double MinSeconds) : IRepeated;

internal sealed record KMeansInput(double[][] Points, double[][] Centroids, int MinRuns, double MinSeconds) : IRepeated;

internal sealed record HandInput(double[] Theta, HandData Data, double[][] Us, int MinRuns, double MinSeconds) : IRepeated;

internal sealed record HandData(HandModelData Model, int[] Correspondences, double[][] Points);

internal sealed record HandModelData(
    int[] Parents, double[][][] BaseRelatives, double[][][] InverseBaseAbsolutes, double[][] BasePositions,
    double[][] Weights, int[][] Triangles, bool IsMirrored);

internal sealed record ParticleInput(double W, int MinRuns, double MinSeconds) : IRepeated;

internal sealed record SaddleInput(double[] Start, int MinRuns, double MinSeconds) : IRepeated;

/// <summary>How inputs are read: generated at build time, as the program starts faster without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(IntegerConverter)])]
[JsonSerializable(typeof(LeastSquaresInput))]
[JsonSerializable(typeof(VectorInput))]
[JsonSerializable(typeof(OdeInput))]
[JsonSerializable(typeof(DeterminantInput))]
[JsonSerializable(typeof(MixtureInput))]
[JsonSerializable(typeof(LstmInput))]
[JsonSerializable(typeof(BundleInput))]
[JsonSerializable(typeof(KMeansInput))]
[JsonSerializable(typeof(HandInput))]
[JsonSerializable(typeof(ParticleInput))]
[JsonSerializable(typeof(SaddleInput))]
internal sealed partial class Inputs : JsonSerializerContext;

/// <summary>Reads an integer that may be written as <c>1.0</c> or <c>1e3</c>.</summary>
internal sealed class IntegerConverter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetInt32(out int value) ? value : checked((int)reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
