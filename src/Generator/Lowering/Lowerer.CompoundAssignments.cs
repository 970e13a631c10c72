using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Compound assignments and increments.</summary>
internal sealed partial class Lowerer
{
    private Value Compound(ICompoundAssignmentOperation o, bool discard)
    {
        if (o.Target is IEventReferenceOperation) return LowerVerbatim(o);
        if (o.Target is IPropertyReferenceOperation property && RunsSetter(property)) return CompoundProperty(o, property, discard);
        if (o.OperatorMethod is { IsStatic: false } own && HasSource(own) && o.Target.Type is { } owner)
        {
            // C# 14: an operator that changes its left operand in place
            Value[] operands = Operands(() => owner.IsReferenceType ? Lower(o.Target) : new PlaceValue(Once(PlaceOf(o.Target))), () => Lower(o.Value));
            return InPlace(own, operands[0], [operands[1]], o.Syntax);
        }
        Place place = PlaceOf(o.Target);
        if (place is ChoicePlace chosen && o.Target is ILocalReferenceOperation) return Either(chosen, o.Target, () => Compound(o, discard));
        if (place is ExprPlace { Target: ElementAt or FieldOf } or ComponentPlace) place = Once(place);
        if (place is BoundPlace { Region: < 0 }) throw new Refused(DiagnosticIds.StateWritten, o.Target.Syntax.ToString());
        Value old = Again(place);
        if (!o.IsLifted && o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user)
        {
            Value result = InvokeOperator(user, [() => old, () => Lower(o.Value)], o);
            Store(place, result, o.Value, o.Target);
            return place.Load();
        }
        if (old is ExprValue { Expr: { Type: StructType { IsNullable: true } } kept }) old = Whole(kept, null);
        if (old is CompositeValue || old is not ExprValue) return CompoundLifted(o, place, old);
        Expr current = ExprOf(old);
        int mark = _out.Count;
        Value operand = Lower(o.Value);
        Value before = old;
        if (_out.Count > mark)
        {
            int at = mark;
            before = Protect(old, ref at);
            place = Protect(place, ref at);
        }
        Expr value = ExprOf(operand);
        bool plain = o.InConversion.IsIdentity && o.OutConversion.IsIdentity;
        IrType type = current.Type;
        bool unchanged = before is ExprValue b && b.Expr.Equals(((ExprValue)place.Load()).Expr);
        Expr? target = (place as ExprPlace)?.Target;
        if (plain && unchanged && target is not null && (target.Root() is not null || !type.CarriesDerivative) && target is not Opaque && type is ScalarType or VectorType && value.Type.Equals(type)
            && o.OperatorKind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract)
        {
            Emit(new AddTo(target, o.OperatorKind == BinaryOperatorKind.Add ? value : new Unary(UnaryOperator.Negate, value)));
            return place.Load();
        }
        Expr left = ExprOf(before);
        IrType working = o.OperatorKind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift
            ? Promoted(type) : WorkingType(type, value.Type);
        if (!left.Type.Equals(working) && IsNumeric(left.Type, working)) left = new Ir.Convert(left, working);
        if (o.Type?.SpecialType == SpecialType.System_String || type is PlainType { Kind: PlainKind.Other })
        {
            if (target is null) throw Unsupported("a choice between references", "choose the index or the value instead", o.Syntax);
            Emit(new Evaluate(new Opaque([.. Inner(target, Text(OperatorOf(o.OperatorKind, false)!.Value) + "= ")], [.. Holes(target), value], type, Purity.Effects,
                target.Root() is { } written ? [written] : []) { Stores = target is Opaque outside ? FieldName(outside) : "" }));
            return place.Load();
        }
        Expr sum = MakeBinary(o.OperatorKind, left, value, working, o.IsChecked, o.Syntax);
        if (!working.Equals(type) && IsNumeric(working, type)) sum = new Ir.Convert(sum, type);
        if (!discard && IsOutside(place)) sum = Named(sum, "value");
        Store(place, new ExprValue(sum), o.Value, o.Target);
        return IsOutside(place) ? new ExprValue(sum) : place.Load();
    }

    private static IEnumerable<string> Inner(Expr target, string op) =>
        target is Opaque o ? [.. o.Pieces.Take(o.Pieces.Count - 1), o.Pieces[o.Pieces.Count - 1] + " " + op, ""] : ["", " " + op, ""];

    private static IEnumerable<Expr> Holes(Expr target) => target is Opaque o ? o.Holes : [target];

