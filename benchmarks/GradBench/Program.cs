using GradBench;
using GradBench.Protocol;

// --fast: derivatives with MathMode.Fast where the problem has them. --report: what each evaluation remembers and allocates, on the error stream.
using Stream input = Console.OpenStandardInput();
using Stream output = Console.OpenStandardOutput();
IReadOnlyDictionary<string, Module> modules = Modules.All(args.Contains("--fast"));
if (args.Contains("--report"))
{
    foreach ((string name, Module module) in modules)
    {
        module.Memory = line => Console.Error.WriteLine($"{name} {line}");
    }
}

new Session(modules, input, output).Run();
