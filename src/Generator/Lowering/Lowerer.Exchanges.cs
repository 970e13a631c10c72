using System.Runtime.CompilerServices;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Spans that a loop exchanges: <c>(current, next) = (next, current)</c>. Backwards, a span that was given another's storage is gone; which of the storages
/// it was is a number like others. So such a span is that number, and a choice between the storages where it is looked at.
/// </summary>
internal sealed partial class Lowerer
{
    private readonly ConditionalWeakTable<Frame, List<Exchange>> _exchanges = new();

    /// <summary>The place of a span that is only ever given what others hold, or arrays, in a loop; null for any other variable.</summary>
    private ExchangedPlace? NewExchanged(ISymbol symbol, SpanType span, Expr initial)
    {
        Exchange? exchange = null;
        for (Frame? frame = _frame; frame is not null; frame = frame.Lexical) exchange = _exchanges.GetValue(frame, f => Exchange.In(f)).FirstOrDefault(g => g.Members.Contains(symbol)) ?? exchange;
        if (exchange is null) return null;
        SpanIdentity? given = IdentityOf(initial, exchange) ?? (exchange.OnlyArrays ? null : new SpanIdentity(NewStorage(exchange, initial, symbol.Name, span), null));
        if (given is null) return null;
        Read? at = null, held = null;
        if (!exchange.OnlyArrays)
        {
            at = new Read(Local(symbol.Name + "At", PlainType.Int));
            Emit(new Declare(at.Variable, given.Which));
        }
        if (exchange.Holds)
        {
            held = new Read(Local(symbol.Name + "Held", new Ir.ArrayType(span.Element)));
            Emit(new Declare(held.Variable, given.Held ?? new NewArray((Ir.ArrayType)held.Type, [IntConstant(0)])));
        }
        return new ExchangedPlace(exchange, span, at, held);
    }

    private Expr NewStorage(Exchange exchange, Expr initial, string name, SpanType span)
    {
        exchange.Storages.Add(initial is Read { Type: SpanType, Variable: var named } && !IsReassigned(named) ? initial : Saved(initial.Type is SpanType ? initial : new Slice(initial, null, null, span), name + "Items"));
        return IntConstant(exchange.Storages.Count - 1);
    }

    /// <summary>What a view is of, or an array that is held; null for a part of them and for what else a span may be.</summary>
    private static SpanIdentity? IdentityOf(Expr e, Exchange exchange) => e switch
    {
        Slice { Start: null, Length: null, Source: var whole } => IdentityOf(whole, exchange),
        Read { Variable: var seen } when exchange.Views.TryGetValue(seen, out SpanIdentity? known) => known,
        { Type: Ir.ArrayType { Rank: 1 } } when exchange.Holds => new SpanIdentity(IntConstant(-1), e),
        _ => null,
    };

    /// <summary>The span as it is now, under a name of its own: made once for the statements of a block between two exchanges.</summary>
    private ExprValue View(ExchangedPlace place, string name)
    {
        if (ViewOf(place) is { } known) return new ExprValue(known);
        var now = new SpanIdentity(place.At is null ? null : Saved(place.At, name + "Now"), place.Held is null ? null : Saved(place.Held, name + "Array"));
        var view = (Read)Saved(place.Exchange.Storage(now, place.Type), name);
        place.Exchange.Views[view.Variable] = now;
        (place.View, place.ViewedIn) = (view, _out);
        return new ExprValue(view);
    }

    /// <summary>Gives a span what another one held when it was looked at, or an array.</summary>
    private void Exchanged(ExchangedPlace place, Value value, IOperation? from)
    {
        if (value is not ExprValue { Expr: var e } || IdentityOf(e, place.Exchange) is not { } given) throw Unsupported("another view for this span, which a loop exchanges", "index the array itself", from?.Syntax);
        if (place.At is not null) Emit(new Assign(place.At, given.Which!));
        // what it held last is not looked at while it is one of the storages
        if (place.Held is not null && given.Held is not null) Emit(new Assign(place.Held, given.Held));
        place.View = null;
    }
}

