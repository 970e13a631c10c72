namespace DiffGen.Generator.Ir;

/// <summary>A statement.</summary>
public abstract record Stmt
{
    /// <summary>Makes a statement.</summary>
    protected Stmt()
    {
    }

    /// <summary>A copy that may differ: nothing is known of it.</summary>
    protected Stmt(Stmt original) => (Source, Site, Comment) = (original.Source, original.Site, original.Comment);

    /// <summary>The user's source that this was lowered from, one line, for comments beside the adjoints; empty if none.</summary>
    public string Source { get; init; } = "";

    /// <summary>Where in the user's source.</summary>
    public Site Site { get; init; } = Site.None;

    /// <summary>A comment to be printed beside the statement (the rule that made it); empty if none.</summary>
    public string Comment { get; init; } = "";

    /// <summary>What it may do, once somebody asked; no part of its value.</summary>
    internal Effects? KnownEffects { get; set; }

    /// <summary>By value, of what was said when it was made.</summary>
    public virtual bool Equals(Stmt? other) => ReferenceEquals(this, other)
        || other is not null && EqualityContract == other.EqualityContract && Source == other.Source && Site.Equals(other.Site) && Comment == other.Comment;

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((EqualityContract.GetHashCode() * 31 + Source.GetHashCode()) * 31 + Site.GetHashCode());
}

/// <summary>Statements in order; variables declared in it live until its end.</summary>
public sealed record Block(EquatableArray<Stmt> Statements)
{
    /// <summary>No statements.</summary>
    public static readonly Block Empty = new(EquatableArray<Stmt>.Empty);

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Statements.IsEmpty;

    /// <summary>What comes of this block: itself where <paramref name="next"/> holds the very same statements, so that what is known of them stays known.</summary>
    public Block Becoming(Block next)
    {
        if (ReferenceEquals(this, next) || next.Statements.Count != Statements.Count) return next;
        for (int i = 0; i < Statements.Count; i++)
            if (!ReferenceEquals(Statements[i], next.Statements[i])) return next;
        return this;
    }
}

/// <summary>Declares a variable, with its value or (null) without one. Each variable is declared once in a function.</summary>
public sealed record Declare(Variable Variable, Expr? Initial) : Stmt;

/// <summary><c>target = value</c>; the target is a <see cref="Read"/>, <see cref="ElementAt"/> or <see cref="FieldOf"/>.</summary>
public sealed record Assign(Expr Target, Expr Value) : Stmt;

/// <summary><c>target += value</c> on scalars and vectors (<c>-=</c> is lowered with a negated value, which has the same bits).</summary>
public sealed record AddTo(Expr Target, Expr Value) : Stmt;

/// <summary>Evaluates for effects only: a guard that throws, logging.</summary>
public sealed record Evaluate(Expr Value) : Stmt;

/// <summary>A statement that never completes normally: <c>throw value</c>.</summary>
public sealed record Throw(Expr Value) : Stmt;

/// <summary>A branch.</summary>
public sealed record If(Expr Condition, Block Then, Block Else) : Stmt;

/// <summary>
/// <c>for (int counter = start; counter ⋚ limit; counter += step)</c>: the counter is declared by the loop and assigned nowhere in the body; the
/// comparison is <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c> or <c>!=</c>; the limit is evaluated before each iteration, as in C#; step is a nonzero constant.
/// </summary>
public sealed record For(Variable Counter, Expr Start, BinaryOperator Comparison, Expr Limit, int Step, Block Body) : Stmt;

/// <summary><c>while (condition) body</c>, or with <paramref name="TestLast"/> <c>do body while (condition)</c>.</summary>
public sealed record While(Expr Condition, Block Body, bool TestLast = false) : Stmt;

/// <summary>A block that <see cref="Exit"/> can leave. The body's label <see cref="Function.ReturnLabel"/> stands for the method.</summary>
public sealed record Labelled(string Label, Block Body) : Stmt;

/// <summary>Leaves the enclosing <see cref="Labelled"/> block: break (a label around a loop), continue (a label around its body), return.</summary>
public sealed record Exit(string Label) : Stmt;

