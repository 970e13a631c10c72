using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>
/// Emits the nested <c>Tangent</c> of a marked type: a vector space with members of the same names. An array in it that is null counts as zeros, so
/// that <c>default</c> is the zero whatever the shape.
/// </summary>
public static class TangentEmitter
{
    /// <summary>The file of a marked type.</summary>
    public static EmittedFile Emit(TypeRequest request)
    {
        CodeWriter writer = new();
        FileEmitter.Around(writer, request.Namespace, request.Types, () => Members(writer, request), request.HasInterface && request.Move != MoveKind.None
            ? $" : global::DiffGen.IDifferentiable<{request.Self}, {request.Self}.Tangent>"
            : "");
        return new EmittedFile(request.HintName, writer.ToString());
    }

    private static void Members(CodeWriter writer, TypeRequest request)
    {
        List<ShapeMember> members = [.. request.Members.Where(m => m.Shape is not null)];
        string self = Documentation.Xml(request.Types[request.Types.Count - 1].Name);
        writer.Line($"/// <summary>A tangent, gradient or direction of <see cref=\"{self}\"/>: what is differentiable in it, under the same names. An array that is null counts as zeros.</summary>");
        writer.Line($"public {(request.IsReadOnly ? "readonly " : "")}partial struct Tangent : global::DiffGen.ITangent<Tangent>, global::System.IEquatable<Tangent>");
        writer.Open();
        foreach (ShapeMember m in members)
        {
            writer.Line($"/// <summary>The part that belongs to <c>{Documentation.Xml(m.Name)}</c>.</summary>");
            writer.Line($"{(m.IsInternal ? "internal" : "public")} {m.Shape!.Derivative} {Keywords.Escape(m.Name)}{(request.IsReadOnly ? " { get; init; }" : ";")}");
            writer.Gap();
        }
        bool Has(string name) => members.Any(m => m.Name == name);
        if (!Has("Zero"))
        {
            writer.Line("/// <summary>The zero tangent.</summary>");
            writer.Line("public static Tangent Zero => default;");
            writer.Gap();
        }
        Operator(writer, "The sum of two tangents.", "Tangent operator +(Tangent left, Tangent right)", members, m => Add(m.Shape!, "left." + N(m), "right." + N(m)));
        Operator(writer, "The difference of two tangents.", "Tangent operator -(Tangent left, Tangent right)", members, m => Subtract(m.Shape!, "left." + N(m), "right." + N(m)));
        Operator(writer, "The opposite tangent.", "Tangent operator -(Tangent tangent)", members, m => Scale(m.Shape!, "tangent." + N(m), "-1.0"));
        Operator(writer, "A tangent, scaled.", "Tangent operator *(Tangent tangent, double factor)", members, m => Scale(m.Shape!, "tangent." + N(m), "factor"));
        writer.Line("/// <summary>A tangent, scaled.</summary>");
        writer.Line("public static Tangent operator *(double factor, Tangent tangent) => tangent * factor;");
        writer.Gap();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"{Own(Has("Plus"), "Tangent", "Plus")}(Tangent other) => this + other;");
        writer.Gap();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"{Own(Has("Times"), "Tangent", "Times")}(double factor) => this * factor;");
        writer.Gap();
        writer.Line("/// <summary>The dot product: the sum of the products of all parts.</summary>");
        writer.Line($"{Own(Has("Dot"), "double", "Dot")}(Tangent other) => {string.Join(" + ", members.Select(m => Dot(m.Shape!, Here(m), "other." + N(m))))};");
        writer.Gap();
        if (!Has("Dot"))
        {
            writer.Line("/// <summary>The dot product of two tangents.</summary>");
            writer.Line("public static double Dot(Tangent left, Tangent right) => left.Dot(right);");
            writer.Gap();
        }
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public readonly bool Equals(Tangent other) => {string.Join(" && ", members.Select(m => $"global::System.Collections.Generic.EqualityComparer<{m.Shape!.Derivative}>.Default.Equals({Here(m)}, other.{N(m)})"))};");
        writer.Gap();
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override readonly bool Equals(object? obj) => obj is Tangent other && Equals(other);");
        writer.Gap();
        writer.Line("/// <inheritdoc/>");
        string hash = members.Select(m => N(m) + (m.Shape!.IsBuffer ? "?" : "") + ".GetHashCode()" + (m.Shape.IsBuffer ? " ?? 0" : "")).Select(h => "(" + h + ")").Aggregate((a, b) => $"({a} * 31 + {b})");
        writer.Line($"public override readonly int GetHashCode() => {(members.Count > 1 ? "unchecked" : "")}{hash};");
        writer.Close();
        Move(writer, request, members);
    }

    private static string N(ShapeMember member) => Keywords.Escape(member.Name);

    // a member that is called as the parameter is
    private static string Here(ShapeMember member) => member.Name is "other" or "obj" ? "this." + N(member) : N(member);

    // where a member has the name, the helper goes by its interface alone
    private static string Own(bool taken, string type, string name) => taken ? $"readonly {type} global::DiffGen.ITangent<Tangent>.{name}" : $"public readonly {type} {name}";

    private static void Operator(CodeWriter writer, string summary, string signature, List<ShapeMember> members, Func<ShapeMember, string> part)
    {
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line($"public static {signature} => new Tangent {{ {string.Join(", ", members.Select(m => $"{N(m)} = {part(m)}"))} }};");
        writer.Gap();
    }

    // what the runtime adds up by itself: numbers in arrays, matrices and rows, and arrays of marked types
    private static bool IsKnown(Shape shape) => shape switch
    {
        SequenceShape { Kind: not SequenceKind.Enumerable, Element: ScalarShape { Type: "double" or "float" } } => true,
        SequenceShape { Kind: SequenceKind.Array, Element: SequenceShape { Kind: SequenceKind.Array, Element: ScalarShape { Type: "double" or "float" } } or CompositeShape { IsTuple: false } } => true,
        SequenceShape { Kind: SequenceKind.Array or SequenceKind.List or SequenceKind.ReadOnlyList } => false,
        _ => true,
    };

    // the parameters of lambdas, one inside of another
    private static string Left(int depth) => "a" + depth.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Right(int depth) => "b" + depth.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Add(Shape shape, string left, string right, int depth = 0) => shape switch
    {
        SequenceShape { Element: var item } when !IsKnown(shape) => $"global::DiffGen.Tangents.Add({left}, {right}, static ({Left(depth)}, {Right(depth)}) => {Add(item, Left(depth), Right(depth), depth + 1)})",
        ScalarShape { Type: "global::System.Half" } or ScalarShape or VectorShape => $"{left} + {right}",
        CompositeShape { IsTuple: true } tuple => "(" + string.Join(", ", tuple.Members.Select(m => m.Shape is null ? $"default({m.Type})!" : Add(m.Shape, $"{left}.{N(m)}", $"{right}.{N(m)}", depth))) + ")",
        CompositeShape => $"{left} + {right}",
        _ => $"global::DiffGen.Tangents.Add({left}, {right})",
    };

    private static string Subtract(Shape shape, string left, string right) => shape is CompositeShape { IsTuple: true } tuple
        ? "(" + string.Join(", ", tuple.Members.Select(m => m.Shape is null ? $"default({m.Type})!" : Subtract(m.Shape, $"{left}.{N(m)}", $"{right}.{N(m)}"))) + ")"
        : Add(shape, left, Scale(shape, right, "-1.0"));

    private static string Scale(Shape shape, string value, string factor, int depth = 0) => shape switch
    {
        SequenceShape { Element: var item } when !IsKnown(shape) => $"global::DiffGen.Tangents.Scale({value}, {Left(depth)} => {Scale(item, Left(depth), factor, depth + 1)})",
        ScalarShape { Type: "double" } => $"{value} * {factor}",
        ScalarShape { Type: "float" } => $"(float)({value} * {factor})",
        ScalarShape { Type: "global::System.Half" } => $"(global::System.Half)((double){value} * {factor})",
        ScalarShape s => $"{value} * {s.Type}.CreateTruncating({factor})",
        VectorShape { Component: "double" } => $"{value} * {factor}",
        VectorShape => $"{value} * (float){Factor(factor)}",
        CompositeShape { IsTuple: true } tuple => "(" + string.Join(", ", tuple.Members.Select(m => m.Shape is null ? $"default({m.Type})!" : Scale(m.Shape, $"{value}.{N(m)}", factor, depth))) + ")",
        CompositeShape => $"{value} * {Factor(factor)}",
        _ => $"global::DiffGen.Tangents.Scale({value}, {factor})",
    };

    private static string Factor(string factor) => factor.StartsWith("-", StringComparison.Ordinal) ? "(" + factor + ")" : factor;

    private static string Dot(Shape shape, string left, string right, int depth = 0) => shape switch
    {
        SequenceShape { Element: var item } when !IsKnown(shape) => $"global::DiffGen.Tangents.Dot({left}, {right}, static ({Left(depth)}, {Right(depth)}) => {Dot(item, Left(depth), Right(depth), depth + 1)})",
        ScalarShape { Type: "double" } => $"{left} * {right}",
        ScalarShape { Type: "float" or "global::System.Half" } => $"(double){left} * (double){right}",
        ScalarShape => $"double.CreateTruncating({left} * {right})",
        VectorShape v => "(" + string.Join(" + ", v.Members.Select(m => $"(double){left}.{m} * {right}.{m}")) + ")",
        CompositeShape { IsTuple: true } tuple => "(" + string.Join(" + ", tuple.Members.Where(m => m.Shape is not null).Select(m => Dot(m.Shape!, $"{left}.{N(m)}", $"{right}.{N(m)}", depth))) + ")",
        CompositeShape c when c.Members.Any(m => m.Name == "Dot") => $"((global::DiffGen.ITangent<{c.Derivative}>){left}).Dot({right})",
        CompositeShape => $"{left}.Dot({right})",
        _ => $"global::DiffGen.Tangents.Dot({left}, {right})",
    };

    private static void Move(CodeWriter writer, TypeRequest request, List<ShapeMember> members)
    {
        if (request.Move == MoveKind.None) return;
        writer.Gap();
        writer.Line("/// <summary>The value at <c>this + step · tangent</c>; what carries no derivative is copied.</summary>");
        writer.Line("/// <param name=\"tangent\">The direction.</param>");
        writer.Line("/// <param name=\"step\">How far.</param>");
        writer.Line($"public {(request.IsReference ? "" : "readonly ")}{request.Self} MovedBy(Tangent tangent, double step)");
        writer.Open();
        IEnumerable<(string Name, string Value)> moved = members.Select(m => (N(m), Moved(m.Shape!, "this." + N(m), "tangent." + N(m))));
        if (request.Move == MoveKind.Construct)
        {
            Dictionary<string, string> by = moved.ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
            writer.Line($"return new {request.Self}({string.Join(", ", request.Arguments.Select(Keywords.Escape).Select(name => by.TryGetValue(name, out string? value) ? value : "this." + name))});");
        }
        else if (request.Move == MoveKind.With)
        {
            writer.Line($"return this with {{ {string.Join(", ", moved.Select(m => $"{m.Name} = {m.Value}"))} }};");
        }
        else
        {
            writer.Line(request.Move == MoveKind.Copy ? $"{request.Self} moved = this;" : $"{request.Self} moved = ({request.Self})MemberwiseClone();");
            foreach ((string name, string value) in moved) writer.Line($"moved.{name} = {value};");
            writer.Line("return moved;");
        }
        writer.Close();
    }

    private static string Moved(Shape shape, string value, string tangent, int depth = 0) => shape switch
    {
        SequenceShape { Element: var item } when !IsKnown(shape) => $"global::DiffGen.Tangents.Moved({value}, {tangent}, ({Left(depth)}, {Right(depth)}) => {Moved(item, Left(depth), Right(depth), depth + 1)})",
        CompositeShape { IsTuple: true } tuple => "(" + string.Join(", ", tuple.Members.Select(m => m.Shape is null ? $"{value}.{N(m)}" : Moved(m.Shape, $"{value}.{N(m)}", $"{tangent}.{N(m)}", depth))) + ")",
        CompositeShape => $"{value}.MovedBy({tangent}, step)",
        SequenceShape or MatrixShape => $"global::DiffGen.Tangents.Moved({value}, {tangent}, step)",
        _ => $"{value} + {Scale(shape, tangent, "step", depth)}",
    };
}
