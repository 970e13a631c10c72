using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Loops: counted ones stay counted, all others are <c>while</c>.</summary>
internal sealed partial class Lowerer
{
    private void ForLoop(IForLoopOperation o)
    {
        if (Counted(o)) return;
        (SyntaxNode? statement, string source, Site site) = (_statement, _source, _site);
        foreach (IOperation before in o.Before) Statement(before);
        (_statement, _source, _site) = (statement, source, site);
        Loop(o, o.Condition, testLast: false, body: () => Statement(o.Body), step: () =>
        {
            foreach (IOperation next in o.AtLoopBottom) Statement(next);
        });
        (_statement, _source, _site) = (statement, source, site);
    }

    private void WhileLoop(IWhileLoopOperation o)
    {
        (SyntaxNode? statement, string source, Site site) = (_statement, _source, _site);
        if (o.ConditionIsUntil) throw Unsupported("this loop", "use while", o.Syntax);
        Loop(o, o.Condition, testLast: !o.ConditionIsTop, body: () => Statement(o.Body), step: null);
        (_statement, _source, _site) = (statement, source, site);
    }

    /// <summary>A loop with break and continue; <paramref name="step"/> runs after the body, also after <c>continue</c>.</summary>
    private void Loop(ILoopOperation o, IOperation? condition, bool testLast, Action body, Action? step)
    {
        (string source, Site site) = (_source, _site);
        (Label exit, Label next) = LoopLabels(o);
        Expr test = new Constant(PlainType.Bool, "true", null);
        List<Stmt> tests = condition is null ? [] : Into(() => test = Condition(condition));
        List<Stmt> inner = Into(body);
        inner = WithContinue(inner, next);
        if (step is not null) inner.AddRange(Into(step));
        if (tests.Count > 0)
        {
            // the condition needs statements of its own: they run inside, and the loop is left from there
            exit.Used = true;
            var leave = new If(Not(test), new Block([new Exit(exit.Name)]), Block.Empty) { Source = source, Site = site };
            inner = testLast ? [.. inner, .. tests, leave] : [.. tests, leave, .. inner];
            test = new Constant(PlainType.Bool, "true", null);
            testLast = false;
        }
        Stmt loop = new While(test, BlockOf(inner), testLast) { Source = source, Site = site };
        if (exit.Used) loop = new Labelled(exit.Name, new Block([loop])) { Source = source, Site = site };
        Emit(loop);
    }

    private (Label Exit, Label Next) LoopLabels(ILoopOperation o)
    {
        var exit = new Label(session.Names.Fresh("done"));
        var next = new Label(session.Names.Fresh("next"));
        _frame.Bind(o.ExitLabel, exit);
        _frame.Bind(o.ContinueLabel, next);
        return (exit, next);
    }

    private static List<Stmt> WithContinue(List<Stmt> body, Label next)
    {
        if (!next.Used) return body;
        body = Exits.Simplify(body, next);
        return next.Used ? [new Labelled(next.Name, BlockOf(body))] : body;
    }

    private static Expr Not(Expr e) => e is Unary { Operator: UnaryOperator.Not } n ? n.Operand : new Unary(UnaryOperator.Not, e);

