using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content><c>foreach</c>, and the loops over elements that lowering makes itself.</content>
internal sealed partial class Lowerer
{
    private void ForEachLoop(IForEachLoopOperation o)
    {
        (SyntaxNode? statement, string source, Site site) = (_statement, _source, _site);
        if (o.IsAsynchronous) throw Unsupported("await foreach", "use a synchronous sequence", o.Syntax);
        (Label exit, Label next) = LoopLabels(o);
        IOperation collection = Unconverted(o.Collection);
        int ahead = _ahead.Count;
        var bodies = new List<List<Stmt>>();
        (int around, int gotos) = (_region, _gotos);
        List<Stmt> loop = Into(() =>
        {
            int here = _region;
            _unrolled[here] = (around, exit, next);
            // the elements' loop may have its own labels; the body is emitted inside it
            void Element(Value element)
            {
                (string s, Site at, int inside) = (_source, _site, _ahead.Count);
                bool isUnrolled = _region == here && _gotos == gotos;
                if (isUnrolled) _iterations.Push(o.Syntax);
                List<Stmt> body = Into(() =>
                {
                    if (isUnrolled) _unrolled[_region] = (here, exit, next);
                    _out.AddRange(ElementVariable(o, element));
                    Statement(o.Body);
                });
                if (isUnrolled) _iterations.Pop();
                _ahead.RemoveRange(inside, _ahead.Count - inside);
                bodies.Add(body);
                next.Used = Exits.Contains(body, next.Name);
                _out.AddRange(WithContinue(body, next));
                (_source, _site) = (s, at);
            }
            Each(Lower(collection), collection, Element, o);
        });
        RequireUnchanged(ahead, bodies);
        // what the collection itself needed stays outside of the label
        if (exit.Used && Exits.Contains(loop, exit.Name))
        {
            int from = loop.FindIndex(s => Exits.Contains([s], exit.Name));
            var labelled = new Labelled(exit.Name, BlockOf(loop.GetRange(from, loop.Count - from))) { Source = source, Site = site };
            loop.RemoveRange(from, loop.Count - from);
            loop.Add(labelled);
        }
        _out.AddRange(loop);
        (_statement, _source, _site) = (statement, source, site);
    }

    // the loops of which an iteration is being unrolled
    private readonly Stack<SyntaxNode> _iterations = new();

