namespace DiffGen.Generator.Ir;

/// <summary>How an argument is passed.</summary>
public enum Passing { Value, In, Ref, Out }

/// <summary>What a parameter of a derivative is for.</summary>
public enum ParameterRole
{
    /// <summary>A parameter of the primal.</summary>
    Primal,

    /// <summary>Receives the adjoint (gradient) of the primal parameter or result named <see cref="Parameter.Of"/>.</summary>
    Adjoint,

    /// <summary>The tangent (direction) of the primal parameter named <see cref="Parameter.Of"/>, or receives the tangent of a result.</summary>
    Tangent,

    /// <summary>The cotangent (seed) of the result named <see cref="Parameter.Of"/>.</summary>
    Cotangent,

    /// <summary>A tape that crosses calls.</summary>
    Tape,
}

/// <summary>
/// A parameter. <paramref name="Constant"/>: marked <c>[NoDerivative]</c> or of a type without derivative.
/// <see cref="CSharp"/> is the C# expression that it stands for where that is not the parameter's name (a field of <c>this</c> such as <c>this.Weights</c>), else null.
/// </summary>
public sealed record Parameter(Variable Variable, Passing Passing = Passing.Value, bool Constant = false)
{
    /// <summary>What the parameter is for.</summary>
    public ParameterRole Role { get; init; } = ParameterRole.Primal;

    /// <summary>The name of the primal parameter or result that an adjoint, tangent or cotangent belongs to.</summary>
    public string Of { get; init; } = "";

    /// <summary>The C# expression this pseudo-parameter stands for (<c>this.Weights</c>, <c>model.Bias</c>); empty for a parameter proper.</summary>
    public string CSharp { get; init; } = "";

    /// <summary>The members that lead from the user's parameter to what this pseudo-parameter stands for, by their names.</summary>
    public EquatableArray<string> Path { get; init; } = [];
}

/// <summary>
/// A function: parameters, result variables (assigned in the body; several for a tuple; none for <c>void</c>) and a body. Result variables are
/// declared by the function, not by a <see cref="Declare"/>. Returning is an <see cref="Exit"/> of <see cref="ReturnLabel"/>.
/// </summary>
public sealed record Function(string Name, EquatableArray<Parameter> Parameters, EquatableArray<Variable> Results, Block Body)
{
    /// <summary>The label of the whole body.</summary>
    public const string ReturnLabel = "return";

    /// <summary>C# of the type parameters of a generic method with constraints apart: <c>&lt;T&gt;</c>; empty if none.</summary>
    public string TypeParameters { get; init; } = "";

    /// <summary>C# of the constraints: <c>where T : …</c>; empty if none.</summary>
    public string Constraints { get; init; } = "";
}

/// <summary>A marked method with the functions that it calls and that are not inlined.</summary>
public sealed record Unit(Function Entry, EquatableArray<Function> Callees)
{
    /// <summary>What the unit's opaque code calls to reach members that cannot be named.</summary>
    public EquatableArray<Accessor> Accessors { get; init; }

    /// <summary>Finds a callee by name.</summary>
    public Function? Find(string name)
    {
        if (Entry.Name == name) return Entry;
        foreach (Function function in Callees)
            if (function.Name == name) return function;
        return null;
    }
}

/// <summary>A declaration that stands for a member which cannot be named: its name, the C# of its attribute, and of itself.</summary>
public sealed record Accessor(string Name, string Attribute, string Declaration);