    /// <summary>Lowers to <see cref="For"/> where one int counter goes by a constant and nothing else assigns it.</summary>
    private bool Counted(IForLoopOperation o)
    {
        if (o.Condition is not IBinaryOperation test || o.AtLoopBottom.Length == 0) return false;
        // the first declarator is the counter; further ones are declared before the loop and stepped in the body
        List<IVariableDeclaratorOperation> declared = [];
        foreach (IOperation before in o.Before)
        {
            if (before is not IVariableDeclarationGroupOperation group) return false;
            foreach (IVariableDeclarationOperation d in group.Declarations) declared.AddRange(d.Declarators);
        }
        if (declared.Count != 1 || declared[0] is not { Symbol: { IsRef: false, Type.SpecialType: SpecialType.System_Int32 } counter } declarator) return false;
        if (declarator.Initializer?.Value is not { } start || StepOf(o.AtLoopBottom[0], counter) is not { } step || step == 0) return false;
        if (o.AtLoopBottom.Length != 1) return false;

        IOperation limit;
        BinaryOperator comparison;
        if (IsLocal(test.LeftOperand, counter) && ComparisonOf(test.OperatorKind) is { } c)
            (limit, comparison) = (test.RightOperand, c);
        else if (IsLocal(test.RightOperand, counter) && ComparisonOf(test.OperatorKind) is { } flipped)
            (limit, comparison) = (test.LeftOperand, flipped switch
            {
                BinaryOperator.Less => BinaryOperator.Greater,
                BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
                BinaryOperator.Greater => BinaryOperator.Less,
                BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
                _ => flipped,
            });
        else
            return false;
        if (test.OperatorMethod is not null || limit.Type?.SpecialType != SpecialType.System_Int32) return false;
        if (comparison is BinaryOperator.Less or BinaryOperator.LessOrEqual && step < 0
            || comparison is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual && step > 0
            || comparison == BinaryOperator.NotEqual && step is not (1 or -1)) return false;
        if (Writes.In(o.Body).Contains(counter) || Writes.In(limit).Contains(counter)) return false;

        (SyntaxNode? statement, string source, Site site) = (_statement, _source, _site);
        Expr first = ExprOf(Lower(start));
        var variable = Local(counter.Name, PlainType.Int);
        _frame.Bind(counter, new ExprPlace(new Read(variable)));
        (Label exit, Label next) = LoopLabels(o);
        Expr end = null!;
        List<Stmt> tests = Into(() => end = ExprOf(Lower(limit)));
        if (tests.Count > 0)
        {
            // a limit that needs statements: the general loop with the counter as a variable
            Emit(new Declare(variable, first));
            List<Stmt> general = WithContinue(Into(() => Statement(o.Body)), next);
            var one = new Binary(BinaryOperator.Add, new Read(variable), IntConstant(step), PlainType.Int);
            exit.Used = true;
            var leave = new If(Not(new Binary(comparison, new Read(variable), end, PlainType.Bool)), new Block([new Exit(exit.Name)]), Block.Empty) { Source = source, Site = site };
            List<Stmt> all = [.. tests, leave, .. general, new Assign(new Read(variable), one) { Source = source, Site = site }];
            Emit(new Labelled(exit.Name, new Block([new While(new Constant(PlainType.Bool, "true", null), BlockOf(all)) { Source = source, Site = site }])) { Source = source, Site = site });
            return true;
        }
        List<Stmt> body = WithContinue(Into(() => Statement(o.Body)), next);
        Stmt loop = new For(variable, first, comparison, end, step, BlockOf(body)) { Source = source, Site = site };
        if (exit.Used) loop = new Labelled(exit.Name, new Block([loop])) { Source = source, Site = site };
        Emit(loop);
        (_statement, _source, _site) = (statement, source, site);
        return true;
    }

