using BenchmarkDotNet.Attributes;

namespace Kernels;

/// <summary>The kernels under BenchmarkDotNet: emitted and hand-written beside the primal, with bytes allocated.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private Kernel kernel = null!;

    /// <summary>Which kernel.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    /// <summary>The kernels' names.</summary>
    public static IEnumerable<string> Names => Kernel.All().Select(k => k.Name);

    /// <summary>Draws the inputs.</summary>
    [GlobalSetup]
    public void Setup() => kernel = Kernel.All().First(k => k.Name == Name);

    /// <summary>The primal.</summary>
    [Benchmark(Baseline = true)]
    public void Primal() => kernel.Primal();

    /// <summary>The emitted derivative.</summary>
    [Benchmark]
    public void Emitted() => kernel.Emitted();

    /// <summary>The hand-written derivative.</summary>
    [Benchmark]
    public void HandWritten() => kernel.HandWritten();
}
