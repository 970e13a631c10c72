using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Spans that a loop moves along their storage: <c>rest = rest[1..]</c>. Backwards, a span that was given another view is gone; a position and a length
/// are numbers like others. So such a span is the storage under its one name, where the window begins, and how long it is.
/// </summary>
internal sealed partial class Lowerer
{
    /// <summary>A window for a span that is only ever given parts of itself or of what it began with, in a loop, or a number for one that is exchanged there; null for any other variable.</summary>
    private Place? NewWindow(ISymbol symbol, ITypeSymbol type, Value? initial, IOperation? from)
    {
        if (IsSplit(type)) return null;
        IrType mapped = MemoryElement(type) is { } memory ? new SpanType(TypeOf(memory.Element), memory.ReadOnly) : session.Types.Map(Actual(type));
        if (mapped is not SpanType span || initial is not ExprValue { Expr: var e } || e.Type is not (SpanType or Ir.ArrayType)) return null;
        if (_frame.Body is null) return null;
        if (NewExchanged(symbol, span, e) is { } exchanged) return exchanged;
        if (!_frame.IsWritten(symbol) || !Moves.IsOnlyMoved(symbol, from is null ? symbol : RootSymbol(from), _frame)) return null;
        Expr storage = e is Slice { Source: Read { Variable: var whole } } && !IsReassigned(whole) ? ((Slice)e).Source : e is Read { Variable: var named } && !IsReassigned(named) ? e : Saved(e, symbol.Name + "Items");
        (Expr start, Expr? length) = e is Slice slice && storage.Equals(slice.Source) ? (slice.Start ?? IntConstant(0), slice.Length) : (IntConstant(0), null);
        Variable first = Local(symbol.Name + "Start", PlainType.Int), count = Local(symbol.Name + "Length", PlainType.Int);
        Emit(new Declare(first, start));
        Emit(new Declare(count, length ?? Minus(new LengthOf(storage), start)));
        return new WindowPlace(storage, new Read(first), new Read(count), span);
    }

    private static ISymbol? RootSymbol(IOperation? o) => Moves.RootOf(o);

    /// <summary>The window under a name of its own, to index into: made once for the statements of a block between two moves.</summary>
    private ExprValue View(WindowPlace window, string name)
    {
        if (ViewOf(window) is { } known) return new ExprValue(known);
        var view = (Read)Saved(new Slice(window.Storage, window.Start, window.Length, window.Type), name);
        (window.View, window.ViewedIn) = (view, _out);
        return new ExprValue(view);
    }

    /// <summary>The view that was made of a span last, where it is in scope.</summary>
    private Read? ViewOf(ViewedPlace place) =>
        place.View is { } known && _around.Append(_out).Any(b => ReferenceEquals(b, place.ViewedIn)) && place.ViewedIn!.Any(s => s is Declare d && d.Variable.Equals(known.Variable)) ? known : null;

    private ExprValue View(ViewedPlace place, ISymbol symbol) => _fixed.TryGetValue(place, out ExprValue? known) ? known : place is WindowPlace window ? View(window, symbol.Name) : View((ExchangedPlace)place, symbol.Name);

    // the views of spans that stay where they are in the loops that are being lowered: of a place, since a method that is inlined within itself has its variables twice
    private readonly Dictionary<ViewedPlace, ExprValue> _fixed = [];

    private void Loop(ILoopOperation loop)
    {
        List<ViewedPlace> known = FixViews(loop);
        try
        {
            switch (loop)
            {
                case IForLoopOperation counted: ForLoop(counted); break;
                case IForEachLoopOperation each: ForEachLoop(each); break;
                case IWhileLoopOperation repeated: WhileLoop(repeated); break;
            }
        }
        finally
        {
            foreach (ViewedPlace place in known) _fixed.Remove(place);
        }
    }

    /// <summary>Makes the views that a loop looks at and does not move before it, once.</summary>
    private List<ViewedPlace> FixViews(ILoopOperation loop)
    {
        var known = new List<ViewedPlace>();
        List<KeyValuePair<ISymbol, Place>> spans = [.. _frame.Places.Where(p => p.Value is ViewedPlace && p.Key is ILocalSymbol { Type.IsRefLikeType: true } or IParameterSymbol { Type.IsRefLikeType: true })];
        if (spans.Count == 0) return known;
        HashSet<ISymbol> written = Writes.In(loop), named = new(loop.Descendants().Select(Referred).OfType<ISymbol>(), SymbolEqualityComparer.Default);
        foreach (KeyValuePair<ISymbol, Place> span in spans)
        {
            var place = (ViewedPlace)span.Value;
            if (_fixed.ContainsKey(place) || written.Contains(span.Key) || !named.Contains(span.Key)) continue;
            _fixed[place] = View(place, span.Key);
            known.Add(place);
        }
        return known;
    }

