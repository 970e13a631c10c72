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

    /// <summary>The place of a span that is only ever given what others hold, in a loop; null for any other variable.</summary>
    private ExchangedPlace? NewExchanged(ISymbol symbol, SpanType span, Expr initial)
    {
        if (_exchanges.GetValue(_frame, f => Exchange.In(f)).FirstOrDefault(g => g.Members.Contains(symbol)) is not { } exchange) return null;
        exchange.Type ??= span;
        if (!exchange.Type.Equals(span)) return null;
        if (initial is not Read { Variable: var given } || !exchange.Views.TryGetValue(given, out Expr? which))
        {
            which = IntConstant(exchange.Storages.Count);
            exchange.Storages.Add(initial is Read { Type: SpanType, Variable: var named } && !IsReassigned(named) ? initial : Saved(initial.Type is SpanType ? initial : new Slice(initial, null, null, span), symbol.Name + "Items"));
        }
        Variable at = Local(symbol.Name + "At", PlainType.Int);
        Emit(new Declare(at, which));
        return new ExchangedPlace(exchange, new Read(at));
    }

    /// <summary>The span as it is now, under a name of its own: made once for the statements of a block between two exchanges.</summary>
    private ExprValue View(ExchangedPlace place, string name)
    {
        if (ViewOf(place) is { } known) return new ExprValue(known);
        Expr which = Saved(place.At, name + "Now");
        var view = (Read)Saved(place.Exchange.Storage(which), name);
        place.Exchange.Views[view.Variable] = which;
        (place.View, place.ViewedIn) = (view, _out);
        return new ExprValue(view);
    }

    /// <summary>Gives a span what another one held when it was looked at.</summary>
    private void Exchanged(ExchangedPlace place, Value value, IOperation? from)
    {
        if (value is not ExprValue { Expr: Read { Variable: var held } } || !place.Exchange.Views.TryGetValue(held, out Expr? which))
            throw Unsupported("another view for this span, which a loop exchanges", "index the array itself", from?.Syntax);
        Emit(new Assign(place.At, which));
        place.View = null;
    }
}

/// <summary>Spans that are given to each other, and the storages that they began with.</summary>
internal sealed class Exchange
{
    public HashSet<ISymbol> Members { get; } = new(SymbolEqualityComparer.Default);

    public List<Expr> Storages { get; } = [];

    /// <summary>Which storage each view is of.</summary>
    public Dictionary<Variable, Expr> Views { get; } = [];

    public SpanType? Type { get; set; }

    public Expr Storage(Expr which)
    {
        Expr chosen = Storages[Storages.Count - 1];
        for (int i = Storages.Count - 2; i >= 0; i--)
            chosen = new Conditional(new Binary(BinaryOperator.Equal, which, new Constant(PlainType.Int, i.ToString(System.Globalization.CultureInfo.InvariantCulture), i), PlainType.Bool), Storages[i], chosen);
        return chosen;
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
        private readonly List<(ISymbol To, ISymbol? From, bool InLoop)> _given = [];
        private readonly Dictionary<ISymbol, ILoopOperation?> _made = new(SymbolEqualityComparer.Default);
        private readonly HashSet<ISymbol> _declared = new(SymbolEqualityComparer.Default);
        private readonly HashSet<ISymbol> _shared = new(SymbolEqualityComparer.Default);

        public List<Exchange> Found()
        {
            var exchanges = new List<Exchange>();
            foreach ((ISymbol to, ISymbol? from, _) in _given)
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
            return [.. exchanges.Where(e => e.Members.Count > 1 && !e.Members.Overlaps(_shared) && e.Members.All(m => m is IParameterSymbol || _declared.Contains(m))
                && _given.Where(g => e.Members.Contains(g.To)).ToList() is var given && given.All(g => g.From is not null) && given.Any(g => g.InLoop)
                // what is made where the loop runs is other storage each time
                && e.Members.Select(m => (Is: _made.TryGetValue(m, out ILoopOperation? loop) || m is IParameterSymbol, Loop: loop)).Where(m => m.Is).Select(m => m.Loop).Distinct().Count() == 1)];
        }

        private static bool IsView(ITypeSymbol? type) => type is INamedTypeSymbol { Arity: 1, Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

        private static ISymbol? NameOf(IOperation? o) => o switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IParenthesizedOperation { Operand: var inner } => NameOf(inner),
            _ => null,
        };

        private void Give(IOperation target, IOperation? value)
        {
            if (IsView(target.Type) && NameOf(target) is { } to) _given.Add((to, NameOf(value), InLoop));
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
            if (IsView(o.Symbol.Type) && NameOf(initial) is null) _made[o.Symbol] = Around;
            base.VisitVariableDeclarator(o);
        }
    }
}

/// <summary>A span that is exchanged: the number of the storage that it is.</summary>
internal sealed class ExchangedPlace(Exchange exchange, Read at) : ViewedPlace
{
    public Exchange Exchange { get; } = exchange;

    public Read At { get; } = at;

    public override Value Load() => new ExprValue(Exchange.Storage(At));
}
