using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Discovery;

/// <summary>The methods that can be emitted; the values are those of <c>DiffGen.Derivatives</c>.</summary>
[Flags]
public enum Kinds { None = 0, Gradient = 1, Jvp = 2, Vjp = 4, Jacobian = 8, Hessian = 16, Hvp = 32 }

/// <summary>A type around a marked method: <c>partial struct</c>, <c>Middle</c>, <c>&lt;T&gt;</c>.</summary>
public sealed record TypeHeader(string Keyword, string Name, string TypeParameters);

/// <summary>A parameter of a marked method as it is repeated in what is emitted.</summary>
/// <param name="Name">The name, not escaped.</param>
/// <param name="Type">The C# of the type.</param>
/// <param name="Modifier"><c>in </c>, <c>ref </c>, <c>out </c>, <c>params </c> … or nothing.</param>
/// <param name="Default">The default value with its <c> = </c>, or nothing.</param>
/// <param name="Shape">The shape; null for a constant.</param>
/// <param name="Differentiated">Whether derivatives with respect to it are asked for.</param>
/// <param name="Named">Whether the attribute names it.</param>
/// <param name="Adjoint">The name of its derivative.</param>
public sealed record ParameterRequest(string Name, string Type, string Modifier, string Default, Shape? Shape, bool Differentiated, bool Named, string Adjoint)
{
    /// <summary>The C# that names it: <c>this</c>, or the parameter.</summary>
    public string Spelled => Name == "this" ? Name : Keywords.Escape(Name);

    /// <summary>Whether the parameter is <c>out</c>.</summary>
    public bool IsOut => Modifier == "out ";
}

/// <summary>All that is known of a marked method from its declaration.</summary>
public sealed record MethodRequest
{
    /// <summary>The namespace; empty for the global one.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The types around the method, outermost first.</summary>
    public EquatableArray<TypeHeader> Types { get; init; }

    /// <summary>The method's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What emitted names begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The name of the generated file.</summary>
    public string HintName { get; init; } = "";

    /// <summary>Set apart private members of overloads; empty for the first.</summary>
    public string Ordinal { get; init; } = "";

    /// <summary><c>public</c>, <c>internal</c> ….</summary>
    public string Accessibility { get; init; } = "";

    /// <summary>Whether the method is static.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Whether a derived class may override the method: what is emitted for it is then virtual as well.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>What is emitted for the marked method that the method overrides, by name: that is overridden, too.</summary>
    public EquatableArray<string> Overridden { get; init; } = [];

    /// <summary>Whether the method is an instance method of a <c>[Differentiable]</c> type that is differentiated with respect to <c>this</c>.</summary>
    public ParameterRequest? Receiver { get; init; }

    /// <summary>The type parameters, <c>&lt;T&gt;</c>, and constraints.</summary>
    public string TypeParameters { get; init; } = "";

    /// <summary>The constraints of the type parameters.</summary>
    public string Constraints { get; init; } = "";

    /// <summary>The parameters as declared.</summary>
    public EquatableArray<ParameterRequest> Parameters { get; init; }

    /// <summary>The C# of the result's type.</summary>
    public string ResultType { get; init; } = "void";

    /// <summary>The shape of the result; null for <c>void</c>.</summary>
    public Shape? Result { get; init; }

    /// <summary>What is emitted.</summary>
    public Kinds Emit { get; init; }

    /// <summary>Whether sums may be reassociated.</summary>
    public bool Fast { get; init; }

    /// <summary>Whether the runtime that is referenced has vectors of eight directions.</summary>
    public bool HasLanes { get; init; }

    /// <summary>Whether vectors have a product and a sum in one rounding where the code is compiled (.NET 9).</summary>
    public bool HasFusedLanes { get; init; }

    /// <summary>Whether the framework is older than .NET 6: .NET Framework, .NET Standard.</summary>
    public bool IsOldFramework { get; init; }

    /// <summary>The value of <c>Checkpoint</c>.</summary>
    public int Checkpoint { get; init; }

    /// <summary>The parameters (and <c>this</c>) that derivatives are taken with respect to.</summary>
    public IEnumerable<ParameterRequest> Wrt => (Receiver is null ? [] : new[] { Receiver }).Concat(Parameters.Where(p => p.Differentiated));

    /// <summary>The parameters that a derivative takes: all but <c>out</c>.</summary>
    public IEnumerable<ParameterRequest> Inputs => Parameters.Where(p => !p.IsOut);
}

/// <summary>A marked method on its way through the pipeline: its request, its Ir, and what is wrong with it. Pure values.</summary>
public sealed record MarkedMethod(MethodRequest Request, Unit Unit, EquatableArray<Finding> Findings)
{
    /// <summary>Whether nothing may be emitted.</summary>
    public bool IsRefused { get; init; }
}