/// <summary>Which storage a span is: the number of one that was there before the loop, or -1 and an array.</summary>
internal sealed record SpanIdentity(Expr? Which, Expr? Held);

/// <summary>Spans that are given to each other, and the storages that they began with.</summary>
internal sealed class Exchange
{
    public HashSet<ISymbol> Members { get; } = new(SymbolEqualityComparer.Default);

    public List<Expr> Storages { get; } = [];

    /// <summary>Which storage each view is of.</summary>
    public Dictionary<Variable, SpanIdentity> Views { get; } = [];

    /// <summary>Whether a member is given arrays, be it in a loop: which one it holds is a reference, then.</summary>
    public bool Holds { get; set; }

    /// <summary>Whether the members are never anything but arrays.</summary>
    public bool OnlyArrays { get; set; }

    /// <summary>The storage that a span of a type is: one that may be written is none that may not.</summary>
    public Expr Storage(SpanIdentity now, SpanType type)
    {
        Expr? chosen = now.Held is null ? null : new Slice(now.Held, null, null, type);
        for (int i = Storages.Count - 1; i >= 0; i--)
        {
            if (Storages[i].Type is SpanType { ReadOnly: true } && !type.ReadOnly) continue;
            chosen = chosen is null ? Storages[i] : new Conditional(new Binary(BinaryOperator.Equal, now.Which!, new Constant(PlainType.Int, i.ToString(System.Globalization.CultureInfo.InvariantCulture), i), PlainType.Bool), Storages[i], chosen);
        }
        return chosen!;
    }

    /// <summary>The exchanges of the variables of a method.</summary>
    public static List<Exchange> In(Frame frame)
    {
        var walker = new Walker();
        walker.Visit(frame.Body);
        return walker.Found();
    }

    private sealed class Walker : LoopWalker
    {
        private readonly List<(ISymbol To, ISymbol? From, bool IsArray, bool InLoop)> _given = [];
        private readonly Dictionary<ISymbol, (ISymbol? From, bool IsArray, ILoopOperation? Loop)> _made = new(SymbolEqualityComparer.Default);
        private readonly HashSet<ISymbol> _declared = new(SymbolEqualityComparer.Default);
        private readonly HashSet<ISymbol> _shared = new(SymbolEqualityComparer.Default);

        public List<Exchange> Found()
        {
            var exchanges = new List<Exchange>();
            foreach ((ISymbol to, ISymbol? from, _, _) in _given)
            {
                List<Exchange> touched = [.. exchanges.Where(e => e.Members.Contains(to) || from is not null && e.Members.Contains(from))];
                var exchange = new Exchange();
                foreach (Exchange e in touched)
                {
                    exchange.Members.UnionWith(e.Members);
                    exchanges.Remove(e);
                }
                exchange.Members.Add(to);
                if (from is not null) exchange.Members.Add(from);
                exchanges.Add(exchange);
            }
            return [.. exchanges.Where(IsExchanged)];
        }

        private bool IsExchanged(Exchange e)
        {
            if (e.Members.Overlaps(_shared) || !e.Members.All(m => m is IParameterSymbol || _declared.Contains(m))) return false;
            List<(ISymbol To, ISymbol? From, bool IsArray, bool InLoop)> given = [.. _given.Where(g => e.Members.Contains(g.To))];
            if (!given.All(g => g.From is not null || g.IsArray) || !given.Any(g => g.InLoop)) return false;
            bool takesArrays = given.Any(g => g.IsArray);
            if (e.Members.Count < 2 && !takesArrays) return false;
            List<(ISymbol? From, bool IsArray, ILoopOperation? Loop)> made = [.. e.Members.Select(m => _made.TryGetValue(m, out (ISymbol?, bool, ILoopOperation?) initial) ? initial : (null, false, null))
                .Where(m => m.Item1 is null || !e.Members.Contains(m.Item1))];
            // what is made where the loop runs is other storage each time
            e.Holds = takesArrays || made.Select(m => m.Loop).Distinct().Count() != 1;
            e.OnlyArrays = e.Holds && made.All(m => m.IsArray);
            return !e.Holds || made.Where(m => !m.IsArray).Select(m => m.Loop).Distinct().Count() <= 1;
        }

