using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Objects that are only spoken of, in the message of an exception or of an assertion: what they say of themselves takes their place.</summary>
internal sealed partial class Lowerer
{
    private sealed partial class Fragment
    {
        /// <summary>The text of an object that is taken apart, where a text is all that is wanted; null for anything else.</summary>
        private ExprValue? Spoken(SyntaxNode node)
        {
            if (node is not (IdentifierNameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax) || IsInside(node) || !IsText((ExpressionSyntax)node)) return null;
            if (_model.GetTypeInfo(node, Session.Token).Type is not { } seen || lowerer.Actual(seen) is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface, DeclaringSyntaxReferences.IsEmpty: false } type) return null;
            if (_model.GetOperation(node, Session.Token) is not { } operation) return null;
            Value value = VoidValue.Instance;
            lowerer.Into(() => value = lowerer.Lower(operation));
            // a message is read by people: its text need not be exact
            bool isMessage = node.FirstAncestorOrSelf<SyntaxNode>(n => n is ThrowStatementSyntax or ThrowExpressionSyntax or StatementSyntax) is ThrowStatementSyntax or ThrowExpressionSyntax
                || node.Ancestors().OfType<InvocationExpressionSyntax>().Any(call => _model.GetSymbolInfo(call, Session.Token).Symbol?.ContainingType is { Name: "Debug" or "Trace" or "Console" });
            if (value is ObjectValue { Fields: { Type: INamedTypeSymbol own } held } known && (isMessage || held.Origin is null)) return lowerer.TextOf(known, own) ?? (isMessage ? Quoted(own.ToDisplayString()) : null);
            return isMessage && Session.Types.IsOfRooms(type) ? Quoted(type.ToDisplayString()) : null;
        }

        // $"… {x} …", "…" + x, string.Format("…", x)
        private bool IsText(ExpressionSyntax node) => node.Parent switch
        {
            InterpolationSyntax interpolation => interpolation.Expression == node,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => _model.GetTypeInfo(sum, Session.Token).Type is { SpecialType: SpecialType.System_String },
            ParenthesizedExpressionSyntax outer => IsText(outer),
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } => _model.GetSymbolInfo(call, Session.Token).Symbol is IMethodSymbol { Name: "Format" or "Concat", ContainingType.SpecialType: SpecialType.System_String },
            // new ArgumentOutOfRangeException(nameof(x), x, "…")
            ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax { Parent: ThrowStatementSyntax or ThrowExpressionSyntax } } held => _model.GetOperation(held, Session.Token) is IArgumentOperation { Parameter.Type.SpecialType: SpecialType.System_Object },
            _ => false,
        };
    }

    private static ExprValue Quoted(string text) => new(new Constant(new PlainType("string", PlainKind.Other), SymbolDisplay.FormatLiteral(text, true), null));

    /// <summary>What an object says of itself: by its own <c>ToString</c>, by its members if it is a record, else the name of its class; null where that is not known.</summary>
    private ExprValue? TextOf(ObjectValue value, INamedTypeSymbol type)
    {
        IMethodSymbol? own = null;
        for (INamedTypeSymbol? t = type; t is { SpecialType: SpecialType.None } && own is null; t = t.BaseType)
            own = t.GetMembers("ToString").OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.IsEmpty && m is { IsOverride: true, IsImplicitlyDeclared: false } && HasSource(m));
        int mark = _out.Count;
        try
        {
            if (own is not null && Inline(own, value.Fields, [], [], _statement!) is ExprValue said) return said;
            if (type.IsRecord && own is null && RecordText(value, type) is { } members) return members;
        }
        catch (Refused)
        {
            _out.RemoveRange(mark, _out.Count - mark);
        }
        return own is null && !type.IsRecord && NameAtRunTime(type) is { } name ? Quoted(name) : null;
    }

    /// <summary>What a type says of itself: its namespace and the types around it; null of generic ones, which name their arguments.</summary>
    private static string? NameAtRunTime(INamedTypeSymbol type) => type.Arity > 0 ? null
        : type.ContainingType is { } outer ? NameAtRunTime(outer) is { } around ? $"{around}+{type.MetadataName}" : null
        : type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.MetadataName}" : type.MetadataName;

    private ExprValue? RecordText(ObjectValue value, INamedTypeSymbol type)
    {
        var lineage = new Stack<INamedTypeSymbol>();
        for (INamedTypeSymbol? t = type; t is { SpecialType: not SpecialType.System_Object }; t = t.BaseType)
        {
            // one that prints its members itself
            if (!t.IsRecord || t.DeclaringSyntaxReferences.IsEmpty || t.GetMembers("PrintMembers").Any(m => !m.IsImplicitlyDeclared)) return null;
            lineage.Push(t);
        }
        var pieces = new List<string>();
        var holes = new List<Expr>();
        string text = $"$\"{type.Name} {{{{ ", closing = "";
        foreach (ISymbol member in lineage.SelectMany(t => t.GetMembers()).Where(m => m is { IsStatic: false, IsOverride: false, IsImplicitlyDeclared: false, DeclaredAccessibility: Accessibility.Public } and (IFieldSymbol or IPropertySymbol { IsIndexer: false })))
        {
            Value? part = MemberOf(value, TypeMap.KeyOf(member));
            // what is computed says what it computes
            if (part is null && member is IPropertySymbol { GetMethod: { } getter })
                part = Virtually(_frame.Types.Apply(getter), value, (actual, place) => HasSource(actual) ? Inline(actual, place, [], [], _statement!) : throw Unsupported($"the property {member.Name}", "give it a getter"), Actual(getter.ReturnType));
            if (part is not ExprValue { Expr: { } e } || e.Type.IsReference) return null;
            // a name with a colon in it, or a choice, would begin a format
            bool isName = e is Read or Constant;
            pieces.Add((holes.Count == 0 ? text : closing + ", ") + member.Name + (isName ? " = {" : " = {("));
            closing = isName ? "}" : ")}";
            holes.Add(e);
        }
        if (holes.Count == 0) return null;
        pieces.Add(closing + " }}\"");
        return new ExprValue(new Opaque(new([.. pieces]), holes.ToEquatable(), new PlainType("string", PlainKind.Other), Purity.Pure));
    }
}
