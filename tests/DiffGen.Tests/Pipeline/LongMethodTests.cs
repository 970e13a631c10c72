using System;
using System.Linq;

namespace DiffGen.Tests.Pipeline;

/// <summary>
/// A method that is twice as long asks for about twice the work: what is counted is the memory that its derivative takes to be made, which is the same on
/// every machine and however busy it is, and grows with the square where a pass looks at everything for each statement.
/// </summary>
public class LongMethodTests
{
    private const int Short = 150;
    private const double Most = 2.8;

    [Fact]
    public void AFormulaInManySteps() => GrowsWithItsLength(i => $"double t{i + 1} = Math.Sin(t{i}) * y + t{i / 2} / (1 + t{i} * t{i});");

    [Fact]
    public void ASumInManySteps() => GrowsWithItsLength(i => $"double t{i + 1} = t{i} * y; s += t{i + 1} * Math.Exp(-x * {i + 1});");

    [Fact]
    public void AWorkingArrayInManySteps() => GrowsWithItsLength(i => $"a[{i % 7}] = t{i} * x + y; double t{i + 1} = a[{i % 5}] * a[{i % 3}];");

    private static void GrowsWithItsLength(Func<int, string> step)
    {
        Work(8, step);
        long half = Work(Short, step), whole = Work(2 * Short, step);
        Assert.True(whole < Most * half, $"{Short} steps take {half >> 20} MB, {2 * Short} take {whole >> 20} MB");
    }

    private static long Work(int steps, Func<int, string> step)
    {
        string body = string.Join("\n        ", Enumerable.Range(0, steps).Select(step));
        string source = $$"""
            using System;
            using DiffGen;
            public static partial class Long
            {
                [Differentiable]
                public static double Method(double x, double y, int n)
                {
                    double s = 0, t0 = x; var a = new double[n];
                    {{body}}
                    return s + t{{steps}};
                }
            }
            """;
        GeneratorDriver driver = GeneratorHarness.Driver();
        CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, source);
        long before = GC.GetAllocatedBytesForCurrentThread();
        GeneratorDriverRunResult result = driver.RunGenerators(compilation).GetRunResult();
        long work = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Single(result.GeneratedTrees);
        return work;
    }
}
