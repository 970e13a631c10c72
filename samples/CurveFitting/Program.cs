using System.Globalization;
using DiffGen.Samples;
using Spectre.Console;

// Fits the certified problems of NIST with MathNet's Levenberg-Marquardt method, fed by Jacobians that were emitted while this
// project was built. An argument names the folder of the picture. The exit code is 1 where a fit or a Jacobian is not good enough.
const double required = 8;
const double tolerated = 1e-7;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string folder = args.Length > 0 ? args[0] : Path.Combine("artifacts", "curve-fitting");

var table = new Table().Border(TableBorder.Rounded)
    .AddColumns("problem", "difficulty")
    .AddColumns(
        [.. new[] { "start", "steps", "Jacobians", "parameters", "residuals", "deviations", "with differences", "Jacobian error" }
            .Select(name => new TableColumn(name).RightAligned())]);

var problems = Problem.All();
var fits = new List<Fit>();
var failures = new List<string>();
foreach (var problem in problems)
{
    for (int start = 0; start < problem.Starts.Length; start++)
    {
        var fit = Fit.Of(problem, start, emitted: true);
        var differences = Fit.Of(problem, start, emitted: false);
        double error = JacobianError.Of(problem, problem.Starts[start]);
        fits.Add(fit);
        table.AddRow(
            problem.Name, problem.Difficulty, $"{start + 1}", $"{fit.Iterations}", $"{fit.JacobianCalls}",
            $"{fit.ParameterDigits:0.0}", $"{fit.ResidualDigits:0.0}", $"{fit.DeviationDigits:0.0}", $"{differences.ParameterDigits:0.0}", $"{error:0e+00}");
        if (!(Math.Min(Math.Min(fit.ParameterDigits, fit.ResidualDigits), fit.DeviationDigits) >= required))
            failures.Add($"{problem.Name} from start {start + 1}: fewer than {required} digits");
        if (!(error < tolerated)) failures.Add($"{problem.Name} at start {start + 1}: the Jacobian is not that of the model");
    }
}

AnsiConsole.Write(table);
AnsiConsole.WriteLine("parameters, residuals, deviations: digits shared with the certified figures, which have eleven; the worst of each kind.");
AnsiConsole.WriteLine("with differences: digits of the parameters where the same method takes its Jacobians by central differences.");
AnsiConsole.WriteLine("Jacobian error: the largest of all entries at the start, relative to extrapolated differences.");
AnsiConsole.WriteLine("Wrote " + Pictures.Fits(folder, problems, fits));
foreach (string failure in failures) AnsiConsole.WriteLine("FAILED: " + failure);
return failures.Count == 0 ? 0 : 1;
