using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Lowers bodies into statements. An expression becomes a <see cref="Value"/> and, where it has effects or needs statements, statements before
/// its use; <c>Operands</c> sees to it that what was read earlier keeps its value.
/// </summary>
internal sealed partial class Lowerer(Session session)
{
    /// <summary>What is shared by the whole marked method.</summary>
    private Session Shared => session;

    private List<Stmt> _out = [];
    private Frame _frame = null!;
    private SyntaxNode? _statement;
    private string _source = "";
    private Site _site = Site.None;
    private int _region;
    private int _regions;

    // regions of a loop over a table, unrolled: each runs once in the one around it, as long as nothing leaves the loop or an iteration
    private readonly Dictionary<int, (int Around, Label Exit, Label Next)> _unrolled = [];

    /// <summary>
    /// Whether what is lowered now runs where and as often as a control region: it is that region, an inlined method called there that nothing has returned from
    /// yet, or an unrolled iteration there that nothing has left yet.
    /// </summary>
    private bool IsHere(int region)
    {
        int here = _region;
        for (Frame? frame = _frame; here != region;)
        {
            if (_unrolled.TryGetValue(here, out (int Around, Label Exit, Label Next) loop))
            {
                if (loop.Exit.Used || loop.Next.Used) return false;
                here = loop.Around;
                continue;
            }
            while (frame is not null && frame.Return.After != here) frame = frame.Caller;
            if (frame is null || frame.Return.Label!.Used) return false;
            here = frame.Return.Before;
            frame = frame.Caller;
        }
        return true;
    }

    // how often a place has been given what is known while lowering
    private int _boundStores;

    private void Emit(Stmt statement)
    {
        session.CountStatement();
        if (statement.Source.Length == 0 && ReferenceEquals(statement.Site, Site.None)) statement = statement with { Source = _source, Site = _site };
        if (statement is Declare { Variable: { Type.IsReference: true } reference, Initial: Read or Slice or ElementAt or Conditional or Opaque } declared) _views[reference] = declared.Initial!;
        if (statement is Declare { Variable: { Type.IsReference: true } own, Initial: NewArray or CopyOf or ArrayLiteral or NewList }) _made.Add(own);
        _out.Add(statement);
    }

    /// <summary>Arrays and lists that were made for their variables.</summary>
    private readonly HashSet<Variable> _made = [];

    /// <summary>What each reference was declared as another name for, or as a view on.</summary>
    private readonly Dictionary<Variable, Expr> _views = [];

    /// <summary>Lowers into a list of its own: a branch or a loop's body, in which compile-time values cannot be replaced.</summary>
    private List<Stmt> Into(Action lower, bool isBranch = false)
    {
        (List<Stmt> outer, int region, List<List<Stmt>> around) = (_out, _region, _around);
        _around = isBranch ? [.. _around, _out] : [];
        _out = [];
        _region = ++_regions;
        try
        {
            lower();
            return _out;
        }
        finally
        {
            (_out, _region, _around) = (outer, region, around);
        }
    }

    // the blocks that a branch stands in, up to a loop: what they have declared holds in the branch
    private List<List<Stmt>> _around = [];

    private static Block BlockOf(List<Stmt> statements) => new(statements.ToEquatable());

    /// <summary>Remembers which of the user's statements what is emitted belongs to.</summary>
    private void At(SyntaxNode node)
    {
        if (ReferenceEquals(node, _statement)) return;
        _statement = node;
        _site = Session.SiteOf(node);
        _source = FirstLine(node);
    }

    private static string FirstLine(SyntaxNode node)
    {
        string text = node.ToString();
        int end = text.IndexOfAny(['\r', '\n']);
        return (end < 0 ? text : text.Substring(0, end)).Trim();
    }

    // ---- names and temporaries

    private Variable Local(string wish, IrType type) => new(session.Names.Fresh(wish.Length == 0 || wish[0] == '$' ? "t" : wish[0] == '<' ? Invented(wish) : wish), type);