    /// <summary>The window that a span is, where it is one.</summary>
    private WindowPlace? WindowOf(IOperation? o) => o switch
    {
        ILocalReferenceOperation local => _frame.Find(local.Local) as WindowPlace,
        IParameterReferenceOperation parameter => _frame.Find(parameter.Parameter) as WindowPlace,
        _ => null,
    };

    /// <summary>Gives a window another part of its storage.</summary>
    private void Move(WindowPlace window, IOperation to)
    {
        if (Unconverted(to) is IConditionalOperation { WhenFalse: { } otherwise } choice)
        {
            Expr condition = Condition(choice.Condition);
            List<Stmt> first = Into(() => Move(window, choice.WhenTrue)), second = Into(() => Move(window, otherwise));
            Emit(new If(condition, BlockOf(first), BlockOf(second)));
            return;
        }
        (Expr start, Expr length) = Part(window, to);
        start = Saved(start, "start");
        length = Saved(length, "length");
        Emit(new Assign(window.Start, start));
        Emit(new Assign(window.Length, length));
        window.View = null;
    }

    private (Expr Start, Expr Length) Part(WindowPlace window, IOperation o)
    {
        switch (o)
        {
            case IDefaultValueOperation: return (window.Start, IntConstant(0));
            case IConversionOperation { Operand: var inner }: return Part(window, inner);
            case IParenthesizedOperation { Operand: var inner }: return Part(window, inner);
            case ILocalReferenceOperation or IParameterReferenceOperation:
                if (WindowOf(o) is { } same && ReferenceEquals(same, window)) return (window.Start, window.Length);
                if (Lower(o) is ExprValue { Expr: var whole } && whole.Equals(window.Storage)) return (IntConstant(0), new LengthOf(window.Storage));
                break;
            case IInvocationOperation { TargetMethod.Name: "Slice", Instance: { } owner } call:
                {
                    (Expr start, Expr length) = Part(window, owner);
                    return Cut(start, length, ArgumentsOf(call.Given()));
                }
            case IInvocationOperation { TargetMethod: { Name: "AsSpan", IsStatic: true } } call:
                {
                    (Expr start, Expr length) = Part(window, call.Given()[0].Value);
                    if (call.Given().Length == 1) return (start, length);
                    Value[] given = ArgumentsOf([.. call.Given().Skip(1)]);
                    return given is [RangeValue range] ? Cut(start, length, range) : Cut(start, length, given);
                }
            case IImplicitIndexerReferenceOperation { Argument: var at } indexer when Lower(at) is RangeValue range:
                {
                    (Expr start, Expr length) = Part(window, indexer.Instance);
                    return Cut(start, length, range);
                }
        }
        throw Unsupported("another view for this span, which a loop moves", "index the array itself", o.Syntax);
    }

    private (Expr Start, Expr Length) Cut(Expr start, Expr length, RangeValue range)
    {
        Expr first = range.Start is null ? IntConstant(0) : Simple(Offset(range.Start, length));
        return range.End is null ? Cut(start, length, [new ExprValue(first)]) : Cut(start, length, [new ExprValue(first), new ExprValue(Minus(Simple(Offset(range.End, length)), first))]);
    }

    // a part that does not lie within the whole throws as the framework does
    private (Expr Start, Expr Length) Cut(Expr start, Expr length, Value[] given)
    {
        Expr first = Named(ExprOf(given[0]), "at");
        if (given.Length == 1)
        {
            ThrowOutside(first, length);
            return (Plus(start, first), Minus(length, first));
        }
        Expr count = Named(ExprOf(given[1]), "count");
        ThrowOutside(first, length);
        ThrowOutside(count, Minus(length, first));
        return (Plus(start, first), count);
    }

    private void ThrowOutside(Expr position, Expr length)
    {
        if (position is Constant { Number: 0 }) return;
        Expr beyond = new Binary(BinaryOperator.Greater, position, length, PlainType.Bool);
        ThrowIf(position is Constant { Number: > 0 } ? beyond : new Binary(BinaryOperator.Or, new Binary(BinaryOperator.Less, position, IntConstant(0), PlainType.Bool), beyond, PlainType.Bool), "ArgumentOutOfRangeException");
    }

    private static Expr Plus(Expr a, Expr b) => a is Constant { Number: 0 } ? b : b is Constant { Number: 0 } ? a : new Binary(BinaryOperator.Add, a, b, PlainType.Int);

    /// <summary>How a span variable is assigned.</summary>
    private sealed class Moves(ISymbol span, ISymbol? origin) : LoopWalker
    {
        private bool _moves;
        private bool _only = true;

