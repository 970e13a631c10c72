using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
#if NET8_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
#endif

namespace DiffGen;

/// <summary>
/// Compares a derivative with extrapolated differences of its primal: for tests, of emitted derivatives and of rules written by hand.
/// </summary>
/// <example>
/// <code>
/// GradientCheck.Compare(Loss, LossGradient, weights, bias, x, y).ThrowIfAbove(1e-7);
/// </code>
/// </example>
#if NET8_0_OR_GREATER
[RequiresUnreferencedCode("Looks into arguments by reflection.")]
[RequiresDynamicCode("Looks into arguments by reflection.")]
#endif
public static partial class GradientCheck
{
    /// <summary>The relative error that <see cref="GradientReport.ThrowIfAbove"/> accepts.</summary>
    public const double DefaultTolerance = 1e-6;

    /// <summary>Checks the derivative of a function of one number.</summary>
    /// <param name="primal">The function.</param>
    /// <param name="gradient">Its derivative.</param>
    /// <param name="x">The point.</param>
    /// <returns>The one component.</returns>
    public static GradientReport Compare(Func<double, double> primal, Func<double, double> gradient, double x) =>
        Compare(primal, gradient, new[] { "x" }, new object?[] { x });

    /// <summary>Checks the gradient of a function of a vector.</summary>
    /// <param name="primal">The function.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="x">The point.</param>
    /// <returns>A component for each element.</returns>
    public static GradientReport Compare(Func<double[], double> primal, Func<double[], double[]> gradient, double[] x) =>
        Compare(primal, gradient, new[] { "x" }, new object?[] { x });

    /// <summary>Checks the Jacobian of a vector function of a vector.</summary>
    /// <param name="primal">The function.</param>
    /// <param name="jacobian">Its Jacobian, a row for each output.</param>
    /// <param name="x">The point.</param>
    /// <returns>A component for each entry, row by row.</returns>
    public static GradientReport Compare(Func<double[], double[]> primal, Func<double[], double[,]> jacobian, double[] x) =>
        Compare(primal, jacobian, new[] { "x" }, new object?[] { x });

    /// <summary>Checks the derivative of any function; which parameters it is taken with respect to is read off the marked method.</summary>
    /// <param name="primal">The marked method (or another with the same parameters, then of all differentiable parameters).</param>
    /// <param name="derivative">Its gradient (bare, or a tuple with a part for each parameter) or Jacobian.</param>
    /// <param name="arguments">The point: the arguments of both.</param>
    /// <returns>A component for each number in the differentiated arguments; for a Jacobian for each entry, row by row.</returns>
    /// <exception cref="ArgumentException">The derivative's shape is not that of the arguments.</exception>
    public static GradientReport Compare(Delegate primal, Delegate derivative, params object?[] arguments) =>
        Compare(primal, derivative, Differentiated(primal.Method, arguments), arguments);

    /// <summary>Checks the derivative of any function with respect to the named parameters.</summary>
    /// <param name="primal">The function.</param>
    /// <param name="derivative">Its gradient (bare, or a tuple with a part for each parameter) or Jacobian.</param>
    /// <param name="parameters">The parameters that the derivative is taken with respect to, as <paramref name="primal"/> names them, in order.</param>
    /// <param name="arguments">The point: the arguments of both.</param>
    /// <returns>A component for each number in the differentiated arguments; for a Jacobian for each entry, row by row.</returns>
    /// <exception cref="ArgumentException">The derivative's shape is not that of the arguments, or a name is not a parameter's.</exception>
    public static GradientReport Compare(Delegate primal, Delegate derivative, string[] parameters, object?[] arguments)
    {
        ParameterInfo[] declared = primal.Method.GetParameters();
        if (declared.Length > arguments.Length) declared = declared.Skip(declared.Length - arguments.Length).ToArray();   // a closure's own parameter
        int[] positions = parameters.Length == 1 && arguments.Length == 1 ? new[] { 0 }
            : parameters.Select(p => Array.FindIndex(declared, d => d.Name == p)).ToArray();
        if (positions.Any(p => p < 0)) throw new ArgumentException($"The primal has no parameter '{parameters[Array.IndexOf(positions, -1)]}'.", nameof(parameters));

        object?[] Copy() => arguments.Select(a => Numbers.Replace(a, null)).ToArray();
        var inputs = new List<(string Name, int Position, int Index, double Value)>();
        for (int p = 0; p < positions.Length; p++)
        {
            int index = 0;
            foreach (var (path, value) in Numbers.Of(arguments[positions[p]], parameters[p])) inputs.Add((path, positions[p], index++, value));
        }
        double[] Evaluate(object?[] at)
        {
            try { return Numbers.Of(primal.DynamicInvoke(at), "").Select(n => n.Value).ToArray(); }
            catch (TargetInvocationException) { return Array.Empty<double>(); }   // outside of the domain: these steps are left out
        }

        int outputs = Numbers.Of(primal.DynamicInvoke(Copy()), "").Count();
        double[,] emitted = Emitted(derivative.DynamicInvoke(Copy()), positions.Select(p => arguments[p]).ToArray(), outputs, inputs.Count);
        bool single = Numbers.HoldsSingle(primal.Method.ReturnType);
        var expected = new double[outputs, inputs.Count];
        var doubts = new double[outputs, inputs.Count];
        for (int j = 0; j < inputs.Count; j++)
        {
            var (_, position, index, value) = inputs[j];
            bool rounded = Numbers.HoldsSingle(arguments[position]!.GetType());
            double[] Along(double x)
            {
                object?[] at = Copy();
                var numbers = new Queue<double>(Numbers.Of(at[position], "").Select((n, i) => i == index ? x : n.Value));
                at[position] = Numbers.Replace(at[position], numbers);
                return Evaluate(at);
            }
            var (values, errors) = FiniteDifference.Derivative(Along, value, outputs, single || rounded ? 2e-7 : 4e-16, rounded);
            for (int i = 0; i < outputs; i++) (expected[i, j], doubts[i, j]) = (values[i], errors[i]);
        }
        return Report(inputs.Select(i => i.Name).ToArray(), emitted, expected, doubts);
    }

