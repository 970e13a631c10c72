using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Choices between values: conditional expressions, and what makes an <c>if</c> of them.</summary>
internal sealed partial class Lowerer
{
    private Value Choice(IConditionalOperation o)
    {
        if (o.Condition.ConstantValue is { HasValue: true, Value: bool known }) return Lower(known ? o.WhenTrue : o.WhenFalse!);
        Expr condition = Condition(o.Condition);
        return Choose(condition, () => LowerOption(o.WhenTrue), () => LowerOption(o.WhenFalse!), o.Type, "chosen");
    }

    // a query that is chosen runs when it is enumerated
    private Value LowerOption(IOperation o) => Unconverted(o) is ITranslatedQueryOperation or IInvocationOperation { Type: { TypeKind: TypeKind.Interface, Name: "IEnumerable" or "IOrderedEnumerable" } } ? LowerHeld(o) : Lower(o);

    /// <summary>One of two values; a branch that needs statements makes an <c>if</c> of it.</summary>
    private Value Choose(Expr condition, Func<Value> whenTrue, Func<Value> whenFalse, ITypeSymbol? type, string name)
    {
        if (condition is Constant { Text: "true" }) return whenTrue();
        if (condition is Constant { Text: "false" }) return whenFalse();
        Value first = null!, second = null!;
        List<Stmt> then = Into(() => first = Holding(condition, whenTrue));
        List<Stmt> otherwise = Into(() => second = whenFalse());
        if (first is ExprValue { Expr: { } one } && second is ExprValue { Expr: { } other } && IsObject(one) && IsObject(other) && !one.Type.Equals(other.Type))
            (first, second) = (As(one, type), As(other, type));
        if (Ends(then)) return AfterThrow(new If(condition, BlockOf(then), Block.Empty), otherwise, second);
        if (Ends(otherwise)) return AfterThrow(new If(Not(condition), BlockOf(otherwise), Block.Empty), then, first);
        if (first is VoidValue || second is VoidValue)
        {
            Emit(new If(condition, BlockOf(then), BlockOf(otherwise)));
            return VoidValue.Instance;
        }
        if (then.Count == 0 && otherwise.Count == 0)
        {
            if (first is ExprValue { Expr: { Type: ListType some } one1 } && second is ExprValue { Expr: { Type: ListType others } other1 } && !some.Equals(others) && some.Element.Equals(others.Element))
            {
                // a list by its class and one by an interface
                Variable chosen = Local(name, some.IsExact ? others : some);
                Emit(new Declare(chosen, new Conditional(condition, one1, other1)));
                return new ExprValue(new Read(chosen));
            }
            if (first is ExprValue { Expr.Type: Ir.ArrayType } && second is ExprValue { Expr.Type: ListType } || second is ExprValue { Expr.Type: Ir.ArrayType } && first is ExprValue { Expr.Type: ListType })
                throw Unsupported("a choice between an array and a list", "call ToArray() on both", _statement);
            if (first is ExprValue a && second is ExprValue b)
            {
                var either = new Conditional(condition, Common(a.Expr, b.Expr), Common(b.Expr, a.Expr));
                // storage goes by a name: who writes to it writes to one of the two
                return new ExprValue(either.Type is { IsReference: true, CarriesDerivative: true } ? Named(either, name) : either);
            }
            if (first is CompositeValue ca && second is CompositeValue cb && ca.Fields.Count == cb.Fields.Count && ca.Fields.Count > 0)
            {
                RequireSame(ca.Type, cb.Type);
                condition = Named(condition, name);
                return new CompositeValue(ca.Type, ca.Fields.Select(f =>
                    new KeyValuePair<string, Value>(f.Key, Choose(condition, () => f.Value, () => cb[f.Key]!, null, name))).ToList());
            }
        }
        if ((first is SequenceValue || second is SequenceValue) && ChosenSequence(condition, then, otherwise, first, second) is { } sequence) return sequence;
        bool areMade = first is ObjectValue { Fields: var one2 } && second is ObjectValue { Fields: var other2 } && AreMerged(one2, other2);
        if (!areMade && !AreOfOneKind(first, second) && KnownChoice(condition, then, otherwise, first, second) is { } choice) return choice;
        if (ChosenStorage(condition, then, otherwise, first, second) is { } storage) return storage;
        (List<Stmt> beforeFirst, List<Stmt> beforeSecond) = (then, otherwise);
        if (first is ExprValue { Expr.Type: Ir.ArrayType } && second is ExprValue { Expr: { Type: ListType } made })
            otherwise = Into(() => { _out.AddRange(beforeSecond); second = AsArray(made, beforeSecond); });
        else if (second is ExprValue { Expr.Type: Ir.ArrayType } && first is ExprValue { Expr: { Type: ListType } list })
            then = Into(() => { _out.AddRange(beforeFirst); first = AsArray(list, beforeFirst); });
        Place result = MergePlace(name, type, first, second);
        (List<Stmt> x, List<Stmt> y) = (then, otherwise);
        then = Into(() => { _out.AddRange(x); StoreMerged(result, first); });
        otherwise = Into(() => { _out.AddRange(y); StoreMerged(result, second); });
        Emit(new If(condition, BlockOf(then), BlockOf(otherwise)));
        return result.Load();
    }

