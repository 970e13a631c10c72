using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>
/// Sorting in place: the order is that of the framework's own sort, run over positions, so that what compares equal lies as the framework leaves it.
/// </content>
internal sealed partial class Lowerer
{
    /// <summary><c>Array.Sort</c> of elements, or of keys with items, by a comparison or by themselves; null where the comparison is not known.</summary>
    private Value? ArraySort(IInvocationOperation o)
    {
        IOperation[] a = [.. o.Arguments.OrderBy(x => x.Parameter!.Ordinal).Select(x => Unconverted(x.Value))];
        Expr[] sorted = [.. Operands(a.TakeWhile(x => x.Type is not null && TypeOf(x.Type) is Ir.ArrayType { Rank: 1 })).Select(e => Stable(ExprOf(e), "items"))];
        if (sorted.Length is 0 or > 2 || !sorted.Any(e => e.Type.CarriesDerivative) && !a.Take(sorted.Length).Any(x => x.Type is IArrayTypeSymbol { ElementType: var made } && IsInRoom(made))) return null;
        IOperation[] rest = [.. a.Skip(sorted.Length)];
        (Expr? start, Expr? count) = (null, null);
        if (rest.Length >= 2 && rest[0].Type is { SpecialType: SpecialType.System_Int32 })
        {
            (start, count) = (Named(ExprOf(Lower(rest[0])), "start"), Named(ExprOf(Lower(rest[1])), "count"));
            CheckPart(sorted[0], start, count);
            rest = [.. rest.Skip(2)];
        }
        if (rest.Length > 1) return null;
        return Reordered(sorted, ((IArrayTypeSymbol)a[0].Type!).ElementType, start, count, rest.Length == 0 ? null : rest[0], o) ? VoidValue.Instance : null;
    }

    /// <summary>Puts the elements of arrays, lists or spans into the order of the first; false where it is not known how they compare.</summary>
    private bool Reordered(Expr[] sorted, ITypeSymbol item, Expr? start, Expr? count, IOperation? comparison, IOperation o)
    {
        Expr keys = sorted[0];
        bool isPlain = ElementOf(keys.Type) is ScalarType or PlainType { Kind: PlainKind.Integer } && !IsInRoom(item), isWhole = isPlain || ElementOf(keys.Type) is PlainType && !IsInRoom(item);
        comparison = comparison is null ? null : Unconverted(comparison);
        bool byThemselves = comparison is null || IsDefaultOrder(comparison);
        if (comparison is IInvocationOperation { TargetMethod: { Name: "Create", ContainingType.Name: "Comparer" } } made) comparison = Unconverted(made.Arguments[0].Value);
        int mark = _out.Count;
        Value? by = byThemselves ? null : Lower(comparison!);
        if (by is ExprValue { Expr: Constant { Text: "null" } }) byThemselves = true;
        Expr[] unsorted = [.. sorted.Select(e => CopyOfPart(e, start, count))];
        Expr? order = byThemselves && isPlain
            ? new Opaque(["global::DiffGen.Buffers.Order(", ")"], [unsorted[0]], new Ir.ArrayType(PlainType.Int), Purity.Reads)
            : byThemselves ? OrderBy(unsorted[0], (left, right) => NaturalOrder(item, left, right, o))
            : isWhole && IsForeignComparer(by!, comparison!) ? new Opaque(["global::DiffGen.Buffers.Order(", ", ", ")"], [unsorted[0], ExprOf(by!)], new Ir.ArrayType(PlainType.Int), Purity.Reads)
            : OrderBy(unsorted[0], (left, right) => Compared(by!, comparison!.Type, left, right, o));
        if (order is null)
        {
            _out.RemoveRange(mark, _out.Count - mark);
            return false;
        }
        order = Saved(order, "order");
        for (int k = 0; k < sorted.Length; k++)
        {
            (Expr target, Expr old) = (sorted[k], unsorted[k]);
            Counter("i", IntConstant(0), new LengthOf(order), i => StoreExpr(new ElementAt(target, [start is null ? i : Plus(start, i)]), Element(old, isPlain ? new ElementAt(order, [i]) : Named(new ElementAt(order, [i]), "from")), o));
        }
        return true;
    }

