using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>
/// <c>System.Numerics.Plane</c> has no operators, so that it is taken apart: its functions take and give a normal and a distance each. What is computed is
/// what the framework computes.
/// </content>
internal sealed partial class Lowerer
{
    private static bool IsPlane(ITypeSymbol? type) => type is { Name: "Plane", ContainingNamespace: { Name: "Numerics", ContainingNamespace.Name: "System" } };

    /// <summary>A plane of a normal and a distance, of four numbers or of a vector of them.</summary>
    private CompositeValue PlaneCreation(IObjectCreationOperation o, INamedTypeSymbol plane)
    {
        Expr[] v = [.. ArgumentsOf(o.Given()).Select(ExprOf)];
        var three = (VectorType)TypeOf(TypeMap.Fields(plane).First().Type);
        if (v is [{ Type: VectorType { Members.Count: 4 } numbers } four])
        {
            four = Named(four, "plane");
            v = [.. numbers.Members.Select(m => (Expr)new FieldOf(four, m, numbers.Component))];
        }
        Expr normal = v switch
        {
            [] => new Constant(three, $"default({three.CSharp})", null),
            [var given, _] => given,
            _ => new Apply("Vector3.new", $"new {three.CSharp}({KnownFunctions.Holes(3)})", [v[0], v[1], v[2]], three),
        };
        return new CompositeValue(plane, [new("Normal", new ExprValue(normal)), new("D", new ExprValue(v.Length == 0 ? Zero(three.Component) : v[v.Length - 1]))]);
    }

    private Value? PlaneCall(IInvocationOperation o, IMethodSymbol method)
    {
        if (!method.IsStatic || method.Parameters.Any(p => p.RefKind is RefKind.Out or RefKind.Ref)) return null;
        // an inverse matrix: composed of what is known
        if (method.Name == "Transform" && method.Parameters[1].Type.Name == "Matrix4x4") return null;
        List<Expr> parts = [];
        List<string> given = [];
        string Hole(Expr part)
        {
            parts.Add(part);
            return $"{{{parts.Count - 1}}}";
        }
        IOperation[] operands = [.. o.Given().OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value)];
        foreach ((Value value, IParameterSymbol parameter) in Operands(operands).Zip(method.Parameters, (v, p) => (v, p)))
        {
            if (!IsPlane(parameter.Type)) given.Add(Hole(ExprOf(value)));
            else if (MemberOf(value, "Normal") is { } normal && MemberOf(value, "D") is { } distance)
                given.Add($"new {TypeMap.Spell(parameter.Type)}({Hole(ExprOf(normal))}, {Hole(ExprOf(distance))})");
            else return null;
        }
        string call = $"{TypeMap.Spell(method.ContainingType)}.{method.Name}({string.Join(", ", given)})";
        Apply Part(string name, IrType type) => new($"{method.ContainingType.Name}.{method.Name}{name}", call + (name.Length > 0 ? "." + name : ""), parts.ToEquatable(), type);
        if (!IsPlane(o.Type)) return new ExprValue(Part("", TypeOf(o.Type!)));
        return new CompositeValue(o.Type!, [.. TypeMap.Fields((INamedTypeSymbol)o.Type!).Select(f => new KeyValuePair<string, Value>(f.Name, new ExprValue(Part(f.Name, TypeOf(f.Type)))))]);
    }
}
