using System.Collections;
using System.Reflection;

namespace DiffGen.Tests.Harness;

/// <summary>
/// Values that live in the pipeline must not hold on to the compiler's world (a symbol, a syntax node, a location, a compilation): they would never
/// be equal on the next run, and would keep old compilations in memory.
/// </summary>
internal static class Purity
{
    public static void MustBePure(GeneratorDriverRunResult result)
    {
        foreach (GeneratorRunResult run in result.Results)
            foreach (var (name, steps) in run.TrackedSteps.Where(s => Caching.IsOwn(s.Key)))
                foreach (IncrementalGeneratorRunStep step in steps)
                    foreach (var (value, _) in step.Outputs)
                        MustBePure(value, name);
    }

    private static void MustBePure(object? root, string step)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(object Value, string Path)>();
        if (root is not null) open.Push((root, step));
        while (open.TryPop(out var next))
        {
            var (value, path) = next;
            Type type = value.GetType();
            if (type.IsPrimitive || type.IsEnum || value is string or Type or Delegate) continue;
            if (!type.IsValueType && !seen.Add(value)) continue;
            Assert.False(type.Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true, $"a {type} is reachable from step {path}");
            if (value is Array array)
            {
                foreach (object? item in (IEnumerable)array)
                    if (item is not null) open.Push((item, path + "[]"));
                continue;
            }
            for (Type? t = type; t is not null; t = t.BaseType)
                foreach (FieldInfo field in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    if (field.GetValue(value) is { } inner) open.Push((inner, $"{path}.{field.Name}"));
        }
    }
}
