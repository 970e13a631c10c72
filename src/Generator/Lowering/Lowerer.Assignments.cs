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

    /// <summary>One of two elements: the array and the index are chosen.</summary>
    private Place ChosenPlace(IConditionalOperation choice)
    {
        Expr condition = Named(Condition(choice.Condition), "chosen");
        Place first = null!, second = null!;
        List<Stmt> then = Into(() => first = PlaceOf(choice.WhenTrue)), otherwise = Into(() => second = PlaceOf(choice.WhenFalse!));
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
        return place.Map(e => e is Constant ? e : seen.TryGetValue(e, out Expr? known) ? known : seen[e] = SavedUnlessConstant(e));
    }

    private Expr SavedUnlessConstant(Expr e) => e is Constant ? e : Saved(e, e is Read r ? r.Variable.Name : e.Type.IsReference ? "row" : "at");

    private Value Assignment(ISimpleAssignmentOperation o)
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
            Value[] pair = Operands(() => Lower(entry.Arguments[0].Value), () => Lower(o.Value));
            pair[1] = Kept(pair[1]);
            SetEntry(map, pair[0], pair[1]);
            return pair[1];
        }
        if (o.Target is IPropertyReferenceOperation property && SetterOf(property) is { } setter)
        {
            Value[] operands = Operands([() => ReceiverOf(property.Instance), .. property.Arguments.Select(a => (Func<Value>)(() => Lower(a.Value))), () => Lower(o.Value)]);
            InvokeAccessor(setter, property, operands[0], operands.Skip(1).ToArray());
            return operands[operands.Length - 1];
        }
        Place place = PlaceOf(o.Target);
        int mark = _out.Count;
        Value value = Lower(o.Value);
        if (_out.Count > mark) place = Protect(place, ref mark);
        Store(place, value, o.Value, o.Target);
        return place is BoundPlace b ? b.Load() : place is CompositePlace && value is CompositeValue ? place.Load() : place.Load();
    }

    /// <summary>Stores a value into a place, field by field where it is taken apart.</summary>
    private void Store(Place place, Value value, IOperation? from, IOperation? to = null)
    {
        switch (place)
        {
            case TablePlace element:
                element.Table.Elements[element.Index] = value;
                return;
            case BoundPlace bound:
                if (value is ExprValue { Expr: Constant { Text: "null" } } && bound.Value is null) { bound.Value = value; return; }
                if (bound.Value is not null && bound.Region >= 0 && bound.Region != _region || bound.Value is null && bound.Region != _region && bound.Region >= 0)
                {
                    if (bound.Value is ObjectValue known && value is ObjectValue fresh)
                    {
                        CopyObject(known, fresh);
                        return;
                    }
                    throw new Refused(DiagnosticIds.UnsupportedConstruct, "a delegate, sequence or object that is replaced in a branch or loop", "give each its own local, or store numbers instead");
                }
                if (bound.Region < 0 && bound.Value is not null) throw new Refused(DiagnosticIds.StateWritten, to?.Syntax.ToString() ?? "a field");
                bound.Value = value;
                return;
            case CompositePlace composite when value is CompositeValue c:
                StoreComposite(composite, c, from);
                return;
            case CompositePlace { IsObject: false, Type.IsReferenceType: true } result when value is ObjectValue made:
                StoreComposite(result, Copied(made), from);
                return;
            case CompositePlace { IsObject: true } o when value is ObjectValue other:
                CopyObject(new ObjectValue(o), other);
                return;
            case CompositePlace { IsObject: true }:
                throw new Refused(DiagnosticIds.UnsupportedConstruct, "an object of this method that is replaced by null or by another's", "give each its own local");
            case CompositePlace composite when value is ExprValue e:
                if (e.Expr is Constant { Text: "null" }) StoreComposite(composite, (CompositeValue)Default(composite.Type), from);
                else StoreComposite(composite, Split(e.Expr, (INamedTypeSymbol)composite.Type), from);
                return;
            case ExprPlace target:
                StoreExpr(target.Target, value, from);
                return;
        }
    }

    /// <summary>The members of an object as they are now.</summary>
    private static CompositeValue Copied(ObjectValue made) =>
        new(made.Fields.Type, made.Fields.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load() is ObjectValue inner ? Copied(inner) : f.Value.Load())).ToList());

    private static Opaque? Innermost(Expr place) => place switch
    {
        Opaque o => o,
        ElementAt e => Innermost(e.Source),
        FieldOf f => Innermost(f.Target),
        Slice s => Innermost(s.Source),
        _ => null,
    };

    /// <summary>
    /// A variable of class type that is given another fresh object: the fields are copied. That is right only while no one else holds the old
    /// object, which is what a local that is only reassigned means for records and for accumulators.
    /// </summary>
    private void CopyObject(ObjectValue known, ObjectValue fresh)
    {
        if (!SymbolEqualityComparer.Default.Equals(known.Fields.Type, fresh.Fields.Type) || !IsImmutable((INamedTypeSymbol)known.Fields.Type))
            throw new Refused(DiagnosticIds.UnsupportedConstruct, "an object that is replaced in a branch or loop", "make it a struct or an immutable record");
        var snapshot = fresh.Fields.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load())).ToList();
        StoreFields(known.Fields, new CompositeValue(known.Fields.Type, snapshot), null);
    }

    private static bool IsImmutable(INamedTypeSymbol type) => TypeMap.Fields(type).All(f => f.Member switch
    {
        IFieldSymbol field => field.IsReadOnly,
        IPropertySymbol property => property.SetMethod is null || property.SetMethod.IsInitOnly,
        _ => true,
    });

    private void StoreComposite(CompositePlace place, CompositeValue value, IOperation? from) => StoreFields(place, value, from);

    private void StoreFields(CompositePlace place, CompositeValue value, IOperation? from)
    {
        // (a, b) = (b, a): later fields must not see what earlier ones were given
        var values = value.Fields.ToList();
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Key[0] == '(' && place[values[i].Key] is null) continue; // found missing, and refused, where a member uses it
            Place target = place[values[i].Key] ?? throw Unsupported($"the member {values[i].Key}", "use a field of the type itself");
            int mark = _out.Count;
            Store(target, values[i].Value, from);
            for (int j = i + 1; j < values.Count; j++) values[j] = new(values[j].Key, Protect(values[j].Value, ref mark));
        }
    }

    private void StoreExpr(Expr target, Value value, IOperation? from)
    {
        if (target is Opaque field)
        {
            // a field or static: it can be written by code that no derivative flows through
            Expr stored = ExprOf(value);
            string[] pieces = [.. field.Pieces];
            pieces[pieces.Length - 1] += " = ";
            Refusal? lost = stored.Type.CarriesDerivative ? Lost(DiagnosticIds.StateWritten, from?.Syntax ?? _statement!, string.Concat(field.Pieces).TrimStart('.')) : null;
            Variable[] writes = field.Holes.Count > 0 && field.Holes[0].Root() is { Name: not "this" } owner && field.Holes[0].Type is PlainType { Kind: PlainKind.Other } ? [owner] : [];
            Emit(new Evaluate(new Opaque([.. pieces, ""], [.. field.Holes, stored], stored.Type, Purity.Effects, new(writes), lost)));
            return;
        }
        if (target is ElementAt { Source.Type: ListType { CSharp: var list } } && list.StartsWith("global::System.Collections.Generic.IReadOnlyList<", StringComparison.Ordinal))
            throw Unsupported("a store into what may be an array", "take the array", from?.Syntax);
        Expr e = ExprOf(value);
        e = Retype(e, target.Type);
        if (e.Type.CarriesDerivative && target.Root() is null && Innermost(target) is { } outside)
        {
            // storage that no local holds: whoever reads it later would not see the derivative
            Refusal lost = Lost(DiagnosticIds.StateWritten, from?.Syntax ?? _statement!, string.Concat(outside.Pieces).TrimStart('.'));
            Emit(new Evaluate(new Opaque(["", " = ", ""], [target, e], e.Type, Purity.Effects, default, lost)));
            return;
        }
        if (target is Read { Variable: var variable })
        {
            if (variable.Type.IsReference) _reassigned.Add(variable.Name);
            if (e is Read { Variable: var same } && same.Equals(variable)) return;
            // the temporary that was made for just this value is not needed
            if (e is Read { Variable: var temporary } && _temporaries.Contains(temporary) && _out.Count > 0
                && _out[_out.Count - 1] is Declare { Initial: { } initial } last && last.Variable.Equals(temporary))
            {
                _out.RemoveAt(_out.Count - 1);
                e = initial;
            }
        }
        Emit(new Assign(target, e));
    }

    // ---- compound assignment

    private Value Compound(ICompoundAssignmentOperation o, bool discard)
    {
        if (o.Target is IEventReferenceOperation) return LowerVerbatim(o);
        if (o.Target is IPropertyReferenceOperation property && SetterOf(property) is { } setter) return CompoundProperty(o, property, setter);
        if (o.OperatorMethod is { IsStatic: false } own && HasSource(own) && o.Target.Type is { } owner)
        {
            // C# 14: an operator that changes its left operand in place
            Value[] operands = Operands(() => Lower(o.Target), () => Lower(o.Value));
            Inline(Override(own, operands[0]), owner.IsReferenceType ? ReceiverPlace(operands[0]) : PlaceOf(o.Target), [], [operands[1]], o.Syntax);
            return Lower(o.Target);
        }
        Place place = PlaceOf(o.Target);
        if (place is ExprPlace { Target: ElementAt or FieldOf } indexed) place = Once(indexed);
        if (place is BoundPlace { Region: < 0 }) throw new Refused(DiagnosticIds.StateWritten, o.Target.Syntax.ToString());
        Value old = place.Load();
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user)
        {
            Value result = InvokeOperator(user, [() => old, () => Lower(o.Value)], o);
            Store(place, result, o.Value, o.Target);
            return place.Load();
        }
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
        Expr target = ((ExprPlace)place).Target;
        if (plain && unchanged && (target.Root() is not null || !type.CarriesDerivative) && target is not Opaque && type is ScalarType or VectorType && value.Type.Equals(type)
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
            Emit(new Evaluate(new Opaque([.. Inner(target, Text(OperatorOf(o.OperatorKind, false)!.Value) + "= ")], [.. Holes(target), value], type, Purity.Effects,
                target.Root() is { } written ? [written] : [])));
            return place.Load();
        }
        Expr sum = MakeBinary(o.OperatorKind, left, value, working, o.IsChecked, o.Syntax);
        if (!working.Equals(type) && IsNumeric(working, type)) sum = new Ir.Convert(sum, type);
        Store(place, new ExprValue(sum), o.Value, o.Target);
        return place.Load();
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
    private Place Once(ExprPlace place) => place.Map(e => e is Constant or Read || e.Type.IsReference && e is ElementAt or FieldOf || e.All().All(x => x is Constant or Read or Binary or LengthOf)
        ? e : Named(e, e.Type.IsReference ? "row" : "at"));

    private Value CompoundProperty(ICompoundAssignmentOperation o, IPropertyReferenceOperation property, IMethodSymbol setter)
    {
        Value receiver = ReceiverOf(property.Instance);
        Value[] arguments = [.. property.Arguments.Select(a => (Value)new ExprValue(Named(ExprOf(Lower(a.Value)), "at")))];
        Value old = InvokeAccessor(property.Property.GetMethod!, property, receiver, arguments);
        Value result;
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user)
        {
            result = InvokeOperator(user, [() => old, () => Lower(o.Value)], o);
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
        InvokeAccessor(setter, property, receiver, [.. arguments, result]);
        return result;
    }

    private Value CompoundLifted(ICompoundAssignmentOperation o, Place place, Value old)
    {
        if (old is not CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } a) throw Unsupported("this compound assignment", "write it out", o.Syntax);
        Value value = Lower(o.Value);
        CompositeValue b = value as CompositeValue ?? (CompositeValue)Lift(value, a.Type);
        Expr has = Both(ExprOf(a["HasValue"]!), ExprOf(b["HasValue"]!));
        Expr x = ExprOf(a["Value"]!);
        Expr result = MakeBinary(o.OperatorKind, x, ExprOf(b["Value"]!), x.Type, o.IsChecked, o.Syntax);
        Store(place, new CompositeValue(a.Type, [new("HasValue", new ExprValue(has)), new("Value", new ExprValue(result))]), o.Value);
        return place.Load();
    }

    // ---- ++ and --

    private Value Step(IIncrementOrDecrementOperation o, bool wanted)
    {
        bool up = o.Kind == OperationKind.Increment;
        if (o.Target is IPropertyReferenceOperation property && SetterOf(property) is { } setter)
        {
            Value receiver = ReceiverOf(property.Instance);
            Value[] arguments = [.. property.Arguments.Select(a => (Value)new ExprValue(Named(ExprOf(Lower(a.Value)), "at")))];
            Expr was = Named(ExprOf(InvokeAccessor(property.Property.GetMethod!, property, receiver, arguments)), "old");
            Expr next = Stepped(was, up, o);
            InvokeAccessor(setter, property, receiver, [.. arguments, new ExprValue(next)]);
            return new ExprValue(o.IsPostfix ? was : next);
        }
        Place place = PlaceOf(o.Target);
        if (place is ExprPlace { Target: ElementAt or FieldOf } indexed) place = Once(indexed);
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user)
        {
            Value before = place.Load();
            if (wanted && o.IsPostfix) before = before.Map(e => Saved(e, "old"));
            Store(place, InvokeOperator(user, [() => before], o), o, o.Target);
            return o.IsPostfix ? before : place.Load();
        }
        if (place.Load() is CompositeValue) throw Unsupported("++ on a nullable", "write it out", o.Syntax);
        Expr old = ExprOf(place.Load());
        if (old is Opaque field)
        {
            // a counter in a field or static
            string[] pieces = [.. field.Pieces];
            pieces[pieces.Length - 1] += up ? "++" : "--";
            if (!o.IsPostfix) pieces[0] = (up ? "++" : "--") + field.Pieces[0];
            if (!o.IsPostfix) pieces[pieces.Length - 1] = pieces[pieces.Length - 1].Substring(0, pieces[pieces.Length - 1].Length - 2);
            return Operand(new Opaque(new EquatableArray<string>(pieces), field.Holes, field.ResultType, Purity.Effects, default, Lost(DiagnosticIds.StateWritten, o.Syntax, o.Target.Syntax.ToString())));
        }
        if (wanted && o.IsPostfix) old = Saved(old, old is Read r ? r.Variable.Name : "old");
        if (place is ExprPlace { Target: { Type: ScalarType } target } && target is not Opaque && target.Root() is not null && !(wanted && o.IsPostfix))
        {
            Constant one = One(target.Type);
            Emit(new AddTo(target, up ? one : new Unary(UnaryOperator.Negate, one)));
            return place.Load();
        }
        Store(place, new ExprValue(Stepped(old, up, o)), o, o.Target);
        return wanted && o.IsPostfix ? new ExprValue(old) : place.Load();
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

    // ---- deconstruction

    private Value Deconstruct(IOperation target, Value value, SyntaxNode syntax)
    {
        if (target is IDeclarationExpressionOperation declaration) target = declaration.Expression;
        if (target is not ITupleOperation tuple)
        {
            if (target is IDiscardOperation) return value;
            Place single = PlaceOf(target);
            Store(single, value, null, target);
            return value;
        }
        // places first, then values, then the assignments: C#'s order
        List<Place?> places = [];
        var nested = new List<int>();
        for (int i = 0; i < tuple.Elements.Length; i++)
        {
            IOperation element = tuple.Elements[i];
            if (element is ITupleOperation || element is IDeclarationExpressionOperation { Expression: ITupleOperation }) { places.Add(null); nested.Add(i); }
            else if (element is IDiscardOperation) places.Add(null);
            else if (IsFresh(element)) places.Add(null);
            else places.Add(PlaceOf(element));
        }
        IReadOnlyList<Value> parts = Parts(value, tuple.Elements.Length, syntax);
        Value[] pending = [.. parts];
        for (int i = 0; i < pending.Length; i++)
        {
            int mark = _out.Count;
            IOperation element = tuple.Elements[i];
            if (nested.Contains(i)) Deconstruct(element, pending[i], syntax);
            else if (places[i] is { } place) Store(place, ConvertTo(pending[i], element.Type), null, element);
            else if (element is not IDiscardOperation) DeclareFresh(element, pending[i]);
            if (_out.Count == mark) continue;
            for (int j = i + 1; j < pending.Length; j++) pending[j] = Protect(pending[j], ref mark);
            for (int j = i + 1; j < places.Count; j++)
                if (places[j] is { } later) places[j] = Protect(later, ref mark);
        }
        return value;
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

    /// <summary>The parts of what is deconstructed: a tuple's elements, or what its <c>Deconstruct</c> gives out.</summary>
    private IReadOnlyList<Value> Parts(Value value, int count, SyntaxNode syntax)
    {
        if (value is ExprValue { Expr: { Type: StructType s } e }) value = Split(e, session.Types.SymbolOf(s));
        ITypeSymbol? type = value switch { CompositeValue c => c.Type, ObjectValue o => o.Fields.Type, _ => null };
        if (value is CompositeValue { Type: INamedTypeSymbol { IsTupleType: true } or { Name: "KeyValuePair" } } tuple && tuple.Fields.Count == count) return [.. tuple.Fields.Select(f => f.Value)];
        IMethodSymbol? method = type?.GetMembers("Deconstruct").OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.Length == count && !m.IsStatic);
        if (method is null) throw Unsupported("this deconstruction", "read the members one by one", syntax);
        if (method.DeclaringSyntaxReferences.IsEmpty || session.Body(method) is null)
        {
            // a positional record's: its members by the parameters' names
            return [.. method.Parameters.Select(p => MemberOf(value, p.Name) ?? throw Unsupported("this deconstruction", "read the members one by one", syntax))];
        }
        var outs = new List<Place>();
        foreach (IParameterSymbol p in method.Parameters) outs.Add(NewPlace(p.Name, p.Type, null));
        Inline(method, ReceiverPlace(value), [], [.. outs.Select(p => (Value)new PlaceValue(p))], syntax);
        return [.. outs.Select(p => p.Load())];
    }

    private static Value? MemberOf(Value value, string name) => value switch
    {
        CompositeValue c => c[name],
        ObjectValue o => o.Fields[name]?.Load(),
        _ => null,
    };
}
