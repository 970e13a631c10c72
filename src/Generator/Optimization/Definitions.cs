using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>What variables that get one value only stand for: lengths can be compared although they go by different names.</summary>
internal sealed class Definitions
{
    private readonly Dictionary<Variable, Expr> _values = [];

    /// <summary>The definitions of a function; <paramref name="assigned"/> are the variables that get another value later.</summary>
    public Definitions(Function function, HashSet<Variable> assigned)
    {
        foreach (Stmt s in function.Body.All())
            if (s is Declare { Initial: { } value } declare && !assigned.Contains(declare.Variable)) _values[declare.Variable] = value;
    }

    /// <summary>A length with names resolved: of an array, what it was made with.</summary>
    public Expr Resolve(Expr length)
    {
        for (int i = 0; i < 16; i++)
        {
            switch (length)
            {
                case Read { Variable: { Type: PlainType { Kind: PlainKind.Integer } } number } when _values.TryGetValue(number, out Expr? value) && value is Read or LengthOf or Constant:
                    length = value;
                    break;
                case LengthOf { Dimension: -1, Source: Read { Variable: { Type: ArrayType { Rank: 1 } } array } } when _values.TryGetValue(array, out Expr? made):
                    if (made is NewArray { Lengths: [var size] }) length = size;
                    else if (made is CopyOf { Source: Read { Type: not ListType } copied }) length = new LengthOf(copied);
                    else return length;
                    break;
                default:
                    return length;
            }
        }
        return length;
    }
}
