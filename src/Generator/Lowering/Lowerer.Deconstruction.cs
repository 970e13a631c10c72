using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Deconstruction of tuples, and what is taken apart.</summary>
internal sealed partial class Lowerer
{
    /// <summary>C#'s order: what the targets are reached by as they stand, then the value, then the assignments.</summary>
    private Value Deconstruct(IOperation target, Func<Value> evaluate, SyntaxNode syntax)
    {
        var targets = new List<DeconstructionTarget>();
        AddTargets(target, targets);
        int mark = _out.Count;
        Value value = evaluate();
        if (_out.Count > mark) ProtectFrom(targets, 0, targets.Count, ref mark);
        int next = 0;
        AssignTargets(target, value, targets, ref next, syntax);
        return value;
    }

    private static IOperation TargetOf(IOperation target) => target is IDeclarationExpressionOperation { Expression: var declared } ? declared : target;

    private void AddTargets(IOperation written, List<DeconstructionTarget> targets)
    {
        IOperation target = TargetOf(written);
        if (target is ITupleOperation tuple)
        {
            foreach (IOperation element in tuple.Elements) AddTargets(element, targets);
            return;
        }
        int mark = _out.Count;
        var made = new DeconstructionTarget { IsFresh = IsFresh(written) };
        if (made.IsFresh || target is IDiscardOperation) { }
        else if (target is IPropertyReferenceOperation entry && DictionaryOf(entry) is { } map)
        {
            made.Map = map;
            made.Values = Operands(() => Lower(entry.Given()[0].Value));
        }
        else if (target is IPropertyReferenceOperation property && RunsSetter(property))
        {
            (Value receiver, Value[] arguments) = ReachedBy(property);
            made.Values = [receiver, .. arguments];
        }
        else made.Place = PlaceOf(target);
        if (_out.Count > mark) ProtectFrom(targets, 0, targets.Count, ref mark);
        targets.Add(made);
    }

    /// <summary>Saves what targets are reached by from the statements behind a mark.</summary>
    private void ProtectFrom(List<DeconstructionTarget> targets, int first, int end, ref int mark)
    {
        for (int i = first; i < end; i++)
        {
            DeconstructionTarget target = targets[i];
            if (target.Place is { } place) target.Place = Protect(place, ref mark);
            for (int k = 0; k < target.Values.Length; k++) target.Values[k] = Protect(target.Values[k], ref mark);
        }
    }

    private void AssignTargets(IOperation written, Value value, List<DeconstructionTarget> targets, ref int next, SyntaxNode syntax)
    {
        IOperation target = TargetOf(written);
        if (target is not ITupleOperation tuple)
        {
            DeconstructionTarget made = targets[next++];
            if (made.Map is { } map) SetEntry(map, made.Values[0], Kept(ConvertTo(value, target.Type)));
            else if (made.Values.Length > 0) SetProperty((IPropertyReferenceOperation)target, made.Values[0], [.. made.Values.Skip(1)], ConvertTo(value, target.Type), null);
            else if (made.IsFresh) DeclareFresh(written, value);
            else if (made.Place is { } place) Store(place, ConvertTo(value, target.Type), null, target);
            return;
        }
        Value[] pending = [.. Parts(value, tuple.Elements.Length, syntax)];
        // what is made for the first target is not made in it: the others may still read what it holds
        if (targets.Any(t => !t.IsFresh))
            foreach (Value part in pending) if (part is ExprValue or CompositeValue) Name(part);
        for (int i = 0; i < pending.Length; i++)
        {
            int mark = _out.Count;
            AssignTargets(tuple.Elements[i], pending[i], targets, ref next, syntax);
            if (_out.Count == mark) continue;
            for (int j = i + 1; j < pending.Length; j++) pending[j] = Protect(pending[j], ref mark);
            ProtectFrom(targets, next, targets.Count, ref mark);
        }
    }

    // (double a, var b) = …: element conversions int → double are implied
    private Value ConvertTo(Value value, ITypeSymbol? type)
    {
        if (type is null || value is not ExprValue { Expr: var e }) return value;
        IrType target = TypeOf(type);
        return !e.Type.Equals(target) && IsNumeric(e.Type, target) ? new ExprValue(new Ir.Convert(e, target)) : value;
    }

