using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
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
}
