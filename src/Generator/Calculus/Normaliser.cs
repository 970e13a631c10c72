using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Gives names to those parts of expressions whose value an adjoint will read and that are dear to compute twice (results of transcendental
/// functions, divisions, long operands of nonlinear operations), so that what is remembered and recomputed is decided for variables only.
/// Scopes are flattened. Evaluation order is kept: everything named is pure.
/// </summary>
internal sealed class Normaliser(Activity activity, Unit unit, Function function, Names names) : Rewriter
{
    private const int Dear = 4;
    private List<Stmt> _before = [];
    private Stmt _current = null!;
    private HashSet<string>? _changed;

    public Function Run() => function with { Body = Visit(function.Body) };

    public override IEnumerable<Stmt> VisitMany(Stmt s)
    {
        List<Stmt> outer = _before;
        Stmt outerStatement = _current;
        _before = [];
        _current = s;
        var result = new List<Stmt>();
        switch (s)
        {
            case Scope scope:
                foreach (Stmt inner in scope.Body.Statements) result.AddRange(VisitMany(inner));
                break;
            case Declare { Initial: Slice { Type: SpanType } view } x: Finish(x with { Initial = Bounded(view) }); break;
            case Assign { Target: Read, Value: Slice { Type: SpanType } view } x when Active(view): Finish(x with { Value = Bounded(view) }); break;
            case Declare { Initial: Conditional { Type: SpanType } chosen } x: Finish(x with { Initial = Bounded(chosen) }); break;
            case Assign { Target: Read, Value: Conditional { Type: SpanType } chosen } x when Active(chosen): Finish(x with { Value = Bounded(chosen) }); break;
            case Declare { Initial: { } e } x when Active(e): Finish(x with { Initial = Top(e, x.Variable) }); break;
            case Assign { Value: ArrayLiteral or CopyOf { Type: ArrayType } } x when x.Value.Type.CarriesDerivative:
            {
                // storage gets a name of its own: its adjoint is read when the place refers to something else again
                Expr made = Active(x.Value) ? Operands(x.Value) : x.Value;
                var storage = new Variable(names.Fresh(x.Target.Root()?.Name ?? "made"), x.Value.Type);
                activity.Introduce(function, storage, x.Value);
                result.AddRange(_before);
                _before = [];
                result.Add(new Declare(storage, made) { Source = s.Source, Site = s.Site });
                Finish(x with { Value = new Read(storage), Target = Place(x.Target) });
                break;
            }
            case Assign x when Active(x.Value): Finish(x with { Value = Top(x.Value, null), Target = Place(x.Target) }); break;
            case AddTo x when Active(x.Value): Finish(x with { Value = Top(x.Value, null), Target = Place(x.Target) }); break;
            case Assign x: Finish(x with { Target = Place(x.Target) }); break;
            case AddItem x when Active(x.Value): Finish(x with { Value = Top(x.Value, null) }); break;
            case Perform x:
                // the rule of a bulk operation adds to the shadow of a place: a number that varies needs one
                Finish(x with { Arguments = x.Arguments.Select(a => !a.Type.IsReference && Active(a) && a is not Read ? Name(a, "scalar") : a).ToEquatable() });
                break;
            case Call x:
                HashSet<string> given = GivenAnew(x);
                Finish(x with { Arguments = x.Arguments.Select((a, i) => a.Type.IsReference ? a : !Simple(a) ? Name(a is Read or Constant ? a : Inside(a, needed: false), "argument") : ReadsGiven(x, i, given) ? Copy(a, "argument") : a).ToEquatable() });
                break;
            case If x when Cost.Of(x.Condition) > Dear || !Purities.IsPure(x.Condition) || MayChange(x.Condition):
                var taken = new Variable(names.Fresh("taken"), PlainType.Bool);
                result.Add(new Declare(taken, x.Condition) { Site = s.Site });
                result.Add(x with { Condition = new Read(taken), Then = Visit(x.Then), Else = Visit(x.Else) });
                break;
            default: Finish(Visit(s)); break;
        }
        _before = outer;
        _current = outerStatement;
        return result;

        void Finish(Stmt statement)
        {
            result.AddRange(_before);
            result.Add(statement);
        }
    }

    private bool Active(Expr e) => activity.Varies(function, e);

    /// <summary>The index of a written element is read twice (write and adjoint): name it when it is more than a variable and a constant.</summary>
    private Expr Place(Expr target) => target switch
    {
        ElementAt x => x with { Source = Place(x.Source), Indices = x.Indices.Select(i => Simple(i) ? i : Name(i, "index")).ToEquatable() },
        FieldOf x => x with { Target = Place(x.Target) },
        _ => target,
    };

    /// <summary>Where a view begins and ends is kept under a name where it moves on, or is looked up: backwards, the view is made again.</summary>
    private Slice Bounded(Slice view) => view with { Source = view.Source is Slice whole ? Bounded(whole) : Row(view.Source), Start = Bound(view.Start, "start"), Length = Bound(view.Length, "length") };

    // which of several spans it is, is asked for again
    private Conditional Bounded(Conditional chosen) => chosen with
    {
        Condition = Bound(chosen.Condition, "which")!,
        WhenTrue = chosen.WhenTrue is Conditional first ? Bounded(first) : chosen.WhenTrue,
        WhenFalse = chosen.WhenFalse is Conditional second ? Bounded(second) : chosen.WhenFalse,
    };

    // a row, or an array, that another takes the place of
    private Expr Row(Expr source)
    {
        if (source is Read { Type: ArrayType, Variable: var array } && Moved.Contains(array.Name)) return Copy(source, array.Name);
        _takesRows ??= function.Body.All().Any(s => s is Assign { Target: ElementAt { Type.IsReference: true } } or AddItem { Value.Type.IsReference: true });
        return source is ElementAt { Type: ArrayType } && _takesRows == true ? Copy(source, "row") : source;
    }

    private bool? _takesRows;

    private Expr? Bound(Expr? e, string wish)
    {
        return e is not null && (e.FreeVariables().Any(v => Moved.Contains(v.Name)) || e.All().Any(x => x is ElementAt or Opaque { Purity: not Purity.Pure })) ? Copy(e, wish) : e;
    }

    private HashSet<string> Moved => _moved ??= [.. function.Body.All().OfType<Assign>().Select(a => a.Target).OfType<Read>().Select(r => r.Variable.Name)];

    private HashSet<string>? _moved;

    private bool Simple(Expr e) => Purities.IsPure(e) && Cost.Of(e) <= Dear && !e.All().Any(x => x is ElementAt) && !MayChange(e);

    private Expr Top(Expr e, Variable? declared) => declared is not null && e is Apply or Binary { Operator: BinaryOperator.Divide } ? Operands(e) : Inside(e, needed: false);

    /// <summary>Normalises an operand; <paramref name="needed"/>: the parent's adjoint reads its value.</summary>
    private Expr Inside(Expr e, bool needed)
    {
        if (!Active(e))
        {
            if (needed && (Purities.IsPure(e) && Cost.Of(e) > Dear * 2 || !e.Type.IsReference && MayChange(e))) return Name(e, "factor");
            // a span that code gives which is carried cannot be asked for again: what is read of it can be kept
            if (needed && !e.Type.IsReference && e.FreeVariables().Any(Given.Contains)) return Name(e, "factor");
            return e;
        }
        switch (e)
        {
            case Conditional x: return Choice(x, needed);
            case Opaque: return e;
            case Apply x when RuleTable.For(x) is not null:
                Expr call = Operands(x);
                return ReadsResult(x) || needed ? Name(call, Wish(x)) : call;
            case Binary { Operator: BinaryOperator.Divide }:
                return Name(Operands(e), "quotient");
            case Binary or Unary or Convert:
                Expr inner = Operands(e);
                return needed && Cost.Of(inner) > Dear ? Name(inner, "term") : inner;
            case ElementAt x:
                return x with { Indices = x.Indices.Select(i => Simple(i) ? i : Name(i, "index")).ToEquatable() };
            default: return Operands(e);
        }
    }

    private HashSet<Variable> Given => _given ??= [.. function.Body.All().Select(s => s switch
    {
        Declare { Variable: { Type: SpanType } v, Initial: Opaque } => v,
        Assign { Target: Read { Variable: { Type: SpanType } v }, Value: Opaque } => v,
        _ => null,
    }).OfType<Variable>()];

    private HashSet<Variable>? _given;

    /// <summary>Whether it reads an object (or the outside world) that this function changes: the reverse sweep would find another value there.</summary>
    private bool MayChange(Expr e)
    {
        _changed ??= Changed();
        return e.All().Any(x => x switch
        {
            Opaque { Purity: not Purity.Pure } o => _changed.Contains("") || o.Holes.Any(h => h.Root() is { } root && _changed.Contains(root.Name)),
            // what was taken out of an object that is changed by its own name
            ElementAt or LengthOf { Source.Type: ListType } => _changedStorage.Count > 0 && activity.LocationsOf(function) is var locations && locations.Holder(x is LengthOf list ? list.Source : x) is { } holder && _changedStorage.Contains(locations.ClassOf(holder)),
            _ => false,
        });
    }

    private readonly HashSet<string> _changedStorage = new(StringComparer.Ordinal);

    // the objects that fragments write, and "" where a fragment has effects on what is not named, or stands in a function that is called
    private HashSet<string> Changed()
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        Locations locations = activity.LocationsOf(function);
        if (function.Body.All().Any(s => s is Call) && unit.Callees.SelectMany(f => f.Body.All()).SelectMany(s => s.Values()).SelectMany(v => v.All()).Any(e => e is Opaque { Purity: Purity.Effects })) changed.Add("");
        foreach (Stmt s in function.Body.All())
        {
            if (s is AddItem { List: var grown } && grown.Root() is null && locations.Holder(grown) is { } a) _changedStorage.Add(locations.ClassOf(a));
            if (s is RemoveLast { List: var shrunk } && shrunk.Root() is null && locations.Holder(shrunk) is { } b) _changedStorage.Add(locations.ClassOf(b));
            if (s is Throw) continue;
            foreach (Opaque o in s.Values().SelectMany(v => v.All()).OfType<Opaque>())
            {
                foreach (Variable v in o.Writes)
                {
                    changed.Add(v.Name);
                    if (v.Type is PlainType && Locations.Shared(v.Type) && !o.Fills.Contains(v)) _changedStorage.Add(locations.ClassOf(v));
                }

                if (o.Purity == Purity.Effects && o.Writes.Count == 0) changed.Add("");
            }
        }

        return changed;
    }

    private static bool ReadsResult(Apply x) => Cost.Of(x with { Arguments = x.Arguments.Select(a => (Expr)new Constant(a.Type, "0", 0)).ToEquatable() }) >= Dear;

    private static string Wish(Apply x)
    {
        string name = new([.. x.Key.Substring(x.Key.LastIndexOf('.') + 1).Where(char.IsLetterOrDigit)]);
        if (name.Length == 0 || !char.IsLetter(name[0])) return "value";
        return char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    private Expr Operands(Expr e)
    {
        switch (e)
        {
            case Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } x:
                return x with { Left = Inside(x.Left, false), Right = Inside(x.Right, false) };
            case Binary { Operator: BinaryOperator.Multiply } x:
                return x with { Left = Inside(x.Left, Active(x.Right)), Right = Inside(x.Right, Active(x.Left)) };
            case Binary x: return x with { Left = Inside(x.Left, true), Right = Inside(x.Right, true) };
            case Unary x: return x with { Operand = Inside(x.Operand, false) };
            case Convert x: return x with { Operand = Inside(x.Operand, false) };
            case Apply x: return x with { Arguments = x.Arguments.Select(a => Inside(a, true)).ToEquatable() };
            case NewStruct x: return x with { Values = x.Values.Select(a => Inside(a, false)).ToEquatable() };
            case ArrayLiteral x: return x with { Elements = x.Elements.Select(a => Inside(a, false)).ToEquatable() };
            case FieldOf x: return x with { Target = Inside(x.Target, false) };
            case ElementAt x: return x with { Indices = x.Indices.Select(i => Simple(i) ? i : Name(i, "index")).ToEquatable() };
            default: return e;
        }
    }

    private Expr Choice(Conditional x, bool needed)
    {
        List<Stmt> outer = _before;
        _before = [];
        Expr whenTrue = Inside(x.WhenTrue, false);
        List<Stmt> trueStatements = _before;
        _before = [];
        Expr whenFalse = Inside(x.WhenFalse, false);
        List<Stmt> falseStatements = _before;
        _before = outer;
        bool dear = Cost.Of(x.Condition) > Dear;
        Expr condition = dear ? Name(x.Condition, "taken") : x.Condition;
        if (trueStatements.Count == 0 && falseStatements.Count == 0)
        {
            var plain = new Conditional(condition, whenTrue, whenFalse);
            return needed ? Name(plain, "choice") : plain;
        }
        if (x.Type is SpanType) return x;
        var chosen = new Variable(names.Fresh("choice"), x.Type);
        activity.Introduce(function, chosen, x);
        _before.Add(new Declare(chosen, null) { Source = _current.Source, Site = _current.Site });
        trueStatements.Add(new Assign(new Read(chosen), whenTrue) { Source = _current.Source, Site = _current.Site });
        falseStatements.Add(new Assign(new Read(chosen), whenFalse) { Source = _current.Source, Site = _current.Site });
        _before.Add(new If(condition, new Block(trueStatements.ToEquatable()), new Block(falseStatements.ToEquatable())) { Site = _current.Site });
        return new Read(chosen);
    }

    /// <summary>The variables that a call receives by reference and gives another value.</summary>
    private HashSet<string> GivenAnew(Call call)
    {
        Locations locations = activity.LocationsOf(function);
        return new HashSet<string>(Enumerable.Range(0, call.Arguments.Count).Where(i => !call.Arguments[i].Type.IsReference && locations.MayAssign(call, i))
            .Select(i => call.Arguments[i].Root()?.Name ?? ""), StringComparer.Ordinal);
    }

    // f(x, ref x): the reverse half is given the first one as it was, which only a copy still holds, and whose adjoint is not that of the second one
    private bool ReadsGiven(Call call, int i, HashSet<string> given) =>
        given.Count > 0 && !activity.LocationsOf(function).MayAssign(call, i) && call.Arguments[i].All().Any(e => e is Read x && given.Contains(x.Variable.Name));

    private Expr Name(Expr e, string wish) => e is Read or Constant ? e : Copy(e, wish);

    private Expr Copy(Expr e, string wish)
    {
        var variable = new Variable(names.Fresh(wish), e.Type);
        activity.Introduce(function, variable, e);
        _before.Add(new Declare(variable, e) { Source = _current.Source, Site = _current.Site });
        return new Read(variable);
    }
}
