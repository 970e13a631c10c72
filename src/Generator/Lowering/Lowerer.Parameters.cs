using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>What the parameters of a method that is lowered in place stand for: the arguments themselves where nothing changes them meanwhile, else variables.</summary>
internal sealed partial class Lowerer
{
    private void BindParameters(Frame frame, IMethodSymbol method, IEnumerable<IArgumentOperation> operations, Value[] arguments)
    {
        IArgumentOperation[] written = [.. operations];
        bool stable = !arguments.Any(a => a is PlaceValue or FunctionValue { Body: not null }) && !frame.Written.Any(w => !IsOwn(w, method));
        bool outlives = stable && Outlives(method, frame.Body);
        HashSet<Variable> changing = stable ? Changing(frame, method, arguments) : [];
        for (int i = 0; i < arguments.Length; i++)
        {
            IParameterSymbol parameter = i < written.Length && written[i].Parameter is { } p
                ? method.Parameters[p.Ordinal]
                : method.Parameters[i];
            Value value = arguments[i];
            if (value is PlaceValue reference)
            {
                frame.Bind(parameter, reference.Place);
                continue;
            }
            if (frame.Types.Apply(parameter.Type).SpecialType == SpecialType.System_Object) value = AsObject(value);
            bool assigned = frame.Written.Contains(parameter);
            if (value is IndexValue or RangeValue) value = SettledPosition(value);
            if (value is CollectionValue collection && !assigned) value = OfNow(collection);
            if (!assigned && (value is FunctionValue or SequenceValue or ObjectValue or ChoiceValue or CollectionValue or IndexValue or RangeValue or ExprValue { Expr: Constant } || stable && IsTrivial(value, changing) && !(outlives && MayChangeLater(value))))
            {
                if (value is ExprValue or CompositeValue && IsNamedAgain(frame.Body, parameter)) Name(value);
                frame.Bind(parameter, new BoundPlace(value, -1));
                continue;
            }
            ITypeSymbol type = frame.Types.Apply(parameter.Type);
            Frame inner = _frame;
            _frame = frame;
            try
            {
                Value given = Prepared(value, type);
                frame.Bind(parameter, NewWindow(parameter, type, given, null) ?? NewPlace(parameter.Name, type, given, assigned));
            }
            finally { _frame = inner; }
        }
    }

    // a temporary that a parameter is another name of stays, also when a variable is given it meanwhile
    private void Name(Value value) => value.Map(e =>
    {
        if (e is Read { Variable: var temporary } && _temporaries.Contains(temporary)) _named.Add(temporary);
        return e;
    });

    private static bool IsNamedAgain(IOperation? body, IParameterSymbol parameter) =>
        body is null || body.Descendants().OfType<IParameterReferenceOperation>().Where(p => SymbolEqualityComparer.Default.Equals(p.Parameter.OriginalDefinition, parameter.OriginalDefinition)).Skip(1).Any();

    // an array given for a span parameter is seen as a span
    private Value Prepared(Value value, ITypeSymbol type) =>
        value is ExprValue { Expr: { Type: Ir.ArrayType } e } && session.Types.Map(type) is SpanType span ? new ExprValue(ToSpan(e, span))
        : value;

    /// <summary>An object under the name of <c>object</c>: it may be asked whether it is of classes that its own name rules out.</summary>
    private Value AsObject(Value value) =>
        value is ExprValue { Expr: { Type: PlainType { Kind: PlainKind.Other } known } o } && known.CSharp.TrimEnd('?') != "object" && !IsNull(o)
            ? new ExprValue(new Opaque(["((object)", ")"], [o], session.Types.Map(session.Compilation.ObjectType), Purity.Pure)) : value;

    private static bool IsOwn(ISymbol symbol, IMethodSymbol method)
    {
        for (ISymbol? owner = symbol.ContainingSymbol; owner is not null; owner = owner.ContainingSymbol)
            if (SymbolEqualityComparer.Default.Equals(owner.OriginalDefinition, method.OriginalDefinition)) return true;
        return false;
    }

    private static bool IsTrivial(Value value, HashSet<Variable> changing) => value switch
    {
        ExprValue { Expr: Constant } => true,
        ExprValue { Expr: Read { Variable: var v } } => !changing.Contains(v),
        CompositeValue c => c.Fields.All(f => IsTrivial(f.Value, changing)),
        _ => false,
    };