/// <summary>A nested block, for the scope of its variables.</summary>
public sealed record Scope(Block Body) : Stmt;

/// <summary>What a call does with what an argument refers to or names.</summary>
public enum ArgumentUse
{
    /// <summary>It may be overwritten.</summary>
    Written,

    /// <summary>It is read, and stays.</summary>
    Read,

    /// <summary>It is added to, and not read otherwise.</summary>
    Added,
}

/// <summary>Calls a function of the same <see cref="Unit"/> that is not inlined (recursion, or large); results are assigned to the places in order.</summary>
public sealed record Call(string Function, EquatableArray<Expr> Arguments, EquatableArray<Expr> Results) : Stmt
{
    /// <summary>
    /// Whether nothing is remembered across the call but what it starts from: its reverse runs it again. It has no results, and does nothing to the outside.
    /// </summary>
    public bool IsCheckpoint { get; init; }

    /// <summary>Whether the function may also write variables around it that it is not given yet: <c>FunctionTable.Close</c> makes arguments of them.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The arguments by reference that hold storage: the function may give the variable other storage. Known once all functions are there.</summary>
    public EquatableArray<int> Moves { get; init; }

    /// <summary>What the call does with each argument, where that is known of a function that is only being made; empty: the function tells.</summary>
    public EquatableArray<ArgumentUse> Uses { get; init; }

    /// <summary>Whether the call, of a function that is only being made, does nothing but what <see cref="Uses"/> say and use the tapes.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether each variable that is given to such a function and refers to storage refers to it afterwards: none goes by reference.</summary>
    public bool KeepsReferences { get; init; }
}

/// <summary>
/// A bulk operation with a rule of its own (<c>TensorPrimitives.Exp(x, destination)</c>, a user's pullback): <paramref name="Format"/> is the C# of the call
/// (empty where there is nothing to do: its outputs are there already);
/// <paramref name="Writes"/> are the indices of arguments whose elements (or, for places, value) it overwrites wholly; the result, if any, goes to <paramref name="Result"/>.
/// </summary>
public sealed record Perform(string Key, string Format, EquatableArray<Expr> Arguments, EquatableArray<int> Writes, Expr? Result) : Stmt
{
    /// <summary>The derivative where a user wrote it; null: the table has it by the key.</summary>
    public GeneralRule? Rule { get; init; }
}

/// <summary><c>list.Add(value)</c>.</summary>
public sealed record AddItem(Expr List, Expr Value) : Stmt
{
    /// <summary>Whether the value depends on what a list holds before it is added (this one, or one that may be it by another name).</summary>
    public bool ReadsItsList() => Value.All().Any(e => e is Ir.Read { Variable.Type: ListType });
}

/// <summary>Removes the last element of a list (the reverse of <see cref="AddItem"/>).</summary>
public sealed record RemoveLast(Expr List) : Stmt;

/// <summary>Sets all elements of an array or span to zero.</summary>
public sealed record Clear(Expr Target) : Stmt;

/// <summary>Remembers a value.</summary>
public sealed record Push(Variable Tape, Expr Value) : Stmt;

/// <summary>Takes the value remembered last back into a place.</summary>
public sealed record Pop(Variable Tape, Expr Target) : Stmt;

/// <summary>Gives a tape's memory back.</summary>
public sealed record Release(Variable Tape) : Stmt;

/// <summary>C# around a block that no derivative depends on: <c>lock (…)</c>, <c>using (…)</c>, <c>checked</c>; runs around the primal only.</summary>
public sealed record Around(Opaque Header, Block Body) : Stmt;

/// <summary>One <c>catch</c>; <paramref name="Header"/> is its C# (<c>catch (global::System.Exception e) when (…)</c>).</summary>
public sealed record Catch(Opaque Header, Block Body);

/// <summary><c>try</c> with catches and a <c>finally</c> (empty if none).</summary>
public sealed record Try(Block Body, EquatableArray<Catch> Catches, Block Finally) : Stmt;
