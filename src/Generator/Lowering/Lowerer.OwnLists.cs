using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Collections of the user's: classes that derive from <c>List&lt;T&gt;</c> and hold nothing else are lists, with methods and constructors of their own.</summary>
internal sealed partial class Lowerer
{
    private Value OwnListCreation(IObjectCreationOperation o, INamedTypeSymbol type, ListType list)
    {
        if (type.IsAbstract || EmptyOne(type) is not { } empty) return LowerVerbatim(o);
        Value[] arguments = ArgumentsOf(o.Arguments);
        var made = (ExprValue)Created(new NewList(list) { Creation = session.Types.IsOfRooms(type) ? "" : empty });
        Fill(made, o.Constructor!, o.Arguments, arguments, o.Syntax);
        _capacities.Remove(made.Expr);
        if (o.Initializer is not null) AddEach(made.Expr, list, o.Initializer);
        return made;
    }

    /// <summary>What the lists that are being made have been given room for; of others, it is not what the primal's has.</summary>
    private readonly Dictionary<Expr, Expr> _capacities = [];

    private ExprValue Capacity(Expr list, SyntaxNode site) =>
        _capacities.TryGetValue(list, out Expr? given) ? new ExprValue(given) : throw Unsupported("the capacity of this list", "use its count", site);

    /// <summary>C# that makes an empty list of a class, by a constructor without parameters or one that is told how many elements there are; null where there is none.</summary>
    private string? EmptyOne(INamedTypeSymbol type)
    {
        if (!session.IsAccessible(type)) return null;
        IMethodSymbol? constructor = type.InstanceConstructors.Where(c => c.Parameters.Length < 2 && c.Parameters.All(p => p.Type.SpecialType == SpecialType.System_Int32) && session.IsAccessible(c))
            .OrderBy(c => c.Parameters.Length).FirstOrDefault(c => MakesEmpty(c, ofNone: c.Parameters.Length == 1));
        return constructor is null ? null : $"new {TypeMap.Spell(type)}({(constructor.Parameters.IsEmpty ? "" : "0")})";
    }

    /// <summary>Whether a constructor leaves the list empty; with <paramref name="ofNone"/>, where its one parameter is zero.</summary>
    private bool MakesEmpty(IMethodSymbol constructor, bool ofNone)
    {
        if (TypeIsList(constructor.ContainingType)) return constructor.Parameters.IsEmpty || ofNone && constructor.Parameters is [{ Type.SpecialType: SpecialType.System_Int32 }];
        if (constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is not ConstructorDeclarationSyntax syntax || session.Body(constructor) is not IConstructorBodyOperation body)
            return constructor.IsImplicitlyDeclared && constructor.Parameters.IsEmpty && constructor.ContainingType.BaseType!.InstanceConstructors.FirstOrDefault(c => c.Parameters.IsEmpty) is { } inherited && MakesEmpty(inherited, false);
        if (syntax.ExpressionBody is not null || !syntax.Body!.Statements.All(s => IsOfNone(s))) return false;
        IInvocationOperation? chained = (body.Initializer as IExpressionStatementOperation)?.Operation as IInvocationOperation ?? body.Initializer as IInvocationOperation;
        if (chained is null) return constructor.ContainingType.BaseType!.InstanceConstructors.FirstOrDefault(c => c.Parameters.IsEmpty) is { } first && MakesEmpty(first, false);
        return chained.Arguments.Length == 0 ? MakesEmpty(chained.TargetMethod, false)
            : chained.Arguments is [{ Value: { } size }] && (size.ConstantValue is { HasValue: true, Value: 0 } || ofNone && size is IParameterReferenceOperation) && MakesEmpty(chained.TargetMethod, true);

        // a loop up to the number of elements, or to the room that was made for them
        bool IsOfNone(StatementSyntax s) => ofNone && s is ForStatementSyntax { Condition: BinaryExpressionSyntax { RawKind: (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.LessThanExpression, Right: var limit }, Declaration.Variables: [{ Initializer.Value: LiteralExpressionSyntax { Token.Value: 0 } }] }
            && limit switch
            {
                IdentifierNameSyntax name => name.Identifier.ValueText is "Capacity" or "Count" || name.Identifier.ValueText == constructor.Parameters[0].Name,
                MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: "Capacity" or "Count" } => true,
                _ => false,
            };
    }

