using System;
using System.Collections.Generic;
using System.Linq;

namespace DiffGen.CorpusRunner.Random;

/// <summary>
/// Draws well-typed numeric programs: scalars and arrays, loops with exits, branches, updates in place, swaps, aliases, helpers with
/// <c>out</c> and <c>ref</c>, recursion, lambdas, tuples, structs, arrays and lists of structs that hold arrays, and LINQ. Every array has four elements and every loop ends.
/// </summary>
public sealed partial class ProgramGenerator
{
    private readonly System.Random random;
    private readonly List<string> reals = ["x", "y"];
    private readonly List<string> arrays = ["v"];
    private readonly List<string> wholes = [];
    private readonly List<string> functions = [];
    private readonly HashSet<string> readOnly = [];
    private int names;
    private int budget;
    private int loopDepth;
    private bool inHelper;
    private bool mayCapture = true;
    private bool attempting;
    private readonly List<(string Name, string Shape)> helpers = [];

    private ProgramGenerator(ulong seed, int size)
    {
        random = new System.Random(unchecked((int)(seed ^ (seed >> 32))));
        budget = size;
    }

    /// <summary>The program of a seed: members of a static partial class, the last of them the marked method <c>F</c>.</summary>
    public static Node Program(ulong seed, int size) => new ProgramGenerator(seed, size).Whole();

    private Node Whole()
    {
        var members = new List<Node>();
        int total = budget;
        if (Chance(0.25)) members.Add(new Node(Kind.Member, "private struct Pair { public double A, B; public double Both() => A * B; }"));
        bool hasPair = members.Count > 0;
        if (hasPair) helpers.Add(("Pair", "pair"));
        for (int i = 0, n = random.Next(0, 3); i < n; i++) members.Add(Helper(i));
        budget = total;
        Node body = Body(allowReturn: true);
        if (hasBox) members.Insert(0, new Node(Kind.Member, BoxType));
        members.Add(new Node(Kind.Member, "[Differentiable, At(\"0.43, 1.27, Arr(3, 4)\"), At(\"-0.71, 0.38, Arr(8, 4)\")]\npublic static double F(double x, double y, double[] v)\n{\n{0}}", body));
        return new Node(Kind.Program, "", [.. members]);
    }

    private Node Helper(int index)
    {
        budget = 3 + random.Next(5);
        inHelper = true;
        var saved = (reals.ToArray(), arrays.ToArray());
        string name = "H" + index;
        Node member;
        switch (random.Next(5))
        {
            case 0:
                arrays.Clear();
                member = new Node(Kind.Member, $"private static double {name}(double x, double y)\n{{\n{{0}}}}", Body(true));
                Restore(saved);
                helpers.Add((name, "two"));
                break;
            case 1:
                member = new Node(Kind.Member, $"private static void {name}(double x, double y, double[] v)\n{{\n{{0}}}}", Body(false));
                helpers.Add((name, "writes"));
                break;
            case 2:
                arrays.Clear();
                mayCapture = false;
                Node first = Body(false, "r = " + Real(2) + ";");
                member = new Node(Kind.Member, $"private static double {name}(double x, ref double y, out double r)\n{{\n{{0}}return {{1}};\n}}", first, Real(2));
                Restore(saved);
                helpers.Add((name, "refout"));
                break;
            case 3:
                arrays.Clear();
                member = new Node(Kind.Member, $"private static double {name}(double x, double y, int n) => n <= 0 ? {{0}} : {name}({{1}}, {{2}}, n - {1 + random.Next(2)}) * 0.7 + {{3}};", Real(2), Bounded(2), Bounded(2), Real(1));
                Restore(saved);
                helpers.Add((name, "recursive"));
                break;
            default:
                member = new Node(Kind.Member, $"private static double[] {name}(double x, double y, double[] v)\n{{\n{{0}}return new double[] {{ {{1}}, {{2}}, v[1], x }};\n}}", Body(false), Real(2), Real(2));
                helpers.Add((name, "array"));
                break;
        }
        Restore(saved);
        mayCapture = true;
        inHelper = false;
        return member;
    }

    private void Restore((string[] Reals, string[] Arrays) saved)
    {
        reals.Clear();
        reals.AddRange(saved.Reals);
        arrays.Clear();
        arrays.AddRange(saved.Arrays);
        functions.Clear();
        stores.Clear();
    }