    private static bool IsLocal(IOperation o, ILocalSymbol local) =>
        o is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local);

    private static int? StepOf(IOperation o, ILocalSymbol counter)
    {
        if (o is IExpressionStatementOperation statement) o = statement.Operation;
        switch (o)
        {
            case IIncrementOrDecrementOperation step when IsLocal(step.Target, counter):
                return step.Kind == OperationKind.Increment ? 1 : -1;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } compound
                when IsLocal(compound.Target, counter) && compound.Value.ConstantValue is { HasValue: true, Value: int by }:
                return compound.OperatorKind == BinaryOperatorKind.Add ? by : -by;
            case ISimpleAssignmentOperation { Value: IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } sum } assignment
                when IsLocal(assignment.Target, counter) && IsLocal(sum.LeftOperand, counter) && sum.RightOperand.ConstantValue is { HasValue: true, Value: int by }:
                return sum.OperatorKind == BinaryOperatorKind.Add ? by : -by;
            default:
                return null;
        }
    }

    private static BinaryOperator? ComparisonOf(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.LessThan => BinaryOperator.Less,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperator.LessOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperator.Greater,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperatorKind.NotEquals => BinaryOperator.NotEqual,
        _ => null,
    };

    private static Constant IntConstant(int n) => new(PlainType.Int, n == int.MinValue ? "int.MinValue" : n.ToString(System.Globalization.CultureInfo.InvariantCulture), n);

    // ---- foreach

    private void ForEachLoop(IForEachLoopOperation o)
    {
        (SyntaxNode? statement, string source, Site site) = (_statement, _source, _site);
        if (o.IsAsynchronous) throw Unsupported("await foreach", "use a synchronous sequence", o.Syntax);
        (Label exit, Label next) = LoopLabels(o);
        IOperation collection = Unconverted(o.Collection);
        List<Stmt> loop = Into(() =>
        {
            // the elements' loop may have its own labels; the body is emitted inside it
            void Element(Value element)
            {
                (string s, Site at) = (_source, _site);
                List<Stmt> body = Into(() =>
                {
                    _out.AddRange(ElementVariable(o, element));
                    Statement(o.Body);
                });
                next.Used = Exits.Contains(body, next.Name);
                _out.AddRange(WithContinue(body, next));
                (_source, _site) = (s, at);
            }
            Each(Lower(collection), collection, Element, o);
        });
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
                    if (element is ExprValue { Expr: var e } && session.Types.Map(type) is ScalarType or PlainType { Kind: PlainKind.Integer } && !e.Type.Equals(session.Types.Map(type)))
                        element = new ExprValue(new Ir.Convert(e, session.Types.Map(type)));
                    DeclareLocal(local, type, element);
                }
                break;
            case IDeclarationExpressionOperation or ITupleOperation:
                if (element is ExprValue { Expr: var number } && Microsoft.CodeAnalysis.CSharp.CSharpExtensions.GetForEachStatementInfo(session.Model(o.Syntax.SyntaxTree), (CommonForEachStatementSyntax)o.Syntax).ElementType is INamedTypeSymbol item && IsInRoom(item))
                    element = Opened(Named(number, "item"), (INamedTypeSymbol)Actual(item));
                Deconstruct(o.LoopControlVariable, element, o.Syntax);
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
                // what the body writes must not be seen by the elements that are still to come
                if (sequence.IsBuffered && loop is not null && WritesElements(loop.Body)) Each(ToArray(sequence), operation, element);
                else sequence.Each(element);
                return;
            case CollectionValue c:
                Enumerated(c).Each(element);
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
            case ObjectValue o:
                ObjectEach(o, operation, element);
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

    /// <summary>A reference that is looked at many times, in a variable that nothing else assigns.</summary>
    private Expr Stable(Expr e, string wish) => e is Read { Variable: var v } && !IsReassigned(v) ? e : Saved(e, wish);

    private readonly HashSet<string> _reassigned = new(StringComparer.Ordinal);

    private bool IsReassigned(Variable v) => _reassigned.Contains(v.Name) || _frame.IsAssigned(v);

    /// <summary>A loop by the collection's own enumerator, of which nothing is known.</summary>
    private void OpaqueEach(Expr collection, IOperation? operation, Action<Value> element, IForEachLoopOperation? loop)
    {
        ITypeSymbol? type = operation?.Type is { } t ? Actual(t) : null;
        IMethodSymbol? getEnumerator = type is null ? null : EnumeratorOf(type);
        if (getEnumerator is null || collection.Type.Equals(PlainType.Void)) throw Unsupported("a loop over this", "loop over an array, list or span", operation?.Syntax);
        ITypeSymbol enumeratorType = getEnumerator.ReturnType;
        ITypeSymbol elementType = enumeratorType.GetMembers("Current").OfType<IPropertySymbol>().FirstOrDefault()?.Type
            ?? enumeratorType.AllInterfaces.SelectMany(i => i.GetMembers("Current")).OfType<IPropertySymbol>().FirstOrDefault()?.Type
            ?? throw Unsupported("a loop over this", "loop over an array, list or span", operation?.Syntax);
        bool viaInterface = getEnumerator.ContainingType.TypeKind == TypeKind.Interface && type!.TypeKind != TypeKind.Interface;
        string receiver = viaInterface ? $"(({TypeMap.Spell(getEnumerator.ContainingType)})" : "";
        Variable enumerator = Local("each", new PlainType(TypeMap.Spell(enumeratorType), PlainKind.Other));
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