        private static bool IsView(ITypeSymbol? type) => type is INamedTypeSymbol { Arity: 1, Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

        private static ISymbol? NameOf(IOperation? o) => o switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IParenthesizedOperation { Operand: var inner } => NameOf(inner),
            IConversionOperation { Operand: var inner } when IsView(inner.Type) => NameOf(inner),
            _ => null,
        };

        private static bool IsArray(IOperation? o) => o switch
        {
            { Type: IArrayTypeSymbol { Rank: 1 } } => true,
            IParenthesizedOperation { Operand: var inner } => IsArray(inner),
            IConversionOperation { Operand: var inner } => IsArray(inner),
            IInvocationOperation { TargetMethod: { Name: "AsSpan" or "AsMemory" } } whole when whole.Given() is [var array] => IsArray(array.Value),
            _ => false,
        };

        private void Give(IOperation target, IOperation? value)
        {
            if (IsView(target.Type) && NameOf(target) is { } to) _given.Add((to, NameOf(value), IsArray(value), InLoop || _functions > 0));
        }

        // a local function, or a lambda, may be called in a loop
        private int _functions;

        public override void VisitLocalFunction(ILocalFunctionOperation o) => Function(() => base.VisitLocalFunction(o));

        public override void VisitAnonymousFunction(IAnonymousFunctionOperation o) => Function(() => base.VisitAnonymousFunction(o));

        private void Function(Action visit)
        {
            _functions++;
            visit();
            _functions--;
        }

        public override void VisitSimpleAssignment(ISimpleAssignmentOperation o)
        {
            Give(o.Target, o.Value);
            base.VisitSimpleAssignment(o);
        }

        public override void VisitDeconstructionAssignment(IDeconstructionAssignmentOperation o)
        {
            IOperation value = o.Value is IConversionOperation { Operand: var given } ? given : o.Value;
            if (o.Target is ITupleOperation targets)
                for (int i = 0; i < targets.Elements.Length; i++) Give(targets.Elements[i], value is ITupleOperation values && values.Elements.Length == targets.Elements.Length ? values.Elements[i] : null);
            base.VisitDeconstructionAssignment(o);
        }

        public override void VisitArgument(IArgumentOperation o)
        {
            if (o.Parameter is { RefKind: RefKind.Ref or RefKind.Out } && NameOf(o.Value) is { } shared) _shared.Add(shared);
            base.VisitArgument(o);
        }

        public override void VisitVariableDeclarator(IVariableDeclaratorOperation o)
        {
            IOperation? initial = o.GetVariableInitializer()?.Value;
            if (initial is not null) _declared.Add(o.Symbol);
            if (o.Symbol.IsRef && NameOf(initial) is { } shared) _shared.Add(shared);
            if (IsView(o.Symbol.Type)) _made[o.Symbol] = (NameOf(initial), IsArray(initial), Around);
            base.VisitVariableDeclarator(o);
        }
    }
}

/// <summary>A span that is exchanged: the number of the storage that it is, the array that it is, or either.</summary>
internal sealed class ExchangedPlace(Exchange exchange, SpanType type, Read? at, Read? held) : ViewedPlace
{
    public Exchange Exchange { get; } = exchange;

    public SpanType Type { get; } = type;

    public Read? At { get; } = at;

    public Read? Held { get; } = held;

    public override Value Load() => new ExprValue(Exchange.Storage(new SpanIdentity(At, Held), Type));
}
