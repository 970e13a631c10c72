using BenchmarkDotNet.Running;
using Kernels;

// --benchmark: BenchmarkDotNet, with its own options behind it. --growth: the same problems over growing sizes.
// --fast: derivatives with MathMode.Fast.
// Otherwise a table in seconds; further words select kernels by name.
if (args.Contains("--benchmark"))
{
    BenchmarkRunner.Run<KernelBenchmarks>(args: args.Where(a => a != "--benchmark").ToArray());
    return;
}

IEnumerable<Kernel> kernels = args.Contains("--growth") ? Kernel.Growing() : args.Contains("--fast") ? Kernel.Fast() : Kernel.All();
string[] words = args.Where(a => !a.StartsWith('-')).ToArray();
Comparison.Print(kernels.Where(k => words.Length == 0 || words.Any(k.Name.Contains)), Console.Out);