    /// <summary>The type in which C# computes <c>a op b</c> for built-in numbers.</summary>
    private static IrType WorkingType(IrType a, IrType b)
    {
        if (a is ScalarType or VectorType || b is ScalarType or VectorType)
            return a is VectorType ? a : b is VectorType ? b : a.Equals(ScalarType.Double) || b.Equals(ScalarType.Double) ? ScalarType.Double : a is ScalarType ? a : b;
        if (a.Equals(PlainType.Bool)) return a;
        return Promoted(a) is var p && p.CSharp == "int" ? Promoted(b) : p;
    }

    private static IrType Promoted(IrType type) => type.CSharp is "byte" or "sbyte" or "short" or "ushort" or "char" ? PlainType.Int : type;

    /// <summary>A place whose index has no effects may be named twice; a costly or opaque one is evaluated once.</summary>
    private Place Once(Place place) => place.Map(e => e is Constant or Read || e.Type.IsReference && e is ElementAt or FieldOf || e.All().All(x => x is Constant or Read or Binary or LengthOf)
        ? e : Named(e, e.Type.IsReference ? "row" : "at"));

    private Value CompoundProperty(ICompoundAssignmentOperation o, IPropertyReferenceOperation property, bool discard)
    {
        (Value receiver, Value[] arguments) = ReachedBy(property);
        Value old = ValueBefore(property, receiver, arguments);
        Value result;
        int mark = _out.Count;
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user)
        {
            result = o.IsLifted ? LiftedOperator(user, Operands(() => old, () => Lower(o.Value)), null, o) : InvokeOperator(user, [() => old, () => Lower(o.Value)], o);
        }
        else
        {
            Value[] operands = Operands(() => old, () => Lower(o.Value));
            (Expr left, Expr right) = (ExprOf(operands[0]), ExprOf(operands[1]));
            IrType type = left.Type, working = WorkingType(type, right.Type);
            if (!left.Type.Equals(working) && IsNumeric(left.Type, working)) left = new Ir.Convert(left, working);
            Expr sum = MakeBinary(o.OperatorKind, left, right, working, o.IsChecked, o.Syntax);
            result = new ExprValue(working.Equals(type) ? sum : new Ir.Convert(sum, type));
        }
        // what the property is reached by is that of before
        if (_out.Count > mark)
        {
            receiver = Protect(receiver, ref mark);
            arguments = [.. arguments.Select(a => Protect(a, ref mark))];
        }
        // the value of the assignment is what the setter is given
        if (!discard) result = result.Map(e => Saved(e, "assigned"));
        SetProperty(property, receiver, arguments, result, null);
        return result;
    }

    /// <summary>The receiver of a property and its arguments, by the parameters: evaluated once, in the order in which they are written.</summary>
    private (Value Receiver, Value[] Arguments) ReachedBy(IPropertyReferenceOperation o)
    {
        Value[] values = Operands([() => StructOrReceiver(o.Instance), .. o.Arguments.Select(a => (Func<Value>)(() => Lower(a.Value).Map(e => Named(e, "at"))))]);
        return (values[0], [.. o.Given().Select(a => values[1 + o.Arguments.IndexOf(a)])]);
    }

    /// <summary>What a setter works on: a struct by its place, where finding that has effects or takes an index.</summary>
    private Value StructOrReceiver(IOperation? instance) => StructPlace(instance) ?? ReceiverOf(instance);

    /// <summary>The place of a struct that is found by what has effects, or by an index: found once; null for others.</summary>
    private PlaceValue? StructPlace(IOperation? instance) => instance?.Type is { } type && Actual(type).IsValueType && IsPlace(instance)
        && instance.DescendantsAndSelf().Any(d => d is IArrayElementReferenceOperation or IInvocationOperation || d is IPropertyReferenceOperation { Property: var p } && (p.ReturnsByRef || HasEffects(p)))
            ? new PlaceValue(Once(PlaceOf(instance))) : null;

    /// <summary>Runs an operator that changes what it is applied to, a struct by its place; gives what that is then.</summary>
    private Value InPlace(IMethodSymbol method, Value target, Value[] arguments, SyntaxNode site)
    {
        if (target is not PlaceValue { Place: var place })
        {
            Virtually(method, target, (actual, self) => Inline(actual, self, [], arguments, site), null);
            return target;
        }
        Inline(Override(method, place.Load()), place, [], arguments, site);
        return place.Load();
    }

    // ---- ++ and --

    private Value Step(IIncrementOrDecrementOperation o, bool wanted)
    {
        bool up = o.Kind == OperationKind.Increment;
        if (o.Target is IPropertyReferenceOperation property && RunsSetter(property))
        {
            (Value receiver, Value[] arguments) = ReachedBy(property);
            Expr was = Saved(ExprOf(ValueBefore(property, receiver, arguments)), "old");
            Expr next = Stepped(was, up, o);
            if (wanted && !o.IsPostfix) next = Saved(next, "assigned");
            SetProperty(property, receiver, arguments, new ExprValue(next), null);
            return new ExprValue(o.IsPostfix ? was : next);
        }
        if (o.OperatorMethod is { IsStatic: false } own && HasSource(own) && o.Target.Type is { } owner)
        {
            // C# 14: an operator that changes its operand in place
            return InPlace(own, owner.IsReferenceType ? Lower(o.Target) : new PlaceValue(Once(PlaceOf(o.Target))), [], o.Syntax);
        }
        Place place = PlaceOf(o.Target);
        if (place is ExprPlace { Target: ElementAt or FieldOf } or ComponentPlace) place = Once(place);
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user)
        {
            Value before = place.Load();
            if (wanted && o.IsPostfix) before = before.Map(e => Saved(e, "old"));
            Store(place, o.IsLifted ? LiftedOperator(user, [before], null, o) : InvokeOperator(user, [() => before], o), o, o.Target);
            return o.IsPostfix ? before : place.Load();
        }
        if (place.Load() is CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } perhaps)
        {
            if (wanted && o.IsPostfix) perhaps = (CompositeValue)perhaps.Map(e => Saved(e, "old"));
            Store(place, new CompositeValue(perhaps.Type, [new("HasValue", perhaps["HasValue"]!), new("Value", new ExprValue(Stepped(ExprOf(perhaps["Value"]!), up, o)))]), o, o.Target);
            return o.IsPostfix ? perhaps : place.Load();
        }
        Expr old = ExprOf(wanted ? Again(place) : place.Load());
        if (old is Opaque field && !(wanted && old.Type is ScalarType))
        {
            // a counter in a field or static
            string[] pieces = [.. field.Pieces];
            string sign = up ? "++" : "--";
            if (o.IsPostfix) pieces[pieces.Length - 1] += sign;
            else pieces[0] = sign + pieces[0];
            return Operand(new Opaque(new EquatableArray<string>(pieces), field.Holes, field.ResultType, Purity.Effects, default, Lost(DiagnosticIds.StateWritten, o.Syntax, o.Target.Syntax.ToString())) { Stores = FieldName(field) });
        }
        if (wanted && o.IsPostfix) old = Saved(old, old is Read r ? r.Variable.Name : "old");
        if (place is ExprPlace { Target: { Type: ScalarType } target } && target is not Opaque && target.Root() is not null && !(wanted && o.IsPostfix))
        {
            Constant one = One(target.Type);
            Emit(new AddTo(target, up ? one : new Unary(UnaryOperator.Negate, one)));
            return place.Load();
        }
        Expr stepped = Stepped(old, up, o);
        if (wanted && IsOutside(place)) stepped = Named(stepped, "value");
        Store(place, new ExprValue(stepped), o, o.Target);
        return wanted && o.IsPostfix ? new ExprValue(old) : IsOutside(place) ? new ExprValue(stepped) : place.Load();
    }

    private Expr Stepped(Expr old, bool up, IIncrementOrDecrementOperation o)
    {
        if (old.Type is PlainType { Kind: PlainKind.Integer } integer)
        {
            IrType working = Promoted(integer);
            Expr left = working.Equals(old.Type) ? old : new Ir.Convert(old, working);
            Expr sum = MakeBinary(up ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract, left, IntConstant(1), working, o.IsChecked, o.Syntax);
            return working.Equals(old.Type) ? sum : new Ir.Convert(sum, old.Type);
        }
        return MakeBinary(up ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract, old, One(old.Type), old.Type, o.IsChecked, o.Syntax);
    }

    private static Constant One(IrType type) => type switch
    {
        ScalarType { Kind: ScalarKind.Double } => new Constant(type, "1.0", 1),
        ScalarType { Kind: ScalarKind.Single } => new Constant(type, "1f", 1),
        ScalarType s => new Constant(type, s.Name + ".One", 1),
        _ => new Constant(type, "1", 1),
    };
}
