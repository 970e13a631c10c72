using System.Collections.Immutable;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Calls of methods whose source is here: inlined, or made functions of the unit when recursive or large.</summary>
internal sealed partial class Lowerer
{
    private const int MaximalDepth = 48;
    private const int InlineBudget = 500;
    private const int MaximalFunctions = 120;

    private Value Invocation(IInvocationOperation o)
    {
        if (o.TargetMethod.MethodKind == MethodKind.DelegateInvoke) return InvokeDelegate(o);
        IMethodSymbol target = o.TargetMethod;
        if (IsOmitted(o)) return VoidValue.Instance;
        IMethodSymbol method = Implementation(target, o.ConstrainedToType);
        if (UserRule(method) is { } rule) return ApplyRule(rule, method, o);
        if (target is { Name: "ReferenceEquals", ContainingType.SpecialType: SpecialType.System_Object } && SameObject(o) is { } same) return same;
        if (target is { Name: "ReferenceEquals" or "Equals", IsStatic: true, ContainingType.SpecialType: SpecialType.System_Object } && KnownIdentity(o, target.Name == "ReferenceEquals") is { } identity) return identity;
        if (KnownCall(o, method) is { } known) return known;
        if (target is { Name: "ThrowIfNull", ContainingType.Name: "ArgumentNullException" } && Asked(o.Arguments[0].Value)) return VoidValue.Instance;
        // what is taken apart has no finaliser
        if (target is { Name: "SuppressFinalize" or "KeepAlive", ContainingType: { Name: "GC", ContainingNamespace.Name: "System" } } && Lower(Unconverted(o.Arguments[0].Value)) is ObjectValue { Fields.Origin: null }) return VoidValue.Instance;
        TakeBack(o);
        if (target.MethodKind == MethodKind.LocalFunction) return InvokeLocalFunction(o, method);
        if (!target.IsStatic && o.Instance is not null) return InvokeInstance(o, method);
        if (HasSource(method) && !IsVerbatimOnly(method)) return Inline(method, null, o.Arguments, ArgumentsOf(o.Arguments), o.Syntax);
        if (BitCall(o, method) is { } bits) return bits;
        if (MarkedElsewhere(method, null, o) is { } marked) return marked;
        return LowerVerbatim(o, Lost(DiagnosticIds.LostInCall, o.Syntax, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
    }

    /// <summary>Whether it is settled here that an object is not null: it is known, or its number is asked for.</summary>
    private bool Asked(IOperation asked)
    {
        asked = Unconverted(asked);
        if (asked is not (ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation)) return false;
        Value value = Lower(asked);
        if (value is not ExprValue { Expr: { } e }) return value is ObjectValue { Fields.Number: null, Fields.Origin: null } or SequenceValue or CollectionValue or FunctionValue;
        if (asked.Type is null || !session.Types.IsOfRooms(Actual(asked.Type))) return false;
        ThrowIf(new Binary(BinaryOperator.Equal, e, IsInRoom(asked.Type) ? Nobody : new Constant(e.Type, "null", null), PlainType.Bool), "ArgumentNullException");
        return true;
    }

    /// <summary>
    /// Whether the language leaves a call out, with its arguments: of a partial method that nobody implements, or of a <c>[Conditional]</c> one none of whose symbols
    /// is defined where it is called.
    /// </summary>
    private static bool IsOmitted(IInvocationOperation o)
    {
        IMethodSymbol method = o.TargetMethod;
        if (!method.ReturnsVoid) return false;
        if (method is { IsPartialDefinition: true, PartialImplementationPart: null, IsExtern: false }) return true;
        while (method is { IsOverride: true, OverriddenMethod: { } overridden }) method = overridden;
        string[] symbols = [.. method.GetAttributes().Where(a => a.AttributeClass is { Name: "ConditionalAttribute", ContainingNamespace: { Name: "Diagnostics", ContainingNamespace.Name: "System" } }).SelectMany(a => a.ConstructorArguments).Select(a => a.Value).OfType<string>()];
        if (symbols.Length == 0) return false;
        SyntaxTree tree = o.Syntax.SyntaxTree;
        var defined = new HashSet<string>(tree.Options.PreprocessorSymbolNames);
        for (DirectiveTriviaSyntax? directive = (tree.GetRoot() as CompilationUnitSyntax)?.GetFirstDirective(); directive is not null; directive = directive.GetNextDirective())
            if (directive is DefineDirectiveTriviaSyntax { IsActive: true } define) defined.Add(define.Name.ValueText);
            else if (directive is UndefDirectiveTriviaSyntax { IsActive: true } undefine) defined.Remove(undefine.Name.ValueText);
        return !symbols.Any(defined.Contains);
    }

    private Value InvokeInstance(IInvocationOperation o, IMethodSymbol method)
    {
        if (ComparedByDefault(o, method) is { } equal) return equal;
        bool isBase = IsBase(o.Instance);
        Value receiver = VoidValue.Instance;
        Place? self = null;
        if (WorksOn(o.Instance!, method) || IsChangedBy(o.Arguments, o.Instance!)) self = Fixed(PlaceOf(o.Instance!));
        else receiver = ReceiverOf(o.Instance);
        if (KnownInstance(o, method, receiver) is { } known) return known;
        if (DeconstructCall(o, method, self?.Load() ?? receiver) is { } parts) return parts;
        if (receiver is CollectionValue collection) return CollectionCall(o, method, collection) ?? throw Unsupported($"{method.Name} of this", "use a list", o.Syntax);
        if (receiver is ChoiceValue choice) return InvokeChoice(o, method, choice);
        if (receiver is TableValue table && TableCall(o, method, table) is { } done) return done;
        // what has source here is an extension, which may be asked of a query as well
        if (receiver is FunctionValue or SequenceValue && !HasSource(method)) throw Unsupported($"{method.Name} of this", "call it directly", o.Syntax);
        if (!isBase && receiver is ObjectValue { Fields: var outside } && IsDispatched(method, outside))
        {
            Value[] given = [.. ArgumentsOf(o.Arguments).Select(a => a.Map(x => Named(x, "t")))];
            return Dispatched(method, outside, (actual, place) => Inline(actual, place, o.Arguments, given, o.Syntax), o.Type);
        }
        IMethodSymbol actual = isBase ? method : self is not null ? InStruct(method, o.Instance!) : Override(method, receiver);
        if (HasSource(actual) && !IsVerbatimOnly(actual))
        {
            if (!isBase && IsOpen(actual, receiver)) return Dispatch(o, actual, receiver);
            int mark = _out.Count;
            Value[] arguments = ArgumentsOf(o.Arguments);
            if (_out.Count > mark && self is null) receiver = Protect(receiver, ref mark);
            return Inline(actual, self ?? ReceiverPlace(receiver), o.Arguments, arguments, o.Syntax);
        }
        if (actual.ContainingType.TypeKind == TypeKind.Interface || actual.IsAbstract) return Dispatch(o, actual, receiver);
        bool decided = !actual.IsVirtual && (!actual.IsOverride || actual.IsSealed) || actual.ContainingType.IsSealed;
        if (decided && self is null && receiver is ExprValue { Expr: var on } && MarkedElsewhere(actual, on, o) is { } marked) return marked;
        return LowerVerbatim(o, Lost(DiagnosticIds.LostInCall, o.Syntax, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
    }

    private Value ReceiverOf(IOperation? instance) => instance is null ? VoidValue.Instance : Opened(Lower(instance), instance, stays: true);

    private Place ReceiverPlace(Value receiver) => receiver switch
    {
        ObjectValue { Fields: var box } when _boxes.Contains(box) => Unboxed(box),
        ObjectValue o => o.Fields,
        _ => new BoundPlace(receiver, -1),
    };

    /// <summary>Whether a method's body is at hand.</summary>
    private bool HasSource(IMethodSymbol method)
    {
        if (method.IsAbstract || method.IsExtern || method.DeclaringSyntaxReferences.IsEmpty) return false;
        if (method.MethodKind is MethodKind.LocalFunction) return true;
        IMethodSymbol definition = method.Definition();
        return definition.DeclaringSyntaxReferences.Any(r => session.Compilation.ContainsSyntaxTree(r.SyntaxTree) && !IsUnfinished(r)) && !IsStub(definition);
    }

    // a body that is being typed is not looked into: the caller has no error of its own
    private bool IsUnfinished(SyntaxReference declaration) =>
        declaration.GetSyntax(session.Token) is { ContainsDiagnostics: true } node && node.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error);

    // a signature stub of a method to be emitted has no body to look into
    private static bool IsStub(IMethodSymbol method) => method.DeclaringSyntaxReferences[0].SyntaxTree.FilePath.StartsWith("DiffGen.Stubs", StringComparison.Ordinal);

    // Debug.Assert and other conditional calls must stay calls
    private static bool IsVerbatimOnly(IMethodSymbol method) =>
        method.IsAsync || method.GetAttributes().Any(a => a.AttributeClass?.Name == "ConditionalAttribute") || method.ReturnType is IPointerTypeSymbol;

    /// <summary>Arguments in the order in which they are written; by-reference ones as places.</summary>
    private Value[] ArgumentsOf(ImmutableArray<IArgumentOperation> arguments) => Operands([.. arguments.Select(a => (Func<Value>)(() => Argument(a)))]);

    // an `in` argument is the variable itself: it changes when somebody writes it by another name, the callee or what else is given to it
    private Value Argument(IArgumentOperation a) =>
        a.Parameter is { RefKind: RefKind.Ref or RefKind.Out } || a.Parameter is { RefKind: RefKind.In or RefKind.RefReadOnlyParameter } && IsPlace(a.Value) && MayChangeMeanwhile(a)
            ? new PlaceValue(Fixed(PlaceOf(a.Value))) : LowerHeld(a.Value);

    private bool MayChangeMeanwhile(IArgumentOperation a)
    {
        (IMethodSymbol? method, ImmutableArray<IArgumentOperation> arguments) = a.Parent switch
        {
            IInvocationOperation call => (call.TargetMethod.OriginalDefinition, call.Arguments),
            IObjectCreationOperation made => (made.Constructor?.OriginalDefinition, made.Arguments),
            IPropertyReferenceOperation indexer => (indexer.Property.GetMethod?.OriginalDefinition, indexer.Arguments),
            _ => (null, []),
        };
        // elements are also reached by their arrays
        bool isElement = Unconverted(a.Value) is not (ILocalReferenceOperation { Local.RefKind: RefKind.None } or IParameterReferenceOperation { Parameter.RefKind: RefKind.None });
        bool MayChange(IMethodSymbol called) => HasSource(called) && session.Body(called) is { } body && (session.MayChangeOutside(called.Definition(), body) || isElement && session.MayChangeElements(called.Definition(), body));
        return method is null || method.Parameters.Any(p => p.RefKind is RefKind.Ref or RefKind.Out)
            || method.MethodKind == MethodKind.DelegateInvoke || (method.IsAbstract || method.IsVirtual || method.IsOverride) && !method.DeclaringSyntaxReferences.IsEmpty
            || arguments.Any(other => other != a && other.Value.DescendantsAndSelf().Any(o => o switch
            {
                IAssignmentOperation or IIncrementOrDecrementOperation or IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
                IInvocationOperation { TargetMethod: var called } => called.MethodKind == MethodKind.DelegateInvoke || MayChange(called),
                _ => false,
            }))
            || MayChange(method);
    }

    // ---- which method

    /// <summary>A static abstract member as the actual type implements it; type arguments substituted.</summary>
    private IMethodSymbol Implementation(IMethodSymbol method, ITypeSymbol? constrained)
    {
        method = _frame.Types.Apply(method);
        if (method.ContainingType is not { TypeKind: TypeKind.Interface } owner || !method.IsStatic || constrained is null) return method;
        ITypeSymbol actual = Actual(constrained);
        if (actual.TypeKind is TypeKind.TypeParameter) return method;
        ISymbol? member = actual.FindImplementationForInterfaceMember(method.ConstructedFrom);
        if (member is null && method.OriginalDefinition is { } definition)
            foreach (INamedTypeSymbol implemented in actual.AllInterfaces)
                if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, owner.OriginalDefinition))
                    member ??= actual.FindImplementationForInterfaceMember(implemented.GetMembers(method.Name).FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, definition)) ?? method);
        // a generic one is implemented as such
        return member is IMethodSymbol found ? method.Arity > 0 && found.Arity == method.Arity ? found.ConstructedFrom.Construct([.. method.TypeArguments]) : found : method;
    }

    // ---- operators

    /// <summary>The operator method to inline; null where C#'s own or the framework's operator is meant.</summary>
    private IMethodSymbol? UserOperator(IMethodSymbol method, ITypeSymbol? constrained)
    {
        IMethodSymbol actual = Implementation(method, constrained);
        return HasSource(actual) ? actual : null;
    }

    private Value InvokeOperator(IMethodSymbol method, IOperation[] operands, IOperation o) => InvokeOperator(method, [.. operands.Select(x => (Func<Value>)(() => Lower(x)))], o);

    private Value InvokeOperator(IMethodSymbol method, Func<Value>[] operands, IOperation o)
    {
        Value[] arguments = Operands(operands);
        if (UserRule(method) is { } rule) return ApplyRule(rule, method, [.. arguments.Select(ExprOf)]);
        return Inline(method, null, [], arguments, o.Syntax);
    }

    // ---- local functions, lambdas, delegates

    private Value InvokeLocalFunction(IInvocationOperation o, IMethodSymbol method)
    {
        IMethodSymbol definition = o.TargetMethod.OriginalDefinition;
        FunctionValue function = LocalFunction(definition, o);
        return Run(method, function.Body, function.Captured, null, o.Arguments, ArgumentsOf(o.Arguments), o.Syntax, reference: false).Value;
    }

    /// <summary>A local function, which may be called before its declaration is reached.</summary>
    private FunctionValue LocalFunction(IMethodSymbol definition, IOperation o)
    {
        if (_frame.Find(definition) is BoundPlace { Value: FunctionValue bound }) return bound;
        IOperation body = session.Body(definition) ?? throw Unsupported("this local function", "give it a body", o.Syntax);
        Frame owner = _frame;
        while (owner.Lexical is not null && !SymbolEqualityComparer.Default.Equals(owner.Method, definition.ContainingSymbol)) owner = owner.Lexical;
        var function = new FunctionValue(definition, body, owner, null);
        owner.Bind(definition, new BoundPlace(function, -1));
        return function;
    }
}