    /// <summary>One of two sequences: the loop over the one or the loop over the other, when it is enumerated. Null where they are none.</summary>
    private DeferredSequence? ChosenSequence(Expr condition, List<Stmt> then, List<Stmt> otherwise, Value first, Value second)
    {
        // an array is that of the choice; a query runs later
        SequenceValue? one = first as SequenceValue, other = second as SequenceValue;
        if (one is null) then = Into(() => { _out.AddRange(then); one = AsSequence(first, null); });
        if (other is null) otherwise = Into(() => { _out.AddRange(otherwise); other = AsSequence(second, null); });
        if (one is null or GroupValue or LookupValue || other is null or GroupValue or LookupValue) return null;
        if (first is SequenceValue && second is SequenceValue && !SymbolEqualityComparer.Default.Equals(one.Element, other.Element)) return null;
        ITypeSymbol element = first is SequenceValue ? one.Element : other.Element;
        Expr which = Saved(condition, "which");
        InBranch(then, otherwise);
        return new DeferredSequence(element, () =>
        {
            SequenceValue a = null!, b = null!;
            List<Stmt> makesFirst = Into(() => a = AsSequence(one, null)!), makesSecond = Into(() => b = AsSequence(other, null)!);
            InBranch(makesFirst, makesSecond);
            return new SequenceValue(element, consume => Emit(new If(which, BlockOf(Into(() => a.Each(consume))), BlockOf(Into(() => b.Each(consume)))))) { IsBuffered = a.IsBuffered || b.IsBuffered };
        });

        // what the two are made of lives on
        void InBranch(List<Stmt> a, List<Stmt> b)
        {
            Block madeFirst = BlockOf(Outliving(a)), madeSecond = BlockOf(Outliving(b));
            if (madeFirst.Statements.Count + madeSecond.Statements.Count > 0) Emit(new If(which, madeFirst, madeSecond));
        }
    }

    /// <summary>Whether one variable may hold either of two collections, or none.</summary>
    private bool AreOfOneKind(Value first, Value second) => (first, second) switch
    {
        (CollectionValue { References: { } a }, CollectionValue { References: { } b }) => a.Select(e => e.Type).SequenceEqual(b.Select(e => e.Type)),
        (CollectionValue given, ExprValue { Expr: Constant { Text: "null" } }) => IsCarriedByReferences(given.Type),
        (ExprValue { Expr: Constant { Text: "null" } }, CollectionValue given) => IsCarriedByReferences(given.Type),
        _ => false,
    };

    private static bool IsObject(Expr e) => e.Type is PlainType { Kind: PlainKind.Other } && e is not Constant { Text: "null" or "default" };

