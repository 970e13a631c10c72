using System.Collections.Immutable;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Labels and the jumps to them: blocks that are left, repeated, or taken in turns.</summary>
internal sealed partial class Lowerer
{
    /// <summary>
    /// The label at which a block is cut in two: the last one that no jump behind it crosses backwards, so that a jump to any label further on
    /// leaves what is before the cut; where labels are jumped back to, the first one.
    /// </summary>
    private int NextLabel(ImmutableArray<IOperation> operations, int from)
    {
        List<int> labels = LabelsFrom(operations, from + 1);
        for (int cut = labels.Count - 1; cut > 0; cut--)
        {
            HashSet<ISymbol> earlier = new(labels.Take(cut).Select(i => (ISymbol)((ILabeledOperation)operations[i]).Label), SymbolEqualityComparer.Default);
            bool crossed = operations.Skip(labels[cut]).Any(o => o.DescendantsAndSelf().Any(j => j is IBranchOperation { BranchKind: BranchKind.GoTo } jump && earlier.Contains(jump.Target)));
            if (!crossed) return labels[cut];
        }
        return labels.Count > 0 ? labels[0] : -1;
    }

    /// <summary>Statements of a block from an index on; a using declaration holds the rest, a label to jump forward to ends what is before it.</summary>
    private void Sequence(ImmutableArray<IOperation> operations, int from)
    {
        int label = NextLabel(operations, from);
        if (label > 0 && LabelsFrom(operations, label) is { Count: > 1 } several && JumpsInto(operations, from, several))
        {
            Turns(operations, from, several);
            return;
        }
        if (label > 0)
        {
            ILabelSymbol symbol = ((ILabeledOperation)operations[label]).Label;
            var target = new Label(session.Names.Fresh(symbol.Name));
            _frame.Bind(symbol, target);
            List<Stmt> before = Into(() => Sequence(operations.RemoveRange(label, operations.Length - label), from));
            if (target.Used) before = Exits.Simplify(Outliving(before), target);
            if (target.Used) Emit(new Labelled(target.Name, BlockOf(before)));
            else _out.AddRange(before);

            // a jump back to the label repeats what follows it
            Label again = new(session.Names.Fresh(symbol.Name)), done = new(session.Names.Fresh("break"));
            _frame.Bind(symbol, again);
            List<Stmt> after = Into(() => Sequence(operations, label));
            if (!again.Used)
            {
                _out.AddRange(after);
                return;
            }
            after.Add(new Exit(done.Name));
            var repeated = new While(new Constant(PlainType.Bool, "true", null), new Block([new Labelled(again.Name, BlockOf(after))]));
            Emit(new Labelled(done.Name, new Block([repeated])));
            return;
        }
        for (int i = from; i < operations.Length; i++)
        {
            if (operations[i] is IUsingDeclarationOperation u)
            {
                At(u.Syntax);
                foreach (IVariableDeclarationOperation d in u.DeclarationGroup.Declarations) Declarations(d);
                int rest = i + 1;
                AroundResources(u.DeclarationGroup, () => Sequence(operations, rest));
                return;
            }
            int gotos = _gotos;
            Statement(operations[i]);
            if (_gotos > gotos) _region = ++_regions;
        }
    }

    private List<int> LabelsFrom(ImmutableArray<IOperation> operations, int from)
    {
        List<int> labels = [];
        for (int i = from; i < operations.Length; i++)
            if (operations[i] is ILabeledOperation l && _frame.Find(l.Label) is null) labels.Add(i);
        return labels;
    }

    /// <summary>Whether what stands before the first of <paramref name="labels"/> jumps to a later one: into the middle of what is jumped back over.</summary>
    private static bool JumpsInto(ImmutableArray<IOperation> operations, int from, List<int> labels)
    {
        HashSet<ISymbol> later = new(labels.Skip(1).Select(i => (ISymbol)((ILabeledOperation)operations[i]).Label), SymbolEqualityComparer.Default);
        return operations.Take(labels[0]).Skip(from).Any(o => o.DescendantsAndSelf().Any(j => j is IBranchOperation { BranchKind: BranchKind.GoTo } jump && later.Contains(jump.Target)));
    }

    /// <summary>
    /// Jumps forwards and backwards across each other (loops with several entries): what follows the labels is repeated, and a jump says from which
    /// label on; what is before that label is passed over.
    /// </summary>
    private void Turns(ImmutableArray<IOperation> operations, int from, List<int> labels)
    {
        Variable turn = Local("turn", PlainType.Int);
        Emit(new Declare(turn, IntConstant(0)));
        Label entry = new(session.Names.Fresh("entry")), again = new(session.Names.Fresh("again")), done = new(session.Names.Fresh("break"));

        List<Stmt> before = Jumping(entry, () => Sequence(operations.RemoveRange(labels[0], operations.Length - labels[0]), from));
        _out.AddRange(LeftBy(entry, Outliving(before)));

        List<Stmt> turns = [];
        for (int k = 0; k < labels.Count; k++)
        {
            int start = labels[k], end = k + 1 < labels.Count ? labels[k + 1] : operations.Length;
            List<Stmt> part = Outliving(Jumping(again, () => Sequence(operations.RemoveRange(end, operations.Length - end), start)));
            turns.Add(new If(new Binary(BinaryOperator.LessOrEqual, new Read(turn), IntConstant(k), PlainType.Bool), BlockOf(part), Block.Empty));
        }
        turns.Add(new Exit(done.Name));
        var repeated = new While(new Constant(PlainType.Bool, "true", null), BlockOf(again.Used ? [new Labelled(again.Name, BlockOf(turns))] : turns));
        Emit(new Labelled(done.Name, new Block([repeated])));

        List<Stmt> Jumping(Label way, Action lower)
        {
            for (int k = 0; k < labels.Count; k++)
            {
                int target = k;
                _jumps[((ILabeledOperation)operations[labels[k]]).Label] = () =>
                {
                    Emit(new Assign(new Read(turn), IntConstant(target)) { Source = _source, Site = _site });
                    Leave(way);
                };
            }
            try
            {
                return Into(lower);
            }
            finally
            {
                foreach (int i in labels) _jumps.Remove(((ILabeledOperation)operations[i]).Label);
            }
        }
    }

    private List<Stmt> LeftBy(Label label, List<Stmt> statements)
    {
        if (!label.Used) return statements;
        statements = Exits.Simplify(statements, label);
        return label.Used ? [new Labelled(label.Name, BlockOf(statements))] : statements;
    }

    /// <summary>What statements declare lives on behind them: declared here, assigned where it was declared.</summary>
    private List<Stmt> Outliving(List<Stmt> statements)
    {
        var rest = new List<Stmt>();
        foreach (Stmt s in statements)
        {
            if (s is not Declare d)
            {
                rest.Add(s);
                continue;
            }
            Emit(d with { Initial = null });
            if (d.Initial is not null) rest.Add(new Assign(new Read(d.Variable), d.Initial) { Source = d.Source, Site = d.Site });
        }
        return rest;
    }
}
