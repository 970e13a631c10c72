using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>The names that a function already uses.</summary>
public static class IrNames
{
    /// <summary>An allocator in which every variable of <paramref name="function"/> is taken.</summary>
    public static Names Of(Function function)
    {
        Names names = new();
        foreach (Parameter p in function.Parameters) names.Reserve(p.Variable.Name);
        foreach (Variable v in function.Results) names.Reserve(v.Name);
        foreach (Stmt s in function.Body.All())
        {
            if (s is Declare declare) names.Reserve(declare.Variable.Name);
            if (s is For loop) names.Reserve(loop.Counter.Name);
        }
        return names;
    }
}