    private Node Body(bool allowReturn, string? last = null)
    {
        var statements = Statements(allowReturn);
        if (last is not null) statements.Add(new Node(Kind.Statement, last));
        if (allowReturn) statements.Add(new Node(Kind.Statement, "return {0};", Sum()));
        return new Node(Kind.Block, "", [.. statements]);
    }

    private Node Sum()
    {
        Node sum = Real(2);
        foreach (string a in arrays.Where(a => a != "v").TakeLast(2)) sum = new Node(Kind.Real, "{0} + " + $"{a}[0] * {a}[2] - {a}[3]", sum);
        foreach (string r in reals.Skip(2).TakeLast(3)) sum = new Node(Kind.Real, "{0} + " + r, sum);
        return sum;
    }

    private List<Node> Statements(bool allowReturn)
    {
        var list = new List<Node>();
        int n = 1 + random.Next(5);
        for (int i = 0; i < n && budget > 0; i++) list.Add(Statement(allowReturn));
        return list;
    }

    private Node Nested(bool allowReturn, string? prefix = null)
    {
        int r = reals.Count, a = arrays.Count, w = wholes.Count, f = functions.Count, s = stores.Count;
        List<Node> list = Statements(allowReturn);
        if (prefix is not null) list.Insert(0, new Node(Kind.Statement, prefix));
        reals.RemoveRange(r, reals.Count - r);
        arrays.RemoveRange(a, arrays.Count - a);
        wholes.RemoveRange(w, wholes.Count - w);
        functions.RemoveRange(f, functions.Count - f);
        stores.RemoveRange(s, stores.Count - s);
        return new Node(Kind.Block, "", [.. list]);
    }

