using System.Collections.Generic;

namespace DiffGen.CorpusRunner.Random;

/// <content>Arrays and lists of structs that hold an array and a number: filled, shared, overwritten, read. They always have two elements at least.</content>
public sealed partial class ProgramGenerator
{
    private const string BoxType = "private struct Box { public double[] P; public double W; }";

    private readonly List<(string Name, bool IsList)> stores = [];
    private bool hasBox;

    private Node NewBox() => new(Kind.Real, $"new Box {{ P = {Pick(arrays)}, W = {{0}} }}", Bounded(1));

    private Node NewStore()
    {
        hasBox = true;
        bool list = Chance(0.5);
        string name = "s" + names++;
        var made = new Node(Kind.Statement, $"{(list ? "List<Box>" : "Box[]")} {name} = {(list ? "new List<Box> " : "")}{{ {{0}}, {{1}} }};", NewBox(), NewBox());
        stores.Add((name, list));
        return made;
    }

    private string At(string name) => $"{name}[{(wholes.Count > 0 && Chance(0.5) ? Pick(wholes) + " % 2" : Pick("0", "1"))}]";

    private Node Storing()
    {
        (string name, bool list) = stores[random.Next(stores.Count)];
        switch (random.Next(9))
        {
            case 0: return new Node(Kind.Statement, $"{At(name)} = {{0}};", NewBox());
            case 1 when !list: return new Node(Kind.Statement, $"{At(name)}.W {Pick("=", "+=", "*=")} {{0}};", Bounded(2));
            case 1: return new Node(Kind.Statement, $"{name}.Add({{0}});", NewBox());
            case 2 when !list: return new Node(Kind.Statement, $"{At(name)}.P = {Pick(arrays)};");
            case 2: return new Node(Kind.Statement, $"if ({name}.Count > 2) {name}.RemoveAt({name}.Count - 1);");
            case 3:
                string from = stores[random.Next(stores.Count)].Name;
                return new Node(Kind.Statement, $"{At(name)} = {At(from)};");
            case 4: return new Node(Kind.Statement, $"({name}[0], {name}[1]) = ({name}[1], {name}[0]);");
            case 5:
                string held = At(name);
                return new Node(Kind.Statement, $"double[] {Declare(arrays, "a")} = {held}.P;");
            case 6:
                string by = At(name);
                return new Node(Kind.Statement, $"{by} = {by} with {{ W = {{0}} }};", Bounded(2));
            case 7 when loopDepth < 2:
                string b = "b" + names++;
                return new Node(Kind.Statement, $"foreach (Box {b} in {name}) {Scalar()} += 0.3 * {b}.W * {b}.P[{{0}}];", Index());
            default: return new Node(Kind.Statement, $"{At(name)}.P[{{0}}] {Pick("=", "+=")} {{1}};", Index(), Bounded(2));
        }
    }

    private Node Stored()
    {
        string name = stores[random.Next(stores.Count)].Name;
        return Chance(0.5) ? new Node(Kind.Real, At(name) + ".W") : new Node(Kind.Real, At(name) + ".P[{0}]", Index());
    }
}
