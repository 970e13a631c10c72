using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Assignments: places, compound forms, increments, deconstruction.</summary>
internal sealed partial class Lowerer
{
    /// <summary>The place that an expression denotes; its indices are evaluated now.</summary>
    private Place PlaceOf(IOperation o)
    {
        switch (o)
        {
            case ILocalReferenceOperation local:
                return _frame.Find(local.Local) ?? DeclareLocal(local.Local, local.Local.Type, null);
            case IParameterReferenceOperation parameter:
                return _frame.Find(parameter.Parameter) ?? Captured(parameter.Parameter) ?? throw Unsupported($"the parameter {parameter.Parameter.Name} here", "use a local", o.Syntax);
            case IParenthesizedOperation p: return PlaceOf(p.Operand);
            case IConversionOperation { IsImplicit: true, Conversion.IsIdentity: true } c: return PlaceOf(c.Operand);
            case IInstanceReferenceOperation self: return ThisPlace(self);
            // declared anew each time: the body of a loop over known objects is lowered once for each of them
            case IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { IsDeclaration: true } fresh }: return DeclareLocal(fresh.Local, fresh.Local.Type, null);
            case IDeclarationExpressionOperation d: return PlaceOf(d.Expression);
            case IFieldReferenceOperation field: return FieldPlace(field);
            case IPropertyReferenceOperation property: return PropertyPlace(property);
            case IArrayElementReferenceOperation element: return ArrayPlace(element);
            case IImplicitIndexerReferenceOperation indexer: return ImplicitIndexerPlace(indexer);
            case IInvocationOperation call: return ReferenceOf(call);
            case ISimpleAssignmentOperation { IsRef: true } assignment:
                {
                    Place target = Fixed(PlaceOf(assignment.Value));
                    RebindReference(assignment.Target, target, assignment.Value);
                    return target;
                }
            case ISimpleAssignmentOperation or ICompoundAssignmentOperation:
                Discard(o);
                return PlaceOf(o is ISimpleAssignmentOperation s ? s.Target : ((ICompoundAssignmentOperation)o).Target);
            case IConditionalOperation { IsRef: true } choice:
                return ChosenPlace(choice);
            case IDiscardOperation:
                return NewPlace("ignored", o.Type!, null);
            default:
                throw new Refused(DiagnosticIds.UnsupportedConstruct, "this place of assignment", "assign to a local or an element") { Node = o.Syntax };
        }
    }

    /// <summary>One of two elements: the array and the index are chosen. One of two locals: each statement that writes it stands twice.</summary>
    private Place ChosenPlace(IConditionalOperation choice)
    {
        Expr condition = Named(Condition(choice.Condition), "chosen");
        Place first = null!, second = null!;
        List<Stmt> then = Into(() => first = PlaceOf(choice.WhenTrue)), otherwise = Into(() => second = PlaceOf(choice.WhenFalse!));
        if (then.Count + otherwise.Count == 0 && first is ExprPlace { Target: Read { Type: { IsReference: false } of } } && second is ExprPlace { Target: Read { Type: var other } } && of.Equals(other))
            return new ChoicePlace(Saved(condition, "chosen"), first, second); // what is asked now holds for as long as the reference
        if (then.Count + otherwise.Count > 0 || first is not ExprPlace { Target: ElementAt a } || second is not ExprPlace { Target: ElementAt b } || a.Indices.Count != b.Indices.Count || !a.Source.Type.Equals(b.Source.Type))
            throw Unsupported("a choice between references", "choose the index or the value instead", choice.Syntax);
        Expr Either(Expr x, Expr y) => x.Equals(y) ? x : new Conditional(condition, x, y);
        return new ExprPlace(new ElementAt(Named(Either(a.Source, b.Source), "chosen"), a.Indices.Select((index, i) => Either(index, b.Indices[i])).ToEquatable()));
    }

    private Place ThisPlace(IInstanceReferenceOperation self)
    {
        if (self.ReferenceKind == InstanceReferenceKind.ImplicitReceiver && _initialised.Count > 0) return _initialised.Peek();
        return _frame.FindThis() ?? throw Unsupported("this", "use a static method", self.Syntax);
    }

    /// <summary>The place with its indices and references saved: a second name for it must not move when they change.</summary>
    private Place Fixed(Place place) => place switch
    {
        ExprPlace { Target: ElementAt x } => new ExprPlace(x with { Source = SavedUnlessConstant(x.Source), Indices = x.Indices.Select(SavedUnlessConstant).ToEquatable() }),
        ExprPlace { Target: FieldOf x } => new ExprPlace(x with { Target = ((ExprPlace)Fixed(new ExprPlace(x.Target))).Target }),
        CompositePlace { IsObject: false } c => FixedComposite(c),
        _ => place,
    };

    private Place FixedComposite(CompositePlace place)
    {
        var seen = new Dictionary<Expr, Expr>();
        Place saved = place.Map(e => e is Constant ? e : seen.TryGetValue(e, out Expr? known) ? known : seen[e] = SavedUnlessConstant(e));
        return seen.All(e => e.Key.Equals(e.Value)) ? place : saved;
    }

    private Expr SavedUnlessConstant(Expr e) => e is Constant ? e : Saved(e, e is Read r ? r.Variable.Name : e.Type.IsReference ? "row" : "at");

    private Value Assignment(ISimpleAssignmentOperation o, bool discard)
    {
        if (o.IsRef)
        {
            Place reference = Fixed(PlaceOf(o.Value));
            RebindReference(o.Target, reference, o.Value);
            return reference.Load();
        }
        if (o.Target is IDiscardOperation) return Lower(o.Value);
        if (o.Target is IPropertyReferenceOperation entry && DictionaryOf(entry) is { } map)
        {
            Value[] pair = Operands(() => Lower(entry.Given()[0].Value), () => Lower(o.Value));
            pair[1] = Kept(pair[1]);
            SetEntry(map, pair[0], pair[1]);
            return pair[1];
        }
        if (o.Target is IPropertyReferenceOperation property && RunsSetter(property))
        {
            Value[] operands = Operands([() => StructOrReceiver(property.Instance), .. property.Arguments.Select(a => (Func<Value>)(() => Lower(a.Value))), () => Lower(o.Value)]);
            Value assigned = operands[operands.Length - 1];
            // the value of the assignment is what the setter is given
            if (!discard && assigned is ExprValue or CompositeValue) assigned = assigned.Map(e => e is Constant ? e : Saved(e, "assigned"));
            SetProperty(property, operands[0], [.. property.Given().Select(a => operands[1 + property.Arguments.IndexOf(a)])], assigned, o.Value);
            return assigned;
        }
        Place place = PlaceOf(o.Target);
        if (place is WindowPlace window)
        {
            Move(window, o.Value);
            return window.Load();
        }
        int mark = _out.Count;
        Value value = place is BoundPlace ? LowerHeld(o.Value) : Lower(o.Value);
        if (value is SequenceValue and not (TableValue or GroupValue or LookupValue) && place is ExprPlace && IsQuery(o.Value, [])) RequireSettled(o.Value, Referred(o.Target));
        // a variable that began as a list stays one
        if (value is SequenceValue given && place is ExprPlace { Target: Read { Type: ListType { IsExact: true } } }) value = new ExprValue(ToList(given));
        // a variable that began as an array is one: a new list is as good as the array of what it holds
        if (value is ExprValue { Expr: { Type: ListType } items } && place is ExprPlace { Target: Read { Type: Ir.ArrayType array } })
            value = Unconverted(o.Value) is IInvocationOperation { TargetMethod: { Name: "ToList", ContainingType.Name: "Enumerable" } } or IObjectCreationOperation ? Created(new CopyOf(items, array)) : throw Unsupported("a list in a variable that began as an array", "give it a variable of its own", o.Syntax);
        if (_out.Count > mark) place = Protect(place, ref mark);
        // what is assigned to storage of somebody else has its derivative here, and not there
        if (!discard && IsOutside(place) && value is ExprValue) value = Kept(value);
        Store(place, value, o.Value, o.Target);
        return place is ChosenPlace || IsOutside(place) && value is ExprValue ? value : place is BoundPlace b ? b.Load() : place is CompositePlace && value is CompositeValue ? place.Load() : place.Load();
    }

    /// <summary>Stores a value into a place, field by field where it is taken apart.</summary>
    private void Store(Place place, Value value, IOperation? from, IOperation? to = null)
    {
        switch (place)
        {
            case ExchangedPlace exchanged:
                Exchanged(exchanged, value, from);
                return;
            case WindowPlace: throw Unsupported("another view for this span, which a loop moves", "assign it in a statement of its own", from?.Syntax);
            case TablePlace element:
                session.Functions.Rebind();
                element.Table.Elements[element.Index] = Hold(element, AsElement(value), null);
                _boundStores++;
                return;
            case ChosenPlace chosen:
                StoreChosen(chosen, value);
                return;
            case PartsPlace several:
                Expr together = Named(Retype(ExprOf(value), ExprOf(several.Load()).Type), "assigned");
                foreach ((Expr component, Expr part) in several.Of(together)) StoreExpr(component, new ExprValue(part), from);
                return;
            case ComponentPlace component:
                Store(component.Owner, new ExprValue(component.With(Retype(ExprOf(value), ExprOf(component.Load()).Type))), from, to);
                return;
            case CollectionPlace collection:
                StoreCollection(collection, value, from);
                return;
            case BoundPlace bound:
                if (value is ExprValue { Expr: Constant { Text: "null" } } && bound.Value is null) { bound.Value = value; return; }
                if (bound.Region >= 0 && !IsHere(bound.Region))
                {
                    if (bound.Value is ObjectValue known && value is ObjectValue fresh)
                    {
                        CopyObject(bound, known, fresh);
                        return;
                    }
                    if (bound.Value is ObjectValue current && value is ChoiceValue choice && choice.Options.All(o => o is ObjectValue))
                    {
                        Distribute(choice, option =>
                        {
                            CopyObject(bound, current, (ObjectValue)option);
                            return VoidValue.Instance;
                        }, null);
                        return;
                    }
                    throw new Refused(DiagnosticIds.UnsupportedConstruct, "a delegate, sequence or object that is replaced in a branch or loop", "give each its own local, or store numbers instead");
                }
                if (bound.Region < 0 && bound.Value is not null) throw new Refused(DiagnosticIds.StateWritten, to?.Syntax.ToString() ?? "a field");
                if (bound.Value is not null) session.Functions.Rebind();
                bound.Value = Hold(bound, Own(value, bound.Region >= 0), null);
                _boundStores++;
                return;
            case CompositePlace composite when value is CompositeValue c:
                StoreComposite(composite, c, from);
                return;
            case CompositePlace { IsObject: false, Type.IsReferenceType: true } result when value is ObjectValue made:
                StoreComposite(result, Copied(made), from);
                return;
            case CompositePlace { IsObject: true } o when value is ObjectValue other:
                CopyObject(o, new ObjectValue(o), other);
                return;
            case CompositePlace { IsObject: true }:
                throw new Refused(DiagnosticIds.UnsupportedConstruct, "an object of this method that is replaced by null or by another's", "give each its own local");
            case CompositePlace composite when value is ExprValue e:
                RequireSame(composite.Type, e.Expr, from);
                if (e.Expr is Constant { Text: "null" }) StoreComposite(composite, (CompositeValue)Default(composite.Type), from);
                else StoreComposite(composite, Split(e.Expr, (INamedTypeSymbol)composite.Type), from);
                return;
            case ExprPlace target:
                StoreExpr(target.Target, value, from);
                return;
            case ChoicePlace chosen:
                value = Kept(value);
                Emit(new If(chosen.Condition, BlockOf(Into(() => Store(chosen.First, value, from, to))), BlockOf(Into(() => Store(chosen.Second, value, from, to)))));
                return;
        }
    }

    /// <summary>What a field goes by in the C# that reads it: its name, or that of its accessor.</summary>
    private static bool IsOutside(Place place) => place is ExprPlace { Target: { } target } && target.Root() is null;

    /// <summary>What a place of somebody else holds, looked at once more.</summary>
    private Value Again(Place place)
    {
        if (place is ExprPlace { Target: Opaque outside }) session.FieldReads.Add(FieldName(outside));
        return place.Load();
    }

    private static string FieldName(Opaque field) => FieldName(field.Pieces);

    private static string FieldName(IEnumerable<string> pieces) => string.Concat(pieces).TrimStart('.').Replace("()", "");

    private static Opaque? Innermost(Expr place) => place switch
    {
        Opaque o => o,
        ElementAt e => Innermost(e.Source),
        FieldOf f => Innermost(f.Target),
        Slice s => Innermost(s.Source),
        _ => null,
    };

    // the objects that what is stored into may be reached by
    private static IEnumerable<Variable> OwnersOf(Expr holder) => holder switch
    {
        Opaque o => o.Holes.SelectMany(OwnersOf),
        _ when holder.Root() is { Name: not "this" } root && holder.Type is PlainType { MayBeShared: true } => [root],
        _ => [],
    };

    private void StoreExpr(Expr target, Value value, IOperation? from)
    {
        if (target is Opaque field)
        {
            // a field or static: it can be written by code that no derivative flows through
            Expr stored = ExprOf(value);
            string[] pieces = [.. field.Pieces];
            pieces[pieces.Length - 1] += " = ";
            Refusal? lost = stored.Type.CarriesDerivative ? Lost(DiagnosticIds.StateWritten, from?.Syntax ?? _statement!, FieldName(field)) : null;
            Variable[] writes = field.Holes.Count > 0 ? [.. OwnersOf(field.Holes[0])] : [];
            Emit(new Evaluate(new Opaque([.. pieces, ""], [.. field.Holes, stored], stored.Type, Purity.Effects, new(writes), lost) { Stores = FieldName(field) }));
            return;
        }
        if (target is ElementAt { Source.Type: ListType { CSharp: var list } } && list.StartsWith("global::System.Collections.Generic.IReadOnlyList<", StringComparison.Ordinal))
            throw Unsupported("a store into what may be an array", "take the array", from?.Syntax);
        if (_behindAccessors.Count > 0) RefuseHiddenState(target);
        Expr e = ExprOf(value);
        if (target.Type is PlainType kept && e.Type is StructType { IsNullable: true })
            e = new Opaque(["", ""], [e], kept, Purity.Pure, default, Lost(DiagnosticIds.LostInType, from?.Syntax ?? _statement!, kept.Name));
        e = Retype(e, target.Type);
        if (e.Type.CarriesDerivative && target.Root() is null && Innermost(target) is { } outside)
        {
            // storage that no local holds: whoever reads it later would not see the derivative
            Refusal lost = Lost(DiagnosticIds.StateWritten, from?.Syntax ?? _statement!, FieldName(outside));
            Emit(new Evaluate(new Opaque(["", " = ", ""], [target, e], e.Type, Purity.Effects, default, lost) { Stores = FieldName(outside) }));
            return;
        }
        if (target is Read { Variable: var variable })
        {
            if (variable.Type.IsReference) _reassigned.Add(variable.Name);
            if (e is Read { Variable: var same } && same.Equals(variable)) return;
            // the temporary that was made for just this value is not needed
            if (e is Read { Variable: var temporary } && IsPassing(temporary) && _out.Count > 0
                && _out[_out.Count - 1] is Declare { Initial: { } initial } last && last.Variable.Equals(temporary))
            {
                _out.RemoveAt(_out.Count - 1);
                e = initial;
            }
        }
        Emit(new Assign(target, e));
    }
}
