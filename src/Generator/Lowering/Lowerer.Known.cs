using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Calls of the framework whose meaning is known: elementary functions, arrays, spans, lists, tensors.</summary>
internal sealed partial class Lowerer
{
    /// <summary>What emitted methods ask of their buffers before they write anything: it throws, and changes nothing.</summary>
    private VoidValue Checked(IInvocationOperation o, IMethodSymbol method)
    {
        Expr[] given = [.. Operands(o.Given().OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value)).Select(ExprOf)];
        Emit(new Evaluate(new Opaque([$"global::DiffGen.Buffers.{method.Name}(", .. Enumerable.Repeat(", ", given.Length - 1), ")"], given.ToEquatable(), PlainType.Void, Purity.Effects)));
        return VoidValue.Instance;
    }

    /// <summary>A call that is known by its method alone; null if it is not.</summary>
    private Value? KnownCall(IInvocationOperation o, IMethodSymbol method)
    {
        INamedTypeSymbol? owner = method.ContainingType;
        if (owner is null) return null;
        string space = owner.ContainingNamespace?.ToDisplayString() ?? "";
        if (space == "DiffGen" && owner.Name == "Derivative" && method.Name == "Stop") return Stop(o, method);
        if (space == "DiffGen" && owner.Name == "LinearSystem" && method.IsStatic) return SolvedSystem(o, method);
        if (space == "DiffGen" && owner.Name == "Buffers" && method.ReturnsVoid && method.Name.StartsWith("Check", StringComparison.Ordinal)) return Checked(o, method);
        if (space == "DiffGen" && owner.Name == "Buffers" && method.Name == "Clear") return Cleared(ExprOf(Lower(Unconverted(o.Arguments[0].Value))));
        if (IsMemberwiseClone(o)) return Clone(o);
        if (method is { IsStatic: true, ReturnType.SpecialType: SpecialType.System_Boolean } && o.ConstrainedToType is { } number && session.Types.Map(Actual(number)) is ScalarType { Kind: not ScalarKind.Generic } or PlainType { Kind: PlainKind.Integer }
            && o.Given() is [{ Value: { } asked }] && Hidden(method.Name.Substring(method.Name.LastIndexOf('.') + 1), () => ExprOf(Lower(asked))) is { } answer) return new ExprValue(answer);
        if (!method.DeclaringSyntaxReferences.IsEmpty) return null;
        switch (space)
        {
            case "System.Collections.Generic" when owner.Name == "CollectionExtensions" && o.Given().Length > 1 && IsModelledCollection(Actual(Unconverted(o.Given()[0].Value).Type!)) && Lower(Unconverted(o.Given()[0].Value)) is CollectionValue map:
                return CollectionCall(o, method, map);
            case "System.Collections.Generic" when owner is { Name: "KeyValuePair", Arity: 0 } && method.Name == "Create" && o.Type is INamedTypeSymbol made && Actual(made) is INamedTypeSymbol pair && IsSplit(pair): return Pair(pair, o.Given());
            case "System.Collections.Generic" when owner.Name == "Comparer" && method.Name == "Compare" && o.Instance is { } order && IsDefaultOrder(Unconverted(order)) && Operands(o.Given().Select(a => a.Value)) is [var former, var latter]
                && NaturalOrder(owner.TypeArguments[0], former, latter, o) is { } compared: return compared;
            case "System.Numerics" when owner.Name is "Matrix4x4" or "Matrix3x2" && method.Name == "Invert" && o.Given().Length == 2: return Inverse(o, owner);
            case "System" when owner is { Name: "ValueTuple", Arity: 0 } && method.Name == "Create" && o.Arguments.Length is > 0 and < 8 && Actual(o.Type!) is INamedTypeSymbol several && IsSplit(several): return NewTuple(several, o.Given());
            case "System" when owner is { Name: "Tuple", Arity: 0 } && method.Name == "Create" && TypeMap.IsClassTuple(Actual(o.Type!)) && IsLocalClass(Actual(o.Type!)): return ClassTuple((INamedTypeSymbol)Actual(o.Type!), o.Given());
            case "System.Numerics" when IsPlane(owner) || method.Parameters.Any(p => IsPlane(p.Type)): return PlaneCall(o, method);
            case "System.Numerics" when owner.Name == "Vector": return ComponentCall(o, method);
            case "System.Numerics" when method.Name == "CopyTo" && o.Instance is { Type: { } vector } && TypeOf(vector) is VectorType: return ComponentsCopied(o);
            case "System" when owner.Name == "Array" && method.IsStatic: return ArrayCall(o, method) ?? FrameworkCall(o, method, owner);
            case "System.Collections.Immutable" when owner is { Name: "ImmutableArray" or "ImmutableList", Arity: 0 }: return FrameworkCall(o, method, owner);
            case "System.Linq" when owner.Name == "ImmutableArrayExtensions": return Linq(o, method);
            case "System" when owner.Name == "GC": return FrameworkCall(o, method, owner);
            case "System.Runtime.CompilerServices" when owner.Name == "Unsafe": return FrameworkCall(o, method, owner);
            case "System.Runtime.InteropServices" when owner.Name == "CollectionsMarshal": return FrameworkCall(o, method, owner);
            case "System" when owner.Name == "Buffer" && method.Name == "BlockCopy": return BlockCopy(o);
            case "System" when owner.Name == "MemoryExtensions": return SpanCall(o, method);
            case "System" when owner.Name == "Convert" && method.Name is "ToDouble" or "ToSingle": return NumberOf(o);
            case "System" when owner.Name is "Math" or "MathF" && method.Name is "SinCos": return SinCos(o, method);
            case "System.Buffers" when owner.Name == "ArrayPool": return PoolCall(o, method);
            case "System.Linq" when owner.Name == "Enumerable": return Linq(o, method);
            case "System.Linq" when owner.Name == "ParallelEnumerable": return ParallelQuery(o, method);
            case "System.Numerics.Tensors" when owner.Name == "TensorPrimitives": return Tensor(o, method);
            case "System.Threading" when owner.Name == "Monitor": return MonitorCall(o, method);
            case "System.Threading.Tasks" when owner.Name == "Parallel": return Parallel(o, method);
            case "System.Runtime.CompilerServices" when owner.Name == "RuntimeHelpers" && method.Name == "GetSubArray": return null;
        }
        if (KnownFunctions.Find(method, session.Types) is { } known && (method.IsStatic || o.Instance is not null))
        {
            if (TypeOf(o.Type!) is PlainType { Kind: PlainKind.Other }) return null;
            IEnumerable<IOperation> operands = o.Given().Select(a => a.Value);
            if (!method.IsStatic) operands = [o.Instance!, .. operands];
            return ApplyKnown(known, method, [.. Operands(operands).Select(ExprOf)], o);
        }
        // T.Sqrt(x) through an interface: on a number type that is known, its own method; else as generic code
        if (o.ConstrainedToType is { } constrained && method.IsStatic)
        {
            ITypeSymbol actual = Actual(constrained);
            if (session.Types.Map(actual) is ScalarType scalar)
            {
                if (method.Name is "CreateChecked" or "CreateSaturating" or "CreateTruncating") return CreateNumber(o, scalar, method);
                if (method.Name is "SinCos" or "SinCosPi") return SinCos(o, method);
                if (KnownFunctions.OnParameter(method, scalar.CSharp) is { } row) return ApplyKnown(row, method, [.. Operands(o.Given().Select(a => a.Value)).Select(ExprOf)], o);
            }
            // an interface cannot be asked for a member that a type has to give: an integer's own method is
            if (session.Types.Map(actual) is PlainType { Kind: PlainKind.Integer } && actual.GetMembers(method.Name).Any(m => m is { IsStatic: true, DeclaredAccessibility: Accessibility.Public }) && !o.Given().IsEmpty)
                return new ExprValue(new Opaque(
                    [$"{TypeMap.Spell(actual)}.{method.Name}(", .. Enumerable.Repeat(", ", o.Given().Length - 1), ")"], [.. Operands(o.Given().Select(a => a.Value)).Select(ExprOf)], TypeOf(o.Type!), Purity.Pure));
            return null;
        }
        if (method.IsStatic && session.Types.Map(owner) is ScalarType && method.Name is "CreateChecked" or "CreateSaturating" or "CreateTruncating"
            && session.Types.Map(owner) is ScalarType named) return CreateNumber(o, named, method);
        if (method.IsStatic && session.Types.Map(owner) is ScalarType && method.Name is "SinCos" or "SinCosPi") return SinCos(o, method);
        return null;
    }

    /// <summary>What number types answer under an interface's name only; null for other members.</summary>
    private static Expr? Hidden(string name, Func<Expr> number) => name switch
    {
        "IsZero" => number() is var e && e.Type is ScalarType scalar ? new Binary(BinaryOperator.Equal, e, Zero(scalar), PlainType.Bool) : new Binary(BinaryOperator.Equal, e, IntConstant(0), PlainType.Bool),
        "IsCanonical" => True,
        "IsComplexNumber" or "IsImaginaryNumber" => False,
        _ => null,
    };

    /// <summary>The runtime's zeroing of a buffer, which emitted code calls: of a jagged one row by row.</summary>
    private VoidValue Cleared(Expr buffer)
    {
        if (buffer.Type is not Ir.ArrayType { Element: Ir.ArrayType }) Emit(new Ir.Clear(buffer));
        else
        {
            Expr rows = Stable(buffer, "rows");
            Counter("i", IntConstant(0), new LengthOf(rows), i => Cleared(new ElementAt(rows, [i])));
        }
        return VoidValue.Instance;
    }

    /// <summary><c>Convert.ToDouble</c> of a number, also of one that is boxed for it, is a conversion.</summary>
    private Value? NumberOf(IInvocationOperation o)
    {
        IOperation given = Unconverted(o.Given()[0].Value);
        IrType type = TypeOf(o.Type!);
        if (given.Type is null || !IsNumeric(TypeOf(given.Type), type) || given.Type is { SpecialType: SpecialType.System_Char } or { TypeKind: TypeKind.Enum }) return null;
        Expr e = ExprOf(Lower(given));
        return new ExprValue(e.Type.Equals(type) ? e : new Ir.Convert(e, type));
    }

    private Value CreateNumber(IInvocationOperation o, ScalarType type, IMethodSymbol method)
    {
        Expr e = ExprOf(Lower(o.Given()[0].Value));
        if (e.Type.Equals(type)) return new ExprValue(e);
        if (type.Kind != ScalarKind.Generic && IsNumeric(e.Type, type)) return e is Constant { Number: { } n } && type.Kind == ScalarKind.Double
            ? new ExprValue(new Constant(type, DoubleText(n), n)) : new ExprValue(new Ir.Convert(e, type));
        if (e is Constant { Number: { } number }) return new ExprValue(new Constant(type, $"{type.Name}.{method.Name}({((Constant)e).Text})", number));
        return new ExprValue(new Apply("Math.Create", $"{type.Name}.{method.Name}({{0}})", [e], type));
    }

    private Value ApplyKnown(KnownFunction known, IMethodSymbol method, Expr[] arguments, IOperation? o)
    {
        ITypeSymbol returned = o?.Type is { } t ? Actual(t) : method.ReturnType;
        var apply = new Apply(known.Key, known.Format, new(arguments), session.Types.Map(returned));
        return Whole(apply, returned);
    }

    private Value Inverse(IInvocationOperation o, INamedTypeSymbol owner)
    {
        Expr matrix = Named(ExprOf(Lower(o.Given()[0].Value)), "matrix");
        if (PlaceOf(o.Given()[1].Value) is not ExprPlace { Target: var target }) throw Unsupported("an inverse that is stored here", "use a local", o.Syntax);
        Variable exists = Local("isInvertible", PlainType.Bool);
        Emit(new Declare(exists, null));
        Emit(new Perform(owner.Name + ".Invert", $"global::System.Numerics.{owner.Name}.Invert({{0}}, out {{1}})", [matrix, target], [1], new Read(exists)));
        return new ExprValue(new Read(exists));
    }

    private Value Stop(IInvocationOperation o, IMethodSymbol method)
    {
        Value value = Lower(o.Given()[0].Value);
        return value.Map(e => new Apply("DiffGen.Derivative.Stop", "{0}", [e], e.Type));
    }

    private Value SinCos(IInvocationOperation o, IMethodSymbol method)
    {
        Expr x = Named(ExprOf(Lower(o.Given()[0].Value)), "angle");
        ITypeSymbol owner = Actual(o.ConstrainedToType ?? method.ContainingType);
        string type = TypeMap.Spell(owner);
        var tuple = (INamedTypeSymbol)Actual(o.Type!);
        bool pi = method.Name == "SinCosPi";
        return new CompositeValue(tuple,
        [
            new("Item1", new ExprValue(new Apply(pi ? "Math.SinPi" : "Math.Sin", $"{type}.{method.Name}({{0}}).{tuple.TupleElements[0].Name}", [x], x.Type))),
            new("Item2", new ExprValue(new Apply(pi ? "Math.CosPi" : "Math.Cos", $"{type}.{method.Name}({{0}}).{tuple.TupleElements[1].Name}", [x], x.Type))),
        ]);
    }

    // ---- the runtime's linear systems

    private ExprValue SolvedSystem(IInvocationOperation o, IMethodSymbol method)
    {
        List<Expr> arguments = [.. Operands(o.Given().OrderBy(a => a.Parameter!.Ordinal).Select(a => (Func<Value>)(() => Lower(a.Value))).ToArray()).Select(ExprOf)];
        var numbers = new Ir.ArrayType(ScalarType.Double);
        for (int i = 1; i < arguments.Count; i++)
            if (arguments[i].Type is not Ir.ArrayType) arguments[i] = ToSpan(arguments[i], new SpanType(ScalarType.Double, i == 1));
        if (!method.ReturnsVoid)
        {
            Variable solution = Local("solution", numbers);
            Emit(new Declare(solution, new NewArray(numbers, [new LengthOf(arguments[1])])));
            arguments.Add(new Read(solution));
        }
        Emit(new Perform($"LinearSystem.{method.Name}", $"global::DiffGen.LinearSystem.{method.Name}({KnownFunctions.Holes(3)})", new(arguments.ToArray()), [2], null));
        return new ExprValue(arguments[2]);
    }

    // ---- TensorPrimitives

    private Value? Tensor(IInvocationOperation o, IMethodSymbol method)
    {
        var ordered = o.Given().OrderBy(a => a.Parameter!.Ordinal).ToList();
        Expr[] arguments = [.. Operands(ordered.Select(a => (Func<Value>)(() => Lower(a.Value))).ToArray()).Select(ExprOf)];
        var writes = new List<int>();
        for (int i = 0; i < arguments.Length; i++)
        {
            if (TypeOf(ordered[i].Parameter!.Type) is SpanType parameter)
            {
                arguments[i] = ToSpan(arguments[i], parameter);
                if (!parameter.ReadOnly) writes.Add(i);
            }
        }
        string typed = method.IsGenericMethod ? "<" + string.Join(", ", method.TypeArguments.Select(t => TypeMap.Spell(Actual(t)))) + ">" : "";
        string format = $"global::System.Numerics.Tensors.TensorPrimitives.{method.Name}{typed}({KnownFunctions.Holes(arguments.Length)})";
        Expr? result = null;
        if (!method.ReturnsVoid)
        {
            Variable variable = Local(char.ToLowerInvariant(method.Name[0]) + method.Name.Substring(1), TypeOf(o.Type!));
            Emit(new Declare(variable, null));
            result = new Read(variable);
        }
        Emit(new Perform("TensorPrimitives." + method.Name, format, new(arguments), writes.ToEquatable(), result));
        return result is null ? VoidValue.Instance : new ExprValue(result);
    }
}
