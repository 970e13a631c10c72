using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Storage for the time of a call, on the stack or from a pool: an array of its own to the derivative, which has its own way to keep from allocating.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Whether a <c>stackalloc</c> initialises a variable or an argument: what is assigned later, or chosen, cannot live on the stack under a name that is declared before it.</summary>
    private static bool IsInitial(SyntaxNode stackAlloc)
    {
        SyntaxNode? outside = stackAlloc.Parent;
        while (outside is ParenthesizedExpressionSyntax) outside = outside.Parent;
        return outside is EqualsValueClauseSyntax or ArgumentSyntax;
    }

    /// <summary>A new array that the primal does not allocate: it stands for no statement of the user's, so that it may be pooled.</summary>
    private Expr Scratch(IrType element, Expr length)
    {
        Variable variable = Local("scratch", new Ir.ArrayType(element));
        _temporaries.Add(variable);
        Emit(new Declare(variable, new NewArray(variable.Type, [length])) { Site = _site });
        return new Read(variable);
    }

    /// <summary><c>n &lt;= 64 ? stackalloc double[n] : new double[n]</c>: one new array of the length that is chosen; null where either side is more than new storage.</summary>
    private Value? ChosenStorage(Expr condition, List<Stmt> then, List<Stmt> otherwise, Value first, Value second)
    {
        if (New(then, first) is not { } a || New(otherwise, second) is not { } b || !a.Element.Equals(b.Element)) return null;
        Expr storage = Scratch(a.Element, a.Length.Equals(b.Length) ? a.Length : new Conditional(condition, a.Length, b.Length));
        return new ExprValue(((ExprValue)first).Expr.Type is SpanType span ? new Slice(storage, null, null, span) : storage);

        static (IrType Element, Expr Length)? New(List<Stmt> made, Value value) =>
            made is [Declare { Initial: NewArray { Lengths: [var length] } array } d]
            && value is ExprValue { Expr: Read or Slice { Start: null, Length: null } } e && d.Variable.Equals(e.Expr.Root())
                ? (array.ArrayType switch { SpanType s => s.Element, Ir.ArrayType t => t.Element, _ => PlainType.Void }, length)
                : null;
    }

    /// <summary>What a view shows as a whole; anything else itself.</summary>
    private static Expr Viewed(Expr e) => e is Slice { Start: null, Length: null, Source: var whole } ? whole : e;

    /// <summary>The array that a segment is made of, and where it begins; null where that is not seen.</summary>
    private Slice? SegmentOf(Expr segment)
    {
        if (segment is Read { Variable: var v } && !IsReassigned(v) && _views.TryGetValue(v, out Expr? made)) segment = made;
        return segment is Slice { Source: Read { Type: Ir.ArrayType, Variable: var array } } slice && !IsReassigned(array) && slice.Start?.FreeVariables().Any(IsReassigned) != true ? slice : null;
    }

    /// <summary>An array that is rented from <c>ArrayPool</c>, of exactly the length that was asked for, and its return, which is nothing to do; null for other calls.</summary>
    private Value? PoolCall(IInvocationOperation o, IMethodSymbol method)
    {
        if (method.ContainingType is not { Name: "ArrayPool", Arity: 1, TypeArguments: [var item] } || !TypeOf(item).CarriesDerivative) return null;
        switch (method.Name)
        {
            case "Rent":
                return new ExprValue(Scratch(TypeOf(item), ExprOf(Lower(o.Given()[0].Value))));
            case "Return":
                Operands(o.Given().Select(a => a.Value));
                return VoidValue.Instance;
            default: return null;
        }
    }
}
