using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Tests;

/// <summary>The arrows of docs/architecture.md: source to Ir to Ir to text, and no way back.</summary>
public class ArchitectureTests
{
    /// <summary>What each folder of the generator may name of the others; null where everything is allowed.</summary>
    public static TheoryData<string, string[], bool> Layers => new()
    {
        { "Ir", [], false },
        { "Calculus", ["Ir", "Optimization", "Diagnostics"], false },      // of Diagnostics the identifiers, which are plain text
        { "Optimization", ["Ir", "Calculus"], false },
        { "Emission", ["Ir", "Calculus", "Optimization", "Discovery", "Diagnostics"], false },   // of Discovery the plain records, of Diagnostics the identifiers
        { "Discovery", ["Ir", "Calculus", "Emission", "Diagnostics", "Lowering"], true },
        { "Lowering", ["Ir", "Calculus", "Diagnostics", "Discovery"], true },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void AFolderNamesOnlyWhatIsBelowIt(string folder, string[] below, bool roslyn)
    {
        foreach (string file in Repository.Sources(Path.Combine("src", "Generator", folder)))
        {
            SyntaxNode root = CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file, cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken);
            foreach (NameSyntax name in root.DescendantNodes(descendIntoTrivia: false).OfType<NameSyntax>().Where(n => n.Parent is not NameSyntax))
            {
                string text = name.ToString().Replace("global::", "", StringComparison.Ordinal);
                if (!roslyn) Assert.False(text.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal), $"{file} names {text}");
                if (text.StartsWith("DiffGen.Generator.", StringComparison.Ordinal) && !name.Ancestors().OfType<NamespaceDeclarationSyntax>().Any() && name.Parent is not BaseNamespaceDeclarationSyntax)
                {
                    string target = text.Split('.')[2];
                    Assert.True(target == folder || below.Contains(target), $"{file} names {text}");
                }
            }
        }
    }

    /// <summary>What the tables of allowed names could miss (aliases, inference): the compiled types' own members.</summary>
    [Fact]
    public void NoMemberPastLoweringHasARoslynType()
    {
        string[] pure = ["DiffGen.Generator.Ir", "DiffGen.Generator.Calculus", "DiffGen.Generator.Optimization", "DiffGen.Generator.Emission"];
        const System.Reflection.BindingFlags all = System.Reflection.BindingFlags.DeclaredOnly | System.Reflection.BindingFlags.Instance
            | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic;
        foreach (Type type in typeof(DiffGen.Generator.Ir.Block).Assembly.GetTypes().Where(t => pure.Any(p => t.Namespace == p || t.Namespace?.StartsWith(p + ".", StringComparison.Ordinal) == true)))
            foreach (System.Reflection.FieldInfo field in type.GetFields(all))
                Assert.False(field.FieldType.Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true, $"{type}.{field.Name} is a {field.FieldType}");
    }

    [Fact]
    public void AttributesAndRuntimeKnowNoCompiler()
    {
        foreach (System.Reflection.Assembly assembly in new[] { typeof(DifferentiableAttribute).Assembly, typeof(Buffers).Assembly })
            Assert.DoesNotContain(assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    }
}