    /// <summary>An object by the type of the choice: what it is called on must not take it for the class that the one side has.</summary>
    private ExprValue As(Expr e, ITypeSymbol? type) =>
        type is null ? throw Unsupported("a choice between objects of several classes", "choose between numbers or arrays instead", _statement)
        : TypeOf(type) is var common && e.Type.Equals(common) ? new ExprValue(e) : new ExprValue(new Opaque([$"(({common.CSharp})", ")"], [e], common, Purity.Pure));

    /// <summary>A list that the other side of a choice meets as an array: <c>x as IList&lt;double&gt; ?? x.ToList()</c>. One that nobody else knows may as well be an array.</summary>
    private ExprValue AsArray(Expr list, List<Stmt> made)
    {
        if (list is not Read { Variable: var v } || !made.Any(s => s is Declare { Initial: NewList } d && d.Variable == v || s is Assign { Target: Read target, Value: NewList } && target.Variable == v))
            throw Unsupported("a choice between an array and a list", "call ToArray() on both", _statement);
        return new ExprValue(Saved(new CopyOf(list, new Ir.ArrayType(((ListType)list.Type).Element)), "array"));
    }

    // conditions that nothing changes, while what depends on them is lowered
    private readonly List<Expr> _holding = [];

    private T Holding<T>(Expr condition, Func<T> lower)
    {
        int before = _holding.Count;
        void Add(Expr e)
        {
            if (e is Binary { Operator: BinaryOperator.And } both) { Add(both.Left); Add(both.Right); }
            else if (e is Opaque { Purity: Purity.Pure } && !e.FreeVariables().Any(IsReassigned)) _holding.Add(e);
        }
        Add(condition);
        try { return lower(); }
        finally { _holding.RemoveRange(before, _holding.Count - before); }
    }

    private static bool Ends(List<Stmt> statements) => statements.Count > 0 && statements[statements.Count - 1] is Ir.Throw or Exit;

    private Value AfterThrow(If guard, List<Stmt> rest, Value value)
    {
        Emit(guard);
        _out.AddRange(rest);
        return value;
    }

    private static Expr Common(Expr e, Expr other) => e is Constant { Text: "null" or "default" } c ? c with { ConstantType = other.Type } : e;

