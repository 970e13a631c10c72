using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>The reductions of LINQ: sums, averages, extremes, searches, collections of what was enumerated.</summary>
internal sealed partial class Lowerer
{
    /// <summary><c>TryGetNonEnumeratedCount</c> of what holds its elements; null for what LINQ makes.</summary>
    private Value? CountAhead(IArgumentOperation[] a)
    {
        if (Lower(Unconverted(a[0].Value)) is not ExprValue { Expr: { Type: Ir.ArrayType { Rank: 1 } or ListType } e }) return null;
        Expr holds = IsGivenAs(e, session.Compilation.GetTypeByMetadataName("System.Collections.Generic.ICollection`1")!.Construct(((INamedTypeSymbol)Actual(a[0].Value.Type!)).TypeArguments[0])) ?? True;
        Expr count = new LengthOf(e);
        Store(PlaceOf(a[1].Value), new ExprValue(holds is Constant ? count : new Conditional(holds, count, IntConstant(0))), null);
        return new ExprValue(holds);
    }

    private EquatableArray<Stmt> NoElements() =>
    [
        new Ir.Throw(new Opaque(["new global::System.InvalidOperationException(\"Sequence contains no elements\")"], [],
            new PlainType("global::System.InvalidOperationException", PlainKind.Other), Purity.Effects)) { Source = _source, Site = _site },
    ];

    private Value? Total(SequenceValue s, bool average, IInvocationOperation o, ITypeSymbol? given = null)
    {
        IrType element = session.Types.Map(s.Element), result = TypeOf(given ?? o.Type!);
        if (element is not (ScalarType or PlainType { Kind: PlainKind.Integer }) || result is not (ScalarType or PlainType { Kind: PlainKind.Integer })) return null;
        // floats are summed in double, integers of an average in long, as the library does
        IrType sum = element is ScalarType { Kind: ScalarKind.Single } ? ScalarType.Double
            : element is PlainType && average ? new PlainType("long", PlainKind.Integer)
            : element;
        Variable total = Local("sum", sum);
        _temporaries.Add(total);
        Emit(new Declare(total, sum.CSharp == "long" ? new Constant(sum, "0L", 0) : Zero(sum)));
        Variable? counted = null;
        if (average && s.Count is null)
        {
            counted = Local("count", PlainType.Int);
            Emit(new Declare(counted, IntConstant(0)));
        }
        Expr? known = average && s.Count is { } c ? Named(c(), "count") : null;
        if (known is not null) Emit(new If(new Binary(BinaryOperator.Equal, known, IntConstant(0), PlainType.Bool), new Block(NoElements()), Block.Empty));
        s.Each(v =>
        {
            Expr e = Converted(ExprOf(v), sum);
            if (sum is ScalarType) Emit(new AddTo(new Read(total), e));
            else Emit(new Assign(new Read(total), MakeBinary(BinaryOperatorKind.Add, new Read(total), e, sum, true, o.Syntax)));
            if (counted is not null) Emit(new Assign(new Read(counted), new Binary(BinaryOperator.Add, new Read(counted), IntConstant(1), PlainType.Int)));
        });
        Expr value = new Read(total);
        if (average)
        {
            if (counted is not null)
            {
                Emit(new If(new Binary(BinaryOperator.Equal, new Read(counted), IntConstant(0), PlainType.Bool), new Block(NoElements()), Block.Empty));
                known = new Read(counted);
            }
            IrType working = sum is ScalarType ? sum : ScalarType.Double;
            value = new Binary(BinaryOperator.Divide, Converted(value, working), Converted(known!, working), working);
        }
        return new ExprValue(Converted(value, result));
    }

