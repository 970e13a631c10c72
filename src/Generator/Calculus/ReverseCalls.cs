using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Calls of functions that are not inlined.</summary>
internal sealed partial class ReverseSweep
{
    private void Invoke(Call call, Region region, HashSet<string> needed, Segment segment, bool atRoot, bool together)
    {
        CalleeSplit split = callees.Of(call.Function);
        List<Stmt> restore = [], saves = [];
        if (!split.IsActive)
        {
            foreach (Expr place in call.Results) Save(place, call, region, needed, segment.Forward, restore, atRoot);
            SaveWritten(call, split, region, needed, segment.Forward, restore, atRoot);
            segment.Forward.Add(call);
            ShadowsOfConstants(call, _ => true, segment.Forward);
            segment.Reverse.AddRange(restore);
            return;
        }

        var putBack = new List<Stmt>();
        for (int i = 0; i < call.Arguments.Count; i++)
            if (IsOut(i)) Save(call.Arguments[i], call, region, needed, saves, putBack, atRoot);
        // the reverse half reads the arguments and what they refer to, as they were at the call
        locations.Reads(call, needed);
        var taken = new List<Stmt>();
        var reverseArguments = call.Arguments.ToList();
        var forwardArguments = call.Arguments.ToList();
        var forwardResults = call.Results.ToList();
        bool[] kept = KeepArguments(call, split, region, saves, atRoot, forwardArguments, reverseArguments);
        for (int i = 0; i < call.Results.Count; i++)
        {
            if (!split.ActiveResult(i)) continue;
            Expr? shadow = shadows.Of(call.Results[i]);
            IrType type = Shadows.TypeOf(call.Results[i].Type)!;
            if (call.Results[i].Type.IsReference)
            {
                // the callee makes the shadow of what it returns
                forwardResults.Add(shadow ?? new Read(Scratch(type, segment.Forward, region, atRoot, null)));
                continue;
            }
            if (shadow is null)
            {
                reverseArguments.Add(Shadows.Zero(type));
                continue;
            }
            var seed = new Variable(names.Fresh("seed"), type);
            taken.Add(new Declare(seed, shadow) { Comment = Note(call, "call") });
            taken.Add(new Assign(shadow, Shadows.Zero(type)));
            reverseArguments.Add(new Read(seed));
        }
        bool IsOut(int i) => split.Callee.Parameters[i].Passing == Passing.Out;
        // both halves write what the callee writes: the one as it does, the other to put it back
        bool Writes(int i) => locations.Use(call, i) != ArgumentUse.Read || split.Callee.Parameters[i].Passing is Passing.Ref or Passing.Out;
        bool keeps = !split.Callee.Parameters.Any(p => p is { Variable.Type.IsReference: true, Passing: Passing.Ref or Passing.Out });
        var contributions = new List<Stmt>();
        int adjoints = Enumerable.Range(0, call.Arguments.Count).Count(split.Active);
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if (!split.Active(i)) continue;
            Expr argument = call.Arguments[i];
            Expr? shadow = shadows.Of(argument);
            IrType type = Shadows.TypeOf(argument.Type)!;
            if (argument.Type.IsReference)
            {
                // nothing has nothing for a shadow
                if (argument is Constant { Text: "null" or "default" }) shadow = new Constant(type, type is SpanType ? "default" : "null", null);
                shadow ??= new Read(Scratch(type, segment.Forward, region, atRoot, argument));
                if (kept[i]) shadow = new Read(Keep(shadow, "given", region, saves, atRoot));
                forwardArguments.Add(shadow);
                reverseArguments.Add(shadow);
                needed.UnionWith(locations.Reads(shadow));
                continue;
            }
            if (shadow is Read)
            {
                reverseArguments.Add(shadow);
                continue;
            }
            var adjoint = new Variable(names.Fresh("adjoint"), type);
            taken.Add(new Declare(adjoint, Shadows.Zero(type)));
            reverseArguments.Add(new Read(adjoint));
            _adjoint.Contribute(argument, new Read(adjoint), contributions);
        }
        needed.UnionWith(locations.Reads(contributions));
        foreach (Expr place in call.Results) Save(place, call, region, needed, saves, restore, atRoot);
        var forward = new Call(split.ForwardName, forwardArguments.ToEquatable(), forwardResults.ToEquatable())
        {
            Source = call.Source, Site = call.Site, IsQuiet = split.IsQuiet, KeepsReferences = keeps,
            Uses = forwardArguments.Select((_, i) => split.IsQuiet || i < call.Arguments.Count && !Writes(i) ? ArgumentUse.Read : ArgumentUse.Written).ToEquatable(),
        };
        if (call.IsCheckpoint) SaveWritten(call, split, region, needed, saves, restore, atRoot);
        segment.Forward.AddRange(saves);
        segment.Forward.Add(call.IsCheckpoint ? call : forward);
        ShadowsOfConstants(call, i => !split.ActiveResult(i), segment.Forward);
        EquatableArray<ArgumentUse> uses = reverseArguments.Select((_, i) => i >= reverseArguments.Count - adjoints
            ? split.IsQuiet ? ArgumentUse.Added : ArgumentUse.Written
            : i < call.Arguments.Count && Writes(i) ? ArgumentUse.Written : ArgumentUse.Read).ToEquatable();
        var reverse = new Call(split.ReverseName, reverseArguments.ToEquatable(), EquatableArray<Expr>.Empty) { IsQuiet = split.IsQuiet, KeepsReferences = keeps, Uses = uses };
        segment.Reverse.AddRange(taken);
        segment.Reverse.AddRange(restore);
        // from the state that was kept, both halves; the reverse one leaves that state behind
        if (call.IsCheckpoint) segment.Reverse.Add(forward);
        segment.Reverse.Add(reverse);
        segment.Reverse.AddRange(putBack);
        segment.Reverse.AddRange(contributions);
        if (together && callees.HasJoint(call.Function))
        {
            segment.Before.AddRange(saves);
            segment.After.AddRange(restore);
            segment.Fused = [.. taken, reverse with { Function = split.JointName, Results = call.Results, Source = call.Source, Site = call.Site }, .. contributions];
            segment.FusedFootprint = Footprint.Of(taken.Append(reverse).Concat(contributions), locations);
            segment.FusedFootprint.Forget([Footprint.CrossingTapes, .. taken.OfType<Declare>().Select(d => d.Variable.Name)]);
        }
        foreach (Expr place in call.Results)
            if (place is Read whole) NoLongerNeeded(whole.Variable, needed);
    }

    /// <summary>
    /// What an argument is computed from may be another thing behind the call (the length of a list that it lets grow, a variable that it gives another array): the
    /// reverse half is given what the call was. Tells which arguments that concerns.
    /// </summary>
    private bool[] KeepArguments(Call call, CalleeSplit split, Region region, List<Stmt> saves, bool atRoot, List<Expr> forward, List<Expr> reverse)
    {
        var kept = new bool[call.Arguments.Count];
        HashSet<string>? written = null;
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Expr argument = call.Arguments[i];
            if (argument is Constant || split.Callee.Parameters[i].Passing is not (Passing.Value or Passing.In) || !argument.Type.IsReference && (argument is Read || locations.Use(call, i) != ArgumentUse.Read)
                || argument.Type is TapeType) continue;
            written ??= locations.Writes([call]);
            // what code outside of the calculus says is asked for once
            if (!written.Overlaps(locations.Reads(argument)) && !argument.All().Any(e => e is Opaque { Purity: not Purity.Pure })) continue;
            kept[i] = true;
            forward[i] = reverse[i] = new Read(Keep(argument, "given", region, saves, atRoot));
        }
        return kept;
    }

    /// <summary>Storage that a callee makes, and in which only others put numbers with derivatives: its shadow starts at zero here.</summary>
    private void ShadowsOfConstants(Call call, Func<int, bool> isConstant, List<Stmt> forward)
    {
        for (int i = 0; i < call.Results.Count; i++)
            if (isConstant(i) && call.Results[i] is { Type.IsReference: true } made && shadows.Of(made) is { } shadow)
                forward.Add(new Assign(shadow, ShadowOf(new Opaque(["", ""], [made], made.Type, Purity.Reads), made, shadow.Type)));
    }

    /// <summary>Saves what a call may write and an adjoint reads.</summary>
    private void SaveWritten(Call call, CalleeSplit split, Region region, HashSet<string> needed, List<Stmt> forward, List<Stmt> restore, bool atRoot)
    {
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Expr argument = call.Arguments[i];
            if (locations.Use(call, i) == ArgumentUse.Read && !locations.MayAssign(call, i)) continue;
            if (argument.Type is ArrayType { Element.IsReference: false } or SpanType or ListType { Element.IsReference: false }) SaveAll(argument, region, needed, forward, restore, atRoot);
            // which rows it has can be put back, what is in them cannot
            else if (argument.Type is ArrayType or ListType && locations.Holder(argument) is { } rows && needed.Contains(locations.Rows(rows)) && !needed.Contains(locations.Content(rows))) SaveAll(argument, region, needed, forward, restore, atRoot);
            else if (argument.Type is ArrayType or ListType && locations.Holder(argument) is { } held && needed.Contains(locations.Content(held)))
                throw new Irreversible(call.Site, "a call that changes arrays in an array", "change them in the method itself");
            else if (split.Callee.Parameters[i].Passing == Passing.Ref || !split.IsActive && split.Callee.Parameters[i].Passing == Passing.Out) Save(argument, call, region, needed, forward, restore, atRoot);
        }
    }

    private Variable Scratch(IrType type, List<Stmt> forward, Region region, bool atRoot, Expr? like)
    {
        var scratch = new Variable(names.Fresh("scratch"), type);
        Expr? initial = like is null ? null : ShadowOf(new Opaque(["", ""], [like], like.Type, Purity.Reads), like, type);
        if (atRoot) forward.Add(new Declare(scratch, initial));
        else
        {
            region.Hoisted[scratch.Name] = scratch;
            if (initial is not null) forward.Add(new Assign(new Read(scratch), initial));
        }
        return scratch;
    }

    private static string Note(Stmt s, string rule) => s.Source.Length == 0 ? rule : s.Source + "  " + rule;
}
