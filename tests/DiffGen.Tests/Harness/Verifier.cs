using System.Runtime.CompilerServices;
using System.Text;

namespace DiffGen.Tests.Harness;

/// <summary>
/// Snapshots in Verify's conventions: <c>Class.Method#Hint.g.verified.cs</c> beside the test, <c>.received.</c> when it differs, the hint name in
/// the first line. A snapshot that is new, changed or no longer emitted fails. To accept everything that a run emits, read it and run the tests with
/// <c>DIFFGEN_ACCEPT=1</c>; to accept one, rename its received file. (When the package Verify.SourceGenerators can be restored, this file can go.)
/// </summary>
internal static class Verifier
{
    private static bool Accepts => Environment.GetEnvironmentVariable("DIFFGEN_ACCEPT") == "1";

    /// <summary>Compares all that was emitted with the verified files.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">Something differs.</exception>
    public static Task Verify(Generated generated, [CallerFilePath] string file = "", [CallerMemberName] string method = "") =>
        Verify(generated.Driver, file, method);

    /// <inheritdoc cref="Verify(Generated, string, string)"/>
    public static Task Verify(GeneratorDriver driver, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        string folder = Path.GetDirectoryName(file)!;
        string prefix = $"{Path.GetFileNameWithoutExtension(file)}.{method}#";
        var problems = new StringBuilder();
        var stale = Directory.EnumerateFiles(folder, prefix + "*.verified.cs").ToHashSet(StringComparer.Ordinal);
        foreach (string old in Directory.EnumerateFiles(folder, prefix + "*.received.cs")) File.Delete(old);

        GeneratedSourceResult[] sources = [.. driver.GetRunResult().Results.SelectMany(r => r.GeneratedSources)];
        Assert.NotEmpty(sources);
        foreach (GeneratedSourceResult source in sources)
        {
            string hint = source.HintName.EndsWith(".cs", StringComparison.Ordinal) ? source.HintName[..^3] : source.HintName;
            string name = Path.Combine(folder, prefix + hint.Replace('/', '_'));
            string received = $"//HintName: {source.HintName}\n{source.SourceText}".Replace("\r\n", "\n", StringComparison.Ordinal);
            string verified = name + ".verified.cs";
            stale.Remove(verified);
            string? expected = File.Exists(verified) ? File.ReadAllText(verified).Replace("\r\n", "\n", StringComparison.Ordinal) : null;
            if (expected == received) continue;
            if (Accepts)
            {
                File.WriteAllText(verified, received);
                continue;
            }
            File.WriteAllText(name + ".received.cs", received);
            problems.AppendLine(expected is null ? $"new: {Path.GetFileName(verified)}" : $"changed: {Path.GetFileName(verified)}\n{FirstDifference(expected, received)}");
        }
        foreach (string leftover in stale)
        {
            if (Accepts) File.Delete(leftover);
            else problems.AppendLine($"no longer emitted: {Path.GetFileName(leftover)}");
        }
        if (problems.Length > 0) Assert.Fail(problems.ToString());
        return Task.CompletedTask;
    }

    private static string FirstDifference(string expected, string received)
    {
        string[] old = expected.Split('\n'), now = received.Split('\n');
        int i = 0;
        while (i < old.Length && i < now.Length && old[i] == now[i]) i++;
        return $"  line {i + 1}\n  - {(i < old.Length ? old[i] : "(end)")}\n  + {(i < now.Length ? now[i] : "(end)")}";
    }
}