    // no comparer, or the one that stands for none
    private static bool IsDefaultOrder(IOperation comparison) =>
        comparison is { ConstantValue: { HasValue: true, Value: null } } or IPropertyReferenceOperation { Property: { Name: "Default", ContainingType.Name: "Comparer" } };

    // a comparer of which nothing is known (`StringComparer.Ordinal`): it can order numbers and texts, and nothing that is taken apart
    private static bool IsForeignComparer(Value by, IOperation comparison) =>
        by is ExprValue { Expr.Type: PlainType { Kind: PlainKind.Other } } && comparison.Type is INamedTypeSymbol { TypeKind: TypeKind.Interface or TypeKind.Class } type
        && (IsComparer(type) || type.Name == "Comparer" && InCollections(type) || type.DeclaringSyntaxReferences.IsEmpty && type.AllInterfaces.Any(IsComparer));

    private static bool IsComparer(INamedTypeSymbol type) => type is { Name: "IComparer", Arity: 1 } && InCollections(type);

    private static IrType ElementOf(IrType type) => type switch { Ir.ArrayType a => a.Element, SpanType s => s.Element, ListType l => l.Element, _ => PlainType.Void };

    private Expr CopyOfPart(Expr items, Expr? start, Expr? count)
    {
        var type = new Ir.ArrayType(ElementOf(items.Type));
        if (start is null && items.Type is Ir.ArrayType) return Saved(new CopyOf(items, type), "unsorted");
        Expr old = Saved(new NewArray(type, [count ?? new LengthOf(items)]), "unsorted");
        Counter("i", IntConstant(0), new LengthOf(old), i => StoreExpr(new ElementAt(old, [i]), Element(items, start is null ? i : Plus(start, i)), null));
        return old;
    }

    /// <summary>The order of items by a comparison; null where what it does is no expression.</summary>
    private Expr? OrderBy(Expr items, Func<Value, Value, Value?> compare)
    {
        if (Comparison(items, compare) is not { } comparison) return null;
        Fragments text = new Fragments().Text("global::DiffGen.Buffers.Order(").Hole(new LengthOf(items)).Text(", ").Append(comparison).Text(")");
        return new Opaque(text.Pieces.ToEquatable(), text.Holes.ToEquatable(), new Ir.ArrayType(PlainType.Int), Purity.Reads);
    }

    /// <summary>A lambda that compares items by their positions; null where what it does is no expression.</summary>
    private Fragments? Comparison(Expr items, Func<Value, Value, Value?> compare)
    {
        string p = session.Names.Fresh("p"), q = session.Names.Fresh("q");
        Value Item(string position) => Element(items, new Constant(PlainType.Int, position, null));
        Value? result = null;
        int reported = session.Reported;
        List<Stmt> before = Into(() => result = compare(Item(p), Item(q)));
        if (result is not ExprValue { Expr: var compared } || Folded(before, compared) is not { } folded)
        {
            session.Forget(reported);
            return null;
        }
        var text = new Fragments();
        if (!text.Add(folded)) return null;
        // a lambda cannot capture what the caller passes by reference, and a number may be just that: it captures an array that holds it
        if (session.Functions.Functions.Count > 0 || session.Entry.Parameters.Any(x => x.RefKind != RefKind.None)) text.Hold(e => ((ExprValue)Created(new ArrayLiteral(new Ir.ArrayType(e.Type), [e]))).Expr);
        return new Fragments().Text($"({p}, {q}) => ").Append(text);
    }

