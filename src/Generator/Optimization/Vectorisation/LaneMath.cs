using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Expressions on four lanes: C# of <c>Vector256&lt;double&gt;</c> and of the runtime's <c>Lanes</c>.</summary>
internal static class LaneMath
{
    private const string Vector = "global::System.Runtime.Intrinsics.Vector256";
    private const string Runtime = "global::DiffGen.Lanes";
    private const string ExactRuntime = "global::DiffGen.ExactLanes";

    /// <summary>Four doubles.</summary>
    public static readonly VectorType Lane = new(Vector + "<double>", ScalarType.Double, EquatableArray<string>.Empty);

    /// <summary>How many lanes there are.</summary>
    public const int Count = 4;

    /// <summary>Functions that exist on lanes, by the last part of a rule's key.</summary>
    private static readonly Dictionary<string, string> Functions = new(StringComparer.Ordinal)
    {
        ["Exp"] = Runtime + ".Exp", ["Tanh"] = Runtime + ".Tanh", ["Log"] = Runtime + ".Log", ["Sin"] = Runtime + ".Sin", ["Cos"] = Runtime + ".Cos",
        ["Max"] = Runtime + ".Max", ["Min"] = Runtime + ".Min", ["Sign"] = Runtime + ".Sign", ["Sqrt"] = Vector + ".Sqrt", ["Abs"] = Vector + ".Abs",
    };

    /// <summary>Functions whose bits on lanes are those of <c>Math</c>, lane by lane.</summary>
    private static readonly Dictionary<string, string> ExactFunctions = new(StringComparer.Ordinal)
    {
        ["Exp"] = ExactRuntime + ".Exp", ["Tanh"] = ExactRuntime + ".Tanh", ["Log"] = ExactRuntime + ".Log", ["Sin"] = ExactRuntime + ".Sin", ["Cos"] = ExactRuntime + ".Cos",
        ["Max"] = Runtime + ".Max", ["Min"] = Runtime + ".Min", ["Sign"] = ExactRuntime + ".Sign", ["Sqrt"] = Vector + ".Sqrt", ["Abs"] = Vector + ".Abs",
    };

    /// <summary>The type of a variable whose value differs from lane to lane; null where there is none.</summary>
    public static IrType? Widened(IrType type) => type switch
    {
        ScalarType { Kind: ScalarKind.Double } => Lane,
        PlainType { Kind: PlainKind.Integer, Name: "int" } or PlainType { Kind: PlainKind.Boolean } => Lane,
        ArrayType { Rank: 1 } array => Widened(array.Element) is { } element && array.Element is not PlainType ? new ArrayType(element) : null,
        TapeType tape => Widened(tape.Element) is { } element && tape.Element is not PlainType { Kind: PlainKind.Boolean } ? new TapeType(element, tape.CrossesCalls) : null,
        _ => null,
    };

    /// <summary>Whether a type is <c>double[][]</c>.</summary>
    public static bool IsRows(IrType type) => type is ArrayType { Rank: 1, Element: ArrayType { Rank: 1, Element: ScalarType { Kind: ScalarKind.Double } } };

    /// <summary>The same number in every lane.</summary>
    public static Expr Broadcast(Expr e) => Pure(Lane, Vector + ".Create(", e is { Type: ScalarType } and not Constant ? e : new Ir.Convert(e, ScalarType.Double));

    /// <summary>Zero in every lane.</summary>
    public static readonly Expr Zero = new Opaque([Vector + "<double>.Zero"], [], Lane, Purity.Pure);

    /// <summary>What changes no sum, not even one that is −0.</summary>
    public static readonly Expr Nothing = new Opaque([Vector + ".Create(-0.0)"], [], Lane, Purity.Pure);

    /// <summary>i, i + 1, ….</summary>
    public static Expr From(Expr i) => Pure(Lane, Runtime + ".From(", i);

    /// <summary>A function on lanes by its rule's key, with the bits of <c>Math</c> where <paramref name="exact"/>; null where there is none.</summary>
    public static Expr? Function(string key, bool exact, params Expr[] arguments) =>
        (exact ? ExactFunctions : Functions).TryGetValue(Facts.ShortKey(key), out string? name) && arguments.Length == (Facts.ShortKey(key) is "Max" or "Min" ? 2 : 1) ? Pure(Lane, name + "(", arguments) : null;

