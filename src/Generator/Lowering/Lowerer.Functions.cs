using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Calls of functions that are not inlined.</summary>
internal sealed partial class Lowerer
{
    private Value CallFunction(IMethodSymbol method, IOperation body, Frame? lexical, Place? self, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site)
    {
        IMethodSymbol definition = method.Definition();
        if (self is ExprPlace { Target: { Type: StructType } whole } && definition.ContainingType.IsValueType && IsSplit(method.ContainingType))
        {
            // an element goes by its members, as a variable does; what the method changes goes back
            CompositeValue members = Split(whole, method.ContainingType);
            if (!ChangesItself(definition)) return CallFunction(method, body, lexical, new BoundPlace(members, -1), operations, arguments, site);
            Place copy = NewPlace("copy", method.ContainingType, members);
            Value given = CallFunction(method, body, lexical, copy, operations, arguments, site);
            StoreExpr(whole, copy.Load(), null);
            return given;
        }
        Substitution types = Substitution.Of(session.Compilation, method);
        if (lexical is not null) types = lexical.Types.With(types);
        // a struct that its method leaves as it is is one more number or two to pass
        if (self is CompositePlace { Number: null } variable && definition.ContainingType.IsValueType && lexical is null && !ChangesItself(definition)) self = new BoundPlace(variable.Load(), -1);
        (IArgumentOperation[] written, arguments) = ArgumentOrder.ByParameter(operations, arguments);
        IParameterSymbol ParameterOf(int i) => i < written.Length && written[i].Parameter is { } p ? definition.Parameters[p.Ordinal] : definition.Parameters[i];

        // what is known while lowering specialises the function; the receiver that is a local object or `this` does as well
        var statics = new object?[arguments.Length + 2];
        for (int i = 0; i < arguments.Length; i++)
            statics[i] = arguments[i] switch { FunctionValue or SequenceValue => arguments[i], ObjectValue o => o.Fields, _ => null };
        CompositePlace? room = self is CompositePlace { Number: not null } known ? known : null;
        Value? receiver = room is null ? self?.Load() : new ExprValue(room.Number!);
        statics[arguments.Length] = receiver switch { ObjectValue o => o.Fields, ExprValue { Expr: { } e } when self is BoundPlace && e is Read { Variable.Name: "this" } => e, _ => self is CompositePlace c && room is null ? c : null };
        statics[arguments.Length + 1] = lexical;
        // an array that goes by an interface's name is still the array
        string arrays = string.Concat(arguments.Select(a => a is ExprValue { Expr.Type: Ir.ArrayType } ? "a" : a is CollectionValue c ? TypeMap.Spell(c.Type) : "-"));
        string key = session.Functions.Rebound + ":" + (room is null ? "" : TypeMap.Spell(room.Type) + (room.IsExact ? "!" : "?")) + arrays + string.Join(";", method.TypeArguments.Concat(method.ContainingType?.TypeArguments ?? []).Select(t => TypeMap.Spell(types.Apply(t))));
        UnitFunction? function = session.Functions.Functions.FirstOrDefault(f => f.Matches(definition, key, statics));
        bool passReceiver = receiver is ExprValue && statics[arguments.Length] is null || receiver is CompositeValue && self is BoundPlace;

        if (function is null)
        {
            if (session.Functions.Refusal(definition, key, statics) is { } before) throw new Refused(before.Id, [.. before.Arguments]) { Node = before.Node };
            if (session.Functions.Functions.Count >= MaximalFunctions) throw new Refused(DiagnosticIds.TooComplex, "the functions called from here") { Node = site };
            function = new UnitFunction(session.Names.Fresh(NameOf(definition)), definition, types, statics) { TypeKey = key };
            int first = session.Functions.Functions.Count;
            session.Functions.Functions.Add(function);
            try
            {
                Define(function, definition, body, lexical, self, receiver, passReceiver, arguments, ParameterOf, site);
            }
            catch (Refused refused)
            {
                session.Functions.Abandon(first, refused);
                throw;
            }
        }

        // the call: arguments in the order of the parameters that Define made
        var actual = new List<Expr>();
        var back = new List<(Expr Place, Variable Value)>();
        if (passReceiver) Flatten(receiver!, actual);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (statics[i] is not null) continue;
            ITypeSymbol type = types.Apply(ParameterOf(i).Type);
            if (arguments[i] is PlaceValue place) Refer(place.Place, ParameterOf(i), actual, back);
            else if (arguments[i] is CollectionValue collection) actual.AddRange(collection.References ?? throw Unsupported("a queue that is passed to a function", "use a list", site));
            else Flatten(Prepared(arguments[i], type), actual, type);
        }
        var results = new List<Variable>();
        Place? result = definition.ReturnsVoid ? null : WithTypes(types, () => ResultPlace(definition.ReturnType, ResultName(definition), results, isEntry: false));
        foreach (Variable v in results)
        {
            _temporaries.Add(v);
            Emit(new Declare(v, null));
        }
        bool captures = statics.Any(known => known is not (null or Expr or FunctionValue { Captured: null, Receiver: null }));
        Emit(new Call(function.Name, actual.ToEquatable(), results.Select(v => (Expr)new Read(v)).ToEquatable()) { IsOpen = captures });
        foreach ((Expr place, Variable value) in back) StoreExpr(place, new ExprValue(new Read(value)), null);
        return result?.Load() ?? VoidValue.Instance;
    }

    // members that have no name of their own are called by what they do; an explicit implementation's name ends behind its interface
    private static string NameOf(IMethodSymbol method)
    {
        string name = method.MethodKind switch
        {
            MethodKind.Constructor => "New" + method.ContainingType.Name,
            MethodKind.AnonymousFunction => "Lambda",
            MethodKind.Conversion or MethodKind.UserDefinedOperator => method.Name.Substring(method.Name.IndexOf('_') + 1),
            _ => method.AssociatedSymbol?.MetadataName ?? method.Name,
        };
        return name.Substring(name.LastIndexOf('.') + 1);
    }

    /// <summary>An argument by reference: a variable itself; of an element or member a copy, that goes back when the call has returned.</summary>
    private void Refer(Place place, IParameterSymbol parameter, List<Expr> actual, List<(Expr Place, Variable Value)> back)
    {
        var targets = new List<Expr>();
        FlattenPlace(place, targets);
        foreach (Expr target in targets)
        {
            if (target is Read)
            {
                actual.Add(target);
                continue;
            }
            Variable copy = Local(parameter.Name, target.Type);
            Emit(new Declare(copy, parameter.RefKind == RefKind.Out ? null : target));
            actual.Add(new Read(copy));
            if (parameter.RefKind is RefKind.Ref or RefKind.Out) back.Add((target, copy));
        }
    }

    /// <summary>
    /// Whether an element or member that is passed by reference may be reached by another way as well, through another argument, the receiver or what a local
    /// function captures: then its copy would not do.
    /// </summary>
    private bool ReachesTwice(Value[] arguments, bool seesMore)
    {
        // one variable under two names: what is written by the one is read by the other
        List<Variable> given = [.. arguments.OfType<PlaceValue>().SelectMany(PlacesOf).OfType<Read>().Select(r => r.Variable)];
        if (given.Count != given.Distinct().Count()) return true;
        var roots = new List<(Variable? Root, bool IsPart)>();
        foreach (Value argument in arguments)
            (argument is PlaceValue reference ? reference.Place.Load() : argument).Map(e =>
            {
                bool part = argument is PlaceValue && e is not Read;
                if (part || e.Type.IsReference) roots.Add((Storage(e), part));
                return e;
            });
        return roots.Where((r, i) => r.IsPart && (seesMore || r.Root is null || roots.Where((other, j) => i != j && (other.Root is null || other.Root == r.Root)).Any())).Any();
    }

    private List<Expr> PlacesOf(PlaceValue reference)
    {
        var places = new List<Expr>();
        FlattenPlace(reference.Place, places);
        return places;
    }

    /// <summary>The variable whose array or object a place is a part of, whatever other names lead there; null where that is not known.</summary>
    private Variable? Storage(Expr place)
    {
        Variable? root = place.Root();
        while (root is not null && _views.TryGetValue(root, out Expr? seen)) root = seen.Root();
        return root;
    }

    /// <summary>Refuses calls that give one variable by reference under two names, of which one may be that by which the function has captured it: their adjoints are one, too.</summary>
    private void ReportSharedReferences(Unit unit)
    {
        Dictionary<string, Function> functions = unit.Callees.ToDictionary(f => f.Name, StringComparer.Ordinal);
        Dictionary<string, int> own = session.Functions.Functions.ToDictionary(f => f.Name, f => f.Function!.Parameters.Count, StringComparer.Ordinal);
        foreach (Call call in unit.Callees.Prepend(unit.Entry).SelectMany(f => f.Body.All()).OfType<Call>())
        {
            if (!functions.TryGetValue(call.Function, out Function? callee)) continue;
            bool ByReference(int i) => i < callee.Parameters.Count && callee.Parameters[i].Passing is Passing.Ref or Passing.Out;
            for (int i = 0; i < call.Arguments.Count; i++)
                for (int j = 0; j < call.Arguments.Count; j++)
                    if (i != j && ByReference(i) && (ByReference(j) || j >= own[call.Function]) && call.Arguments[i] is Read { Variable: var given } && call.Arguments[j] is Read { Variable: var again } && given == again)
                    {
                        session.Report(DiagnosticIds.UnsupportedConstruct, ["a variable that a recursive function is given by reference and knows by another name as well", "give it a copy"], call.Site);
                        return;
                    }
        }
    }

    private T WithTypes<T>(Substitution types, Func<T> make)
    {
        Frame outer = _frame;
        _frame = new Frame(outer.Method, outer, types) { Caller = outer.Caller, Depth = outer.Depth };
        try { return make(); }
        finally { _frame = outer; }
    }

    private void Define(
        UnitFunction function, IMethodSymbol definition, IOperation body, Frame? lexical, Place? self, Value? receiver, bool passReceiver,
        Value[] arguments, Func<int, IParameterSymbol> parameterOf, SyntaxNode site)
    {
        var label = new Label(Function.ReturnLabel);
        var returns = new ReturnTarget { Label = label };
        var frame = new Frame(definition, lexical, function.Types)
        {
            Caller = _frame, Depth = _frame.Depth + 1, This = self ?? lexical?.FindThis(), Return = returns, Body = body, Written = Writes.In(body),
        };
        CheckDepth(frame, site);
        (Frame outer, SyntaxNode? statement, string source, Site at) = (_frame, _statement, _source, _site);
        _frame = frame;
        var opening = new List<Stmt>();
        try
        {
            if (self is CompositePlace { Number: not null } room)
            {
                Variable number = Local("self", PlainType.Int);
                function.Parameters.Add(new Parameter(number, Passing.Value, true));
                frame.This = Room((INamedTypeSymbol)room.Type, (INamedTypeSymbol)room.Type, "", new Read(number), room.IsExact);
            }
            else if (passReceiver) frame.This = ParameterPlace("self", receiver is CompositeValue c ? c.Type : definition.ContainingType, Passing.Value, function.Parameters, false);
            for (int i = 0; i < arguments.Length; i++)
            {
                IParameterSymbol p = parameterOf(i);
                if (arguments[i] is FunctionValue or SequenceValue or ObjectValue) { frame.Bind(p, new BoundPlace(arguments[i], -1)); continue; }
                if (arguments[i] is CollectionValue collection)
                {
                    Value given = collection.Map(e =>
                    {
                        Variable part = Local(p.Name, e.Type);
                        function.Parameters.Add(new Parameter(part, Passing.Value, !e.Type.CarriesDerivative));
                        return new Read(part);
                    });
                    if (frame.Written.Contains(p)) opening.AddRange(Into(() => frame.Bind(p, NewCollectionPlace(p.Name, collection.Type, (CollectionValue)given)!)));
                    else frame.Bind(p, new BoundPlace(given, -1));
                    continue;
                }
                Passing passing = arguments[i] is not PlaceValue ? Passing.Value : p.RefKind == RefKind.Out ? Passing.Out : Passing.Ref;
                bool constant = TypeMap.HasAttribute(p, "NoDerivativeAttribute");
                if (arguments[i] is ExprValue { Expr.Type: Ir.ArrayType array } && passing == Passing.Value && !frame.Written.Contains(p) && TypeOf(p.Type) is ListType or PlainType { Kind: PlainKind.Other } && p.Type.TypeKind == TypeKind.Interface)
                {
                    Variable items = Local(p.Name, array);
                    function.Parameters.Add(new Parameter(items, passing, constant || !array.CarriesDerivative));
                    frame.Bind(p, new ExprPlace(new Read(items)));
                    continue;
                }
                Place place = ParameterPlace(p.Name, Actual(p.Type), passing, function.Parameters, constant);
                if (passing == Passing.Value) opening.AddRange(Into(() => place = NewWindow(p, p.Type, place.Load(), null) ?? place));
                frame.Bind(p, place);
            }
            if (!definition.ReturnsVoid) returns.Result = ResultPlace(definition.ReturnType, "result", function.Results, isEntry: false);
            List<Stmt> statements = Into(() => Body(body));
            if (label.Used) statements = Exits.Simplify(statements, label);
            if (label.Used) statements = [new Labelled(label.Name, BlockOf(statements))];
            function.Function = new Function(function.Name, function.Parameters.ToEquatable(), function.Results.ToEquatable(), BlockOf([.. opening, .. statements]));
        }
        catch (Refused)
        {
            LearnOf(body);
            throw;
        }
        finally
        {
            _frame = outer;
            (_statement, _source, _site) = (statement, source, at);
        }
    }

    private Place ParameterPlace(string name, ITypeSymbol type, Passing passing, List<Parameter> parameters, bool constant)
    {
        if (IsSplit(type))
        {
            var actual = (INamedTypeSymbol)Actual(type);
            var place = new CompositePlace(actual);
            foreach ((string field, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields(actual))
                place.Add(field, ParameterPlace(Join(name, Spelled(member, field).TrimStart('@')), fieldType, passing, parameters, constant || TypeMap.HasAttribute(member, "NoDerivativeAttribute")));
            return place;
        }
        IrType ir = MemoryElement(type) is { } m ? new SpanType(TypeOf(m.Element), m.ReadOnly) : TypeOf(type);
        Variable variable = Local(name, ir);
        parameters.Add(new Parameter(variable, passing, constant || !ir.CarriesDerivative));
        return new ExprPlace(new Read(variable));
    }

    private void Flatten(Value value, List<Expr> into, ITypeSymbol? type = null)
    {
        if (value is ExprValue { Expr: { } whole } && type is not null && IsSplit(type)) value = Split(whole, (INamedTypeSymbol)Actual(type));
        if (value is CompositeValue c)
        {
            foreach (KeyValuePair<string, Value> field in c.Fields)
                if (field.Key[0] != '(') Flatten(field.Value, into);
        }
        else
        {
            Expr e = ExprOf(value);
            into.Add(type is not null ? Retype(e, TypeOf(type)) : e);
        }
    }

    private void FlattenPlace(Place place, List<Expr> into)
    {
        switch (place)
        {
            case CompositePlace c:
                foreach (KeyValuePair<string, Place> field in c.Fields) FlattenPlace(field.Value, into);
                break;
            case ExprPlace { Target: { Type: StructType s } target }: FlattenPlace(StructPlace(session.Types.SymbolOf(s), target), into); break;
            case ExprPlace e: into.Add(e.Target); break;
            case BoundPlace { Value: CompositeValue parts }: Flatten(parts, into); break;
            default: into.Add(ExprOf(place.Load())); break;
        }
    }
}
