using System.Buffers;
using System.Text.Json;

namespace GradBench.Protocol;

/// <summary>Answers GradBench's messages, one JSON line each, until the input ends.</summary>
internal sealed class Session(IReadOnlyDictionary<string, Module> modules, Stream input, Stream output)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    private readonly LineReader lines = new(input);
    private readonly ArrayBufferWriter<byte> answer = new(1 << 16);

    public void Run()
    {
        while (lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            using JsonDocument message = JsonDocument.Parse(line, Options);
            Answer(message.RootElement);
            output.Write(answer.WrittenSpan);
            output.WriteByte((byte)'\n');
            output.Flush();
        }
    }

    private void Answer(JsonElement message)
    {
        int id = message.GetProperty("id").GetInt32();
        string kind = Text(message, "kind");
        if (kind == "evaluate")
        {
            try
            {
                Begin(id, writer => Evaluate(message, writer));
            }
            catch (Exception exception)
            {
                // An output that has no JSON form (NaN, infinities) fails here too, hence the answer is written anew.
                Begin(id, writer =>
                {
                    writer.WriteBoolean("success", false);
                    writer.WriteString("error", exception.Message);
                });
            }

            return;
        }

        Begin(id, writer =>
        {
            switch (kind)
            {
                case "start":
                    writer.WriteString("tool", "diffgen");
                    break;
                case "define":
                    writer.WriteBoolean("success", modules.ContainsKey(Text(message, "module")));
                    break;
                case "analysis":
                    if (message.TryGetProperty("error", out JsonElement error))
                    {
                        Console.Error.WriteLine(error);
                    }

                    break;
            }
        });
    }

    private void Evaluate(JsonElement message, Utf8JsonWriter writer)
    {
        string module = Text(message, "module");
        string function = Text(message, "function");
        if (!modules.TryGetValue(module, out Module? found) || !found.TryFind(function, out Evaluation evaluation))
        {
            throw new NotSupportedException($"There is no function {function} in a module {module}.");
        }

        writer.WriteBoolean("success", true);
        evaluation(message.GetProperty("input"), writer);
    }

    private void Begin(int id, Action<Utf8JsonWriter> write)
    {
        answer.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(answer);
        writer.WriteStartObject();
        writer.WriteNumber("id", id);
        write(writer);
        writer.WriteEndObject();
    }

    private static string Text(JsonElement message, string property) =>
        message.TryGetProperty(property, out JsonElement value) ? value.GetString() ?? "" : "";
}
