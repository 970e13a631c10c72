using System.Text.RegularExpressions;
using DiffGen.Generator.Diagnostics;

namespace DiffGen.Tests;

/// <summary>Every diagnostic has a page that a user can read.</summary>
public class DiagnosticPagesTests
{
    public static TheoryData<string> Ids => [.. Descriptors.All.Select(d => d.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryDescriptorHasAPage(string id)
    {
        DiagnosticDescriptor descriptor = Descriptors.Find(id)!;
        string page = Path.Combine(Repository.Root, "docs", "rules", id + ".md");
        Assert.True(File.Exists(page), $"docs/rules/{id}.md is missing");
        string text = File.ReadAllText(page);
        Assert.Contains(id, text, StringComparison.Ordinal);
        Assert.Contains(descriptor.Title.ToString(), text, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith($"docs/rules/{id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPageHasADescriptor()
    {
        foreach (string page in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "rules"), "DG*.md"))
            Assert.NotNull(Descriptors.Find(Path.GetFileNameWithoutExtension(page)));
    }

    [Fact]
    public void EveryDescriptorIsReleased()
    {
        string folder = Path.Combine(Repository.Root, "src", "Generator");
        string text = File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Shipped.md")) + File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Unshipped.md"));
        foreach (DiagnosticDescriptor descriptor in Descriptors.All)
            Assert.Matches(new Regex($@"^{descriptor.Id}\s*\|", RegexOptions.Multiline), text);
    }
}