    /// <summary>The variables among arguments that the method may change while it runs: members of an object or struct that it reaches as well, variables that a local function has captured.</summary>
    private HashSet<Variable> Changing(Frame frame, IMethodSymbol method, Value[] arguments)
    {
        var read = new HashSet<Variable>();
        foreach (Value argument in arguments)
            if (argument is ExprValue or CompositeValue) argument.Map(e => { if (e is Read { Variable: var v }) read.Add(v); return e; });
        if (read.Count == 0 || frame.Body is { } body && !session.MayChangeOutside(method, body)) return [];
        var reached = new HashSet<Variable>();
        var seen = new HashSet<object>();
        for (Frame? around = frame; around is not null; around = around.Lexical)
        {
            Reach(around.This);
            foreach (KeyValuePair<ISymbol, Place> name in around.Places) Reach(name.Value);
        }
        foreach (Value argument in arguments) ReachValue(argument);
        read.IntersectWith(reached);
        return read;

        void Reach(Place? place)
        {
            if (place is null || !seen.Add(place)) return;
            switch (place)
            {
                case CompositePlace whole: foreach (KeyValuePair<string, Place> field in whole.Fields) Reach(field.Value); break;
                case BoundPlace bound: ReachValue(bound.Value); break;
                case ChoicePlace choice: Reach(choice.First); Reach(choice.Second); break;
                case ExprPlace { Target: var target }: if (target.Root() is { } v) reached.Add(v); break;
                default: reached.UnionWith(read); break;
            }
        }

        void ReachValue(Value? value)
        {
            if (value is null || !seen.Add(value)) return;
            switch (value)
            {
                case ObjectValue o: Reach(o.Fields); break;
                case ChoiceValue choice: foreach (Value option in choice.Options) ReachValue(option); break;
                case TableValue table: foreach (Value element in table.Elements) ReachValue(element); break;
                case CompositeValue c: foreach (KeyValuePair<string, Value> field in c.Fields) ReachValue(field.Value); break;
                case FunctionValue f:
                    ReachValue(f.Receiver);
                    for (Frame? around = f.Captured; around is not null; around = around.Lexical)
                    {
                        Reach(around.This);
                        foreach (KeyValuePair<ISymbol, Place> name in around.Places) Reach(name.Value);
                    }
                    break;
                case ExprValue or VoidValue or CollectionValue or IndexValue or RangeValue: break;
                default: reached.UnionWith(read); break;
            }
        }
    }

    /// <summary>Whether something that a method makes may read its parameters when it has returned: a lambda, a query, the steps of an iterator.</summary>
    private bool Outlives(IMethodSymbol method, IOperation? body)
    {
        if (body is null || !(MayHold(method.ReturnType) || method.Parameters.Any(p => p.RefKind is RefKind.Ref or RefKind.Out && MayHold(p.Type)) || session.MayChangeOutside(method, body))) return false;
        return body.Descendants().Any(o => o is IAnonymousFunctionOperation or IMethodReferenceOperation || o is IInvocationOperation { Type: { } made } && IsSequenceType(made));

        static bool MayHold(ITypeSymbol type) => type switch
        {
            { SpecialType: SpecialType.System_Void or SpecialType.System_String } => false,
            IArrayTypeSymbol array => MayHold(array.ElementType),
            INamedTypeSymbol { TypeKind: TypeKind.Delegate or TypeKind.Interface } => true,
            INamedTypeSymbol { TypeArguments.Length: > 0 } generic when generic.DeclaringSyntaxReferences.IsEmpty => generic.TypeArguments.Any(MayHold),
            _ => type is not INamedTypeSymbol { IsValueType: true, DeclaringSyntaxReferences.IsEmpty: true },
        };
    }

    /// <summary>A value that is looked at later on, as it is now.</summary>
    private Value Settled(Value value) => MayChangeLater(value) ? value.Map(e => Saved(e, e is Read { Variable.Name: var name } ? name : "t")) : value.Map(e => Named(e, "t"));

    private Value SettledPosition(Value position) => position.Map(e => e is Read { Variable: var v } && MayChangeLater(v) ? Saved(e, v.Name) : Named(e, "at"));

    /// <summary>Whether what a value is read from may be assigned: a variable that somebody writes, a member.</summary>
    private bool MayChangeLater(Value value)
    {
        if (value is not (ExprValue or CompositeValue)) return false;
        bool changes = false;
        value.Map(e =>
        {
            changes |= e is Read { Variable: var v } && MayChangeLater(v);
            return e;
        });
        return changes;
    }

    private bool MayChangeLater(Variable v)
    {
        var seen = new HashSet<object>();
        var open = new Queue<Frame>([_frame]);
        while (open.Count > 0)
        {
            Frame frame = open.Dequeue();
            if (!seen.Add(frame)) continue;
            foreach (KeyValuePair<ISymbol, Place> name in frame.Places)
                if (name.Value is ExprPlace { Target: Read { Variable: var own } })
                {
                    if (own == v && frame.IsWritten(name.Key)) return true;
                }
                else if (Holds(name.Value)) return true;
            if (frame.This is { } self && Holds(self)) return true;
            if (frame.Caller is { } caller) open.Enqueue(caller);
            if (frame.Lexical is { } lexical) open.Enqueue(lexical);
        }
        return false;

        bool Holds(Place place) => seen.Add(place) && place switch
        {
            CompositePlace whole => whole.Fields.Any(f => f.Value is ExprPlace { Target: Read { Variable: var member } } ? member == v : Holds(f.Value)),
            BoundPlace { Value: ObjectValue o } => Holds(o.Fields),
            BoundPlace { Value: TableValue table } => table.Elements.Any(e => e is ObjectValue o && Holds(o.Fields)),
            BoundPlace { Value: ChoiceValue choice } => choice.Options.Any(e => e is ObjectValue o && Holds(o.Fields)),
            _ => false,
        };
    }
}
