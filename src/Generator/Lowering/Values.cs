using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>What partial evaluation knows of a C# value.</summary>
internal abstract class Value
{
    /// <summary>Rebuilds the expressions inside (to save them before something that would change them).</summary>
    public virtual Value Map(Func<Expr, Expr> change) => this;
}

/// <summary>A value that the Ir holds in one expression: a number, an array, a reference, a plain value.</summary>
internal sealed class ExprValue(Expr expr) : Value
{
    public Expr Expr { get; } = expr;

    public override Value Map(Func<Expr, Expr> change)
    {
        Expr changed = change(Expr);
        return ReferenceEquals(changed, Expr) ? this : new ExprValue(changed);
    }
}

/// <summary>A struct, tuple or nullable taken apart: a value for each field. <see cref="Type"/> is the C# type.</summary>
internal sealed class CompositeValue(ITypeSymbol type, IReadOnlyList<KeyValuePair<string, Value>> fields) : Value
{
    public ITypeSymbol Type { get; } = type;

    public IReadOnlyList<KeyValuePair<string, Value>> Fields { get; } = fields;

    public Value? this[string name]
    {
        get
        {
            foreach (KeyValuePair<string, Value> field in Fields)
                if (field.Key == name) return field.Value;
            return null;
        }
    }

    public override Value Map(Func<Expr, Expr> change) =>
        new CompositeValue(Type, Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Map(change))).ToList());
}

/// <summary>An object of a class made in the body: its fields are places, shared by all who hold it.</summary>
internal sealed class ObjectValue(CompositePlace fields) : Value
{
    public CompositePlace Fields { get; } = fields;
}

/// <summary>A lambda, local function or method group, with the frame it was made in.</summary>
internal sealed class FunctionValue(IMethodSymbol method, IOperation? body, Frame? captured, Value? receiver) : Value
{
    public IMethodSymbol Method { get; } = method;

    /// <summary>The anonymous function or local function; null for a method of a type.</summary>
    public IOperation? Body { get; } = body;

    public Frame? Captured { get; } = captured;

    public Value? Receiver { get; } = receiver;

    /// <summary>Whether the receiver's class decides which method runs.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>The receiver as it is written.</summary>
    public IOperation? Written { get; init; }

    /// <summary>The number type whose method it is, of <c>T.Exp</c>.</summary>
    public ScalarType? Number { get; init; }

    public override Value Map(Func<Expr, Expr> change) => Receiver is null ? this : new FunctionValue(Method, Body, Captured, Receiver.Map(change)) { IsVirtual = IsVirtual, Written = Written };
}

/// <summary>
/// A sequence that is not stored: <see cref="Each"/> emits the loop that visits its elements. It is run at most once where effects matter, and
/// again for each enumeration as C#'s own lazy sequences are.
/// </summary>
internal class SequenceValue(ITypeSymbol element, Action<Action<Value>> each) : Value
{
    public ITypeSymbol Element { get; } = element;

    /// <summary>Emits the loop; the argument emits the body for one element, and may exit by labels.</summary>
    public Action<Action<Value>> Each { get; } = each;

    /// <summary>The number of elements where it is known without a loop.</summary>
    public Func<Expr>? Count { get; init; }

    /// <summary>The element at a position, where that needs no loop.</summary>
    public Func<Expr, Value>? At { get; init; }

    /// <summary>Whether C# has copied the elements before it gives the first one.</summary>
    public bool IsBuffered { get; set; }

    /// <summary>The query, or the body of the iterator, that gives the elements.</summary>
    public Microsoft.CodeAnalysis.IOperation? Origin { get; set; }

    /// <summary>The keys of <c>OrderBy</c> that a <c>ThenBy</c> adds to.</summary>
    public object? Ordering { get; init; }
}

/// <summary>A query that runs where it is enumerated.</summary>
internal sealed class DeferredSequence(ITypeSymbol element, Func<SequenceValue> make) : SequenceValue(element, consume => make().Each(consume))
{
    /// <summary>The sequence as it is here and now.</summary>
    public SequenceValue Make() => make();
}

/// <summary>The elements with one key, of <c>GroupBy</c>.</summary>
internal sealed class GroupValue(ITypeSymbol element, Action<Action<Value>> each, Value key) : SequenceValue(element, each)
{
    public Value Key { get; } = key;
}

/// <summary>Groups that are reached by their keys, of <c>ToLookup</c>.</summary>
internal sealed class LookupValue(ITypeSymbol group, Action<Action<Value>> each, Func<Value, SequenceValue> find) : SequenceValue(group, each)
{
    public Func<Value, SequenceValue> Find { get; } = find;
}

/// <summary>An index such as <c>^1</c>.</summary>
internal sealed class IndexValue(Expr offset, bool fromEnd) : Value
{
    public Expr Offset { get; } = offset;

    public bool FromEnd { get; } = fromEnd;

    public override Value Map(Func<Expr, Expr> change) => new IndexValue(change(Offset), FromEnd);
}

/// <summary>A range such as <c>1..^2</c>; null ends are open.</summary>
internal sealed class RangeValue(IndexValue? start, IndexValue? end) : Value
{
    public IndexValue? Start { get; } = start;

    public IndexValue? End { get; } = end;

    public override Value Map(Func<Expr, Expr> change) => new RangeValue((IndexValue?)Start?.Map(change), (IndexValue?)End?.Map(change));
}