    private Value Coalesce(ICoalesceOperation o)
    {
        Value value = Lower(o.Value);
        if (value is CompositeValue { Type: INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } } nullable)
        {
            Expr has = ExprOf(nullable["HasValue"]!);
            bool unwrapped = o.Type is not null && Actual(o.Type).OriginalDefinition.SpecialType != SpecialType.System_Nullable_T;
            // an integer that a number stands in for is one itself
            ITypeSymbol? target = o.Type is null || unwrapped ? o.Type : ((INamedTypeSymbol)Actual(o.Type)).TypeArguments[0];
            Value inner = ConvertTo(nullable["Value"]!, target);
            Value whole = unwrapped ? inner : inner == nullable["Value"] ? nullable : new CompositeValue(Actual(o.Type!), [new("HasValue", nullable["HasValue"]!), new("Value", inner)]);
            return Choose(has, () => whole, () => Lower(o.WhenNull), o.Type, "value");
        }
        if (value is ChoiceValue { IsNullable: true } perhaps) return OrElse(perhaps, o.WhenNull);
        if (value is CollectionValue { MayBeNull: true } collection) return Choose(IsThere(collection), () => collection.There(), () => Lower(o.WhenNull), o.Type, "value");
        if (value is ObjectValue or FunctionValue or SequenceValue or CollectionValue or ChoiceValue) return value;
        Expr e = ExprOf(value);
        if (e is Constant { Text: "null" }) return Lower(o.WhenNull);
        e = Named(e, "value");
        Binary test = IsInRoom(o.Value.Type) ? IsSomebody(e) : new Binary(BinaryOperator.NotEqual, e, new Constant(e.Type, "null", null), PlainType.Bool);
        return Choose(test, () => new ExprValue(e), () => Lower(o.WhenNull), o.Type, "value");
    }

    private Value CoalesceAssignment(ICoalesceAssignmentOperation o)
    {
        Place place = PlaceOf(o.Target);
        if (o.Target is not (ILocalReferenceOperation or IParameterReferenceOperation)) place = Fixed(place);
        if (place is BoundPlace bound)
        {
            // an object: it is there, or nobody has given it
            if (bound.Value is null or ExprValue { Expr: Constant { Text: "null" } }) Store(place, Lower(o.Value), o.Value);
            return place.Load();
        }
        Value old = place.Load();
        Expr missing = old is CompositeValue nullable
            ? Not(ExprOf(nullable["HasValue"]!))
            : old is CollectionValue collection ? IsMissing(collection)
            : IsInRoom(o.Target.Type) ? new Binary(BinaryOperator.Equal, ExprOf(old), Nobody, PlainType.Bool)
            : new Binary(BinaryOperator.Equal, ExprOf(old), new Constant(ExprOf(old).Type, "null", null), PlainType.Bool);
        if (old is ExprValue { Expr: { } known } && IsNull(known)) missing = True;
        List<Stmt> then = Into(() => Store(place, Lift(Lower(o.Value), o.Target.Type), o.Value));
        Emit(new If(missing, BlockOf(then), Block.Empty));
        Value now = Again(place) is ExprValue { Expr: { } kept } && o.Target.Type is { } type && IsSplit(type) ? Split(kept, (INamedTypeSymbol)Actual(type)) : place.Load();
        return now is CompositeValue c && Actual(o.Type!).OriginalDefinition.SpecialType != SpecialType.System_Nullable_T ? c["Value"]! : now;
    }

    private Value ConditionalAccess(IConditionalAccessOperation o)
    {
        Value Nothing() => o.Type is null || o.Type.SpecialType == SpecialType.System_Void ? VoidValue.Instance : Default(o.Type);
        Value Where(Expr there, Value target) => Choose(there, () => Lift(Accessed(target, o), o.Type), Nothing, o.Type, "value");
        Value instance = Lower(o.Operation);
        if (instance is ChoiceValue { IsNullable: true } choice)
        {
            choice = Settled(choice);
            return Where(Not(IsMissing(choice)), choice);
        }
        if (instance is CollectionValue { MayBeNull: true } collection) return Where(IsThere(collection), collection.There());
        if (instance is ObjectValue or FunctionValue or SequenceValue or CollectionValue or ChoiceValue or CompositeValue { Type.OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T })
            return Accessed(instance, o);
        if (instance is CompositeValue nullable) return Where(ExprOf(nullable["HasValue"]!), nullable["Value"]!);
        Expr e = Named(ExprOf(instance), "target");
        if (IsNull(e)) return Nothing();
        if (e.Type is not (Ir.ArrayType or ListType) && !IsInRoom(o.Operation.Type) && !AsksForNumbers(o)) return LowerVerbatim(o);
        return Where(IsInRoom(o.Operation.Type) ? IsSomebody(e) : new Binary(BinaryOperator.NotEqual, e, Null(e.Type), PlainType.Bool), new ExprValue(e));
    }

    /// <summary>Whether an object of a type of the compilation is asked for what may carry a derivative.</summary>
    private bool AsksForNumbers(IConditionalAccessOperation o) =>
        o.Operation.Type is { IsReferenceType: true, DeclaringSyntaxReferences.IsEmpty: false } && o.Type is { } result
        && TypeOf(Actual(result) is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : result).CarriesDerivative;

    private Value Accessed(Value instance, IConditionalAccessOperation o)
    {
        _accessed.Push(instance);
        try { return Lower(o.WhenNotNull); }
        finally { _accessed.Pop(); }
    }

    /// <summary>A value of <c>T</c> as one of <c>T?</c>, where that is asked for.</summary>
    private Value Lift(Value value, ITypeSymbol? type)
    {
        if (type is null || value is VoidValue) return value;
        type = Actual(type);
        if (type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T || value is CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }) return value;
        return new CompositeValue(type, [new("HasValue", new ExprValue(new Constant(PlainType.Bool, "true", null))), new("Value", value)]);
    }
}
