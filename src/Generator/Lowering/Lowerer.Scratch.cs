using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
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

    /// <summary>
    /// An array that is rented from <c>ArrayPool</c>, of exactly the length that was asked for where nobody looks at its length, and its return, which is
    /// nothing to do; null for other calls.
    /// </summary>
    private Value? PoolCall(IInvocationOperation o, IMethodSymbol method)
    {
        if (method.ContainingType is not { Name: "ArrayPool", Arity: 1, TypeArguments: [var item] } || !TypeOf(item).CarriesDerivative) return null;
        switch (method.Name)
        {
            case "Rent":
                Expr asked = ExprOf(Lower(o.Given()[0].Value));
                if (IsCutToSize(o.Syntax)) return new ExprValue(Scratch(TypeOf(item), asked));
                if (o.Instance is not IPropertyReferenceOperation { Property.Name: "Shared" }) throw Unsupported("the length of an array of this pool", "take the part that was asked for, by AsSpan(0, length)", o.Syntax);
                return new ExprValue(Scratch(TypeOf(item), new Opaque(["global::DiffGen.Scratch.RentedLength(", ")"], [asked], PlainType.Int, Purity.Pure)));
            case "Return":
                Operands(o.Given().Select(a => a.Value));
                return VoidValue.Instance;
            default: return null;
        }
    }

    // elements by number, parts of a given length and the return: whatever the pool added is not seen
    private static bool IsCutToSize(SyntaxNode rent)
    {
        if (rent.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Identifier.ValueText: var name } declarator }
            || declarator.FirstAncestorOrSelf<SyntaxNode>(n => n is MemberDeclarationSyntax or LocalFunctionStatementSyntax) is not { } around)
            return false;
        return around.DescendantNodes().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.ValueText == name).All(n => n.Parent switch
        {
            ElementAccessExpressionSyntax element when element.Expression == n => element.ArgumentList.Arguments.All(a => a.Expression is not PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.IndexExpression }
                && a.Expression is not RangeExpressionSyntax { RightOperand: null or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.IndexExpression } }),
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AsSpan" or "AsMemory", Parent: InvocationExpressionSyntax { ArgumentList.Arguments.Count: 2 } } view => view.Expression == n,
            ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Return" } } } } => true,
            ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 3, Parent: BaseObjectCreationExpressionSyntax } } => true,
            ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 3, Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Clear" } } } } => true,
            _ => false,
        });
    }
}