/// <summary>An argument that is passed by reference.</summary>
internal sealed class PlaceValue(Place place) : Value
{
    public Place Place { get; } = place;

    public override Value Map(Func<Expr, Expr> change) => new PlaceValue(Place.Map(change));
}

/// <summary>No value, of a call of a <c>void</c> method.</summary>
internal sealed class VoidValue : Value
{
    public static readonly VoidValue Instance = new();
}

/// <summary>Somewhere a value can be read from and written to.</summary>
internal abstract class Place
{
    public abstract Value Load();

    /// <summary>Rebuilds the expressions inside (indices) as <see cref="Value.Map"/> does.</summary>
    public virtual Place Map(Func<Expr, Expr> change) => this;
}

/// <summary>A place of the Ir.</summary>
internal sealed class ExprPlace(Expr place) : Place
{
    public Expr Target { get; } = place;

    public override Value Load() => new ExprValue(Target);

    public override Place Map(Func<Expr, Expr> change) => Target switch
    {
        ElementAt x => new ExprPlace(x with { Source = change(x.Source), Indices = x.Indices.Select(change).ToEquatable() }),
        FieldOf x => new ExprPlace(x with { Target = ((ExprPlace)new ExprPlace(x.Target).Map(change)).Target }),
        _ => this,
    };
}

/// <summary>One of two locals, decided at run time: <c>ref (c ? ref a : ref b)</c>.</summary>
internal sealed class ChoicePlace(Expr condition, Place first, Place second) : Place
{
    public Expr Condition { get; } = condition;

    public Place First { get; } = first;

    public Place Second { get; } = second;

    public override Value Load() => new ExprValue(new Conditional(Condition, ((ExprValue)First.Load()).Expr, ((ExprValue)Second.Load()).Expr));
}

/// <summary>The fields of a struct, tuple, nullable or object of a local, each a place.</summary>
internal sealed class CompositePlace(ITypeSymbol type) : Place
{
    private readonly List<KeyValuePair<string, Place>> _fields = [];

    public ITypeSymbol Type { get; } = type;

    /// <summary>Whether it is a class: loading gives the object itself, not a copy of its fields.</summary>
    public bool IsObject { get; init; }

    /// <summary>The object that has the same class, where that may derive from <see cref="Type"/>: it comes from outside. Null where the class is known.</summary>
    public Expr? Origin { get; init; }

    /// <summary>Whether somebody else holds the object: who writes to it writes to their state.</summary>
    public bool IsHeld { get; init; }

    /// <summary>The number of an object whose members live in lists.</summary>
    public Expr? Number { get; init; }

    /// <summary>Whether an object with a number is known to be of <see cref="Type"/>, and of no class derived from it.</summary>
    public bool IsExact { get; init; }

    /// <summary>Whether it is made in the likeness of an object that somebody else holds: it is not known to be another one.</summary>
    public bool IsLikeness { get; set; }

    /// <summary>Whether a variable, field or collection holds the object.</summary>
    public bool IsOwned { get; set; }

    /// <summary>Whether the variable that holds it is given other objects: their members are copied into these places.</summary>
    public bool IsReplaced { get; set; }

    public IReadOnlyList<KeyValuePair<string, Place>> Fields => _fields;

    public Place? this[string name]
    {
        get
        {
            foreach (KeyValuePair<string, Place> field in _fields)
                if (field.Key == name) return field.Value;
            return null;
        }
    }

    public void Add(string name, Place place) => _fields.Add(new(name, place));

    public override Value Load() => IsObject
        ? new ObjectValue(this)
        : new CompositeValue(Type, _fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load())).ToList());

    public override Place Map(Func<Expr, Expr> change)
    {
        if (IsObject) return this;
        var copy = new CompositePlace(Type);
        foreach (KeyValuePair<string, Place> field in _fields) copy.Add(field.Key, field.Value.Map(change));
        return copy;
    }
}

/// <summary>A name for a value that is known while lowering: a lambda, a sequence, an argument that is never written.</summary>
internal sealed class BoundPlace(Value? value, int region) : Place
{
    /// <summary>What it stands for; null before the first assignment.</summary>
    public Value? Value { get; set; } = value;

    /// <summary>The control region of its declaration: it can be given another value only there, not in a branch or loop.</summary>
    public int Region { get; } = region;

    public override Value Load() => Value ?? throw new Refused(Diagnostics.DiagnosticIds.UnsupportedConstruct, "a value that is not known at this point", "assign it where it is declared");
}

/// <summary>A member that the emitted code cannot name: nobody may look at it.</summary>
internal sealed class UnreachablePlace(string name, string owner) : Place
{
    public override Value Load() => new UnreachableValue(name, owner);
}

internal sealed class UnreachableValue(string name, string owner) : Value
{
    public Refused Why => new(Diagnostics.DiagnosticIds.NotAccessible, name, owner);
}

/// <summary>What cannot be lowered, thrown to the nearest place that can carry it verbatim or report it.</summary>
internal sealed class Refused(string id, params string[] arguments) : Exception
{
    public string Id { get; } = id;

    public EquatableArray<string> Arguments { get; } = new(arguments);

    /// <summary>The operation that is to blame, where it is not the one that is being lowered.</summary>
    public SyntaxNode? Node { get; set; }
}