    private Node Statement(bool allowReturn)
    {
        budget--;
        switch (random.Next(43))
        {
            case 0 or 1 or 2:
                Node value = Real(3);
                return new Node(Kind.Statement, $"double {Declare(reals, "r")} = {{0}};", value);
            case 3 or 4 or 5: return new Node(Kind.Statement, $"{Scalar()} = {{0}};", Bounded(3));
            case 6 or 7: return new Node(Kind.Statement, $"{Scalar()} {Pick("+=", "-=", "*=")} {{0}};", Bounded(2));
            case 8 or 9 or 10 when arrays.Count > 0: return new Node(Kind.Statement, $"{Pick(arrays)}[{{0}}] = {{1}};", Index(), Bounded(2));
            case 11 or 12 when arrays.Count > 0: return new Node(Kind.Statement, $"{Pick(arrays)}[{{0}}] {Pick("+=", "-=", "*=")} {{1}};", Index(), Bounded(2));
            case 13 when arrays.Count > 0:
                string s = Pick(arrays), t = Pick(arrays);
                return new Node(Kind.Statement, $"({s}[{{0}}], {t}[{{1}}]) = ({t}[{{1}}], {s}[{{0}}]);", Index(), Index());
            case 14:
                string p = Scalar(), q = Scalar();
                return p == q ? new Node(Kind.Statement, $"{p} = {{0}};", Bounded(2)) : new Node(Kind.Statement, $"({p}, {q}) = ({{0}}, {{1}});", Bounded(2), Bounded(2));
            case 15 or 16 or 17:
                return Chance(0.5)
                    ? new Node(Kind.Statement, "if ({0})\n{\n{1}}", Truth(), Nested(allowReturn))
                    : new Node(Kind.Statement, "if ({0})\n{\n{1}}\nelse\n{\n{2}}", Truth(), Nested(allowReturn), Nested(allowReturn));
            case 18 or 19 or 20 when loopDepth < 3:
            {
                string i = "i" + names++;
                wholes.Add(i);
                loopDepth++;
                int bound = 1 + random.Next(4);
                string header = random.Next(4) switch
                {
                    0 => $"for (int {i} = {bound}; {i} >= 0; {i}--)",
                    1 => $"for (int {i} = 0; {i} < 6; {i} += 2)",
                    2 when wholes.Count > 1 => $"for (int {i} = 0; {i} <= {wholes[^2]}; {i}++)",
                    _ => $"for (int {i} = 0; {i} < {bound}; {i}++)",
                };
                Node body = Nested(allowReturn);
                loopDepth--;
                wholes.Remove(i);
                return new Node(Kind.Statement, header + "\n{\n{0}}", body);
            }
            case 21 when loopDepth < 2:
            {
                string k = "k" + names++, r = Pick(reals);
                loopDepth++;
                Node body = Nested(allowReturn, $"{k}++;");
                loopDepth--;
                return new Node(Kind.Statement, Chance(0.5)
                    ? $"{{ int {k} = 0; while ({k} < 3 && ({{1}}))\n{{\n{{0}}}} }}"
                    : $"{{ int {k} = 0; do\n{{\n{{0}}}}\nwhile ({k} < 4 && ({{1}})); }}", body, Truth());
            }
            case 22 when arrays.Count > 0 && loopDepth < 2:
            {
                string e = "e" + names++, over = Pick(arrays);
                reals.Add(e);
                readOnly.Add(e);
                loopDepth++;
                Node body = Nested(allowReturn);
                loopDepth--;
                reals.Remove(e);
                return new Node(Kind.Statement, $"foreach (double {e} in {over})\n{{\n{{0}}}}", body);
            }
            case 23 when loopDepth > 0: return new Node(Kind.Statement, "if ({0}) " + Pick("break;", "continue;"), Truth());
            case 24 when allowReturn: return new Node(Kind.Statement, "if ({0}) return {1};", Truth(), Real(2));
            case 25 when arrays.Count > 0:
            {
                string source = Pick(arrays);
                Node copy = random.Next(5) switch
                {
                    0 => new Node(Kind.Statement, $"double[] NAME = (double[]){source}.Clone();"),
                    1 => new Node(Kind.Statement, $"double[] NAME = {source};"),
                    2 => new Node(Kind.Statement, "double[] NAME = { {0}, {1}, 0.5, y };", Real(2), Real(2)),
                    3 => new Node(Kind.Statement, $"double[] NAME = {source}.Select(t => t * {{0}}).ToArray();", Real(1)),
                    _ => new Node(Kind.Statement, "double[] NAME = new double[4];"),
                };
                return copy with { Template = copy.Template.Replace("NAME", Declare(arrays, "a"), StringComparison.Ordinal) };
            }
            case 26 when arrays.Count > 1:
                string one = Pick(arrays), two = Pick(arrays);
                return one == two ? new Node(Kind.Statement, $"{one}[1] = {{0}};", Bounded(2)) : new Node(Kind.Statement, $"({one}, {two}) = ({two}, {one});");
            case 27 or 28 when helpers.Count > 0 && !inHelper: return Calling();
            case 29 when mayCapture:
                Node inner = Lambda();
                return new Node(Kind.Statement, $"Func<double, double> {Declare(functions, "f")} = t => {{0}};", inner);
            case 30:
                return new Node(Kind.Statement, "switch ({0} % 3)\n{\ncase 0:\n{1}break;\ncase 1:\n{2}break;\ndefault:\n{3}break;\n}", Whole0(), Switched(), Switched(), Switched());
            case 31 when loopDepth == 0:
                return new Node(Kind.Statement, "try\n{\n{0}}\nfinally { }", Nested(allowReturn));
            case 38 or 39 or 40 when arrays.Count > 0 && loopDepth < 2: return WholeArray();
            case 33 or 34 when arrays.Count > 0: return NewStore();
            case 35 or 36 or 37 when stores.Count > 0: return Storing();
            case 32:
                return new Node(Kind.Statement, "try\n{\n{0}if ({1}) throw new InvalidOperationException();\n{2}}\ncatch (InvalidOperationException)\n{\n{3}}",
                    Attempted(true), Truth(), Attempted(true), Attempted(false));
            default: return new Node(Kind.Statement, $"{Scalar()} += {{0}};", Bounded(2));
        }
    }

    // A break in a switch section would leave the switch: sections hold assignments only.
    private Node Switched() => new(Kind.Block, "", new Node(Kind.Statement, $"{Scalar()} = {{0}};", Bounded(2)));

    // What a try block and its catch do: assignments, and branches with an exception in one of them; no loops or calls, which an exception might leave half done.
    private Node Attempted(bool mayThrow)
    {
        attempting = true;
        List<Node> list = [];
        for (int count = 1 + random.Next(3); count > 0; count--)
            list.Add(random.Next(4) switch
            {
                0 => new Node(Kind.Statement, $"{Scalar()} = {{0}};", Bounded(2)),
                1 when arrays.Count > 0 => new Node(Kind.Statement, $"{Pick(arrays)}[{{0}}] = {{1}};", Index(), Bounded(2)),
                2 => new Node(Kind.Statement, "if ({0})\n{\n{1}" + (mayThrow && Chance(0.5) ? "throw new InvalidOperationException();\n" : "") + "}\nelse\n{\n{2}}", Truth(), Switched(), Switched()),
                _ => new Node(Kind.Statement, $"{Scalar()} {Pick("+=", "-=", "*=")} {{0}};", Bounded(2)),
            });
        attempting = false;
        return new Node(Kind.Block, "", [.. list]);
    }