    /// <summary>What a function captures in an iteration that is unrolled: the variables of that iteration, which the next one has anew.</summary>
    private Frame OfIteration(Frame frame, IOperation function)
    {
        if (_iterations.Count == 0) return frame;
        var own = new Frame(frame.Method, frame, frame.Types) { Depth = frame.Depth };
        bool any = false;
        Keep(function);
        return any ? own : frame;

        void Keep(IOperation body)
        {
            foreach (IOperation o in body.Descendants())
            {
                ISymbol? symbol = o is IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } called } ? called : Referred(o) ?? (o as IMethodReferenceOperation)?.Method;
                if (symbol is not (ILocalSymbol or IMethodSymbol { MethodKind: MethodKind.LocalFunction }) || own.Places.Any(p => SymbolEqualityComparer.Default.Equals(p.Key, symbol))) continue;
                if (symbol.DeclaringSyntaxReferences.FirstOrDefault() is not { } declared || !_iterations.Any(i => i.SyntaxTree == declared.SyntaxTree && i.Span.Contains(declared.Span)) || function.Syntax.Span.Contains(declared.Span)) continue;
                if (symbol is IMethodSymbol local)
                {
                    // it may stand further on
                    if (session.Body(local.OriginalDefinition) is not { } inner) continue;
                    own.Bind(symbol, new BoundPlace(new FunctionValue(local.OriginalDefinition, inner, own, null), -1));
                    Keep(inner);
                }
                else if (frame.Find(symbol) is { } place) own.Bind(symbol, place);
                else continue;
                any = true;
            }
        }
    }

    private List<Stmt> ElementVariable(IForEachLoopOperation o, Value element) => Into(() =>
    {
        switch (o.LoopControlVariable)
        {
            case IVariableDeclaratorOperation { Symbol: { } local }:
                if (local.IsRef && ElementOf(element) is { } at) _frame.Bind(local, new ExprPlace(at));
                else if (local.RefKind == RefKind.Ref) throw Unsupported("a loop by reference over this", "loop over the indices", o.Syntax);
                else
                {
                    ITypeSymbol type = Actual(local.Type);
                    if (o.Syntax is CommonForEachStatementSyntax loop && Microsoft.CodeAnalysis.CSharp.CSharpExtensions.GetForEachStatementInfo(session.Model(o.Syntax.SyntaxTree), loop).ElementConversion is { IsUserDefined: true, MethodSymbol: { } converts })
                        element = ConvertTo(HasSource(converts) ? InvokeOperator(converts, [() => ConvertTo(element, converts.Parameters[0].Type)], o) : throw Unsupported("this conversion of the elements", "convert them in the loop", o.Syntax), type);
                    if (element is ExprValue { Expr: var e } && session.Types.Map(type) is ScalarType or PlainType { Kind: PlainKind.Integer } && !e.Type.Equals(session.Types.Map(type)))
                        element = new ExprValue(new Ir.Convert(e, session.Types.Map(type)));
                    DeclareLocal(local, type, ByInterface(element, type));
                }
                break;
            case IDeclarationExpressionOperation or ITupleOperation:
                if (element is ExprValue { Expr: var number } && Microsoft.CodeAnalysis.CSharp.CSharpExtensions.GetForEachStatementInfo(session.Model(o.Syntax.SyntaxTree), (CommonForEachStatementSyntax)o.Syntax).ElementType is INamedTypeSymbol item && IsInRoom(item))
                    element = Opened(Named(number, "item"), (INamedTypeSymbol)Actual(item));
                Deconstruct(o.LoopControlVariable, () => element, o.Syntax);
                break;
            default:
                Store(PlaceOf(o.LoopControlVariable), element, o.LoopControlVariable);
                break;
        }
    });

    /// <summary>The element that a value is, or that its fields are read from.</summary>
    private static ElementAt? ElementOf(Value value)
    {
        while (value is CompositeValue { Fields: [{ Value: var first }, ..] }) value = first;
        Expr? e = (value as ExprValue)?.Expr;
        while (e is FieldOf field) e = field.Target;
        return e as ElementAt;
    }

    /// <summary>Emits a loop over the elements of anything that can be enumerated.</summary>
    private void Each(Value collection, IOperation? operation, Action<Value> element, IForEachLoopOperation? loop = null)
    {
        switch (collection)
        {
            case SequenceValue sequence:
                if (sequence is DeferredSequence later) sequence = later.Make();
                else if (sequence is TableValue { Keys: not null } keyed) sequence = Entries(keyed);
                // what the body writes must not be seen by the elements that are still to come
                if (sequence.IsBuffered && loop is not null && WritesElements(loop.Body)) Each(ToArray(sequence), operation, element);
                else sequence.Each(element);
                return;
            case CollectionValue c:
                Enumerated(OfNow(c)).Each(element);
                return;
            case ExprValue { Expr: { } e } when e.Type is Ir.ArrayType { Rank: 1 } or SpanType or ListType:
                {
                    Expr source = Stable(e, "items");
                    Counter("i", IntConstant(0), new LengthOf(source), i => element(Element(source, i)));
                    return;
                }
            case ExprValue { Expr: { } e } when e.Type is Ir.ArrayType { Rank: > 1 } array:
                {
                    Expr source = Stable(e, "items");
                    void Nest(int d, List<Expr> indices)
                    {
                        if (d == array.Rank) element(Whole(new ElementAt(source, indices.ToEquatable()), null));
                        else Counter("i", IntConstant(0), new LengthOf(source, d), i => Nest(d + 1, [.. indices, i]));
                    }
                    Nest(0, []);
                    return;
                }
            case ExprValue { Expr: { } e }:
                OpaqueEach(e, operation, element, loop);
                return;
            case ObjectValue or CompositeValue or ChoiceValue when AsSequence(collection, operation) is { } own:
                own.Each(element);
                return;
            default:
                throw Unsupported("a loop over this", "loop over an array, list or span", operation?.Syntax);
        }
    }

    /// <summary>Whether a body may write elements: by itself, or by what it hands arrays and collections to.</summary>
    private static bool WritesElements(IOperation body) => body.Descendants().Any(o => o switch
    {
        IAssignmentOperation { Target: var target } => target is not (ILocalReferenceOperation or IParameterReferenceOperation or IDiscardOperation),
        IIncrementOrDecrementOperation { Target: var target } => target is not (ILocalReferenceOperation or IParameterReferenceOperation),
        IInvocationOperation { TargetMethod: { ContainingType.Name: not "Enumerable" } } call => call.Instance?.Type is { IsReferenceType: true } || call.Arguments.Any(a => a.Parameter?.RefKind is RefKind.Ref or RefKind.Out || a.Value.Type is { IsReferenceType: true } or { IsRefLikeType: true }),
        _ => false,
    });

    private Value Element(Expr source, Expr index) => Whole(new ElementAt(source, [index]), null);

    /// <summary>A counted loop made by lowering itself.</summary>
    private void Counter(string name, Expr start, Expr limit, Action<Expr> body)
    {
        Variable i = Local(name, PlainType.Int);
        List<Stmt> inner = Into(() => body(new Read(i)));
        Emit(new For(i, start, BinaryOperator.Less, limit, 1, BlockOf(inner)));
    }

    /// <summary>A loop over positions from the last one to the first.</summary>
    private void CounterDown(string name, Expr count, Action<Expr> body)
    {
        Variable i = Local(name, PlainType.Int);
        List<Stmt> inner = Into(() => body(new Read(i)));
        Emit(new For(i, Minus(count, IntConstant(1)), BinaryOperator.GreaterOrEqual, IntConstant(0), -1, BlockOf(inner)));
    }

    /// <summary>A reference that is looked at many times, in a variable that nothing else assigns.</summary>
    private Expr Stable(Expr e, string wish) => e is Read { Variable: var v } && !IsReassigned(v) ? e : Saved(e, wish);

    private readonly HashSet<string> _reassigned = new(StringComparer.Ordinal);

    private bool IsReassigned(Variable v) => _reassigned.Contains(v.Name) || _frame.IsAssigned(v);

    /// <summary>A loop by the collection's own enumerator, of which nothing is known.</summary>
    private void OpaqueEach(Expr collection, IOperation? operation, Action<Value> element, IForEachLoopOperation? loop)
    {
        ITypeSymbol? type = operation?.Type is { } t ? Actual(t) : null;
        IMethodSymbol? getEnumerator = type is null ? null : EnumeratorOf(type);
        if (getEnumerator is null || collection.Type.Equals(PlainType.Void) || collection.Type is PlainType { Kind: PlainKind.Integer }) throw Unsupported("a loop over this", "loop over an array, list or span", operation?.Syntax);
        ITypeSymbol enumeratorType = getEnumerator.ReturnType;
        ITypeSymbol elementType = enumeratorType.GetMembers("Current").OfType<IPropertySymbol>().FirstOrDefault()?.Type
            ?? enumeratorType.AllInterfaces.SelectMany(i => i.GetMembers("Current")).OfType<IPropertySymbol>().FirstOrDefault()?.Type
            ?? throw Unsupported("a loop over this", "loop over an array, list or span", operation?.Syntax);
        bool viaInterface = getEnumerator.ContainingType.TypeKind == TypeKind.Interface && type!.TypeKind != TypeKind.Interface;
        string receiver = viaInterface ? $"(({TypeMap.Spell(getEnumerator.ContainingType)})" : "";
        Variable enumerator = Local("each", new PlainType(session.Types.Carried(enumeratorType), PlainKind.Other));
        Emit(new Declare(enumerator, new Opaque([receiver, (viaInterface ? ")" : "") + ".GetEnumerator()"], [collection], enumerator.Type, Purity.Effects)));
        IrType ir = session.Types.Map(elementType);
        List<Stmt> body = Into(() =>
        {
            Refusal? lost = ir.CarriesDerivative && loop is not null ? Lost(Diagnostics.DiagnosticIds.LostInType, loop.Syntax, collection.Type.CSharp) : null;
            var current = new Opaque(["", ".Current"], [new Read(enumerator)], ir, Purity.Reads, default, lost);
            element(Whole(Named(current, "item"), elementType));
        });
        Emit(new While(new Opaque(["", ".MoveNext()"], [new Read(enumerator)], PlainType.Bool, Purity.Effects, [enumerator]), BlockOf(body)));
        bool disposable = enumeratorType.AllInterfaces.Any(i => i.SpecialType == SpecialType.System_IDisposable)
            && (enumeratorType.TypeKind == TypeKind.Interface || enumeratorType.GetMembers("Dispose").Any());
        if (disposable) Emit(new Evaluate(new Opaque(["", ".Dispose()"], [new Read(enumerator)], PlainType.Void, Purity.Effects, [enumerator])));
    }

    private static IMethodSymbol? EnumeratorOf(ITypeSymbol type)
    {
        for (ITypeSymbol? t = type; t is not null; t = t.BaseType)
            if (t.GetMembers("GetEnumerator").OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.IsEmpty && m.DeclaredAccessibility == Accessibility.Public) is { } own) return own;
        return type.AllInterfaces.Where(i => i.Name == "IEnumerable").OrderByDescending(i => i.Arity).SelectMany(i => i.GetMembers("GetEnumerator")).OfType<IMethodSymbol>().FirstOrDefault();
    }
}