    /// <summary>Whether a function on lanes is one of the single numbers in turn.</summary>
    public static bool IsLaneByLane(string key, bool exact) => Facts.ShortKey(key) is "Log" or "Sin" or "Cos" || exact && Facts.ShortKey(key) is "Exp" or "Tanh";

    /// <summary>A number plus a product, in one rounding where the hardware has it, if what is added is a product.</summary>
    public static Expr? Fused(Expr added, Expr to) => added is Binary { Operator: BinaryOperator.Multiply } product ? Pure(Lane, Vector + ".FusedMultiplyAdd(", product.Left, product.Right, to) : null;

    /// <summary>The mask of a comparison.</summary>
    public static Expr? Compare(BinaryOperator comparison, Expr left, Expr right)
    {
        string? name = comparison switch
        {
            BinaryOperator.Less => "LessThan",
            BinaryOperator.LessOrEqual => "LessThanOrEqual",
            BinaryOperator.Greater => "GreaterThan",
            BinaryOperator.GreaterOrEqual => "GreaterThanOrEqual",
            BinaryOperator.Equal or BinaryOperator.NotEqual => "Equals",
            _ => null,
        };
        if (name is null) return null;
        Expr mask = Pure(Lane, $"{Vector}.{name}(", left, right);
        return comparison == BinaryOperator.NotEqual ? Not(mask) : mask;
    }

    /// <summary>Lanes where two numbers have different bits.</summary>
    public static Expr Differ(Expr left, Expr right) => Call("Differ", left, right);

    /// <summary>Lanes of both masks.</summary>
    public static Expr And(Expr left, Expr right) => new Opaque(["(", " & ", ")"], [left, right], Lane, Purity.Pure);

    /// <summary>Lanes of either mask.</summary>
    public static Expr Or(Expr left, Expr right) => new Opaque(["(", " | ", ")"], [left, right], Lane, Purity.Pure);

    /// <summary>Lanes not in the mask.</summary>
    public static Expr Not(Expr mask) => new Opaque(["(~", ")"], [mask], Lane, Purity.Pure);

    /// <summary>Lane by lane a choice.</summary>
    public static Expr Select(Expr mask, Expr whenTrue, Expr whenFalse) => Call("Select", mask, whenTrue, whenFalse);

    /// <summary>A member of the runtime's <c>Lanes</c> with lanes as its result.</summary>
    public static Expr Call(string name, params Expr[] arguments) => Pure(Lane, $"{Runtime}.{name}(", arguments);

    /// <summary>A member of the runtime's <c>Lanes</c> that reads elements.</summary>
    public static Expr Load(string name, params Expr[] arguments) => Make(Lane, Purity.Reads, $"{Runtime}.{name}(", arguments);

    /// <summary>A member of the runtime's <c>Lanes</c> that writes elements of <paramref name="written"/>.</summary>
    public static Stmt Store(string name, Variable? written, params Expr[] arguments) =>
        new Evaluate(Make(PlainType.Void, Purity.Effects, $"{Runtime}.{name}(", arguments) with { Writes = written is null ? default : [written] });

    /// <summary>Whether code is a call of the runtime's <c>Lanes</c>, which keep nothing that they are given.</summary>
    public static bool IsLaneAccess(Opaque code) => code.Pieces.Count > 0
        && (code.Pieces[0].StartsWith(Runtime + ".", StringComparison.Ordinal) || code.Pieces[0].StartsWith(ExactRuntime + ".", StringComparison.Ordinal));

    /// <summary>Whether code is a call of the runtime's <c>Lanes</c> that takes rows of vectors wherever they are.</summary>
    public static bool TakesRows(Opaque code) => code.Pieces.Count > 0
        && code.Pieces[0] is Runtime + ".AddSums(" or Runtime + ".Dot(" or Runtime + ".AddProducts(" or ExactRuntime + ".AddProducts("
            or Runtime + ".AddMatrix(" or ExactRuntime + ".AddMatrix(" or Runtime + ".AddMatrixSums(" or Runtime + ".AddMatrixDots(";

    /// <summary>Adds products to a row of vectors; in one rounding, where vectors have that, unless <paramref name="exact"/>.</summary>
    public static Stmt AddProducts(Variable row, bool exact, params Expr[] arguments) =>
        new Evaluate(Make(PlainType.Void, Purity.Effects, (exact ? ExactRuntime : Runtime) + ".AddProducts(", arguments) with { Writes = [row] });

