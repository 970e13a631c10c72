using GradBench;
using GradBench.Protocol;

using Stream input = Console.OpenStandardInput();
using Stream output = Console.OpenStandardOutput();
new Session(Modules.All, input, output).Run();
