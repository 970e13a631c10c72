using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;

namespace DiffGen.CorpusRunner;

/// <summary>Writes, for one corpus method, the class that calls it and what was emitted for it, as a user's code would.</summary>
internal sealed class DriverWriter(Compilation compilation)
{
    private static readonly SymbolDisplayFormat Full = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayFormat.FullyQualifiedFormat.MiscellaneousOptions | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public string? Write(CorpusMethod method, string name, out string[] emittedNames)
    {
        emittedNames = [];
        IMethodSymbol? f = compilation.GetSymbolsWithName(method.Name, SymbolFilter.Member).OfType<IMethodSymbol>()
            .Where(m => m.ContainingType.Name == method.Type && m.GetAttributes().Any(a => a.AttributeClass?.Name == "AtAttribute" || a.AttributeClass?.Name == "DifferentiableAttribute"))
            .FirstOrDefault();
        if (f is null) return null;
        Call call = Call.Of(f);
        f = Constructed(f, call);
        AttributeData? marker = f.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == "DifferentiableAttribute");
        string[] wanted = marker is { ConstructorArguments: [{ Kind: TypedConstantKind.Array } names] } ? names.Values.Select(v => (string)v.Value!).ToArray() : [];
        string prefix = marker?.NamedArguments.FirstOrDefault(n => n.Key == "Name").Value.Value as string ?? f.Name;
        bool fast = marker?.NamedArguments.FirstOrDefault(n => n.Key == "Math").Value.Value is int and not 0;

        List<IParameterSymbol> inputs = f.Parameters.Where(p => p.RefKind != RefKind.Out).ToList();
        int[] wrt = inputs.Select((p, i) => (p, i))
            .Where(t => wanted.Length > 0 ? wanted.Contains(t.p.Name) : !call.Outputs.Contains(t.p.Name) && IsDifferentiable(t.p.Type) && !t.p.GetAttributes().Any(a => a.AttributeClass?.Name == "NoDerivativeAttribute"))
            .Select(t => t.i).ToArray();
        string receiver = f.IsStatic ? f.ContainingType.ToDisplayString(Full) : "Receiver()";

        // a truth value or a count says what came of it: the numbers are in what is written
        bool givesNumbers = !f.ReturnsVoid && f.ReturnType.SpecialType is not (SpecialType.System_Boolean or SpecialType.System_Int32);

        var b = new StringBuilder();
        b.AppendLine("#nullable disable");
        b.AppendLine("using System; using System.Collections.Generic; using System.Numerics; using Corpus; using DiffGen.CorpusRunner;");
        b.AppendLine("using static DiffGen.CorpusRunner.Points;");
        if (!f.ContainingType.IsGenericType) b.AppendLine($"using static {f.ContainingType.ToDisplayString(Full)};");
        b.AppendLine($"public static class {name} {{");
        if (!f.IsStatic) b.AppendLine($"  static {f.ContainingType.ToDisplayString(Full)} Receiver() => {call.Receiver};");
        b.AppendLine($"  static object[] Pack({string.Join(", ", inputs.Select(p => $"{Boxed(p.Type)} {Name(p)}"))}) => new object[] {{ {string.Join(", ", inputs.Select(Name))} }};");
        b.AppendLine("  public static MethodCase Create() {");
        b.AppendLine($"    var c = new MethodCase {{ Wrt = new int[] {{ {string.Join(", ", wrt)} }}, Tolerance = {call.Tolerance.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}, Fast = {(fast ? "true" : "false")}, ReturnsNothing = {(!givesNumbers && f.Parameters.All(p => p.RefKind != RefKind.Out) ? "true" : "false")} }};");
        foreach (string at in method.Points) b.AppendLine($"    c.Points.Add(() => Pack({at}));");
        foreach (string at in method.Throwing) b.AppendLine($"    c.Throwing.Add(() => Pack({at}));");