    /// <summary>Adds the product of a matrix to a row of vectors; in one rounding, where vectors have that, unless <paramref name="exact"/>.</summary>
    public static Stmt AddMatrix(Variable row, bool exact, params Expr[] arguments) =>
        new Evaluate(Make(PlainType.Void, Purity.Effects, (exact ? ExactRuntime : Runtime) + ".AddMatrix(", arguments) with { Writes = [row] });

    /// <summary>How many numbers a matrix has.</summary>
    public static Expr Size(Expr start, Expr step, Expr end, Expr count) => Pure(PlainType.Int, Runtime + ".Size(", start, step, end, count);

    /// <summary>The number that is the same in all lanes, where an expression is one.</summary>
    public static Expr? BroadcastOf(Opaque e) => e is { Pieces: [var opening, ")"], Holes: [{ Type: ScalarType } number] } && opening == Vector + ".Create(" ? number : null;

    /// <summary>A product and a sum in one rounding.</summary>
    public static (Expr Left, Expr Right, Expr To)? FusedOf(Opaque e) => e is { Holes: [var left, var right, var to] } && e.Pieces[0] == Vector + ".FusedMultiplyAdd(" ? (left, right, to) : null;

    /// <summary>What is summed over the lanes, where an expression is such a sum.</summary>
    public static Expr? SummedBy(Opaque sum) => sum is { Pieces: [var opening, ")"], Holes: [var lanes] } && opening == Runtime + ".Sum(" ? lanes : null;

    /// <summary>The sum over the lanes.</summary>
    public static Expr Sum(Expr lanes) => Pure(ScalarType.Double, Runtime + ".Sum(", lanes);

    /// <summary>A number and the lanes added to it one after another, as the iterations would.</summary>
    public static Expr InOrder(Expr sum, Expr lanes) => Pure(ScalarType.Double, ExactRuntime + ".InOrder(", sum, lanes);

    /// <summary>Whether any lane of a mask is set.</summary>
    public static Expr Any(Expr mask) => Pure(PlainType.Bool, Runtime + ".Any(", mask);

    /// <summary>Where the vectorised part of a loop ends.</summary>
    public static Expr Stop(Expr start, Expr limit, Expr[] rows)
    {
        Expr stop = Pure(PlainType.Int, Runtime + ".Stop(", start, limit);
        foreach (Expr r in rows) stop = Make(PlainType.Int, Purity.Reads, Runtime + ".Regular(", r, start, stop);
        return stop;
    }

    /// <summary>Room for four rows side by side, as long as the first of them, on a stack of remembered values.</summary>
    public static Expr TileOf(Variable room, Expr rows, Expr start, Expr stop, IrType type) =>
        new Opaque([Runtime + ".Tile(ref ", ", ", ", ", ", ", ")"], [new Read(room), rows, start, stop], type, Purity.Effects, [room]);

    /// <summary>Elements from <paramref name="offset"/> on as vectors, as many as a loop from <paramref name="start"/> to <paramref name="stop"/> takes: of an array, or of one in an array of arrays.</summary>
    public static Expr ViewOf(Expr source, Expr offset, Expr start, Variable stop, IrType type)
    {
        Expr count = start is Constant { Number: 0 } ? new Read(stop) : new Binary(BinaryOperator.Subtract, new Read(stop), start, PlainType.Int);
        return source is ElementAt { Source: var rows, Indices: [var row] }
            ? Make(type, Purity.Reads, Runtime + ".Of(", rows, row, offset, count)
            : Make(type, Purity.Reads, Runtime + ".Of(", source, offset, count);
    }

    private static Opaque Pure(IrType type, string opening, params Expr[] arguments) => Make(type, Purity.Pure, opening, arguments);

    private static Opaque Make(IrType type, Purity purity, string opening, params Expr[] arguments)
    {
        string[] pieces = new string[arguments.Length + 1];
        pieces[0] = opening;
        for (int i = 1; i < arguments.Length; i++) pieces[i] = ", ";
        pieces[arguments.Length] = ")";
        return new Opaque(new EquatableArray<string>(pieces), arguments.ToEquatable(), type, purity);
    }
}