/// <summary>Counts the returns of a body, without those of functions inside it.</summary>
internal sealed class Returns : OperationWalker
{
    private int _count;
    private bool _yields;

    public static int In(IOperation body)
    {
        var walker = new Returns();
        switch (body)
        {
            case ILocalFunctionOperation l: walker.Visit(l.Body ?? l.IgnoredBody); break;
            case IAnonymousFunctionOperation a: walker.Visit(a.Body); break;
            default: walker.Visit(body); break;
        }
        return walker._count;
    }

    public static bool Yields(IOperation body)
    {
        var walker = new Returns();
        walker.Visit(body is ILocalFunctionOperation l ? l.Body : body);
        return walker._yields;
    }

    public override void VisitReturn(IReturnOperation o)
    {
        if (o.Kind != OperationKind.Return) _yields = true;
        else if (!o.IsImplicit || o.ReturnedValue is not null) _count++;
        base.VisitReturn(o);
    }

    public override void VisitLocalFunction(ILocalFunctionOperation o) { }

    public override void VisitAnonymousFunction(IAnonymousFunctionOperation o) { }
}

/// <summary>Small questions about symbols and bodies.</summary>
internal static class SymbolFacts
{
    /// <summary>The method as its source declares it; of a partial one the part with the body, whose parameters are those that the body names.</summary>
    public static IMethodSymbol Definition(this IMethodSymbol method) => method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition;

    public static bool IsIterator(this IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax
        && method.ReturnType.Name is "IEnumerable" or "IEnumerator"
        && syntax.DescendantNodes(n => n == syntax || n is not (Microsoft.CodeAnalysis.CSharp.Syntax.LocalFunctionStatementSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.AnonymousFunctionExpressionSyntax))
            .Any(n => n is Microsoft.CodeAnalysis.CSharp.Syntax.YieldStatementSyntax);
}
