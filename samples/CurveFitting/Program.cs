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
    .AddColumns("problem", "level", "start", "steps", "param.", "RSS", "dev.", "Jacobian");
foreach (var column in table.Columns.Skip(2)) column.RightAligned();

var problems = Problem.All();
var fits = new List<Fit>();
var failures = new List<string>();
foreach (var problem in problems)
{
    for (int start = 0; start < problem.Starts.Length; start++)
    {
        var fit = Fit.Of(problem, start);
        double error = JacobianError.Of(problem, problem.Starts[start]);
        fits.Add(fit);
        table.AddRow(
            problem.Name, problem.Difficulty, $"{start + 1}", $"{fit.Iterations}",
            $"{fit.ParameterDigits:0.0}", $"{fit.ResidualDigits:0.0}", $"{fit.DeviationDigits:0.0}", $"{error:0e+00}");
        if (!(Math.Min(Math.Min(fit.ParameterDigits, fit.ResidualDigits), fit.DeviationDigits) >= required))
            failures.Add($"{problem.Name} from start {start + 1}: fewer than {required} digits");
        if (!(error < tolerated)) failures.Add($"{problem.Name} at start {start + 1}: the Jacobian is not that of the model");
    }
}

AnsiConsole.Write(table);
AnsiConsole.WriteLine("param., RSS, dev.: digits that the parameters, the residual sum of squares and");
AnsiConsole.WriteLine("the standard deviations share with the certified ones, which have eleven.");
AnsiConsole.WriteLine("Jacobian: its largest error at the start, against extrapolated differences.");
AnsiConsole.WriteLine("Wrote " + Pictures.Fits(folder, problems, fits));
foreach (string failure in failures) AnsiConsole.WriteLine("FAILED: " + failure);
return failures.Count == 0 ? 0 : 1;
