using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Lowering;

/// <summary>Switches: expressions and statements, with jumps between sections.</summary>
internal sealed partial class Lowerer
{
    private Value SwitchExpression(ISwitchExpressionOperation o)
    {
        Value selected = Lower(o.Value);
        return selected is ChoiceValue choice ? Distribute(choice, one => SwitchOn(one, o), o.Type) : SwitchOn(selected, o);
    }

    private Value SwitchOn(Value selected, ISwitchExpressionOperation o)
    {
        Value value = Governing(selected, o.Arms.Select(a => a.Guard));
        var guards = new List<List<Stmt>>();
        Value Arm(int i)
        {
            if (i == o.Arms.Length)
            {
                Emit(new Ir.Throw(new Opaque(["new global::System.Runtime.CompilerServices.SwitchExpressionException()"], [],
                    new PlainType("global::System.Runtime.CompilerServices.SwitchExpressionException", PlainKind.Other), Purity.Effects)));
                return Unreachable(o);
            }
            ISwitchExpressionArmOperation arm = o.Arms[i];
            Expr test = TestAfter(guards, arm.Pattern, value);
            if (IsFalse(test)) return Arm(i + 1);
            test = WithGuard(test, arm.Guard, guards);
            return Choose(test, () => ConvertTo(LowerOption(arm.Value), o.Type), () => Arm(i + 1), o.Type, "chosen");
        }
        return Arm(0);
    }

    /// <summary>What is switched over, as it is now: a <c>when</c> that changes what it was read from is not seen by the cases that follow.</summary>
    private Value Governing(Value selected, IEnumerable<IOperation?> guards) =>
        guards.Any(g => g is not null && g.DescendantsAndSelf().Any(d => d is IAssignmentOperation or IIncrementOrDecrementOperation or IInvocationOperation))
            ? selected.Map(e => e.Type is StructType || e is Constant || e is Read { Variable: { Type.IsReference: true } v } && !MayChangeLater(v) ? e : Saved(e, "selector"))
            : selected.Map(e => e.Type is StructType ? e : Named(e, "selector"));

    /// <summary>A pattern's test; members that it asks for are not what a <c>when</c> before it changes, for C# may have read them already.</summary>
    private Expr TestAfter(List<List<Stmt>> guards, IPatternOperation pattern, Value value)
    {
        int mark = _out.Count;
        Expr test = Test(pattern, value);
        if (guards.Count > 0)
        {
            HashSet<Variable> read = [.. Effects.Of([.. _out.Skip(mark), new Evaluate(test)]).Reads, .. MembersOf(value)];
            if (guards.Any(g => Changed(g).Any(read.Contains))) throw Unsupported("a when that changes what a later pattern looks at", "read it before", pattern.Syntax);
        }
        return test;
    }

    /// <summary>The variables that an object that patterns look into consists of.</summary>
    private static IEnumerable<Variable> MembersOf(Value value) => value switch
    {
        ObjectValue o => o.Fields.Fields.SelectMany(f => f.Value switch
        {
            ExprPlace { Target: var target } => target.Root() is { } root ? [root] : [],
            BoundPlace { Value: ObjectValue inner } when inner.Fields != o.Fields => MembersOf(inner),
            _ => [],
        }),
        ExprValue { Expr: { Type.IsReference: true } reference } => reference.Root() is { } root ? [root] : [],
        _ => [],
    };

    /// <summary>A pattern's test and its <c>when</c>, which is only asked where the pattern matches; what it declares lives on.</summary>
    private Expr WithGuard(Expr test, IOperation? guard, List<List<Stmt>> guards)
    {
        if (guard is null) return test;
        Expr condition = null!;
        List<Stmt> more = Into(() => condition = Condition(guard));
        if (more.Count == 0) return Both(test, condition);
        guards.Add([.. more]);
        Variable passes = Local("passes", PlainType.Bool);
        Emit(new Declare(passes, test));
        more = Outliving(more);
        more.Add(new Assign(new Read(passes), condition) { Source = _source, Site = _site });
        Emit(new If(new Read(passes), BlockOf(more), Block.Empty));
        return new Read(passes);
    }

