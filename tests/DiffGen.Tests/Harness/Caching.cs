namespace DiffGen.Tests.Harness;

/// <summary>What the pipeline did again, and why.</summary>
internal static class Caching
{
    /// <summary>Runs the generator again over an equal compilation: nothing may be computed anew.</summary>
    public static void MustBeCached(GeneratorDriver driver, CSharpCompilation compilation)
    {
        GeneratorDriver second = driver.RunGenerators(compilation.Clone());
        foreach (var (name, reasons) in Reasons(second))
            foreach (IncrementalStepRunReason reason in reasons)
                Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"step {name} was {reason} on an equal compilation");
    }

    /// <summary>The reasons of the outputs of the generator's own steps, and of what it hands to the compiler, by step.</summary>
    public static Dictionary<string, IncrementalStepRunReason[]> Reasons(GeneratorDriver driver)
    {
        var found = new Dictionary<string, IncrementalStepRunReason[]>();
        foreach (GeneratorRunResult result in driver.GetRunResult().Results)
        {
            foreach (var (name, steps) in result.TrackedSteps.Where(s => IsOwn(s.Key)))
                found[name] = [.. steps.SelectMany(s => s.Outputs).Select(o => o.Reason)];
            foreach (var (name, steps) in result.TrackedOutputSteps)
                found["output " + name] = [.. steps.SelectMany(s => s.Outputs).Select(o => o.Reason)];
        }
        return found;
    }

    /// <summary>Whether a step is the generator's own: all of these have a name in <see cref="DiffGen.Generator.TrackingNames"/>.</summary>
    public static bool IsOwn(string step) => Names.Contains(step);

    private static readonly HashSet<string> Names =
        [.. typeof(DiffGen.Generator.TrackingNames).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];
}
