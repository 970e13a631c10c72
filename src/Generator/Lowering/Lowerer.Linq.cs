using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>LINQ over arrays, lists, ranges and iterators as plain loops.</summary>
internal sealed partial class Lowerer
{
    private Value? Linq(IInvocationOperation o, IMethodSymbol method) => null;
}
