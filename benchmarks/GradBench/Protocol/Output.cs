using System.Text.Json;

namespace GradBench.Protocol;

/// <summary>Writes numbers, vectors and matrices.</summary>
internal static class Output
{
    public static void Number(Utf8JsonWriter writer, double value) => writer.WriteNumberValue(value);

    public static void Values(Utf8JsonWriter writer, ReadOnlySpan<double> values)
    {
        writer.WriteStartArray();
        foreach (double value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    public static void Vector(Utf8JsonWriter writer, double[] values) => Values(writer, values);

    public static void Integers(Utf8JsonWriter writer, ReadOnlySpan<int> values)
    {
        writer.WriteStartArray();
        foreach (int value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    public static void Matrix(Utf8JsonWriter writer, double[][] rows)
    {
        writer.WriteStartArray();
        foreach (double[] row in rows)
        {
            Vector(writer, row);
        }

        writer.WriteEndArray();
    }

    /// <summary>The rows one after another, as one vector.</summary>
    public static void Flat(Utf8JsonWriter writer, double[][] rows)
    {
        foreach (double[] row in rows)
        {
            foreach (double value in row)
            {
                writer.WriteNumberValue(value);
            }
        }
    }
}