    /// <summary>The least or greatest element, or the element with the least or greatest key; the first of equals.</summary>
    private Value? Extreme(SequenceValue s, Func<Value, Value>? key, ITypeSymbol? keyType, bool greatest, IInvocationOperation o)
    {
        IrType element = session.Types.Map(s.Element);
        if (key is null && !IsCompared(element) && !IsOrdered(s.Element)) return null;
        if (IsInRoom(keyType ?? s.Element) || !IsCompared(session.Types.Map(keyType ?? s.Element)) && IsOrdered(keyType ?? s.Element)) return ExtremeByOrder(s, key, keyType ?? s.Element, greatest, o);
        Place best = NewPlace(greatest ? "max" : "min", s.Element, Default(s.Element));
        Place? bestKey = null;
        Variable any = Local("any", PlainType.Bool);
        Emit(new Declare(any, False));
        s.Each(v =>
        {
            v = Kept(v);
            Value k = key is null ? v : Kept(key(v));
            Expr now = ExprOf(k);
            if (!IsCompared(now.Type)) throw Unsupported("a comparison of these", "compare numbers", o.Syntax);
            if (key is not null && bestKey is null)
            {
                Variable variable = Local("bestKey", now.Type);
                // declared outside of the loop
                _pendingDeclaration = new Declare(variable, now.Type is PlainType { Kind: PlainKind.Other } ? new Constant(now.Type, $"default({now.Type.CSharp})", null) : Zero(now.Type)) { Source = _source, Site = _site };
                bestKey = new ExprPlace(new Read(variable));
            }
            Expr before = ExprOf((bestKey ?? best).Load());
            Expr better = now.Type is PlainType { Kind: PlainKind.Other } ? new Opaque(["(", greatest ? " > " : " < ", ")"], [now, before], PlainType.Bool, Purity.Pure)
                : new Binary(greatest ? BinaryOperator.Greater : BinaryOperator.Less, now, before, PlainType.Bool);
            if (now.Type is ScalarType scalar)
            {
                // NaN is less than every number for both
                Expr nan = new Apply("Math.IsNaN", $"{scalar.CSharp}.IsNaN({{0}})", [greatest ? before : now], PlainType.Bool);
                better = new Binary(BinaryOperator.Or, better, nan, PlainType.Bool);
            }
            When(new Binary(BinaryOperator.Or, Not(new Read(any)), better, PlainType.Bool), () =>
            {
                Store(best, v, null);
                if (bestKey is not null) Store(bestKey, k, null);
                Emit(new Assign(new Read(any), True));
            });
        });
        if (_pendingDeclaration is { } pending)
        {
            int at = _out.FindLastIndex(x => x is Declare d && d.Variable.Equals(any));
            _out.Insert(at + 1, pending);
            _pendingDeclaration = null;
        }
        Emit(new If(Not(new Read(any)), new Block(NoElements()), Block.Empty));
        return best.Load();
    }

    /// <summary>The least or greatest of what compares by a method of its own, or has keys that do.</summary>
    private Value ExtremeByOrder(SequenceValue s, Func<Value, Value>? key, ITypeSymbol compared, bool greatest, IInvocationOperation o)
    {
        Place best = NewPlace(greatest ? "max" : "min", s.Element, Default(s.Element)), bestKey = key is null ? best : NewPlace("bestKey", compared, Default(compared));
        Variable any = Local("any", PlainType.Bool), better = Local("better", PlainType.Bool);
        Emit(new Declare(any, False));
        s.Each(v =>
        {
            v = Kept(v);
            Value k = key is null ? v : Kept(key(v));
            Emit(new Declare(better, Not(new Read(any))));
            When(new Read(any), () =>
            {
                if (NaturalOrder(compared, k, bestKey.Load(), o) is not ExprValue { Expr: var order }) throw Unsupported("a comparison of these", "compare numbers", o.Syntax);
                Emit(new Assign(new Read(better), new Binary(greatest ? BinaryOperator.Greater : BinaryOperator.Less, order, IntConstant(0), PlainType.Bool)));
            });
            When(new Read(better), () =>
            {
                Store(best, v, null);
                if (key is not null) Store(bestKey, k, null);
                Emit(new Assign(new Read(any), True));
            });
        });
        Emit(new If(Not(new Read(any)), new Block(NoElements()), Block.Empty));
        return best.Load();
    }

    /// <summary>Whether values of a type have an order that is known here: tuples of numbers, and types with a <c>CompareTo</c>.</summary>
    private bool IsOrdered(ITypeSymbol type) => Actual(type) is INamedTypeSymbol named && (named.IsTupleType
        ? named.TupleElements.All(e => IsOrdered(e.Type) || IsCompared(session.Types.Map(e.Type)))
        : named.AllInterfaces.Any(i => i is { Name: "IComparable", Arity: 1, ContainingNamespace.Name: "System" }) && named.DeclaringSyntaxReferences.Length > 0);

