using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Exits that a loop's own condition can express: <c>while (k) { if (c) break; … }</c> is <c>while (k &amp;&amp; !c)</c>, and a test at the end of an
/// endless loop makes it <c>do … while (!c)</c>. Labels that nothing leaves for are taken away first. No flag is needed for what this finds.
/// </summary>
internal sealed class LoopRotation : Rewriter
{
    /// <summary>Rewrites a block.</summary>
    public static Block Run(Block block) => new LoopRotation().Visit(block);

    /// <inheritdoc/>
    public override IEnumerable<Stmt> VisitMany(Stmt s)
    {
        s = Visit(s);
        if (s is If { Then.Statements: [If { Else.IsEmpty: true } inner], Else.IsEmpty: true } outer && !ControlFlow.Completes(inner.Then))
            s = inner with { Condition = Logic.And(outer.Condition, inner.Condition) };
        if (s is not Labelled labelled) return [s];
        if (!ControlFlow.Exits(labelled.Body.Statements).Contains(labelled.Label)) return labelled.Body.Statements;
        if (labelled.Body.Statements is not [While loop]) return [labelled];

        string label = labelled.Label;
        while (!loop.TestLast && loop.Body.Statements is [If first, ..] && Leaves(first, label))
            loop = loop with { Condition = Logic.And(loop.Condition, Logic.Not(first.Condition)), Body = loop.Body.Statements.Skip(1).ToBlock() };
        if ((Logic.IsTrue(loop.Condition) || loop.TestLast) && loop.Body.Statements is [.., If last] && Leaves(last, label)
            && !last.Condition.FreeVariables().Overlaps(Effects.Of(loop.Body).Declared))
        {
            Block body = loop.Body.Statements.Take(loop.Body.Statements.Count - 1).ToBlock();
            loop = loop with { Condition = Logic.And(Logic.Not(last.Condition), loop.Condition), Body = body, TestLast = true };
        }
        return ControlFlow.Exits(loop).Contains(label) ? [labelled with { Body = new([loop]) }] : [loop];
    }

    private static bool Leaves(If branch, string label) => branch is { Then.Statements: [Exit exit], Else.IsEmpty: true } && exit.Label == label;
}