    private void Switch(ISwitchOperation o)
    {
        (SyntaxNode? statement, string source, Site site) = (_statement, _source, _site);
        Value value = Governing(Lower(o.Value), o.Cases.SelectMany(c => c.Clauses.OfType<IPatternCaseClauseOperation>()).Select(c => c.Guard));
        // all sections are one scope: what one of them declares, another may assign
        foreach (ILocalSymbol local in o.Locals)
            if (o.Cases.Count(c => c.Body.Any(b => b.DescendantsAndSelf().Any(d => SymbolEqualityComparer.Default.Equals(Referred(d) ?? (d as IVariableDeclaratorOperation)?.Symbol, local)))) > 1 && !local.IsConst && !local.IsRef)
            {
                DeclareLocal(local, local.Type, null);
                _declaredAhead.Add(local);
            }
        var guards = new List<List<Stmt>>();
        var exit = new Label(session.Names.Fresh("chosen"));
        _frame.Bind(o.ExitLabel, exit);
        Dictionary<ISymbol, int>? sections = Sections(o);
        Expr? section = sections is null ? null : Section();
        var declared = new List<Stmt>();
        ISwitchCaseOperation? fallback = o.Cases.FirstOrDefault(c => c.Clauses.Any(x => x is IDefaultCaseClauseOperation));

        List<Stmt> Case(int i)
        {
            if (i == o.Cases.Length) return fallback is null ? [] : Into(() => Chosen(fallback));
            ISwitchCaseOperation c = o.Cases[i];
            if (c.Clauses.All(x => x is IDefaultCaseClauseOperation)) return Case(i + 1);
            return Into(() =>
            {
                Expr test = False;
                foreach (ICaseClauseOperation clause in c.Clauses)
                {
                    switch (clause)
                    {
                        case ISingleValueCaseClauseOperation single:
                            test = Either(test, EqualTo(value, single.Value));
                            break;
                        case IRelationalCaseClauseOperation or IRangeCaseClauseOperation: throw Unsupported("this case", "use if", clause.Syntax);
                        case IPatternCaseClauseOperation p:
                            {
                                Expr one = TestAfter(guards, p.Pattern, value);
                                if (IsFalse(one)) break;
                                test = Either(test, WithGuard(one, p.Guard, guards));
                                break;
                            }
                    }
                }
                // sections that run one after another are behind the tests that declare what they ask for
                if (section is not null && c.Clauses.Any(x => x is IPatternCaseClauseOperation p && p.Pattern.DescendantsAndSelf().Any(d => d is IDeclarationPatternOperation { DeclaredSymbol: not null } or IRecursivePatternOperation { DeclaredSymbol: not null } or IListPatternOperation { DeclaredSymbol: not null })))
                {
                    List<Stmt> tests = [.. _out];
                    _out.Clear();
                    List<Stmt> behind = null!;
                    declared.AddRange(Into(() => behind = Outliving(tests)));
                    _out.AddRange(behind);
                }
                if (IsFalse(test))
                {
                    _out.AddRange(Case(i + 1));
                    return;
                }
                List<Stmt> then = Into(() => Chosen(c));
                List<Stmt> otherwise = Case(i + 1);
                (string s1, Site s2) = (source, site);
                if (test is Constant { Text: "true" }) _out.AddRange(then);
                else Emit(new If(test, BlockOf(then), BlockOf(otherwise)) { Source = s1, Site = s2 });
            });
        }
        void Chosen(ISwitchCaseOperation c)
        {
            if (section is not null) Emit(new Assign(section, IntConstant(o.Cases.IndexOf(c))) { Source = source, Site = site });
            else foreach (IOperation s in c.Body) Statement(s);
        }

        List<Stmt> all = Case(0);
        all.InsertRange(0, declared);
        if (section is not null) all.AddRange(Into(() => RunSections(o, sections!, section)));
        all = Exits.Simplify(all, exit);
        if (exit.Used) Emit(new Labelled(exit.Name, BlockOf(all)) { Source = source, Site = site });
        else _out.AddRange(all);
        (_statement, _source, _site) = (statement, source, site);
    }

