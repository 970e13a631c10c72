using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GradBench.Protocol;

/// <summary>Answers one evaluation: reads its input, runs the function, writes <c>output</c> and <c>timings</c>.</summary>
internal delegate void Evaluation(JsonElement input, Utf8JsonWriter answer);

/// <summary>The functions of one problem.</summary>
internal sealed class Module
{
    private readonly Dictionary<string, Evaluation> evaluations = [];

    /// <summary>Receives a line on the memory that a function took, if anybody asks.</summary>
    public Action<string>? Memory { get; set; }

    /// <summary>Adds a function that is run and timed as often as its input asks.</summary>
    /// <param name="name">What the evaluation calls it.</param>
    /// <param name="type">How its input is read.</param>
    /// <param name="function">From native inputs to native outputs.</param>
    /// <param name="write">Writes an output as JSON; not timed.</param>
    public Module Add<TInput, TOutput>(
        string name, JsonTypeInfo<TInput> type, Func<TInput, TOutput> function, Action<Utf8JsonWriter, TOutput> write)
        where TInput : IRepeated => Add(name, type, input => input, function, write);

    /// <summary>Adds a function whose inputs are first brought into the form that it takes.</summary>
    /// <param name="name">What the evaluation calls it.</param>
    /// <param name="type">How its input is read.</param>
    /// <param name="prepare">From what was read to native inputs; not timed.</param>
    /// <param name="function">From native inputs to native outputs.</param>
    /// <param name="write">Writes an output as JSON; not timed.</param>
    public Module Add<TInput, TNative, TOutput>(
        string name, JsonTypeInfo<TInput> type, Func<TInput, TNative> prepare, Func<TNative, TOutput> function,
        Action<Utf8JsonWriter, TOutput> write)
        where TInput : IRepeated
    {
        evaluations.Add(name, (element, answer) =>
        {
            TInput input = element.Deserialize(type) ?? throw new JsonException("The input is null.");
            TNative native = prepare(input);
            Repetition<TOutput> repetition = Repetition.Of(input, () => function(native));
            answer.WritePropertyName("output");
            write(answer, repetition.Output);
            WriteTimings(answer, repetition.WarmupNanoseconds, repetition.RunNanoseconds);
            Memory?.Invoke($"{name}: {repetition.RememberedBytes} bytes remembered, {repetition.AllocatedBytes} bytes allocated by the last run");
        });
        return this;
    }

    /// <summary>Adds a function of one number, run once.</summary>
    public Module Add(string name, Func<double, double> function)
    {
        evaluations.Add(name, (element, answer) =>
        {
            double x = element.GetDouble();
            Repetition<double> repetition = Repetition.Of(Once.Instance, () => function(x));
            answer.WriteNumber("output", repetition.Output);
            WriteTimings(answer, repetition.WarmupNanoseconds, repetition.RunNanoseconds);
        });
        return this;
    }

    /// <summary>Finds a function by name.</summary>
    public bool TryFind(string name, out Evaluation evaluation) => evaluations.TryGetValue(name, out evaluation!);

    private static void WriteTimings(Utf8JsonWriter answer, long warmup, List<long> runs)
    {
        answer.WriteStartArray("timings");
        WriteTiming(answer, "warmup", warmup);
        foreach (long run in runs)
        {
            WriteTiming(answer, "evaluate", run);
        }

        answer.WriteEndArray();
    }

    private static void WriteTiming(Utf8JsonWriter answer, string name, long nanoseconds)
    {
        answer.WriteStartObject();
        answer.WriteString("name", name);
        answer.WriteNumber("nanoseconds", nanoseconds);
        answer.WriteEndObject();
    }

    private sealed class Once : IRepeated
    {
        public static readonly Once Instance = new();

        public int MinRuns => 1;

        public double MinSeconds => 0;
    }
}
