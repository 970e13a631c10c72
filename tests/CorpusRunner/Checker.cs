using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;

namespace DiffGen.CorpusRunner;

/// <summary>Executes a method at its points and compares everything that was emitted for it with differences of the primal.</summary>
public sealed class Checker
{
    private readonly MethodCase method;
    private readonly List<string> wrong = [];
    private readonly List<string> unsound = [];

    private readonly bool finer;

    private Checker(MethodCase method, bool finer) => (this.method, this.finer) = (method, finer);

    /// <summary>What is wrong, and which points cannot be trusted; both empty when all agrees.</summary>
    public static (List<string> Wrong, List<string> Unsound) Check(MethodCase method)
    {
        Checker checker = Checked(method, finer: false);
        // Steps that reach over a kink see another slope. Finer ones may not reach it; they are believed where they are sure of themselves.
        if (checker.wrong.Count > 0 && Checked(method, finer: true).wrong.Count == 0) checker.wrong.Clear();
        return (checker.wrong, checker.unsound);
    }

    private static Checker Checked(MethodCase method, bool finer)
    {
        var checker = new Checker(method, finer);
        for (int p = 0; p < method.Points.Count; p++)
        {
            try
            {
                checker.At(p, method.Points[p]);
            }
            catch (Exception e)
            {
                checker.wrong.Add($"point {p}: {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}");
            }
        }
        foreach (Func<object?[]> at in method.Throwing) checker.Throws(at);
        if (method.Points.Count + method.Throwing.Count == 0) checker.unsound.Add("no points");
        return checker;
    }

    private void At(int point, Func<object?[]> arguments)
    {
        object?[] inputs = arguments();
        object?[] left = arguments();
        object?[] results = method.Primal(left);
        double[] value = Flat.Of(results), after = Flat.Of(left);
        bool single = method.Wrt.Any(w => Flat.HasSingle(inputs[w])) || Flat.HasSingle(results);
        double tolerance = method.Tolerance > 0 ? method.Tolerance : single ? 3e-3 : 1e-6;
        if (value.Any(v => !double.IsFinite(v))) unsound.Add($"point {point}: the primal is {value.First(v => !double.IsFinite(v))}");

        (double[][] columns, double[][] errors) = JacobianByDifferences(arguments, method.Primal, single);
        int n = columns.Length, m = value.Length;
        double magnitude = value.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        double scale = columns.SelectMany(c => c).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int j = 0; j < n; j++)
            for (int i = 0; i < m; i++)
                if (!(errors[j][i] <= 0.1 * tolerance * Math.Max(Math.Abs(columns[j][i]), 1e-2 * Math.Max(scale, 1e-12)) + 1e-14 * Math.Max(magnitude, 1)))
                    unsound.Add($"point {point}: differences of output {i} by input {j}: {Text(columns[j][i])} ± {Text(errors[j][i])}");

        bool Near(double got, double want, double error)
            => !(finer && !(error <= 1e-4 * Math.Max(Math.Abs(want), scale)))
                && (Math.Abs(got - want) <= tolerance * Math.Max(Math.Abs(want), (single ? 1e-2 : 1e-4) * scale + 1e-9 + 1e-5 * magnitude) + 10 * error || double.IsNaN(want) || double.IsInfinity(error));

        void Expect(string what, double[] got, Func<int, double> want, Func<int, double> error, int length)
        {
            if (got.Length != length)
            {
                wrong.Add($"point {point}: {what} has {got.Length} numbers, not {length}");
                return;
            }
            int worst = -1;
            double distance = -1;
            for (int k = 0; k < length; k++)
            {
                if (Near(got[k], want(k), error(k))) continue;
                double d = double.IsNaN(got[k]) ? double.MaxValue : Math.Abs(got[k] - want(k));
                if (d > distance) (worst, distance) = (k, d);
            }
            if (worst >= 0) wrong.Add($"point {point}: {what}[{worst}] is {Text(got[worst])}, differences say {Text(want(worst))}");
        }

        void SameValue(string what, double[] got)
        {
            bool same = got.Length == m && (method.Fast ? got.Zip(value).All(p => Near(p.First, p.Second, 0)) : got.AsSpan().SequenceEqual(value)
                || got.Zip(value).All(p => BitConverter.DoubleToInt64Bits(p.First) == BitConverter.DoubleToInt64Bits(p.Second) || double.IsNaN(p.First) && double.IsNaN(p.Second)));
            if (!same) wrong.Add($"point {point}: {what} has value {string.Join(", ", got.Select(Text))}, the primal {string.Join(", ", value.Select(Text))}");
        }

        void SameEffects(string what, object?[] used)
        {
            double[] now = Flat.Of(used);
            if (now.Length != after.Length || !now.Zip(after).All(p => BitConverter.DoubleToInt64Bits(p.First) == BitConverter.DoubleToInt64Bits(p.Second)))
                wrong.Add($"point {point}: {what} leaves other arguments behind than the primal");
        }

