namespace DiffGen.Generator.Ir;

/// <content>Finds out what expressions and statements do.</content>
public sealed partial class Effects
{
    private void Evaluating(Expr e)
    {
        if (e is Read read) (_reads ??= []).Add(read.Variable);
        if (e is ElementAt element)
            foreach (Variable holder in Aliases.Holders(element.Source)) (_elementReads ??= []).Add(new(holder, element.Type));
        if (e is CopyOf copy) Contents(copy.Source, ref _elementReads);
        if (e is LengthOf { Source: var list } && list.Type is ListType) Contents(list, ref _elementReads);
        if (e.ThrowsItself()) MayThrow = true;
        if (e is Apply { Partials.IsEmpty: false } user)
        {
            ReadsWorld = true;
            foreach (Expr argument in user.Arguments) Contents(argument, ref _elementReads);
        }
        if (e is Apply bulk)
            foreach (Expr argument in bulk.Arguments)
                if (argument.Type.IsReference) Contents(argument, ref _elementReads);
        if (e is Opaque opaque)
        {
            foreach (Expr hole in opaque.Holes) Contents(hole, ref _elementReads);
            if (opaque.Purity != Purity.Pure) ReadsWorld = true;
            if (opaque.Purity == Purity.Effects) HasEffects = true;
            foreach (Variable v in opaque.Writes) Written(v);
        }
        foreach (Expr child in e.Children()) Evaluating(child);
    }

    private void Written(Variable v)
    {
        if (v.Type.IsReference)
        {
            (_reads ??= []).Add(v);
            (_elementWrites ??= []).Add(new(v, null));
        }
        else
        {
            (_assigned ??= []).Add(v);
            // what was taken out of an object is the object's
            if (v.Type is PlainType { MayBeShared: true, KeepsNothing: false }) (_elementWrites ??= []).Add(new(v, null));
        }
    }

    private static void Contents(Expr e, ref HashSet<Access>? into)
    {
        if (!e.Type.IsReference) return;
        if (e is Conditional choice)
        {
            Contents(choice.WhenTrue, ref into);
            Contents(choice.WhenFalse, ref into);
        }
        else if (e.Root() is { } root)
        {
            (into ??= []).Add(new(root, null));
        }
    }

    private void Writing(Expr place)
    {
        switch (place)
        {
            case Read read:
                (_assigned ??= []).Add(read.Variable);
                break;
            case FieldOf field:
                Writing(field.Target);
                Evaluating(field.Target);
                break;
            case ElementAt element:
                Variable[] holders = [.. Aliases.Holders(element.Source)];
                foreach (Variable holder in holders) (_elementWrites ??= []).Add(new(holder, element.Type));
                if (holders.Length == 0) HasEffects = true; // of a static
                Evaluating(element.Source);
                foreach (Expr index in element.Indices) Evaluating(index);
                MayThrow = true;
                break;
            default:
                Evaluating(place);
                HasEffects = true;
                break;
        }
    }

    private void Running(Stmt s, Summaries? callees)
    {
        Head(s, callees);
        if (!s.IsCompound()) return;
        foreach (Block block in s.Blocks())
            foreach (Stmt inner in block.Statements) Include(inner, callees);
        if (s is Labelled labelled) _exits?.Remove(labelled.Label);
    }

    // what is known of a statement is not found out again for each statement around it
    private void Include(Stmt s, Summaries? callees)
    {
        Effects other = Of(s, callees);
        Unite(ref _reads, other._reads);
        Unite(ref _assigned, other._assigned);
        Unite(ref _declared, other._declared);
        Unite(ref _elementReads, other._elementReads);
        Unite(ref _elementWrites, other._elementWrites);
        Unite(ref _exits, other._exits);
        MayThrow |= other.MayThrow;
        HasEffects |= other.HasEffects;
        ReadsWorld |= other.ReadsWorld;
        MayDiverge |= other.MayDiverge;
        _calls |= other._calls;
    }

    private static void Unite<T>(ref HashSet<T>? into, HashSet<T>? more)
    {
        if (more is null or { Count: 0 }) return;
        if (into is null) into = new(more, more.Comparer);
        else into.UnionWith(more);
    }

    private void Head(Stmt s, Summaries? callees)
    {
        foreach (Expr value in s.Values()) Evaluating(value);
        switch (s)
        {
            case Declare x:
                (_declared ??= []).Add(x.Variable);
                (_assigned ??= []).Add(x.Variable);
                break;
            case Assign x:
                Writing(x.Target);
                break;
            case AddTo x:
                Evaluating(x.Target);
                Writing(x.Target);
                break;
            case Throw:
                MayThrow = HasEffects = true;
                break;
            case For x:
                (_declared ??= []).Add(x.Counter);
                (_assigned ??= []).Add(x.Counter);
                break;
            case While:
                MayDiverge = true;
                break;
            case Exit x:
                (_exits ??= new(StringComparer.Ordinal)).Add(x.Label);
                break;
            case Call x:
                Calling(x, callees);
                break;
            case Perform x:
                MayThrow = true;
                for (int i = 0; i < x.Arguments.Count; i++)
                {
                    Contents(x.Arguments[i], ref _elementReads);
                    if (!x.Writes.Contains(i)) continue;
                    if (x.Arguments[i].Type.IsReference) Contents(x.Arguments[i], ref _elementWrites);
                    else Writing(x.Arguments[i]);
                }
                if (x.Result is not null) Writing(x.Result);
                break;
            case AddItem x:
                Contents(x.List, ref _elementWrites);
                MayThrow = true;
                break;
            case RemoveLast x:
                Contents(x.List, ref _elementWrites);
                break;
            case Clear x:
                Evaluating(x.Target);
                Contents(x.Target, ref _elementWrites);
                break;
            case Push x:
                Written(x.Tape);
                break;
            case Pop x:
                Written(x.Tape);
                (_elementReads ??= []).Add(new(x.Tape, null));
                Writing(x.Target);
                break;
            case Release x:
                Written(x.Tape);
                break;
            case Around or Try:
                HasEffects = true;
                break;
        }
    }

    private void Calling(Call call, Summaries? callees)
    {
        _calls = MayThrow = true;
        Summary? summary = callees?.Of(call.Function);
        if (summary is null || summary.HasEffects) HasEffects = true;
        if (summary is null || summary.ReadsWorld) ReadsWorld = true;
        MayDiverge = true;
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Expr argument = call.Arguments[i];
            if (argument.Type.IsReference)
            {
                if (summary is null || summary.ReadsElements(i)) Contents(argument, ref _elementReads);
                if (summary is null || summary.WritesElements(i)) Contents(argument, ref _elementWrites);
            }
            if (summary is null ? argument is Read or FieldOf or ElementAt : summary.WritesValue(i)) Writing(argument);
        }
        foreach (Expr result in call.Results) Writing(result);
    }
}