    private static GradientReport Report(string[] names, double[,] emitted, double[,] expected, double[,] doubts)
    {
        int outputs = emitted.GetLength(0);
        double scale = 0;
        foreach (double entry in expected)
            if (Math.Abs(entry) > scale && !double.IsInfinity(entry)) scale = Math.Abs(entry);
        var components = new List<GradientComponent>();
        for (int i = 0; i < outputs; i++)
            for (int j = 0; j < names.Length; j++)
            {
                double want = expected[i, j], got = emitted[i, j], doubt = doubts[i, j];
                double off = Math.Max(0, Math.Abs(got - want) - 10 * doubt) / Math.Max(Math.Max(Math.Abs(want), 1e-4 * scale), double.Epsilon);
                if (double.IsNaN(got) || double.IsNaN(want)) off = double.PositiveInfinity;
                components.Add(new GradientComponent(outputs == 1 ? names[j] : $"[{i}] {names[j]}", got, want, doubt, off));
            }
        return new GradientReport(components);
    }

    /// <summary>The derivative as a matrix: a gradient has one row.</summary>
    private static double[,] Emitted(object? derivative, object?[] inputs, int outputs, int count)
    {
        double[] flat;
        if (derivative is Array { Rank: 2 } jacobian && !(outputs == 1 && inputs.Length == 1 && inputs[0] is Array { Rank: 2 }))
        {
            if (jacobian.GetLength(0) != outputs || jacobian.GetLength(1) != count)
                throw new ArgumentException($"The Jacobian is {jacobian.GetLength(0)} × {jacobian.GetLength(1)}; {outputs} × {count} is needed.");
            flat = Numbers.Of(jacobian, "").Select(n => n.Value).ToArray();
        }
        else
        {
            object?[] parts = inputs.Length == 1 ? new[] { derivative } : Parts(derivative, inputs.Length);
            flat = parts.Zip(inputs, Numbers.OfDerivative).SelectMany(n => n).ToArray();
        }
        if (flat.Length != outputs * count) throw new ArgumentException($"The derivative has {flat.Length} numbers; {outputs} × {count} are needed.");
        var matrix = new double[outputs, count];
        for (int i = 0; i < flat.Length; i++) matrix[i / count, i % count] = flat[i];
        return matrix;
    }

    private static object?[] Parts(object? tuple, int count)
    {
        object?[] parts = Flatten(tuple).ToArray();
        if (parts.Length != count) throw new ArgumentException($"The derivative has {parts.Length} parts, the function {count} differentiated parameters.");
        return parts;

        static IEnumerable<object?> Flatten(object? tuple)
        {
            if (tuple is null) yield break;
            foreach (FieldInfo part in tuple.GetType().GetFields())
            {
                if (part.Name != "Rest") yield return part.GetValue(tuple);
                else foreach (object? more in Flatten(part.GetValue(tuple))) yield return more;   // tuples of more than seven nest
            }
        }
    }

    private static string[] Differentiated(MethodInfo primal, object?[] arguments)
    {
        CustomAttributeData? mark = primal.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType.FullName == "DiffGen.DifferentiableAttribute");
        if (mark is { ConstructorArguments.Count: 1 } && mark.ConstructorArguments[0].Value is IReadOnlyCollection<CustomAttributeTypedArgument> { Count: > 0 } named)
            return named.Select(n => (string)n.Value!).ToArray();
        ParameterInfo[] declared = primal.GetParameters();
        if (declared.Length > arguments.Length) declared = declared.Skip(declared.Length - arguments.Length).ToArray();
        return declared
            .Where(p => Numbers.Carries(p.ParameterType) && !p.GetCustomAttributesData().Any(a => a.AttributeType.FullName == "DiffGen.NoDerivativeAttribute"))
            .Select(p => p.Name ?? "").ToArray();
    }
}
