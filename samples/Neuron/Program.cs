using System.Globalization;
using DiffGen.Samples;
using Spectre.Console;

// Trains a neuron and a small network on Fisher's irises with gradients that were emitted while this project was built.
// An argument names the folder of the pictures. The exit code is 1 where a claim of the final table does not hold.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string folder = args.Length > 0 ? args[0] : Path.Combine("artifacts", "neuron");
var (training, keptOut) = Iris.Read();

var neuron = new Run(new NeuronModel(training), Steps: 300, Rate: 0.1);
var network = new Run(new NetworkModel(training), Steps: 1000, Rate: 0.5);
Run[] runs = [neuron, network];

AnsiConsole.Progress()
    .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
    .Start(progress => Array.ForEach(runs, run => run.Train(progress)));

Array.ForEach(runs, run => run.Measure(keptOut));
AnsiConsole.Write(Report.Table(runs, keptOut));
AnsiConsole.WriteLine("Errors are the largest of all components, against differences extrapolated to a step of zero.");
AnsiConsole.WriteLine("Times are the least of 40 rounds taken in turn, over the training rows; ratios are to the loss alone.");
foreach (string path in new[]
{
    Pictures.LossCurves(folder, ("neuron: mean squared error", neuron.Losses), ("network: cross entropy", network.Losses)),
    Pictures.Boundary(folder, neuron.Model, "One neuron: virginica or not", training, keptOut),
    Pictures.Boundary(folder, network.Model, "A network with one hidden layer: three species", training, keptOut),
})
{
    AnsiConsole.WriteLine("Wrote " + path);
}

string[] failures = [.. runs.SelectMany(run => run.Failures(keptOut))];
foreach (string failure in failures) AnsiConsole.WriteLine("FAILED: " + failure);
return failures.Length == 0 ? 0 : 1;
