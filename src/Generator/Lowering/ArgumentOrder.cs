using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Arguments by the parameters that they are for: named ones may be written, and are evaluated, in another order.</summary>
internal static class ArgumentOrder
{
    public static ImmutableArray<IArgumentOperation> Given(this IInvocationOperation o) => ByParameter(o.Arguments);

    public static ImmutableArray<IArgumentOperation> Given(this IObjectCreationOperation o) => ByParameter(o.Arguments);

    public static ImmutableArray<IArgumentOperation> Given(this IPropertyReferenceOperation o) => ByParameter(o.Arguments);

    public static bool IsInOrder(ImmutableArray<IArgumentOperation> arguments)
    {
        for (int i = 1; i < arguments.Length; i++)
            if (arguments[i].Parameter is { } next && arguments[i - 1].Parameter is { } one && next.Ordinal < one.Ordinal) return false;
        return true;
    }

    private static ImmutableArray<IArgumentOperation> ByParameter(ImmutableArray<IArgumentOperation> arguments) =>
        IsInOrder(arguments) ? arguments : [.. arguments.OrderBy(a => a.Parameter?.Ordinal ?? 0)];
}