    /// <summary>How values compare by themselves, as <c>Comparer&lt;T&gt;.Default</c> compares what is not null; null where that is not known.</summary>
    private Value? NaturalOrder(ITypeSymbol type, Value left, Value right, IOperation o)
    {
        type = Actual(type);
        if (!IsInRoom(type) && left is ExprValue { Expr: var a } && right is ExprValue { Expr: var b } && IsCompared(a.Type))
            return new ExprValue(new Opaque(["", ".CompareTo(", ")"], [a, b], PlainType.Int, Purity.Pure));
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
        {
            Expr? order = null;
            foreach (IFieldSymbol element in tuple.TupleElements.Select(e => e.CorrespondingTupleField ?? e).Reverse())
            {
                if (MemberOf(left, element.Name) is not { } x || MemberOf(right, element.Name) is not { } y || NaturalOrder(element.Type, x, y, o) is not ExprValue { Expr: var one }) return null;
                one = Named(one, "compared");
                order = order is null ? one : new Conditional(new Binary(BinaryOperator.NotEqual, one, IntConstant(0), PlainType.Bool), one, order);
            }
            return order is null ? null : new ExprValue(order);
        }
        if (type.AllInterfaces.FirstOrDefault(i => i is { Name: "IComparable", Arity: 1, ContainingNamespace.Name: "System" }) is not { } comparable
            || type.FindImplementationForInterfaceMember(comparable.GetMembers("CompareTo")[0]) is not IMethodSymbol compare) return null;
        if (left is ExprValue { Expr: var number } && IsInRoom(type)) left = Opened(number, (INamedTypeSymbol)type);
        return Virtually(compare, left, (actual, self) => HasSource(actual) ? Inline(actual, self, [], [right], o.Syntax) : throw new Refused(Diagnostics.DiagnosticIds.UnknownTarget, actual.Name) { Node = o.Syntax }, compare.ReturnType);
    }