        public static bool IsOnlyMoved(ISymbol span, ISymbol? origin, Frame frame)
        {
            if (origin is not null && !SymbolEqualityComparer.Default.Equals(origin, span) && frame.IsWritten(origin)) origin = null;
            var walker = new Moves(span, origin);
            walker.Visit(frame.Body);
            return walker._only && walker._moves;
        }

        /// <summary>The variable that an expression is a part of, by slices and conversions.</summary>
        public static ISymbol? RootOf(IOperation? o) => o switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IConversionOperation { Operand: var inner } => RootOf(inner),
            IParenthesizedOperation { Operand: var inner } => RootOf(inner),
            IInvocationOperation { TargetMethod.Name: "Slice", Instance: { } owner } => RootOf(owner),
            IInvocationOperation { TargetMethod: { Name: "AsSpan", IsStatic: true }, Arguments: [var first, ..] } => RootOf(first.Value),
            IImplicitIndexerReferenceOperation { Instance: { Type.IsValueType: true } owner } => RootOf(owner),
            IConditionalOperation { WhenFalse: { } otherwise } choice when RootOf(choice.WhenTrue) is { } root && SymbolEqualityComparer.Default.Equals(root, RootOf(otherwise)) => root,
            _ => null,
        };

        private bool IsSpan(IOperation? o) => o switch
        {
            ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, span),
            IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, span),
            _ => false,
        };

        private bool IsPart(IOperation o) => Unconverted(o) switch
        {
            IDefaultValueOperation => true,
            IConditionalOperation { WhenFalse: { } otherwise } choice => IsPart(choice.WhenTrue) && IsPart(otherwise),
            _ => RootOf(o) is { } root && (SymbolEqualityComparer.Default.Equals(root, span) || SymbolEqualityComparer.Default.Equals(root, origin)),
        };

        public override void VisitSimpleAssignment(ISimpleAssignmentOperation o)
        {
            if (IsSpan(o.Target))
            {
                _only &= IsPart(o.Value);
                _moves |= InLoop;
            }
            base.VisitSimpleAssignment(o);
        }

        public override void VisitDeconstructionAssignment(IDeconstructionAssignmentOperation o)
        {
            _only &= !Targets(o.Target).Any(IsSpan);
            base.VisitDeconstructionAssignment(o);

            // of (a[i], b) = … these are a[i] and b
            static IEnumerable<IOperation> Targets(IOperation target) => target is ITupleOperation several ? several.Elements.SelectMany(Targets) : [target];
        }

        public override void VisitArgument(IArgumentOperation o)
        {
            _only &= o.Parameter is not { RefKind: RefKind.Ref or RefKind.Out } || !IsSpan(o.Value);
            base.VisitArgument(o);
        }

        public override void VisitVariableDeclarator(IVariableDeclaratorOperation o)
        {
            _only &= !o.Symbol.IsRef || !IsSpan(o.GetVariableInitializer()?.Value);
            base.VisitVariableDeclarator(o);
        }
    }
}

/// <summary>A span that moves along its storage: where it begins there, and how long it is.</summary>
internal sealed class WindowPlace(Expr storage, Read start, Read length, SpanType type) : ViewedPlace
{
    public Expr Storage { get; } = storage;

    public Read Start { get; } = start;

    public Read Length { get; } = length;

    public SpanType Type { get; } = type;

    public override Value Load() => new ExprValue(new Slice(Storage, Start, Length, Type));
}

/// <summary>A span that is looked at through views, each with a name of its own.</summary>
internal abstract class ViewedPlace : Place
{
    /// <summary>The view that was made of it last, and the statements that it stands among; null when the span has been given another since.</summary>
    public Read? View { get; set; }

    public List<Stmt>? ViewedIn { get; set; }
}

/// <summary>Walks over operations and knows whether they stand in a loop.</summary>
internal abstract class LoopWalker : OperationWalker
{
    /// <summary>The innermost loop that is being walked; null outside of any.</summary>
    protected ILoopOperation? Around { get; private set; }

    protected bool InLoop => Around is not null;

    public override void VisitForLoop(IForLoopOperation o) => Loop(o, () => base.VisitForLoop(o));

    public override void VisitForEachLoop(IForEachLoopOperation o) => Loop(o, () => base.VisitForEachLoop(o));

    public override void VisitWhileLoop(IWhileLoopOperation o) => Loop(o, () => base.VisitWhileLoop(o));

    private void Loop(ILoopOperation loop, Action visit)
    {
        ILoopOperation? before = Around;
        Around = loop;
        visit();
        Around = before;
    }
}