    /// <summary>Runs a constructor on an empty list.</summary>
    private void Fill(ExprValue made, IMethodSymbol constructor, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site)
    {
        constructor = _frame.Types.Apply(constructor);
        if (TypeIsList(constructor.ContainingType))
        {
            // a capacity, or a first content
            if (arguments.Length == 1 && constructor.Parameters[0].Type.SpecialType == SpecialType.System_Int32) _capacities[made.Expr] = Named(ExprOf(arguments[0]), "capacity");
            else if (arguments.Length == 1) Each(arguments[0], Unconverted(operations.First().Value), v => Emit(new AddItem(made.Expr, ExprOf(v))));
            return;
        }
        if (constructor.IsImplicitlyDeclared) return;
        if (session.Body(constructor) is not IConstructorBodyOperation body) throw new Refused(DiagnosticIds.LostInCall, constructor.ContainingType.Name) { Node = site };
        var frame = new Frame(constructor.OriginalDefinition, null, Substitution.Of(session.Compilation, constructor))
        {
            Caller = _frame, Depth = _frame.Depth + 1, This = new BoundPlace(made, -1), Body = body, Written = Writes.In(body),
            Return = new ReturnTarget { Label = new Label(session.Names.Fresh("made")) },
        };
        CheckDepth(frame, site);
        BindParameters(frame, constructor.OriginalDefinition, operations, arguments);
        Frame outer = _frame;
        (SyntaxNode? statement, string source, Site at) = (_statement, _source, _site);
        _frame = frame;
        try
        {
            List<Stmt> statements = Into(() =>
            {
                IInvocationOperation? chained = (body.Initializer as IExpressionStatementOperation)?.Operation as IInvocationOperation ?? body.Initializer as IInvocationOperation;
                if (chained is not null) Fill(made, chained.TargetMethod, chained.Arguments, ArgumentsOf(chained.Arguments), chained.Syntax);
                Body(body);
            });
            Label label = frame.Return.Label!;
            if (label.Used) statements = Exits.Simplify(statements, label);
            if (label.Used) Emit(new Labelled(label.Name, BlockOf(statements)));
            else _out.AddRange(statements);
        }
        finally
        {
            _frame = outer;
            (_statement, _source, _site) = (statement, source, at);
        }
    }

    // `new` hides the list's indexer, or there is one with other indices
    private static bool IsOwnIndexer(IPropertySymbol property) => property.ContainingType.TypeKind == TypeKind.Class && !property.DeclaringSyntaxReferences.IsEmpty;

    /// <summary>A collection of the user's own class: an empty one, to which the elements are added.</summary>
    private Value? OwnCollection(ICollectionExpressionOperation o, INamedTypeSymbol type)
    {
        if (!IsLocalClass(type) && !IsInRoom(type) || o.Elements.Any(e => e is ISpreadOperation) || type.InstanceConstructors.FirstOrDefault(c => c.Parameters.IsEmpty) is not { } constructor) return null;
        IMethodSymbol? add = type.GetMembers("Add").OfType<IMethodSymbol>().FirstOrDefault(m => m is { IsStatic: false, Parameters.Length: 1 } && HasSource(m));
        if (add is null && !o.Elements.IsEmpty) return null;
        session.Made.Add(type);
        Value[] elements = Operands(o.Elements);
        CompositePlace place = NewObject(type, type.Name);
        Construct(place, constructor, [], [], o.Syntax);
        if (!IsInRoom(type))
        {
            foreach (Value element in elements) Inline(add!, place, [], [element], o.Syntax);
            return new ObjectValue(place);
        }
        ExprValue entered = Entered(place);
        foreach (Value element in elements) Inline(add!, Opened(entered.Expr, type).Fields, [], [element], o.Syntax);
        return entered;
    }
}
