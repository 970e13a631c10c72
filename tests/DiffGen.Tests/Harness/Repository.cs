using System.Reflection;

namespace DiffGen.Tests.Harness;

/// <summary>Where the sources are that the tests read.</summary>
internal static class Repository
{
    /// <summary>The root of the working copy.</summary>
    public static string Root { get; } = Place("RepositoryRoot");

    /// <summary>A place that the build knows.</summary>
    public static string Place(string key) => Path.GetFullPath(typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!);

    /// <summary>All C# sources under a folder, without build output.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("\\obj\\", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