    // of a name of the compiler's own (what a query carries along), what the user's member adds to it
    private static string Invented(string wish)
    {
        string user = wish.Substring(wish.LastIndexOfAny(['>', '_', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) + 1);
        return user.Length == 0 ? "t" : char.ToLowerInvariant(user[0]) + user.Substring(1);
    }

    /// <summary>Gives an expression a name, unless it has one or is a constant.</summary>
    private Expr Named(Expr e, string wish)
    {
        if (e is Constant or Read) return e;
        Variable variable = Local(wish, e.Type);
        Emit(new Declare(variable, e));
        return new Read(variable);
    }

    /// <summary>Puts a value into a variable of its own, even if it is one already.</summary>
    private Expr Saved(Expr e, string wish)
    {
        if (e is Constant) return e;
        Variable variable = Local(wish, e.Type);
        Emit(new Declare(variable, e));
        return new Read(variable);
    }

    /// <summary>An opaque fragment as an operand: one with effects runs where it stands, before all that follows.</summary>
    private ExprValue Operand(Opaque fragment, string wish = "t")
    {
        if (fragment.Purity != Purity.Effects || fragment.ResultType.Equals(PlainType.Void)) return new ExprValue(fragment);
        return new ExprValue(Named(fragment, wish));
    }

    // ---- evaluation order

    /// <summary>Lowers operands in order; those whose value later ones would change are saved before.</summary>
    private Value[] Operands(params Func<Value>[] operands)
    {
        var values = new Value[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            int mark = _out.Count;
            values[i] = operands[i]();
            if (_out.Count == mark) continue;
            for (int j = 0; j < i; j++) values[j] = Protect(values[j], ref mark);
        }
        return values;
    }

    private Value[] Operands(IEnumerable<IOperation> operations) => Operands([.. operations.Select(o => (Func<Value>)(() => Lower(o)))]);

    private Value Protect(Value value, ref int mark)
    {
        if (value is ObjectValue { Fields.IsReplaced: true } replaced) return Protect(replaced, Disturbance.Of(_out, mark), ref mark);
        if (value is CollectionValue { References: { } parts } && !parts.Any(e => e is Read { Variable: var v } && IsReassigned(v))) return value;
        if (value is VoidValue or FunctionValue { Receiver: null } or SequenceValue or ObjectValue or CollectionValue { References: null }) return value; // what is known while lowering stays
        Disturbance disturbance = Disturbance.Of(_out, mark);
        int at = mark;
        Value result = value.Map(e => Save(e, disturbance, ref at));
        mark = at;
        return result;
    }

    private Place Protect(Place place, ref int mark)
    {
        Disturbance disturbance = Disturbance.Of(_out, mark);
        int at = mark;
        Place result = place.Map(e => Save(e, disturbance, ref at));
        mark = at;
        return result;
    }

    private Expr Save(Expr e, Disturbance disturbance, ref int at)
    {
        if (!disturbance.Changes(e, _temporaries)) return e;
        Variable variable = Local(e is Read r ? r.Variable.Name : "t", e.Type);
        _out.Insert(at++, new Declare(variable, e) { Source = _source, Site = _site });
        return new Read(variable);
    }

    // ---- refusals

    /// <summary>An error that holds whether or not a derivative passes: what follows cannot be represented.</summary>
    private void Report(string id, SyntaxNode node, params string[] arguments) => session.Report(id, new(arguments), Session.SiteOf(node));

    private static Refusal Lost(string id, SyntaxNode node, params string[] arguments) => new(id, new(arguments), Session.SiteOf(node));

    private static Refused Unsupported(string what, string instead, SyntaxNode? node = null) =>
        new(DiagnosticIds.UnsupportedConstruct, what, instead) { Node = node };

    // ---- types

    private ITypeSymbol Actual(ITypeSymbol type) => _frame.Types.Apply(type);

    private IrType TypeOf(ITypeSymbol type) => session.Types.Map(Actual(type));

    private bool IsSplit(ITypeSymbol type) => session.Types.IsSplit(Actual(type));
}

/// <summary>What a run of statements writes.</summary>
internal sealed class Disturbance
{
    private readonly HashSet<Variable> _written = [];
    private bool _elements;
    private bool _effects;
    private bool _captured;

    public static Disturbance Of(List<Stmt> statements, int from)
    {
        var result = new Disturbance();
        for (int i = from; i < statements.Count; i++) result.Add(statements[i]);
        return result;
    }

    private void Add(Stmt statement)
    {
        if (statement is Evaluate or Call or Perform or AddItem or RemoveLast) _elements = true;
        if (statement is Call c)
        {
            _captured |= c.IsOpen;
            foreach (Expr a in c.Arguments)
                if (a is Read r) _written.Add(r.Variable);
        }
        foreach (Expr target in statement.Targets())
        {
            if (target is Read read) _written.Add(read.Variable);
            else
            {
                _elements = true;
                if (target.Root() is { } root) _written.Add(root);
            }
        }
        foreach (Expr value in statement.Values())
            foreach (Expr e in value.All())
                if (e is Opaque { Purity: Purity.Effects } opaque)
                {
                    _effects = true;
                    _elements = true;
                    foreach (Variable v in opaque.Writes) _written.Add(v);
                }
        foreach (Block block in statement.Blocks())
            foreach (Stmt inner in block.Statements) Add(inner);
    }

    /// <param name="e">What was read before.</param>
    /// <param name="own">Variables of lowering itself, which no function captures.</param>
    public bool Changes(Expr e, HashSet<Variable> own)
    {
        foreach (Expr part in e.All())
            switch (part)
            {
                case Read read when _written.Contains(read.Variable) || _captured && read.Variable.Name != "this" && !own.Contains(read.Variable): return true;
                case ElementAt or CopyOf when _elements: return true;
                case LengthOf { Source.Type: ListType } when _elements: return true;
                case Opaque { Purity: Purity.Effects }: return true;
                case Opaque { Purity: Purity.Reads } when _effects || _elements: return true;
            }
        return false;
    }
}
