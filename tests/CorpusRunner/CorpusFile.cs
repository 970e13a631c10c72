using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.CorpusRunner;

/// <summary>A marked method of a corpus file, as text.</summary>
public sealed record CorpusMethod(string Type, string Name, string[] Points, string[] Throwing, string? Refused, string RefusedOnly, bool HasEmit, bool IsVector)
{
    /// <summary>Type and method.</summary>
    public string Id => $"{Type}.{Name}";

    /// <summary>Stands for a whole file.</summary>
    public static CorpusMethod Whole(string file) => new(file, "*", [], [], null, "", false, false);

    /// <summary>Why the method must be refused when it is asked for <paramref name="emit"/>; null where it must not.</summary>
    public string? RefusalOf(string? emit) => RefusedOnly.Length == 0 || emit?.Contains(RefusedOnly, System.StringComparison.Ordinal) == true ? Refused : null;
}

/// <summary>A corpus file: its syntax, its marked methods, and copies of it with some methods unmarked or asked for other derivatives.</summary>
public sealed class CorpusFile
{
    private readonly CompilationUnitSyntax root;

    public CorpusFile(string name, string text)
    {
        Name = name;
        root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text, Options).GetRoot();
        Methods = root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(m => Marker(m) is not null).Select(Describe).ToList();
    }

    /// <summary>How corpus files are parsed.</summary>
    public static CSharpParseOptions Options { get; } = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest).WithDocumentationMode(DocumentationMode.Parse);

    public string Name { get; }

    public IReadOnlyList<CorpusMethod> Methods { get; }

    /// <summary>What the file is about: the first summary in it whose class holds marked methods.</summary>
    public string Summary
    {
        get
        {
            TypeDeclarationSyntax? type = root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(m => Marker(m) is not null).Select(m => m.Parent).OfType<TypeDeclarationSyntax>()
                .FirstOrDefault(t => t.GetLeadingTrivia().ToString().Contains("<summary>", System.StringComparison.Ordinal));
            return type is null ? "" : type.GetLeadingTrivia().ToString().Replace("///", "").Replace("<summary>", "").Replace("</summary>", "").Trim().TrimEnd('.');
        }
    }

    /// <summary>Bodies of this file call emitted methods, so that it does not compile without the generator.</summary>
    public bool NeedsEmittedMembers => root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        .Any(i => i.Expression is IdentifierNameSyntax n && Methods.Any(m => n.Identifier.ValueText.StartsWith(m.Name + "Gradient", System.StringComparison.Ordinal)));

    /// <summary>Whether a method is executed: at points, or by a body that calls it or what is emitted for it.</summary>
    public bool IsExecuted(CorpusMethod method) => method.Points.Length + method.Throwing.Length > 0
        || root.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(i => (i.Expression is MemberAccessExpressionSyntax m ? m.Name : i.Expression as SimpleNameSyntax)
            is { } name && name.Identifier.ValueText.StartsWith(method.Name, System.StringComparison.Ordinal));

    /// <summary>The corpus files in <paramref name="folder"/>; the annotations are not among them.</summary>
    public static IEnumerable<CorpusFile> In(string folder)
        => Directory.GetFiles(folder, "*.cs").Order(System.StringComparer.Ordinal)
            .Where(f => Path.GetFileName(f) != "Annotations.cs")
            .Select(f => new CorpusFile(Path.GetFileNameWithoutExtension(f), File.ReadAllText(f)));

    /// <summary>The identity of the marked method around a node.</summary>
    public static string? IdOf(SyntaxNode node)
        => node.AncestorsAndSelf().OfType<MethodDeclarationSyntax>().FirstOrDefault(m => Marker(m) is not null || m.Parent is TypeDeclarationSyntax) is { } m
            ? $"{(m.Parent as TypeDeclarationSyntax)?.Identifier.ValueText}.{m.Identifier.ValueText}"
            : null;

    /// <summary>The file with <paramref name="unmarked"/> left out and, where <paramref name="emit"/> is given, scalar methods asked for it.</summary>
    public SyntaxTree Tree(ISet<string> unmarked, string? emit)
    {
        SyntaxNode rewritten = root.ReplaceNodes(
            root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(m => Marker(m) is not null),
            (original, m) => unmarked.Contains(Describe(original).Id) ? Unmarked(m) : emit is null ? m : Asked(m, emit));
        return CSharpSyntaxTree.Create((CompilationUnitSyntax)rewritten, Options, Name + ".cs", System.Text.Encoding.UTF8);
    }

    private static AttributeSyntax? Marker(MethodDeclarationSyntax m)
        => m.AttributeLists.SelectMany(l => l.Attributes).FirstOrDefault(a => a.Name.ToString() == "Differentiable");

    private static CorpusMethod Describe(MethodDeclarationSyntax m)
    {
        AttributeSyntax[] all = m.AttributeLists.SelectMany(l => l.Attributes).ToArray();
        string[] Texts(string name) => all.Where(a => a.Name.ToString() == name)
            .Select(a => (a.ArgumentList?.Arguments.FirstOrDefault()?.Expression as LiteralExpressionSyntax)?.Token.ValueText).OfType<string>().ToArray();
        string only = all.Where(a => a.Name.ToString() == "Refused").SelectMany(a => a.ArgumentList?.Arguments ?? [])
            .Select(a => a.NameEquals is null ? null : (a.Expression as LiteralExpressionSyntax)?.Token.ValueText).FirstOrDefault(t => t is not null) ?? "";
        string result = m.ReturnType.ToString();
        return new CorpusMethod(
            (m.Parent as TypeDeclarationSyntax)?.Identifier.ValueText ?? "", m.Identifier.ValueText, Texts("At"), Texts("Throws"), Texts("Refused").FirstOrDefault(), only,
            Marker(m)!.ArgumentList?.Arguments.Any(a => a.NameEquals?.Name.Identifier.ValueText == "Emit") == true,
            result is not ("double" or "float" or "T" or "Real"));
    }

    private static MethodDeclarationSyntax Unmarked(MethodDeclarationSyntax m)
    {
        AttributeSyntax marker = Marker(m)!;
        var list = (AttributeListSyntax)marker.Parent!;
        return list.Attributes.Count == 1
            ? m.RemoveNode(list, SyntaxRemoveOptions.KeepLeadingTrivia)!
            : m.RemoveNode(marker, SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    private static MethodDeclarationSyntax Asked(MethodDeclarationSyntax m, string emit)
    {
        CorpusMethod described = new("", "", [], [], null, "", Marker(m)!.ArgumentList?.Arguments.Any(a => a.NameEquals is not null) == true,
            m.ReturnType.ToString() is not ("double" or "float" or "T" or "Real"));
        if (described.HasEmit || described.IsVector) return m;
        AttributeSyntax marker = Marker(m)!;
        string arguments = marker.ArgumentList is { Arguments.Count: > 0 } list ? list.Arguments.ToString() + ", " : "";
        var changed = CSharpSyntaxTree.ParseText($"[Differentiable({arguments}Emit = {emit})] class C {{ }}").GetRoot().DescendantNodes().OfType<AttributeSyntax>().First();
        return m.ReplaceNode(marker, changed);
    }
}
