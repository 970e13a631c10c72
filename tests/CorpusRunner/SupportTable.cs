using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace DiffGen.CorpusRunner;

/// <summary>Writes <c>docs/supported.md</c> from the outcomes of the corpus, so that the table says what was executed and nothing else.</summary>
public static class SupportTable
{
    /// <summary>The page.</summary>
    public static string Of(IEnumerable<(CorpusFile File, List<Outcome> Outcomes)> corpus)
    {
        var rows = corpus.ToList();
        Outcome[] all = [.. rows.SelectMany(r => r.Outcomes).Where(o => o.Method.Name != "*")];
        var b = new StringBuilder();
        b.Append("# What is supported\n\n");
        b.Append("Written by `dotnet run -c Release --project tests/CorpusRunner -- --table docs/supported.md` from the corpus in `tests/Corpus`: each method is\n");
        b.Append("compiled, differentiated, executed at its points and compared, the value bit for bit, derivatives with extrapolated differences.\n\n");
        b.Append(CultureInfo.InvariantCulture, $"{all.Length} methods: {all.Count(o => o.Verdict == Verdict.Ok)} right, {all.Count(o => o.Verdict != Verdict.Ok)} not yet.\n\n");
        b.Append("| area | methods | right | not yet |\n| --- | ---: | ---: | --- |\n");
        foreach (var (file, outcomes) in rows)
        {
            Outcome[] own = [.. outcomes.Where(o => o.Method.Name != "*")];
            string missing = string.Join(", ", own.Where(o => o.Verdict != Verdict.Ok).Select(o => $"`{o.Method.Name}`"));
            b.Append(CultureInfo.InvariantCulture, $"| [{Words(file.Name)}](../tests/Corpus/{file.Name}.cs): {file.Summary} | {own.Length} | {own.Count(o => o.Verdict == Verdict.Ok)} | {missing} |\n");
        }
        b.Append("\n## Constructs\n\nEach name is a corpus method that uses the construct and whose derivatives are right.\n\n| area | methods |\n| --- | --- |\n");
        foreach (var (file, outcomes) in rows)
            b.Append(CultureInfo.InvariantCulture, $"| {Words(file.Name)} | {string.Join(", ", outcomes.Where(o => o.Verdict == Verdict.Ok && o.Method.Name != "*").Select(o => o.Method.Refused is null ? $"`{o.Method.Name}`" : $"`{o.Method.Name}` (refused)"))} |\n");
        return b.ToString();
    }

    private static string Words(string name)
        => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
}