    // numbers, and what else the language compares by its operators
    private static bool IsCompared(IrType type) => type is ScalarType or PlainType { Kind: PlainKind.Integer }
        or PlainType { Name: "decimal" or "global::System.DateTime" or "global::System.DateTimeOffset" or "global::System.DateOnly" or "global::System.TimeOnly" or "global::System.TimeSpan" };

    private Declare? _pendingDeclaration;

    private Value? Counted(SequenceValue s, string name, Value[] rest, IInvocationOperation o)
    {
        bool filtered = rest.Length > 0;
        if (name is "Count" or "LongCount")
        {
            IrType type = TypeOf(o.Type!);
            // counting runs what a query does to each element
            if (!filtered && s.Count is { } count && !(s.At is { } each && s.Origin is not null && IsSeen(Into(() => each(IntConstant(0)))))) return new ExprValue(Converted(count(), type));
            Variable n = Local("count", PlainType.Int);
            _temporaries.Add(n);
            Emit(new Declare(n, IntConstant(0)));
            void Increment() => Emit(new Assign(new Read(n), new Binary(BinaryOperator.Add, new Read(n), IntConstant(1), PlainType.Int)));
            s.Each(v =>
            {
                if (filtered) When(ExprOf(Invoke(rest[0], o, [Kept(v)])), Increment);
                else Increment();
            });
            return new ExprValue(Converted(new Read(n), type));
        }
        if (name == "Any" && !filtered && s.Count is { } c) return new ExprValue(new Binary(BinaryOperator.Greater, c(), IntConstant(0), PlainType.Bool));
        if (name == "Contains" && rest.Length > 1) return null;
        bool all = name == "All";
        Variable result = Local(all ? "all" : "any", PlainType.Bool);
        _temporaries.Add(result);
        Value? wanted = name == "Contains" ? Kept(rest[0]) : null;
        Emit(new Declare(result, all ? True : False));
        WithExit(label => s.Each(v =>
        {
            void Found()
            {
                Emit(new Assign(new Read(result), all ? False : True));
                Leave(label);
            }
            if (!filtered) { Found(); return; }
            v = Kept(v);
            Expr test = wanted is null ? ExprOf(Invoke(rest[0], o, [v]))
                : v is CompositeValue x && wanted is CompositeValue y ? ExprOf(Equality(x, y, false))
                : new Opaque(["", ".Equals(", ")"], [ExprOf(v), ExprOf(wanted)], PlainType.Bool, Purity.Pure);
            When(all ? Not(test) : test, Found);
        }));
        return new ExprValue(new Read(result));
    }

    private Value Aggregate(SequenceValue s, Value[] rest, IInvocationOperation o)
    {
        // of functions that are known comes one that is known
        if (s is TableValue { Elements: var known } && rest.Length < 3 && (rest.Length == 1 ? known.Count > 0 : true) && Actual(o.Type!).TypeKind == TypeKind.Delegate)
            return known.Skip(rest.Length == 1 ? 1 : 0).Aggregate(rest.Length == 1 ? known[0] : rest[0], (made, next) => Invoke(rest[rest.Length - 1], o, [made, next]));
        if (rest.Length >= 2)
        {
            ITypeSymbol type = Actual(o.TargetMethod.Parameters[1].Type);
            Place accumulator = NewPlace("accumulated", type, rest[0]);
            s.Each(v => Store(accumulator, Invoke(rest[1], o, [accumulator.Load(), Kept(v)]), null));
            return rest.Length == 3 ? Invoke(rest[2], o, [accumulator.Load()]) : accumulator.Load();
        }
        Place result = NewPlace("accumulated", s.Element, Default(s.Element));
        if (s.At is { } at && s.Count is { } count)
        {
            Expr n = Named(count(), "count");
            Emit(new If(new Binary(BinaryOperator.Equal, n, IntConstant(0), PlainType.Bool), new Block(NoElements()), Block.Empty));
            Store(result, at(IntConstant(0)), null);
            Counter("i", IntConstant(1), n, i => Store(result, Invoke(rest[0], o, [result.Load(), Kept(at(i))]), null));
            return result.Load();
        }
        Variable any = Local("any", PlainType.Bool);
        Emit(new Declare(any, False));
        s.Each(v =>
        {
            v = Kept(v);
            List<Stmt> later = Into(() => Store(result, Invoke(rest[0], o, [result.Load(), v]), null));
            List<Stmt> first = Into(() => { Store(result, v, null); Emit(new Assign(new Read(any), True)); });
            Emit(new If(new Read(any), BlockOf(later), BlockOf(first)));
        });
        Emit(new If(Not(new Read(any)), new Block(NoElements()), Block.Empty));
        return result.Load();
    }

