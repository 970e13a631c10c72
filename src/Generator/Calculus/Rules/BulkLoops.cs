using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>Builds the loops of a bulk rule: operands bound to names once, elements, a counter.</summary>
internal sealed class BulkLoops(BulkContext context)
{
    private readonly List<Stmt> _after = [];

    /// <summary>The statements so far.</summary>
    public List<Stmt> Code { get; } = [];

    /// <summary>The operands, so that they can be read in a loop: variables and whatever costs nothing to repeat.</summary>
    public Expr[] Operands { get; private set; } = [];

    /// <summary>The shadows of the operands, likewise; null where an operand carries no derivative.</summary>
    public Expr?[] Duals { get; private set; } = [];

    /// <summary>
    /// Binds the first <paramref name="count"/> arguments and their shadows. The adjoint of a scalar operand is gathered in a local, which
    /// <see cref="Finish"/> adds to it (<paramref name="adjoints"/>); its tangent is read once.
    /// </summary>
    public BulkLoops Bind(int count, bool adjoints)
    {
        Operands = Enumerable.Range(0, count).Select(i => Named(context.Call.Arguments[i], "operand")).ToArray();
        Duals = Enumerable.Range(0, count).Select(i => context.Shadows[i] is { } shadow ? Dual(shadow, adjoints) : null).ToArray();
        return this;
    }

    /// <summary>All statements.</summary>
    public List<Stmt> Finish()
    {
        Code.AddRange(_after);
        return Code;
    }

    private Expr Dual(Expr shadow, bool adjoints)
    {
        if (shadow.Type.IsReference || !adjoints) return Named(shadow, "shadow");
        Expr sum = Local(E.Zero(shadow.Type), "sum");
        _after.Add(new AddTo(shadow, sum));
        return sum;
    }

    /// <summary>The scalar type of the elements.</summary>
    public ScalarType Number => (ScalarType)(ElementType(Operands.First(o => o.Type.IsReference).Type) ?? ScalarType.Double);

    /// <summary>Gives an expression a name unless it is one; a view of the whole is looked through.</summary>
    public Expr Named(Expr e, string wish)
    {
        while (e is Convert { Operand.Type.IsReference: true } conversion) e = conversion.Operand;
        while (e is Slice { Start: null, Length: null } whole) e = whole.Source;
        if (e is Read or Constant) return e;
        if (!e.Type.IsReference && E.IsSimple(e) && e is not ElementAt) return e;
        return Local(e, wish);
    }

    /// <summary>Declares a local with a value.</summary>
    public Read Local(Expr value, string wish)
    {
        Variable variable = new(context.Names.Fresh(wish), value.Type);
        Code.Add(new Declare(variable, value));
        return new Read(variable);
    }

    /// <summary>The value of an operand for one index: an element of a span, or the scalar itself.</summary>
    public static Expr Element(Expr e, Expr index) => e.Type.IsReference ? E.At(e, index) : e;

    /// <summary>Runs a body for every index of the first operand that is a span, upwards or downwards.</summary>
    public void ForEach(Func<Expr, IEnumerable<Stmt>> body, bool down = false, string comment = "")
    {
        Expr length = new LengthOf(Operands.First(o => o.Type.IsReference));
        Variable i = new(context.Names.Fresh("i"), PlainType.Int);
        Block block = new(body(new Read(i)).ToEquatable());
        Code.Add((down
            ? new For(i, E.Sub(length, E.Int(1)), BinaryOperator.GreaterOrEqual, E.Int(0), -1, block)
            : new For(i, E.Int(0), BinaryOperator.Less, length, 1, block)) with { Comment = comment });
    }

    /// <summary>The elements' type of a span, array or list.</summary>
    public static IrType? ElementType(IrType type) => type switch
    {
        ArrayType a => a.Element,
        SpanType s => s.Element,
        ListType l => l.Element,
        _ => null,
    };
}
