using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Whether statements overwrite every element of an array before they read any: then what it held before is nobody's business.</summary>
/// <param name="array">A one-dimensional array that is known under no other name.</param>
/// <param name="length">What it was made with, by variables that never change; null if not known.</param>
/// <param name="definitions">What variables stand for.</param>
internal sealed class Coverage(Variable array, Expr? length, Definitions definitions)
{
    private readonly HashSet<int> _written = [];

    /// <summary>Whether everything was overwritten, or nothing read, when the statements have run.</summary>
    public bool Covers(EquatableArray<Stmt> statements) => Run(statements) is not State.Read;

    /// <summary>Whether the statements overwrite every element before any is read.</summary>
    public bool Overwrites(EquatableArray<Stmt> statements) => Run(statements) is State.Full;

    private enum State { Open, Full, Read }

    private State Run(EquatableArray<Stmt> statements)
    {
        foreach (Stmt s in statements)
        {
            State state = Run(s);
            if (state != State.Open) return state;
        }
        return State.Open;
    }

    private State Run(Stmt s)
    {
        switch (s)
        {
            case Clear { Target: Read { Variable: var cleared } } when cleared == array:
                return State.Full;
            case For loop when Fills(loop):
                return State.Full;
            case Scope scope:
                return Run(scope.Body.Statements);
            case Assign { Target: ElementAt { Source: Read { Variable: var written }, Indices: [var index] } } assign when written == array:
                if (Reads(assign.Value) || Reads(index)) return State.Read;
                if (index is Constant { Number: { } number }) _written.Add((int)number);
                return State.Open;
            case If choice:
                if (Reads(choice.Condition)) return State.Read;
                State then = new Coverage(array, length, definitions).Run(choice.Then.Statements), otherwise = new Coverage(array, length, definitions).Run(choice.Else.Statements);
                return then == State.Read || otherwise == State.Read ? State.Read : then == State.Full && otherwise == State.Full ? State.Full : State.Open;
            case For or While when !s.Values().Any(Reads):
                // every iteration that reads overwrites first; there may be none
                return new Coverage(array, length, definitions).Run(s.Blocks().First().Statements) == State.Read ? State.Read : State.Open;
            default:
                return Mentions(s) ? State.Read : State.Open;
        }
    }

    /// <summary>A loop over all indices (but for a first few that were written already) whose body writes the counter's element first.</summary>
    private bool Fills(For loop)
    {
        if (loop.Step != 1 || loop.Comparison != BinaryOperator.Less || loop.Start is not Constant { Number: { } start } || Reads(loop.Limit)) return false;
        if (!IsLength(loop.Limit)) return false;
        for (int i = 0; i < start; i++)
            if (!_written.Contains(i)) return false;
        if (loop.Body.All().Any(s => s is Exit)) return false;
        foreach (Stmt s in loop.Body.Statements)
        {
            if (s is Assign { Target: ElementAt { Source: Read { Variable: var written }, Indices: [Read { Variable: var index }] } } assign
                && written == array && index == loop.Counter && !Reads(assign.Value))
                return OnlyAtCounter(loop);
            if (Mentions(s)) return false;
        }
        return false;
    }

    private bool OnlyAtCounter(For loop) => loop.Body.All().SelectMany(Expressions).All(e =>
        e is not ElementAt { Source: Read { Variable: var read }, Indices: [var index] } || read != array || index is Read { Variable: var at } && at == loop.Counter);

    private bool IsLength(Expr limit) =>
        limit is LengthOf { Source: Read { Variable: var measured } } && measured == array || length is not null && definitions.Resolve(limit).Equals(definitions.Resolve(length));

    /// <summary>Whether evaluating reads an element; the length is no element.</summary>
    private bool Reads(Expr e) => e is LengthOf { Source: Read } ? false : e is Read read ? read.Variable == array : e.Children().Any(Reads);

    private bool Mentions(Stmt s) => s.Values().Concat(s.Targets()).Any(Reads) || s.Blocks().Any(b => b.Statements.Any(Mentions));

    private static IEnumerable<Expr> Expressions(Stmt s) => s.Values().Concat(s.Targets()).SelectMany(v => v.All());
}