        string generic = f.IsGenericMethod ? "<" + call.TypeArguments + ">" : "";
        string[] outs = f.Parameters.Where(p => p.RefKind == RefKind.Out).Select((_, i) => "o" + i).ToArray();
        int o = 0;
        string primal = $"{receiver}.{Escape(f.Name)}{generic}({string.Join(", ", f.Parameters.Select(p => p.RefKind == RefKind.Out ? "out var o" + o++ : Argument(p, "a", inputs.IndexOf(p))))})";
        // what is given one by one is looked at once
        if (f.ReturnType is INamedTypeSymbol { Name: "IEnumerable" or "ICollection" or "IReadOnlyCollection", Arity: 1 }) primal = $"System.Linq.Enumerable.ToArray({primal})";
        if (f.ReturnType is INamedTypeSymbol { Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory", Arity: 1 }) primal += ".ToArray()";
        IEnumerable<string> written = call.Outputs.Select(n => $"(({Boxed(inputs.First(p => p.Name == n).Type)})a[{inputs.FindIndex(p => p.Name == n)}]).Clone()");
        b.AppendLine($"    c.Primal = a => {{ {(f.ReturnsVoid ? "" : "var r = ")}{primal}; return new object[] {{ {string.Join(", ", (givesNumbers ? new[] { "r" } : []).Concat(outs).Concat(written))} }}; }};");

        var found = new List<string>();
        ISymbol[] Named(string suffix) => f.ContainingType.GetMembers(prefix + suffix).ToArray();
        IMethodSymbol? Find(string suffix, int more, bool atLeast = false) => Named(suffix).OfType<IMethodSymbol>()
            .Select(m => m.IsGenericMethod && f.IsGenericMethod ? m.Construct([.. f.TypeArguments]) : m)
            .FirstOrDefault(m => (atLeast ? m.Parameters.Length > inputs.Count : m.Parameters.Length == inputs.Count + more)
                && inputs.Zip(m.Parameters).All(p => SymbolEqualityComparer.Default.Equals(p.First.Type, p.Second.Type)));

        void Plain(string suffix)
        {
            if (Find(suffix, 0) is not { } m) return;
            found.Add(suffix);
            b.AppendLine($"    c.{suffix} = a => {receiver}.{Escape(m.Name)}{generic}({Inputs(m)});");
        }
        string Inputs(IMethodSymbol m) => string.Join(", ", inputs.Select((p, i) => Argument(m.Parameters[i], "a", i)));

        void Into(string suffix)
        {
            if (wrt.Length == 0 || Find(suffix, wrt.Length) is not { } m) return;
            found.Add(suffix + "(into)");
            IParameterSymbol[] buffers = m.Parameters.Skip(inputs.Count).ToArray();
            string arguments = string.Join(", ", buffers.Select((p, i) => p.RefKind == RefKind.Out ? $"out var b{i}" : Argument(p, "b", i)));
            string back = string.Concat(buffers.Select((p, i) => p.RefKind == RefKind.Out ? $"b[{i}] = b{i}; " : ""));
            string all = inputs.Count == 0 ? arguments : Inputs(m) + ", " + arguments;
            b.AppendLine($"    c.{suffix}Into = (a, b) => {{ {(m.ReturnsVoid ? "" : "object value = ")}{receiver}.{Escape(m.Name)}{generic}({all}); {back}return {(m.ReturnsVoid ? "null" : "value")}; }};");
        }

        void With(string suffix, string types, int more, bool atLeast = false)
        {
            if (Find(suffix, more, atLeast) is not { } m) return;
            found.Add(suffix);
            IParameterSymbol[] extra = m.Parameters.Skip(inputs.Count).ToArray();
            b.AppendLine($"    c.{types} = new Type[] {{ {string.Join(", ", extra.Select(p => $"typeof({Bare(p.Type)})"))} }};");
            b.AppendLine($"    c.{suffix} = (a, b) => {receiver}.{Escape(m.Name)}{generic}({Inputs(m)}, {string.Join(", ", extra.Select((p, i) => Argument(p, "b", i)))});");
        }

        Plain("Gradient");
        Plain("ValueAndGradient");
        Into("Gradient");
        Into("ValueAndGradient");
        Plain("Jacobian");
        Plain("Hessian");
        With("Jvp", "TangentTypes", wrt.Length);
        With("Hvp", "DirectionTypes", wrt.Length);
        With("Vjp", "CotangentTypes", 0, atLeast: true);
        b.AppendLine("    return c;");
        b.AppendLine("  }");
        b.AppendLine("}");
        emittedNames = [.. found];
        return b.ToString();
    }

    private IMethodSymbol Constructed(IMethodSymbol f, Call call)
    {
        ITypeSymbol Named(string n) => compilation.GetSpecialType(n == "float" ? SpecialType.System_Single : SpecialType.System_Double);
        if (call.ClassArguments.Length > 0)
        {
            INamedTypeSymbol type = f.ContainingType.Construct(call.ClassArguments.Split(',').Select(Named).ToArray());
            f = type.GetMembers(f.Name).OfType<IMethodSymbol>().First();
        }
        return f.IsGenericMethod ? f.Construct(call.TypeArguments.Split(',').Select(Named).ToArray()) : f;
    }

    private static string Argument(IParameterSymbol p, string array, int index)
    {
        string cast = $"({Boxed(p.Type)}){array}[{index}]";
        return p.RefKind switch
        {
            RefKind.Ref => $"ref System.Runtime.CompilerServices.Unsafe.Unbox<{Boxed(p.Type)}>({array}[{index}])",
            _ => cast,
        };
    }

    private static string Boxed(ITypeSymbol type) => Element(type) is { } element ? element.ToDisplayString(Full) + "[]" : type.ToDisplayString(Full);

    private static string Bare(ITypeSymbol type) => Boxed(type).Replace("?", "", StringComparison.Ordinal);

    private static ITypeSymbol? Element(ITypeSymbol type)
        => type is INamedTypeSymbol { IsGenericType: true, Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" or "IReadOnlyList" or "IList" or "IEnumerable" or "ICollection" or "IReadOnlyCollection" } named ? named.TypeArguments[0] : null;

    private static bool IsDifferentiable(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Double or SpecialType.System_Single } => true,
        ITypeParameterSymbol => true,
        IArrayTypeSymbol a => IsDifferentiable(a.ElementType),
        INamedTypeSymbol { IsTupleType: true } t => t.TupleElements.Any(e => IsDifferentiable(e.Type)),
        INamedTypeSymbol { IsGenericType: true } g => g.Name is "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" or "List" or "IReadOnlyList" or "IList" or "IEnumerable" or "ICollection" or "IReadOnlyCollection" && IsDifferentiable(g.TypeArguments[0]),
        INamedTypeSymbol { ContainingNamespace: { Name: "Numerics" } } => true,
        INamedTypeSymbol { Name: "Half" } => true,
        _ => type.GetAttributes().Any(a => a.AttributeClass?.Name == "DifferentiableAttribute"),
    };

    private static string Name(IParameterSymbol p) => Escape(p.Name);

    private static string Escape(string name) => "@" + name;

    private sealed record Call(string TypeArguments, string ClassArguments, string Receiver, string[] Outputs, double Tolerance)
    {
        public static Call Of(IMethodSymbol f)
        {
            AttributeData? data = f.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == "CallAttribute");
            object? Get(string key) => data?.NamedArguments.FirstOrDefault(n => n.Key == key).Value.Value;
            return new Call(Get("TypeArguments") as string ?? "", Get("ClassArguments") as string ?? "", Get("Receiver") as string ?? "",
                (Get("Outputs") as string ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Get("Tolerance") is double t ? t : 0);
        }
    }
}