    // a loop over whole arrays, as wide as vectors: each element for itself, or one after the other
    private Node WholeArray()
    {
        // what is repeated must not run away: no product is larger than one of its factors, and only what is small multiplies
        string i = "j" + names++, to = Pick(arrays), from = Pick(arrays), other = Pick(arrays);
        Node factor = Real(1);
        int shape = random.Next(6);
        string value = shape switch
        {
            0 => $"0.6 * {from}[{i}] * {to}[{i}] / (1.2 + {to}[{i}] * {to}[{i}]) + {{0}}",
            1 => $"Math.Sin({from}[{i}] + {other}[{i}])",
            2 => $"{from}[{i}] / (1.5 + {other}[{i}] * {other}[{i}])",
            3 => $"Math.Tanh({from}[{i}] * {to}[{i}] - {{0}})",
            4 when from != to => $"0.5 * {from}[{i} == 0 ? {i} : {i} - 1] / (1.2 + {other}[{i}] * {other}[{i}])",
            _ => $"({from}[{i}] > 0.3 ? {other}[{i}] * 0.7 : {{0}})",
        };
        string statement = $"{to}[{i}] {(shape is 1 or 3 ? Pick("=", "+=", "*=") : Pick("=", "+="))} {value};";
        if (Chance(0.4)) statement += $" {Scalar()} += 0.2 * {to}[{i}] * {from}[{i}] / (1.1 + {to}[{i}] * {to}[{i}]);";
        if (Chance(0.3)) statement += $" {from}[{i}] = Math.Cos({to}[{i}]) * {other}[{i}];";
        return new Node(Kind.Statement, $"for (int {i} = 0; {i} < {to}.Length; {i}++) {{ {statement} }}", factor);
    }

    private Node Calling()
    {
        (string name, string shape) = helpers[random.Next(helpers.Count)];
        switch (shape)
        {
            case "writes" when arrays.Count > 0: return new Node(Kind.Statement, $"{name}({{0}}, {{1}}, {Pick(arrays)});", Bounded(2), Bounded(2));
            case "refout":
            {
                string by = Scalar();
                Node argument = Real(2);
                string o = Declare(reals, "r"), r = Declare(reals, "r");
                return new Node(Kind.Statement, $"double {r} = {name}({{0}}, ref {by}, out double {o});", argument);
            }
            case "array" when arrays.Count > 0:
            {
                string a = Pick(arrays);
                Node first = Real(2);
                return new Node(Kind.Statement, $"double[] {Declare(arrays, "a")} = {name}({{0}}, y, {a});", first);
            }
            case "pair":
            {
                string local = "p" + names++;
                Node a = Real(2), b = Real(2);
                string r = Declare(reals, "r");
                return new Node(Kind.Statement, $"var {local} = new Pair {{ A = {{0}}, B = {{1}} }}; {local}.A *= 0.5; double {r} = {local}.Both() + {local}.B;", a, b);
            }
            case "recursive":
                Node deep = Bounded(2);
                return new Node(Kind.Statement, $"double {Declare(reals, "r")} = {name}({{0}}, y, {1 + random.Next(3)});", deep);
            default:
                Node other = Bounded(1);
                return new Node(Kind.Statement, $"double {Declare(reals, "r")} = {{0}};", shape == "two" ? new Node(Kind.Real, $"{name}({{0}}, y)", other) : other);
        }
    }

    private Node Lambda()
    {
        reals.Add("t");
        readOnly.Add("t");
        Node body = Bounded(2);
        reals.Remove("t");
        return body;
    }

    // Inside loops values must not run away: what is stored there is squashed.
    private Node Bounded(int depth) => loopDepth == 0 && !inHelper && Chance(0.5) ? Real(depth)
        : random.Next(4) switch
        {
            0 => new Node(Kind.Real, "0.8 * Math.Sin({0})", Real(depth)),
            1 => new Node(Kind.Real, "Math.Sin({0}) / (1.5 + {1} * {1})", Real(depth - 1), Leaf()),
            _ => new Node(Kind.Real, "Math.Tanh({0})", Real(depth)),
        };

