using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Switches and patterns: conditions and bindings.</summary>
internal sealed partial class Lowerer
{
    private static readonly Constant True = new(PlainType.Bool, "true", null);
    private static readonly Constant False = new(PlainType.Bool, "false", null);

    private Value IsPattern(IIsPatternOperation o)
    {
        Value value = Lower(o.Value).Map(e => e.Type is StructType ? e : Named(e, "value"));
        return new ExprValue(Test(o.Pattern, value));
    }

    /// <summary>The condition that a pattern stands for; variables are bound to parts of the value.</summary>
    private Expr Test(IPatternOperation pattern, Value value)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation: return True;
            case IConstantPatternOperation c: return ConstantTest(c, value);
            case IRelationalPatternOperation r:
                {
                    Expr e = ExprOf(Unwrapped(value, out Expr has));
                    // of what is in a box both its type is asked for and its size
                    if (e.Type is PlainType { Kind: PlainKind.Other } && (Actual(r.InputType).IsReferenceType || !e.Type.Equals(session.Types.Map(Actual(r.InputType)))))
                        return Both(has, new Opaque(["(", $" is {Text(OperatorOf(r.OperatorKind, true)!.Value)} ", ")"], [e, ExprOf(Lower(r.Value))], PlainType.Bool, Purity.Reads));
                    Expr right = Converted(ExprOf(Lower(r.Value)), e.Type);
                    return Both(has, new Binary(OperatorOf(r.OperatorKind, true)!.Value, e, right, PlainType.Bool));
                }
            case INegatedPatternOperation n: return Negate(Test(n.Pattern, value));
            case IBinaryPatternOperation b:
                {
                    Expr left = Test(b.LeftPattern, value);
                    Expr right = null!;
                    List<Stmt> more = Into(() => right = Test(b.RightPattern, value));
                    // bindings are reads without effects: they may be made before the first test is known
                    _out.AddRange(more);
                    return b.OperatorKind == BinaryOperatorKind.Or ? Either(left, right) : Both(left, right);
                }
            case IDeclarationPatternOperation d: return DeclarationTest(d, value);
            case ITypePatternOperation t when IsInRoom(t.InputType): return IsOf(Actual(t.InputType), ExprOf(value), Actual(t.MatchedType));
            case ITypePatternOperation t: return TypeTest(t.MatchedType, value, t.Syntax);
            case IRecursivePatternOperation r: return RecursiveTest(r, value);
            case IListPatternOperation l: return ListTest(l, value);
            default: throw Unsupported("this pattern", "use if", pattern.Syntax);
        }
    }

    private static Expr Negate(Expr e) => e is Constant { Text: "true" } ? False : e is Constant { Text: "false" } ? True : Not(e);

    private static Expr Either(Expr a, Expr b) =>
        a is Constant { Text: "true" } || b is Constant { Text: "true" } ? True : IsFalse(a) ? b : IsFalse(b) ? a : new Binary(BinaryOperator.Or, a, b, PlainType.Bool);

    private static Expr Converted(Expr e, IrType type)
    {
        if (e.Type.Equals(type) || !IsNumeric(e.Type, type)) return e;
        if (e is Constant { Number: { } n } && type.Equals(ScalarType.Double)) return new Constant(type, DoubleText(n), n);
        return new Ir.Convert(e, type);
    }

    /// <summary>The value inside a nullable, and whether there is one.</summary>
    private Value Unwrapped(Value value, out Expr has)
    {
        has = True;
        if (value is not CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } c) return value;
        has = ExprOf(c["HasValue"]!);
        return c["Value"]!;
    }

    private Expr ConstantTest(IConstantPatternOperation c, Value value)
    {
        bool isNull = c.Value.ConstantValue is { HasValue: true, Value: null };
        if (value is CollectionValue collection && isNull) return IsMissing(collection);
        if (value is ObjectValue or FunctionValue or SequenceValue or CollectionValue) return isNull ? False : throw Unsupported("this pattern", "use if", c.Syntax);
        if (isNull && value is ChoiceValue choice) return choice.IsNullable ? IsMissing(choice) : False;
        Value inner = Unwrapped(value, out Expr has);
        if (isNull)
        {
            if (!ReferenceEquals(inner, value)) return Negate(has);
            if (inner is CompositeValue) return False;
            if (IsInRoom(c.InputType)) return Not(IsSomebody(ExprOf(inner)));
            return NullTest(ExprOf(inner));
        }
        Expr e = ExprOf(inner);
        Expr constant = Converted(ExprOf(Lower(c.Value)), e.Type);
        if (e.Type.Equals(PlainType.Bool)) return Both(has, constant is Constant { Text: "true" } ? e : Negate(e));
        if (e.Type is PlainType { Kind: PlainKind.Other, Name: not "string" }) return Both(has, new Opaque(["(", " is ", ")"], [e, constant], PlainType.Bool, Purity.Reads));
        // x is double.NaN is true for NaN
        if (constant is Constant { Number: { } n } && double.IsNaN(n)) return Both(has, new Apply("Math.IsNaN", $"{e.Type.CSharp}.IsNaN({{0}})", [e], PlainType.Bool));
        return Both(has, Same(e, constant));
    }

    private static Expr Same(Expr e, Expr constant) => Compared(BinaryOperator.Equal, e, constant) ?? (Expr)new Binary(BinaryOperator.Equal, e, constant, PlainType.Bool);

    private Expr DeclarationTest(IDeclarationPatternOperation d, Value value)
    {
        Expr test = d.MatchesNull || d.MatchedType is null ? True : IsInRoom(d.InputType) ? IsOf(Actual(d.InputType), ExprOf(value), Actual(d.MatchedType)) : TypeTest(d.MatchedType, value, d.Syntax);
        Value matched = value;
        // `var` behind a test of the value is the value
        bool inner = !d.MatchesNull || d.DeclaredSymbol is ILocalSymbol { Type: { } own } && Actual(own).OriginalDefinition.SpecialType != SpecialType.System_Nullable_T;
        if (inner && value is CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } n) matched = n["Value"]!;
        else if (!d.MatchesNull && value is ExprValue { Expr: { Type: PlainType { Kind: PlainKind.Other } } e } && d.MatchedType is { } type && TypeMap.Spell(Actual(type)) != e.Type.CSharp)
        {
            // the cast is only good where the test holds
            ITypeSymbol actual = Actual(type);
            IrType ir = session.Types.Map(actual);
            string spelled = TypeMap.Spell(actual);
            Expr never = new Constant(new PlainType(spelled, PlainKind.Other), $"default({spelled})!", null);
            Expr cast = IsUnrelated(e, type) ? never : new Opaque(["(", $" is {spelled} ? ({spelled})", $" : default({spelled})!)"], [e, e], ir, Purity.Pure, default, Lost(DiagnosticIds.LostInType, d.Syntax, e.Type.CSharp.Replace("global::", "")));
            matched = new ExprValue(cast);
        }
        else if (value is SequenceValue or ExprValue { Expr.Type: Ir.ArrayType or ListType } && IsFalse(test) && d.MatchedType is { } none)
        {
            matched = new ExprValue(new Constant(session.Types.Map(Actual(none)), "null", null));
        }
        else if (d.MatchedType is { } asked && OnlyOne(value, asked, d.Syntax) is { } only) matched = only;
        // a name of a type that gives more than is known of the list
        if (matched is ExprValue { Expr: { Type: ListType known } list } && d.DeclaredSymbol is ILocalSymbol { Type: { } more } && session.Types.Map(Actual(more)) is ListType wanted && !IsFalse(test)
            && known.Name.IndexOf("Generic.IReadOnlyList<", StringComparison.Ordinal) >= 0 && wanted.Name.IndexOf("Generic.IReadOnlyList<", StringComparison.Ordinal) < 0)
        {
            AskWhatItIs(list);
            throw Unsupported($"a test of '{list}' for what it is", "call ToArray() or ToList(), or take that type", d.Syntax);
        }
        if (d.DeclaredSymbol is { } symbol) DeclareLocal(symbol, symbol is ILocalSymbol l ? l.Type : d.NarrowedType, symbol is ILocalSymbol named ? ByInterface(matched, named.Type) : matched);
        return test;
    }

    /// <summary>What a choice is, where it is of a type that one of its options has alone; null for others.</summary>
    private Value? OnlyOne(Value value, ITypeSymbol type, SyntaxNode syntax) =>
        value is ChoiceValue { IsNullable: false } choice && choice.Options.All(o => o is ObjectValue or CompositeValue)
            && choice.Options.Where(o => !IsFalse(TypeTest(type, o, syntax))).Take(2).ToList() is [var only] ? only : null;

    private Expr RecursiveTest(IRecursivePatternOperation r, Value value)
    {
        value = Unwrapped(value, out Expr test);
        if (value is ExprValue { Expr: { Type: StructType s } e }) value = Split(e, session.Types.SymbolOf(s));
        if (value is CollectionValue { MayBeNull: true } collection) return Guarded(Both(test, IsThere(collection)), () => RecursiveTest(r, collection.There()));
        ITypeSymbol? narrowed = r.MatchedType;
        if (IsInRoom(r.InputType))
        {
            Expr number = Named(ExprOf(value), "matched");
            var type = (INamedTypeSymbol)Actual(narrowed ?? r.InputType);
            Value whole = new ExprValue(number);
            if (!IsInRoom(type)) throw Unsupported("this pattern", "test for the class itself", r.Syntax);
            return Guarded(Both(test, IsOf(Actual(r.InputType), number, type)), () =>
            {
                Expr members = Members(r, Opened(number, type), True);
                if (r.DeclaredSymbol is ILocalSymbol bound) DeclareLocal(bound, bound.Type, whole);
                return members;
            });
        }
        if (value is ExprValue { Expr: { Type: PlainType { Kind: PlainKind.Other } } opaque } && narrowed is not null)
        {
            string spelled = TypeMap.Spell(Actual(narrowed));
            if (IsUnrelated(opaque, narrowed)) return False;
            test = Both(test, new Opaque(["(", $" is {spelled})"], [opaque], PlainType.Bool, Purity.Pure));
            if (r.PropertySubpatterns.Length + r.DeconstructionSubpatterns.Length > 0 || spelled != opaque.Type.CSharp)
            {
                // the members are looked at where it is one
                opaque = Named(opaque, "matched");
                Value cast = new ExprValue(spelled == opaque.Type.CSharp ? opaque : new Opaque([$"(({spelled})", "!)"], [opaque], new PlainType(spelled, PlainKind.Other), Purity.Reads));
                return Guarded(test, () =>
                {
                    Expr members = Members(r, cast, True);
                    if (r.DeclaredSymbol is ILocalSymbol bound) DeclareLocal(bound, bound.Type, cast);
                    return members;
                });
            }
        }
        else if (narrowed is not null && value is ChoiceValue { IsNullable: false })
        {
            test = Both(test, TypeTest(narrowed, value, r.Syntax));
            if (IsFalse(test)) return test;
            Value only = OnlyOne(value, narrowed, r.Syntax) ?? throw Unsupported("this pattern", "test for the type itself, and then for its members", r.Syntax);
            return Guarded(test, () =>
            {
                Expr members = Members(r, only, True);
                if (r.DeclaredSymbol is ILocalSymbol bound) DeclareLocal(bound, bound.Type, only);
                return members;
            });
        }
        else if (narrowed is not null && value is CompositeValue or ObjectValue)
        {
            test = Both(test, TypeTest(narrowed, value, r.Syntax));
            if (IsFalse(test)) return test;   // of another type: there are no such members
        }
        else if (value is ExprValue { Expr: { Type: Ir.ArrayType or ListType } reference })
        {
            test = Both(test, IsNull(reference) ? False : narrowed is not null ? TypeTest(narrowed, value, r.Syntax) : new Opaque(["", " is not null"], [reference], PlainType.Bool, Purity.Pure));
        }
        test = Members(r, value, test);
        if (r.DeclaredSymbol is ILocalSymbol local) DeclareLocal(local, local.Type, ByInterface(value, local.Type));
        return test;
    }

    /// <summary>What a pattern asks of the members of a value.</summary>
    private Expr Members(IRecursivePatternOperation r, Value value, Expr test)
    {
        if (r.DeconstructionSubpatterns.Length > 0)
        {
            IReadOnlyList<Value> parts = OutsideParts(value, r.DeconstructSymbol as IMethodSymbol, r.Syntax) ?? Parts(value, r.DeconstructionSubpatterns.Length, r.Syntax);
            for (int i = 0; i < parts.Count; i++) test = Both(test, Test(r.DeconstructionSubpatterns[i], parts[i]));
        }
        foreach (IPropertySubpatternOperation p in r.PropertySubpatterns)
        {
            _matched.Push(value);
            try
            {
                Value member = VoidValue.Instance;
                List<Stmt> read = Into(() => member = Lower(p.Member));
                if (read.Count > 0 && IsSeen(read) && !IsOnlyMember(p)) throw Unsupported("a property with effects among several that a pattern asks for", "read it before", p.Syntax);
                _out.AddRange(read);
                test = Both(test, Test(p.Pattern, member));
            }
            finally { _matched.Pop(); }
        }
        return test;
    }

    // C# reads a member once for all patterns that ask for it, and in an order of its own
    private static bool IsOnlyMember(IOperation asked)
    {
        IOperation whole = asked;
        while (whole.Parent is IPatternOperation or IPropertySubpatternOperation or IPatternCaseClauseOperation or ISwitchCaseOperation or ISwitchOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation or IIsPatternOperation) whole = whole.Parent;
        return whole.DescendantsAndSelf().OfType<IPropertySubpatternOperation>().Count() == 1;
    }

    /// <summary>What is only there when a test holds is looked at under the test, and what is bound to it lives on.</summary>
    private Expr Guarded(Expr test, Func<Expr> more)
    {
        Variable matches = Local("matches", PlainType.Bool);
        _temporaries.Add(matches);
        Emit(new Declare(matches, test));
        List<Stmt> inner = Into(() =>
        {
            Expr all = more();
            if (all is not Constant { Text: "true" }) Emit(new Assign(new Read(matches), all));
        });
        // what is bound lives on behind the test
        List<Stmt> kept = Outliving(inner);
        if (kept.Count > 0) Emit(new If(new Read(matches), BlockOf(kept), Block.Empty));
        return new Read(matches);
    }
}
