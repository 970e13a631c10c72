using Spectre.Console;

namespace DiffGen.Samples;

/// <summary>The final table.</summary>
internal static class Report
{
    public static Table Table(Run[] runs, Iris keptOut)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var run in runs) table.AddColumn(new TableColumn(run.Model.Name).RightAligned());
        Row("loss before training", run => $"{run.Losses[0]:0.0000}");
        Row("loss after training", run => $"{run.Losses[^1]:0.0000}");
        Row("right, of the rows kept out", run => $"{run.Right} of {keptOut.Species.Length}");
        Row("largest relative error of the gradient", run => $"{run.GradientError:0.0e+00}");
        table.AddEmptyRow();
        Row("time of the loss", run => Timing.Text(run.Times.Primal));
        Row("time of loss and gradient, emitted", run => Time(run.Times.Emitted, run));
        Row("time of loss and gradient, by hand", run => Time(run.Times.HandWritten, run));
        Row("emitted over by hand", run => $"{run.Times.Emitted / run.Times.HandWritten:0.00} ×");
        return table;

        void Row(string label, Func<Run, string> value) => table.AddRow([label, .. runs.Select(value)]);
    }

    private static string Time(double seconds, Run run) => $"{Timing.Text(seconds)} ({seconds / run.Times.Primal:0.00} ×)";
}
