using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>Prints functions of a unit as methods.</summary>
internal sealed class FunctionPrinter(CodeWriter writer, Unit unit, bool isStatic, bool forNesting, Func<string, string> calleeName, bool isOldFramework = false)
{
    private const string MethodImpl = "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.";
    private const int LongestInlined = 12;

    /// <summary>Prints a function under a header; <paramref name="prologue"/> comes first in its body.</summary>
    /// <param name="function">The function.</param>
    /// <param name="header">The C# before the body.</param>
    /// <param name="prologue">Lines at the start of the body: checks of buffers.</param>
    public void Method(Function function, string header, IReadOnlyList<string> prologue)
    {
        Attribute(function, inline: false);
        Print(function, header, prologue);
    }

    /// <summary>Prints a function as a private method with its own parameters.</summary>
    public void Private(Function function, string name, bool inline)
    {
        Attribute(function, inline);
        string parameters = string.Join(", ", function.Parameters.Select(Parameter));
        string constraints = function.Constraints.Length == 0 ? "" : " " + function.Constraints;
        Print(function, $"private {(isStatic ? "static " : "")}{ResultType(function)} {name}{function.TypeParameters}({parameters}){constraints}", []);
    }

    /// <summary>The C# of a parameter of a private method.</summary>
    private string Parameter(Parameter p)
    {
        string passing = p.Passing switch { Passing.Ref => "ref ", Passing.Out => "out ", Passing.In => "in ", _ => "" };
        string type = forNesting && p.Variable.Type is TapeType tape ? StatementPrinter.ListOf(tape) : p.Variable.Type.CSharp;
        return $"{passing}{type} {Keywords.Escape(p.Variable.Name)}";
    }

    /// <summary>The C# of the type that a function returns.</summary>
    public static string ResultType(Function function) => function.Results.Count switch
    {
        0 => "void",
        1 => function.Results[0].Type.CSharp,
        _ => "(" + string.Join(", ", function.Results.Select(r => r.Type.CSharp)) + ")",
    };

    private void Attribute(Function function, bool inline)
    {
        bool loops = function.Body.All().Any(s => s is For or While);
        if (loops && isOldFramework) return;
        if (loops) writer.Line(MethodImpl + "AggressiveOptimization)]"); // real optimisation from the first call; forbids inlining
        else if (inline && function.Body.All().Take(LongestInlined + 1).Count() <= LongestInlined) writer.Line(MethodImpl + "AggressiveInlining)]");
    }

    private void Print(Function function, string header, IReadOnlyList<string> prologue)
    {
        HashSet<string> parameters = new(function.Parameters.Select(p => p.Variable.Name), StringComparer.Ordinal);
        string NameOf(Variable v) => v.Name == "this" && !parameters.Contains("this") ? "this" : Keywords.Escape(v.Name);
        bool direct = StatementPrinter.IsReturnedDirectly(function);
        string Returned() => function.Results.Count switch
        {
            0 => "",
            1 => " " + NameOf(function.Results[0]),
            _ => " (" + string.Join(", ", function.Results.Select(NameOf)) + ")",
        };
        StatementPrinter printer = new(writer, function, unit, NameOf, calleeName, Returned, forNesting, isOldFramework);
        writer.Line(header);
        writer.Open();
        foreach (string line in prologue) writer.Line(line);
        if (!direct)
            foreach (Variable result in function.Results)
                if (!parameters.Contains(result.Name) && !IsDeclared(function, result))
                    writer.Line(DefiniteAssignment.IsAssignedFirst(function.Body, result, unit)
                        ? $"{result.Type.CSharp} {NameOf(result)};"
                        : $"{result.Type.CSharp} {NameOf(result)} = {StatementPrinter.Default(result.Type)};");
        // exits that became flags hide from C# that what is left was assigned
        if (!function.Body.All().Any(s => s is Exit))
            foreach (Parameter given in function.Parameters.Where(p => p.Passing == Passing.Out && !DefiniteAssignment.IsAssignedFirst(function.Body, p.Variable, unit)))
                writer.Line($"{NameOf(given.Variable)} = {StatementPrinter.Default(given.Variable.Type)};");
        printer.Body(direct);
        bool endless = function.Body.Statements.Count > 0 && function.Body.Statements[function.Body.Statements.Count - 1] is While { Condition: Constant { Text: "true" }, TestLast: false };
        if (direct && endless) { } // the primal returns from inside of the loop or never: C# asks for nothing after it
        else if (!printer.Ended && function.Results.Count > 0) writer.Line(direct ? "return default;" : $"return{Returned()};");
        writer.Close();
    }

    private static bool IsDeclared(Function function, Variable v) => function.Body.Statements.Any(s => s is Declare d && d.Variable == v);
}