    private Node Real(int depth)
    {
        if (depth <= 0) return Leaf();
        switch (random.Next(22))
        {
            case 0 or 1 or 2 or 3: return new Node(Kind.Real, "({0} " + Pick("+", "-") + " {1})", Real(depth - 1), Real(depth - 1));
            case 4 or 5 or 6: return new Node(Kind.Real, "{0} * {1}", Factor(depth - 1), Factor(depth - 1));
            case 7: return new Node(Kind.Real, "{0} / (1.3 + {1} * {1})", Factor(depth - 1), Leaf());
            case 8: return new Node(Kind.Real, "Math." + Pick("Sin", "Cos", "Tanh", "Atan") + "({0})", Real(depth - 1));
            case 9: return new Node(Kind.Real, "Math.Exp(0.3 * Math.Sin({0}))", Real(depth - 1));
            case 10: return new Node(Kind.Real, "Math.Sqrt(1.2 + Math.Pow({0}, 2))", Real(depth - 1));
            case 11: return new Node(Kind.Real, "Math." + Pick("Max", "Min") + "({0}, {1})", Real(depth - 1), Real(depth - 1));
            case 12: return new Node(Kind.Real, "Math.Abs({0})", Real(depth - 1));
            case 13 or 14: return new Node(Kind.Real, "({0} ? {1} : {2})", Truth(), Real(depth - 1), Real(depth - 1));
            case 15 when functions.Count > 0 && !attempting: return new Node(Kind.Real, Pick(functions) + "({0})", Real(depth - 1));
            case 16 when !inHelper && !attempting && helpers.Where(h => h.Shape == "two").ToList() is { Count: > 0 } two:
                return new Node(Kind.Real, two[random.Next(two.Count)].Name + "({0}, {1})", Real(depth - 1), Leaf());
            case 17 when arrays.Count > 0 && depth > 1 && !attempting: return new Node(Kind.Real, Pick(arrays) + "." + Pick("Sum()", "Max()", "Sum(t => t * 0.5)", "Select((t, n) => t * n).Sum()"));
            case 18: return new Node(Kind.Real, "Math.Log(1.5 + {0} * {0})", Leaf());
            case 19: return new Node(Kind.Real, "-{0}", Factor(depth - 1));
            default: return Leaf();
        }
    }

    private Node Factor(int depth) => Real(depth) is { Children.Length: > 0 } node ? new Node(Kind.Real, "({0})", node) : Leaf();

    private Node Leaf() => random.Next(7) switch
    {
        0 => new Node(Kind.Real, Pick("0.5", "1.7", "2", "0.25")),
        1 or 2 when arrays.Count > 0 => new Node(Kind.Real, Pick(arrays) + "[{0}]", Index()),
        4 when stores.Count > 0 && !attempting => Stored(),
        3 when wholes.Count > 0 => new Node(Kind.Real, "(0.1 * " + Pick(wholes) + ")"),
        _ => new Node(Kind.Real, Pick(reals)),
    };

    private Node Truth() => random.Next(5) switch
    {
        0 when wholes.Count > 0 => new Node(Kind.Truth, Pick(wholes) + " " + Pick("==", ">", "<=") + " " + random.Next(4)),
        1 => new Node(Kind.Truth, "{0} > {1} " + Pick("&&", "||") + " {2} < 0.6", Real(1), Leaf(), Leaf()),
        2 => new Node(Kind.Truth, "!({0} < {1})", Leaf(), Real(1)),
        _ => new Node(Kind.Truth, "{0} " + Pick(">", "<", ">=") + " " + Pick("0.31", "-0.17", "0.77"), Real(1)),
    };

    private Node Whole0() => wholes.Count > 0 ? new Node(Kind.Whole, Pick(wholes)) : new Node(Kind.Whole, random.Next(3).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private Node Index() => wholes.Count > 0 && Chance(0.7)
        ? new Node(Kind.Whole, $"({Pick(wholes)} + {random.Next(4)}) % 4")
        : new Node(Kind.Whole, random.Next(4).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private string Scalar()
    {
        string[] writable = reals.Where(r => !readOnly.Contains(r)).ToArray();
        return writable[random.Next(writable.Length)];
    }

    private string Declare(List<string> scope, string stem)
    {
        string name = stem + names++;
        scope.Add(name);
        return name;
    }

    private bool Chance(double p) => random.NextDouble() < p;

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];

    private string Pick(List<string> choices) => choices[random.Next(choices.Count)];
}
