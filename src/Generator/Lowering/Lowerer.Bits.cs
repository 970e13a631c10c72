using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>The bits of numbers.</summary>
internal sealed partial class Lowerer
{
    /// <summary>A call that takes a number apart into its bits or makes one of bits, with its argument in sight (<see cref="BitSlopes"/> follows it); null for others.</summary>
    private Value? BitCall(IInvocationOperation o, IMethodSymbol method)
    {
        if (o.Arguments.Length != 1 || method.ContainingType is not { Name: "BitConverter" or "Unsafe" } owner) return null;
        string types = method.TypeArguments.IsEmpty ? "" : $"<{string.Join(", ", method.TypeArguments.Select(t => session.Types.Map(Actual(t)).CSharp))}>";
        string call = $"{owner.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{method.Name}{types}(";
        if (!BitPatterns.Apart.Contains(call) && !BitPatterns.Together.Contains(call)) return null;
        Refusal lost = Lost(DiagnosticIds.LostInCall, o.Syntax, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        return new ExprValue(new Opaque([call, ")"], [ExprOf(Lower(o.Arguments[0].Value))], TypeOf(o.Type!), Purity.Pure, Lost: lost));
    }
}
