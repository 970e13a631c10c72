using Spectre.Console;

namespace DiffGen.Samples;

/// <summary>Two tables for each option: its Greeks with their errors, and what they cost.</summary>
internal static class Report
{
    /// <summary>Writes both; gives what the option's emitted Greeks fall short of.</summary>
    public static List<string> Write(Instrument option)
    {
        double[] emitted = option.Emitted(), bumped = option.Bumped(), reference = option.Reference(option);
        var failures = new List<string>();
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("Greek").AddColumn("emitted").AddColumn("error, emitted").AddColumn("error, bumped");
        foreach (var column in table.Columns.Skip(1)) column.RightAligned();
        for (int i = 0; i < Greeks.Names.Length; i++)
        {
            double error = Math.Abs(emitted[i] / reference[i] - 1);
            table.AddRow(Greeks.Names[i], $"{emitted[i]:0.0000000000}", $"{error:0e+00}", $"{Math.Abs(bumped[i] / reference[i] - 1):0e+00}");
            if (!(error < option.Tolerance)) failures.Add($"{option.Name}: {Greeks.Names[i]}");
        }

        AnsiConsole.WriteLine($"{option.Name}: {option.Price(option.Market.Inputs):0.0000000000}");
        AnsiConsole.Write(table);
        AnsiConsole.Write(Costs(option));
        AnsiConsole.WriteLine();
        return failures;
    }

    private static Table Costs(Instrument option)
    {
        double sink = 0;
        double[] inputs = option.Market.Inputs;
        double[] times = Timing.Fastest(
            5,
            () => sink += option.Price(inputs),
            () => sink += option.Gradient(option.Market)[0],
            () => sink += Bump.Gradient(option.Price, inputs)[0],
            () => sink += option.Hessian(option.Market)[0, 0],
            () => sink += Bump.Hessian(option.Price, inputs)[0, 0]);
        GC.KeepAlive(sink);
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("time of").AddColumn("emitted").AddColumn("bumped");
        foreach (var column in table.Columns.Skip(1)) column.RightAligned();
        table.AddRow("the value", Timing.Text(times[0]), "");
        table.AddRow("all first derivatives", Time(1), Time(2));
        table.AddRow("all second derivatives", Time(3), Time(4));
        return table;

        string Time(int k) => $"{Timing.Text(times[k])} ({times[k] / times[0]:0.0} ×)";
    }
}
