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

    /// <summary>Arguments with their values, which were computed as they are written, in the order of the parameters.</summary>
    public static (IArgumentOperation[] Written, Value[] Values) ByParameter(IEnumerable<IArgumentOperation> operations, Value[] values)
    {
        ImmutableArray<IArgumentOperation> written = [.. operations];
        if (written.Length != values.Length || IsInOrder(written)) return ([.. written], values);
        int[] order = [.. Enumerable.Range(0, written.Length).OrderBy(i => written[i].Parameter?.Ordinal ?? i)];
        return ([.. order.Select(i => written[i])], [.. order.Select(i => values[i])]);
    }

    private static ImmutableArray<IArgumentOperation> ByParameter(ImmutableArray<IArgumentOperation> arguments) =>
        IsInOrder(arguments) ? arguments : [.. arguments.OrderBy(a => a.Parameter?.Ordinal ?? 0)];
}