    private readonly HashSet<ISymbol> _declaredAhead = new(SymbolEqualityComparer.Default);

    private Expr EqualTo(Value value, IOperation constant)
    {
        if (constant.ConstantValue is { HasValue: true, Value: null }) return value is CompositeValue { } n ? Negate(ExprOf(n["HasValue"]!)) : NullTest(ExprOf(value));
        Expr e = ExprOf(Unwrapped(value, out Expr has));
        return Both(has, Same(e, Converted(ExprOf(Lower(Unconverted(constant))), e.Type)));
    }

    // ---- goto case

    private readonly Dictionary<ISymbol, Action> _jumps = new(SymbolEqualityComparer.Default);

    /// <summary>The sections by their labels, where a section jumps to another one; null where none does.</summary>
    private static Dictionary<ISymbol, int>? Sections(ISwitchOperation o)
    {
        if (!o.Syntax.DescendantNodes().OfType<GotoStatementSyntax>().Any(g => !g.CaseOrDefaultKeyword.IsKind(SyntaxKind.None))) return null;
        var labels = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
        for (int i = 0; i < o.Cases.Length; i++)
            foreach (ICaseClauseOperation clause in o.Cases[i].Clauses)
                if (clause.Label is { } label) labels[label] = i;
        return labels;
    }

    private Expr Section()
    {
        Variable section = Local("section", PlainType.Int);
        Emit(new Declare(section, IntConstant(-1)));
        return new Read(section);
    }

    /// <summary>
    /// The sections of a switch with jumps between them, one after another, each if it is its turn: those that are jumped to come later. Where they jump
    /// round and round, all of it is repeated.
    /// </summary>
    private void RunSections(ISwitchOperation o, Dictionary<ISymbol, int> labels, Expr section)
    {
        var next = o.Cases.Select(c => c.Body.SelectMany(s => s.DescendantsAndSelf()).OfType<IBranchOperation>()
            .Where(j => labels.ContainsKey(j.Target)).Select(j => labels[j.Target]).Distinct().ToList()).ToList();
        var order = new List<int>();
        var state = new int[o.Cases.Length];
        bool round = false;
        void Place(int i)
        {
            if (state[i] == 1) round = true;
            if (state[i] != 0) return;
            state[i] = 1;
            foreach (int j in next[i]) Place(j);
            state[i] = 2;
            order.Insert(0, i);
        }
        for (int i = o.Cases.Length - 1; i >= 0; i--) Place(i);

        List<Stmt> turns = Into(() =>
        {
            foreach (int i in order)
            {
                var end = new Label(session.Names.Fresh("section"));
                foreach (KeyValuePair<ISymbol, int> target in labels)
                    _jumps[target.Key] = () =>
                    {
                        Emit(new Assign(section, IntConstant(target.Value)) { Source = _source, Site = _site });
                        Leave(end);
                    };
                List<Stmt> body = Into(() =>
                {
                    if (round) Emit(new Assign(section, IntConstant(-1)));
                    foreach (IOperation s in o.Cases[i].Body) Statement(s);
                });
                body = Exits.Simplify(body, end);
                if (end.Used) body = [new Labelled(end.Name, BlockOf(body))];
                Emit(new If(new Binary(BinaryOperator.Equal, section, IntConstant(i), PlainType.Bool), BlockOf(body), Block.Empty));
            }
        });
        foreach (ISymbol label in labels.Keys) _jumps.Remove(label);
        if (round) Emit(new While(new Binary(BinaryOperator.GreaterOrEqual, section, IntConstant(0), PlainType.Bool), BlockOf(turns)));
        else _out.AddRange(turns);
    }
}
