using GradBench;
using GradBench.Protocol;

// --fast: derivatives with MathMode.Fast where the problem has them.
using Stream input = Console.OpenStandardInput();
using Stream output = Console.OpenStandardOutput();
new Session(Modules.All(args.Contains("--fast")), input, output).Run();