    private bool IsFresh(IOperation element) => element switch
    {
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation } => true,
        ILocalReferenceOperation { IsDeclaration: true } => true,
        _ => false,
    };

    private void DeclareFresh(IOperation element, Value value)
    {
        ILocalSymbol local = element is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation inner } ? inner.Local : ((ILocalReferenceOperation)element).Local;
        DeclareLocal(local, local.Type, ConvertTo(value, local.Type));
    }

    /// <summary>The types of key and value where a loop over entries takes them apart.</summary>
    private System.Collections.Immutable.ImmutableArray<ITypeSymbol>? PairType(SyntaxNode syntax) =>
        syntax.AncestorsAndSelf().OfType<CommonForEachStatementSyntax>().FirstOrDefault() is { } loop
            && Shared.Model(loop.SyntaxTree).GetForEachStatementInfo(loop).ElementType is { } element
            && Actual(element) is INamedTypeSymbol { Name: "KeyValuePair", Arity: 2 } pair ? pair.TypeArguments : null;

    /// <summary>The parts of what is deconstructed: a tuple's elements, or what its <c>Deconstruct</c> gives out.</summary>
    private IReadOnlyList<Value> Parts(Value value, int count, SyntaxNode syntax)
    {
        if (value is ExprValue { Expr: { Type: StructType s } e }) value = Split(e, session.Types.SymbolOf(s));
        ITypeSymbol? type = (value is ChoiceValue choice ? choice.Options[0] : value) switch { CompositeValue c => c.Type, ObjectValue o => o.Fields.Type, _ => null };
        if (value is CompositeValue { Type: INamedTypeSymbol { IsTupleType: true } or { Name: "KeyValuePair" } } tuple && tuple.Fields.Count == count) return [.. tuple.Fields.Select(f => f.Value)];
        if (value is ObjectValue { Fields: var items } && TypeMap.IsClassTuple(items.Type) && items.Fields.Count == count) return [.. items.Fields.Select(f => f.Value.Load())];
        if (count == 2 && value is ExprValue { Expr: { Type: PlainType { Name: var name } } pair } && name.StartsWith("global::System.Collections.Generic.KeyValuePair<", StringComparison.Ordinal) && PairType(syntax) is { } types)
            return [new ExprValue(new Opaque(["", ".Key"], [pair], TypeOf(types[0]), Purity.Pure)), new ExprValue(new Opaque(["", ".Value"], [pair], TypeOf(types[1]), Purity.Pure))];
        IMethodSymbol? method = null;
        for (ITypeSymbol? t = type; t is not null && method is null; t = t.BaseType) method = t.GetMembers("Deconstruct").OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.Length == count && !m.IsStatic);
        if (method is null && Extension(syntax, count) is { } extension)
        {
            var parts = new List<Place>();
            foreach (IParameterSymbol p in extension.Parameters.Skip(1)) parts.Add(NewPlace(p.Name, p.Type, null));
            Inline(extension, null, [], [ConvertTo(value, extension.Parameters[0].Type), .. parts.Select(p => (Value)new PlaceValue(p))], syntax);
            return [.. parts.Select(p => p.Load())];
        }
        if (method is null && OutsideParts(value, DeconstructOf(syntax), syntax) is { } outside) return outside;
        // what somebody else holds is asked by the class's own method
        if (method is null && value is ExprValue { Expr.Type: PlainType { Kind: PlainKind.Other } } && DeconstructOf(syntax) is { IsStatic: false } own && HasSource(own)) method = own;
        if (method is null) throw Unsupported("this deconstruction", "read the members one by one", syntax);
        while (method.OverriddenMethod is { } overridden) method = overridden;
        if (IsPositional(method)) return PositionalParts(method, value, syntax);
        var outs = new List<Place>();
        foreach (IParameterSymbol p in method.Parameters) outs.Add(NewPlace(p.Name, p.Type, null));
        Virtually(method, value, (actual, place) => Inline(actual, place, [], [.. outs.Select(p => (Value)new PlaceValue(p))], syntax), null);
        return [.. outs.Select(p => p.Load())];
    }

    /// <summary>The method that takes apart what an assignment or a loop deconstructs; null where it is a tuple's.</summary>
    private IMethodSymbol? DeconstructOf(SyntaxNode syntax) => syntax switch
    {
        AssignmentExpressionSyntax assignment => Shared.Model(syntax.SyntaxTree).GetDeconstructionInfo(assignment).Method,
        ForEachVariableStatementSyntax loop => Shared.Model(syntax.SyntaxTree).GetDeconstructionInfo(loop).Method,
        _ => null,
    };

    /// <summary>The extension that does so; null where it is none, or of another assembly.</summary>
    private IMethodSymbol? Extension(SyntaxNode syntax, int count) =>
        DeconstructOf(syntax) is { IsExtensionMethod: true } called && (called.ReducedFrom ?? called) is var method && method.Parameters.Length == count + 1 && HasSource(method) ? method : null;

    /// <summary>Whether a record's <c>Deconstruct</c> is the compiler's.</summary>
    private bool IsPositional(IMethodSymbol method) => method.Name == WellKnownMemberNames.DeconstructMethodName && (method.DeclaringSyntaxReferences.IsEmpty || session.Body(method) is null);

    /// <summary>The members of a positional record, by the parameters' names.</summary>
    private static Value[] PositionalParts(IMethodSymbol method, Value value, SyntaxNode syntax) =>
        [.. method.Parameters.Select(p => (PositionalMember(method.ContainingType, p.Name) is { } member ? MemberOf(value, TypeMap.KeyOf(member)) : null) ?? throw Unsupported("this deconstruction", "read the members one by one", syntax))];

    /// <summary>The members of a positional record that the caller holds: its own <c>Deconstruct</c> reads them, also those that it has from a base; null for anything else.</summary>
    private IReadOnlyList<Value>? OutsideParts(Value value, IMethodSymbol? method, SyntaxNode syntax)
    {
        if (value is not ExprValue { Expr: { Type: PlainType { Kind: PlainKind.Other } } whole } || method is not { ContainingType: { IsRecord: true } record } || !IsPositional(method)) return null;
        ISymbol?[] members = [.. method.Parameters.Select(p => PositionalMember(record, p.Name))];
        if (!members.All(m => m is not null && session.IsAccessible(m))) return null;
        Expr held = members.Length > 1 ? Named(whole, "record") : whole;
        return [.. members.Zip(method.Parameters, (m, p) => Whole(ExprOf(OpaqueMember(held, m!, TypeOf(p.Type), null, syntax)), Actual(p.Type)))];
    }

    /// <summary>The property or field that a positional parameter of a record is read from.</summary>
    private static ISymbol? PositionalMember(INamedTypeSymbol record, string name)
    {
        for (INamedTypeSymbol? t = record; t is not null; t = t.BaseType)
            if (t.GetMembers(name).FirstOrDefault(m => m is IPropertySymbol { GetMethod: not null } or IFieldSymbol) is { } member) return member;
        return null;
    }

    /// <summary><c>r.Deconstruct(out a, out b)</c>, called by its name.</summary>
    private Value? DeconstructCall(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        if (!method.ContainingType.IsRecord || !IsPositional(method) || receiver is not (CompositeValue or ObjectValue)) return null;
        Value[] parts = [.. PositionalParts(method, receiver, o.Syntax).Select(part => part.Map(e => Named(e, "part")))];
        Value[] places = ArgumentsOf(o.Arguments);
        for (int i = 0; i < places.Length; i++) Store(((PlaceValue)places[i]).Place, parts[o.Arguments[i].Parameter!.Ordinal], null);
        return VoidValue.Instance;
    }

    private static Value? MemberOf(Value value, string name) => value switch
    {
        CompositeValue c => c[name],
        ObjectValue o => o.Fields[name]?.Load(),
        _ => null,
    };
}

/// <summary>What one target of a deconstruction is reached by.</summary>
internal sealed class DeconstructionTarget
{
    /// <summary>Whether it is a variable that is declared there.</summary>
    public bool IsFresh { get; init; }

    public Place? Place { get; set; }

    /// <summary>The dictionary of which it is an entry.</summary>
    public CollectionValue? Map { get; set; }

    /// <summary>The key of an entry; the receiver and the arguments of a property that runs its setter.</summary>
    public Value[] Values { get; set; } = [];
}