    private Value? Compared(Value by, ITypeSymbol? type, Value left, Value right, IOperation o)
    {
        switch (by)
        {
            case FunctionValue f: return Call(f, o.Syntax, left, right);
            case ObjectValue or CompositeValue or ExprValue when type is not null && Actual(type) is { TypeKind: TypeKind.Class or TypeKind.Struct } comparer:
                return comparer.GetMembers("Compare").OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.Length == 2 && HasSource(m)) is { IsAbstract: false, IsVirtual: false } compare
                    ? Inline(compare, ReceiverPlace(by), [], [left, right], o.Syntax) : null;
            default: return null;
        }
    }

    /// <summary>An expression for what statements without loops compute; null where there are others.</summary>
    private static Expr? Folded(List<Stmt> statements, Expr result)
    {
        var known = new Dictionary<Variable, Expr>();
        return Run(new Block(statements.ToEquatable()), known) ? new Renaming(known).Visit(result) : null;

        static bool Run(Block block, Dictionary<Variable, Expr> known)
        {
            foreach (Stmt s in block.Statements)
            {
                switch (s)
                {
                    case Declare { Initial: null }: break;
                    case Declare { Initial: { } e } d when Reads(e): known[d.Variable] = new Renaming(known).Visit(e); break;
                    case Assign { Target: Read { Variable: var v }, Value: var e } when Reads(e): known[v] = new Renaming(known).Visit(e); break;
                    // what is null throws as well where its members are looked at
                    case If { Then.Statements: [Ir.Throw { Value.Type.CSharp: "global::System.NullReferenceException" }], Else.Statements: [] }: break;
                    case If x when Reads(x.Condition):
                        {
                            Expr condition = new Renaming(known).Visit(x.Condition);
                            Dictionary<Variable, Expr> then = new(known), otherwise = new(known);
                            if (!Run(x.Then, then) || !Run(x.Else, otherwise)) return false;
                            foreach (Variable v in then.Keys.Union(otherwise.Keys).ToList())
                            {
                                // what one branch alone gives is not asked for where the other one ran
                                Expr? a = then.TryGetValue(v, out Expr? t) ? t : null, b = otherwise.TryGetValue(v, out Expr? u) ? u : null;
                                known[v] = a is null ? b! : b is null || a.Equals(b) ? a : new Conditional(condition, a, b);
                            }
                            break;
                        }
                    default: return false;
                }
            }
            return true;
        }
    }

    private static bool Reads(Expr e) => !e.All().Any(x => x is Opaque { Purity: Purity.Effects });

    /// <summary>The text of an expression, with holes for the variables in it: for a lambda that the optimiser does not look into.</summary>
    private sealed class Fragments
    {
        public List<string> Pieces { get; } = [""];

        public List<Expr> Holes { get; } = [];

        /// <summary>Puts an array of one element in the place of each variable that is no reference.</summary>
        public void Hold(Func<Expr, Expr> inArray)
        {
            var held = new Dictionary<Expr, Expr>();
            for (int i = 0; i < Holes.Count; i++)
            {
                if (Holes[i].Type.IsReference) continue;
                if (!held.TryGetValue(Holes[i], out Expr? array)) held[Holes[i]] = array = inArray(Holes[i]);
                Holes[i] = array;
                Pieces[i + 1] = "[0]" + Pieces[i + 1];
            }
        }

        public Fragments Text(string text)
        {
            Pieces[Pieces.Count - 1] += text;
            return this;
        }

        public Fragments Hole(Expr e)
        {
            Holes.Add(e);
            Pieces.Add("");
            return this;
        }

        public Fragments Append(Fragments other)
        {
            Text(other.Pieces[0]);
            Pieces.AddRange(other.Pieces.Skip(1));
            Holes.AddRange(other.Holes);
            return this;
        }

        public bool Add(Expr e)
        {
            switch (e)
            {
                case Constant c: Text(c.Text); return true;
                case Read { Type: not SpanType }: Hole(e); return true;
                case Binary b: return Between("(", b.Left, $" {Printer.Symbol(b.Operator)} ", b.Right, ")");
                case Unary { Operator: var op } u:
                    Text(op switch { UnaryOperator.Not => "!(", UnaryOperator.Complement => "~(", _ => "-(" });
                    return Add(u.Operand) && Closed(")");
                case Conditional c:
                    Text("(");
                    return Add(c.Condition) && Closed(" ? ") && Add(c.WhenTrue) && Closed(" : ") && Add(c.WhenFalse) && Closed(")");
                case Ir.Convert c:
                    Text($"(({c.Target.CSharp})(");
                    return Add(c.Operand) && Closed("))");
                case FieldOf { Target.Type: StructType owner } f when owner.AccessorOf(f.Name) is { Length: > 0 } accessor:
                    Text(accessor + "(");
                    return Add(f.Target) && Closed(")");
                case FieldOf f: return Add(f.Target) && Closed("." + f.Name);
                case LengthOf { Dimension: < 0, Source.Type: Ir.ArrayType } l: return Add(l.Source) && Closed(".Length");
                case ElementAt { Indices: [var index] } x: return Between("", x.Source, "[", index, "]");
                case Apply { Partials.Count: 0 } a: return Format(a.Format, a.Arguments);
                // a text or a whole number that is compared loses nothing
                case Opaque o when o.Lost is null || !o.Type.CarriesDerivative:
                    for (int i = 0; i < o.Pieces.Count; i++)
                    {
                        Text(o.Pieces[i]);
                        if (i < o.Holes.Count && !Add(o.Holes[i])) return false;
                    }
                    return true;
                default: return false;
            }
        }

        private bool Between(string open, Expr a, string middle, Expr b, string close)
        {
            Text(open);
            return Add(a) && Closed(middle) && Add(b) && Closed(close);
        }

        private bool Closed(string text)
        {
            Text(text);
            return true;
        }

        private bool Format(string format, IReadOnlyList<Expr> arguments)
        {
            for (int at = 0; at < format.Length;)
            {
                int open = format.IndexOf('{', at);
                int close = open < 0 ? -1 : format.IndexOf('}', open);
                if (close < 0)
                {
                    Text(format.Substring(at));
                    return true;
                }
                Text(format.Substring(at, open - at));
                if (!int.TryParse(format.Substring(open + 1, close - open - 1), out int i) || i >= arguments.Count || !Add(arguments[i])) return false;
                at = close + 1;
            }
            return true;
        }
    }
}