        object?[] templates = method.Wrt.Select(w => inputs[w]).ToArray();
        double[] FlatGradient(object? got) => Flat.Of(templates.Length == 1 ? new[] { got } : Parts(got, templates.Length), templates);

        void Attempt(string what, Action<object?[]> action)
        {
            object?[] used = arguments();
            try
            {
                action(used);
                SameEffects(what, used);
            }
            catch (Exception e)
            {
                wrong.Add($"point {point}: {what} throws {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}");
            }
        }

        if (method.Gradient is { } gradient) Attempt("Gradient", a => Expect("gradient", FlatGradient(gradient(a)), k => columns[k][0], k => errors[k][0], n));
        if (method.ValueAndGradient is { } both)
            Attempt("ValueAndGradient", a =>
            {
                object?[] parts = Parts(both(a), templates.Length + 1);
                SameValue("ValueAndGradient", Flat.Of(parts[0]));
                Expect("ValueAndGradient", Flat.Of(parts[1..], templates), k => columns[k][0], k => errors[k][0], n);
            });
        if (method.GradientInto is { } into)
            Attempt("Gradient(into)", a =>
            {
                object?[] buffers = templates.Select(Flat.Buffer).ToArray();
                into(a, buffers);
                Expect("Gradient(into)", Flat.Of(buffers, templates), k => columns[k][0], k => errors[k][0], n);
            });
        if (method.ValueAndGradientInto is { } bothInto)
            Attempt("ValueAndGradient(into)", a =>
            {
                object?[] buffers = templates.Select(Flat.Buffer).ToArray();
                SameValue("ValueAndGradient(into)", Flat.Of(bothInto(a, buffers)));
                Expect("ValueAndGradient(into)", Flat.Of(buffers, templates), k => columns[k][0], k => errors[k][0], n);
            });
        if (method.Jacobian is { } jacobian)
            Attempt("Jacobian", a =>
            {
                var got = (double[,])jacobian(a)!;
                if (got.GetLength(0) != m || got.GetLength(1) != n) wrong.Add($"point {point}: Jacobian is {got.GetLength(0)} × {got.GetLength(1)}, not {m} × {n}");
                else Expect("Jacobian", Flat.Of(got), k => columns[k % n][k / n], k => errors[k % n][k / n], m * n);
            });
        if (method.Jvp is { } jvp)
            Attempt("Jvp", a =>
            {
                double[] v = Direction(point, n);
                int position = 0;
                object?[] tangents = templates.Select((t, i) => Flat.Tangent(t, method.TangentTypes[i], v, ref position)).ToArray();
                object? got = jvp(a, tangents);
                object? shape = results.Length == 1 ? results[0] : results;
                // where nothing is returned, the value stands in the buffers, and only the tangent comes back
                object?[] parts = method.ReturnsNothing && got is not ITuple { Length: 2 } ? [null, got] : Parts(got, 2);
                if (parts[0] is not null) SameValue("Jvp", Flat.Of(parts[0]));
                double[] tangent = Flat.Of(results.Length == 1 ? parts[1] : Parts(parts[1], results.Length), shape);
                if (m == 1 && method.Gradient is { } reverse && !single) Agree("Jvp", tangent[0], "the gradient times the direction", FlatGradient(reverse(arguments())).Zip(v, (g, d) => g * d), scale + magnitude);
                Expect("Jvp", tangent,
                    i => Enumerable.Range(0, n).Sum(j => columns[j][i] * v[j]), i => Enumerable.Range(0, n).Sum(j => errors[j][i] * Math.Abs(v[j])), m);
            });
        if (method.Vjp is { } vjp)
            Attempt("Vjp", a =>
            {
                double[] v = Direction(point + 7, m);
                int position = 0;
                object? whole = results.Length == 1 ? results[0] : null;
                object?[] cotangents = method.CotangentTypes.Length == results.Length
                    ? results.Select((r, i) => Flat.Tangent(r, method.CotangentTypes[i], v, ref position)).ToArray()
                    : [Flat.Tangent(whole ?? TupleOf(results), method.CotangentTypes[0], v, ref position)];
                Expect("Vjp", FlatGradient(vjp(a, cotangents)),
                    j => Enumerable.Range(0, m).Sum(i => columns[j][i] * v[i]), j => Enumerable.Range(0, m).Sum(i => errors[j][i] * Math.Abs(v[i])), n);
            });
        if ((method.Hessian is not null || method.Hvp is not null) && method.Gradient is { } g)
        {
            (double[][] second, double[][] secondErrors) = JacobianByDifferences(arguments, a => [FlatGradient(g(a))], single);
            scale = second.SelectMany(c => c).Select(Math.Abs).DefaultIfEmpty(0).Max();
            tolerance *= 10;
            if (method.Hessian is { } hessian)
                Attempt("Hessian", a => Expect("Hessian", Symmetric(point, (double[,])hessian(a)!), k => second[k % n][k / n], k => secondErrors[k % n][k / n] + secondErrors[k / n][k % n], n * n));
            if (method.Hvp is { } hvp)
                Attempt("Hvp", a =>
                {
                    double[] v = Direction(point + 3, n);
                    int position = 0;
                    object?[] direction = templates.Select((t, i) => Flat.Tangent(t, method.DirectionTypes[i], v, ref position)).ToArray();
                    double[] product = FlatGradient(hvp(a, direction));
                    if (method.Hessian is { } whole && !single && Flat.Of(whole(arguments())) is var h && h.Length == n * n && product.Length == n)
                        for (int i = 0; i < n; i++) Agree($"Hvp[{i}]", product[i], "the row of the Hessian times the direction", v.Select((d, j) => h[i * n + j] * d), scale + magnitude);
                    Expect("Hvp", product,
                        i => Enumerable.Range(0, n).Sum(j => second[j][i] * v[j]), i => Enumerable.Range(0, n).Sum(j => secondErrors[j][i] * Math.Abs(v[j])), n);
                });
        }
    }

    /// <summary>Both modes compute the same sum: they may differ by rounding, not by what differences can resolve.</summary>
    private void Agree(string what, double got, string other, IEnumerable<double> terms, double scale)
    {
        double[] all = [.. terms];
        double sum = all.Sum(), most = all.Sum(Math.Abs);
        if (double.IsFinite(sum) && !(Math.Abs(got - sum) <= 1e-7 * Math.Max(most, 1e-6 * scale + 1e-9))) wrong.Add($"{what} is {Text(got)}, {other} is {Text(sum)}");
    }

    private double[] Symmetric(int point, double[,] hessian)
    {
        for (int i = 0; i < hessian.GetLength(0); i++)
            for (int j = 0; j < i; j++)
                if (BitConverter.DoubleToInt64Bits(hessian[i, j]) != BitConverter.DoubleToInt64Bits(hessian[j, i])) wrong.Add($"point {point}: Hessian[{i}, {j}] is {Text(hessian[i, j])}, its mirror image {Text(hessian[j, i])}");
        return Flat.Of(hessian);
    }

    private (double[][] Columns, double[][] Errors) JacobianByDifferences(Func<object?[]> arguments, Func<object?[], object?[]> f, bool single)
    {
        var columns = new List<double[]>();
        var errors = new List<double[]>();
        foreach (int w in method.Wrt)
        {
            double[] x = Flat.Of(arguments()[w]);
            for (int k = 0; k < x.Length; k++)
            {
                int here = k;
                (double[] d, double[] e) = Differences.Of(t =>
                {
                    object?[] a = arguments();
                    double[] moved = (double[])x.Clone();
                    moved[here] = t;
                    int position = 0;
                    a[w] = Flat.With(a[w], moved, ref position);
                    return Flat.Of(f(a));
                }, x[k], single, finer);
                columns.Add(d);
                errors.Add(e);
            }
        }
        return ([.. columns], [.. errors]);
    }

    private void Throws(Func<object?[]> at)
    {
        Type? expected = Thrown(() => method.Primal(at()));
        if (expected is null) unsound.Add("the primal does not throw where it should");
        void Compare(string what, Action action)
        {
            if (Thrown(action) is var got && got != expected) wrong.Add($"{what} throws {got?.Name ?? "nothing"} where the primal throws {expected?.Name}");
        }
        object?[] Buffers() => method.Wrt.Select(w => Flat.Buffer(at()[w])).ToArray();
        if (method.Gradient is { } g) Compare("Gradient", () => g(at()));
        if (method.ValueAndGradientInto is { } v) Compare("ValueAndGradient(into)", () => v(at(), Buffers()));
        if (method.Jacobian is { } j) Compare("Jacobian", () => j(at()));
    }

    private static Type? Thrown(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return e.GetType();
        }
    }

    private static object?[] Parts(object? value, int count)
    {
        if (value is object?[] array && value.GetType() == typeof(object[])) return array;
        if (value is not ITuple tuple || tuple.Length != count) return [value];
        var parts = new object?[tuple.Length];
        for (int i = 0; i < parts.Length; i++) parts[i] = tuple[i];
        return parts;
    }

    private static object? TupleOf(object?[] parts) => parts.Length switch
    {
        2 => (parts[0], parts[1]),
        3 => (parts[0], parts[1], parts[2]),
        _ => parts,
    };

    private static double[] Direction(int seed, int n) => Points.Arr(1000 + seed, n, -1.0, 1.0);

    private static string Text(double v) => v.ToString("R", CultureInfo.InvariantCulture);
}