    /// <summary>The element at a position, by a loop that ends there.</summary>
    private Value StepTo(SequenceValue s, Expr wanted, bool orDefault, IInvocationOperation o)
    {
        Place found = NewPlace("found", s.Element, Default(s.Element));
        Variable any = Local("any", PlainType.Bool);
        Emit(new Declare(any, False));
        WithExit(label => Numbered(s, s.Element, (v, i, _) => When(new Binary(BinaryOperator.Equal, i, wanted, PlainType.Bool), () =>
        {
            Store(found, v, o);
            Emit(new Assign(new Read(any), True));
            Leave(label);
        })).Each(_ => { }));
        if (!orDefault) ThrowIf(Not(new Read(any)), "ArgumentOutOfRangeException");
        return found.Load();
    }

    /// <summary>One element: the first, the last, the only, the one at a position.</summary>
    private Value? One(SequenceValue s, string name, Value[] rest, IInvocationOperation o)
    {
        bool orDefault = name.EndsWith("OrDefault", StringComparison.Ordinal);
        if (name.StartsWith("ElementAt", StringComparison.Ordinal))
        {
            if (s.At is null && rest[0] is ExprValue { Expr: var wanted }) return StepTo(s, Named(wanted, "wanted"), orDefault, o);
            if (orDefault) return null;
            SequenceValue stored = Stored(s);
            Expr position = Named(rest[0] is IndexValue { FromEnd: true } back ? Minus(stored.Count!(), back.Offset) : IndexOf(rest[0], new Constant(PlainType.Int, "0", 0)), "wanted");
            Expr past = new Binary(BinaryOperator.GreaterOrEqual, position, stored.Count!(), PlainType.Bool);
            ThrowIf(position is Constant { Number: >= 0 } ? past : Either(Less(position, IntConstant(0)), past), "ArgumentOutOfRangeException");
            return stored.At!(position);
        }
        Value? otherwise = orDefault && o.TargetMethod.Parameters.Last() is { Name: "defaultValue" } ? rest[rest.Length - 1] : null;
        if (otherwise is not null) rest = [.. rest.Take(rest.Length - 1)];
        bool filtered = rest.Length > 0;
        if (filtered && rest[0] is not FunctionValue) return null;
        if (!filtered && !orDefault && name is "First" or "Last" && s.At is { } at && s.Count is { } count && !filtered && !orDefault)
        {
            Expr n = Named(count(), "count");
            Emit(new If(new Binary(BinaryOperator.Equal, n, IntConstant(0), PlainType.Bool), new Block(NoElements()), Block.Empty));
            return at(name == "First" ? IntConstant(0) : Minus(n, IntConstant(1)));
        }
        Place found = NewPlace("found", s.Element, otherwise is null ? Default(s.Element) : ConvertTo(otherwise, s.Element));
        Variable any = Local("any", PlainType.Bool);
        Emit(new Declare(any, False));
        bool single = name.StartsWith("Single", StringComparison.Ordinal);
        // what is stored is searched from its end
        bool backwards = filtered && name.StartsWith("Last", StringComparison.Ordinal) && s is { Origin: null, At: not null, Count: not null };
        bool stop = backwards || name.StartsWith("First", StringComparison.Ordinal);
        Action<Action<Value>> each = backwards ? consume => CounterDown("i", s.Count!(), i => consume(s.At!(i))) : s.Each;
        WithExit(label => each(v =>
        {
            v = Kept(v);
            void Take()
            {
                if (single) Emit(new If(new Read(any), new Block([new Ir.Throw(new Opaque(["new global::System.InvalidOperationException(\"Sequence contains more than one element\")"], [],
                    new PlainType("global::System.InvalidOperationException", PlainKind.Other), Purity.Effects)) { Source = _source, Site = _site }]), Block.Empty));
                Store(found, v, null);
                Emit(new Assign(new Read(any), True));
                if (stop) Leave(label);
            }
            if (filtered) When(ExprOf(Invoke(rest[0], o, [v])), Take);
            else Take();
        }));
        if (!orDefault) Emit(new If(Not(new Read(any)), new Block(NoElements()), Block.Empty));
        return found.Load();
    }
}
