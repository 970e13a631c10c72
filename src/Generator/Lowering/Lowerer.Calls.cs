using System.Collections.Immutable;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
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
        IMethodSymbol method = Implementation(target, o.ConstrainedToType);
        if (UserRule(method) is { } rule) return ApplyRule(rule, method, o);
        if (KnownCall(o, method) is { } known) return known;
        TakeBack(o);
        if (target.MethodKind == MethodKind.LocalFunction) return InvokeLocalFunction(o, method);
        if (!target.IsStatic && o.Instance is not null) return InvokeInstance(o, method);
        if (HasSource(method) && !IsVerbatimOnly(method)) return Inline(method, null, o.Arguments, ArgumentsOf(o.Arguments), o.Syntax);
        if (MarkedElsewhere(method, o) is { } marked) return marked;
        return LowerVerbatim(o, Lost(DiagnosticIds.LostInCall, o.Syntax, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
    }

    private Value InvokeInstance(IInvocationOperation o, IMethodSymbol method)
    {
        bool isBase = IsBase(o.Instance);
        Value receiver = VoidValue.Instance;
        Place? self = null;
        if (o.Instance!.Type is { IsValueType: true } && HasSource(method) && !method.IsReadOnly && !method.ContainingType.IsReadOnly && IsPlace(o.Instance)) self = Fixed(PlaceOf(o.Instance));
        else receiver = ReceiverOf(o.Instance);
        if (KnownInstance(o, method, receiver) is { } known) return known;
        if (receiver is CollectionValue collection) return CollectionCall(o, method, collection) ?? throw Unsupported($"{method.Name} of this", "use a list", o.Syntax);
        if (receiver is ChoiceValue choice) return InvokeChoice(o, method, choice);
        if (receiver is TableValue table && TableCall(o, method, table) is { } done) return done;
        if (receiver is FunctionValue or SequenceValue) throw Unsupported($"{method.Name} of this", "call it directly", o.Syntax);
        if (!isBase && receiver is ObjectValue { Fields: { Origin: not null } outside } && IsOverridden(method, outside))
        {
            Value[] given = [.. ArgumentsOf(o.Arguments).Select(a => a.Map(x => Named(x, "t")))];
            return DispatchOutside(method, outside, (actual, place) => Inline(actual, place, o.Arguments, given, o.Syntax), o.Type);
        }
        IMethodSymbol actual = isBase ? method : Override(method, self?.Load() ?? receiver);
        if (HasSource(actual) && !IsVerbatimOnly(actual))
        {
            bool virtually = !isBase && (actual.IsVirtual || actual.IsAbstract || actual.IsOverride && !actual.IsSealed) && receiver is ExprValue && !actual.ContainingType.IsSealed;
            if (virtually && HasOverrides(actual)) return Dispatch(o, actual, receiver);
            int mark = _out.Count;
            Value[] arguments = ArgumentsOf(o.Arguments);
            if (_out.Count > mark && self is null) receiver = Protect(receiver, ref mark);
            return Inline(actual, self ?? ReceiverPlace(receiver), o.Arguments, arguments, o.Syntax);
        }
        if (actual.ContainingType.TypeKind == TypeKind.Interface || actual.IsAbstract) return Dispatch(o, actual, receiver);
        return LowerVerbatim(o, Lost(DiagnosticIds.LostInCall, o.Syntax, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
    }

    private static bool IsPlace(IOperation o) => o switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation => true,
        IFieldReferenceOperation { Field.IsStatic: false, Instance: { } owner } => owner.Type!.IsReferenceType || IsPlace(owner),
        IArrayElementReferenceOperation => true,
        IPropertyReferenceOperation { Property.ReturnsByRef: true } => true,
        IParenthesizedOperation p => IsPlace(p.Operand),
        _ => false,
    };

    private Value ReceiverOf(IOperation? instance) => instance is null ? VoidValue.Instance : Lower(instance);

    private Place ReceiverPlace(Value receiver) => receiver switch
    {
        ObjectValue o => o.Fields,
        _ => new BoundPlace(receiver, -1),
    };

    /// <summary>Whether a method's body is at hand.</summary>
    private bool HasSource(IMethodSymbol method)
    {
        if (method.IsAbstract || method.IsExtern || method.DeclaringSyntaxReferences.IsEmpty) return false;
        if (method.MethodKind is MethodKind.LocalFunction) return true;
        IMethodSymbol definition = (method.PartialImplementationPart ?? method).OriginalDefinition;
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

    // an `in` argument is the variable itself: it changes when the callee writes it by another name
    private Value Argument(IArgumentOperation a) =>
        a.Parameter is { RefKind: RefKind.Ref or RefKind.Out }
        || a.Parameter is { RefKind: RefKind.In or RefKind.RefReadOnlyParameter, ContainingSymbol: IMethodSymbol owner } && IsPlace(a.Value) && owner.Parameters.Any(p => p.RefKind is RefKind.Ref or RefKind.Out)
            ? new PlaceValue(Fixed(PlaceOf(a.Value))) : Lower(a.Value);

    // ---- which method

    /// <summary>A static abstract member as the actual type implements it; type arguments substituted.</summary>
    private IMethodSymbol Implementation(IMethodSymbol method, ITypeSymbol? constrained)
    {
        method = _frame.Types.Apply(method);
        if (method.ContainingType is not { TypeKind: TypeKind.Interface } owner || !method.IsStatic || constrained is null) return method;
        ITypeSymbol actual = Actual(constrained);
        if (actual.TypeKind is TypeKind.TypeParameter) return method;
        ISymbol? member = actual.FindImplementationForInterfaceMember(method);
        if (member is null && method.OriginalDefinition is { } definition)
            foreach (INamedTypeSymbol implemented in actual.AllInterfaces)
                if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, owner.OriginalDefinition))
                    member ??= actual.FindImplementationForInterfaceMember(implemented.GetMembers(method.Name).FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, definition)) ?? method);
        return member as IMethodSymbol ?? method;
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

    // ---- inlining

    private void CheckDepth(Frame frame, SyntaxNode site)
    {
        if (frame.Depth > MaximalDepth) throw new Refused(DiagnosticIds.TooComplex, $"the calls of {frame.Method.Name}") { Node = site };
    }

    private Value Inline(IMethodSymbol method, Place? self, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site) =>
        Run(method, session.Body(method), null, self, operations, arguments, site, reference: false).Value;

    private Place InlineReference(IMethodSymbol method, Place? self, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site) =>
        Run(method, session.Body(method), null, self, operations, arguments, site, reference: true).Reference ?? throw Unsupported("this reference", "use an index", site);

    private (Value Value, Place? Reference) Run(
        IMethodSymbol method, IOperation? body, Frame? lexical, Place? self, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site, bool reference)
    {
        session.Token.ThrowIfCancellationRequested();
        IMethodSymbol definition = method.OriginalDefinition;
        if (body is null)
        {
            // an auto property: its storage
            if (definition.AssociatedSymbol is IPropertySymbol property && self is not null)
            {
                if (self is CompositePlace c && c[property.Name] is { } place)
                {
                    if (definition.MethodKind == MethodKind.PropertyGet) return (place.Load(), place);
                    Store(place, arguments[arguments.Length - 1], null);
                    return (VoidValue.Instance, null);
                }
                if (definition.MethodKind == MethodKind.PropertyGet && self.Load() is { } owner)
                {
                    if (MemberOf(owner, property.Name) is { } member) return (member, null);
                    if (owner is ExprValue { Expr: { } e } && session.IsAccessible(property))
                        return (Whole(new Opaque(["", "." + Session.Escape(property.Name)], [e], TypeOf(property.Type), Purity.Reads), property.Type), null);
                }
            }
            throw new Refused(DiagnosticIds.LostInCall, method.Name) { Node = site };
        }
        if (definition.IsIterator()) return (Iterator(method, body, lexical, self, operations, arguments, site), null);
        bool specialised = lexical is not null || arguments.Any(a => a is SequenceValue or PlaceValue || IsKnownOnly(a));
        bool asFunction = !reference && !HasStaticResult(definition) && session.Functions.ShouldBeFunction(definition, session, InlineBudget, specialised);
        if (asFunction) return (CallFunction(method, body, lexical, self, operations, arguments, site), null);

        Substitution types = Substitution.Of(session.Compilation, method);
        if (lexical is not null) types = lexical.Types.With(types);
        bool single = SingleReturn(body, definition);
        var returns = new ReturnTarget { Single = single, Label = single ? null : new Label(session.Names.Fresh("end" + Capital(definition.Name))) };
        var frame = new Frame(definition, lexical, types) { Caller = _frame, Depth = _frame.Depth + 1, This = self ?? lexical?.FindThis(), Return = returns, Written = Writes.In(body) };
        CheckDepth(frame, site);
        BindParameters(frame, definition, operations, arguments);
        (Frame outer, SyntaxNode? statement, string source, Site at) = (_frame, _statement, _source, _site);
        _frame = frame;
        int sizeBefore = session.Size;
        try
        {
            if (single)
            {
                Body(body);
            }
            else
            {
                if (!definition.ReturnsVoid) returns.Result = InlineResult(definition, definition.ReturnType);
                List<Stmt> statements = Into(() => Body(body));
                Label label = returns.Label!;
                if (label.Used) statements = Exits.Simplify(statements, label);
                if (label.Used) Emit(new Labelled(label.Name, BlockOf(statements)));
                else _out.AddRange(statements);
            }
        }
        catch (Refused refused) when (outer.Caller is null && !InEntryType(refused.Node))
        {
            // code of another type is refused at the call that leads there
            refused.Node = site;
            throw;
        }
        finally
        {
            _frame = outer;
            (_statement, _source, _site) = (statement, source, at);
            session.Functions.Inlined(definition, session.Size - sizeBefore);
        }
        if (reference) return (VoidValue.Instance, returns.Reference);
        if (definition.ReturnsByRef || definition.ReturnsByRefReadonly) return (returns.Reference?.Load() ?? VoidValue.Instance, returns.Reference);
        if (definition.ReturnsVoid) return (VoidValue.Instance, null);
        return (returns.Direct ?? returns.Result?.Load() ?? VoidValue.Instance, null);
    }

    private bool InEntryType(SyntaxNode? node) => node is not null
        && session.Entry.ContainingType.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == node.SyntaxTree && r.Span.Contains(node.Span));

    private static string Capital(string name) => name.Length == 0 || !char.IsLetter(name[0]) ? "Lambda" : char.ToUpperInvariant(name[0]) + name.Substring(1);

    private static string ResultName(IMethodSymbol method)
    {
        string name = method.AssociatedSymbol?.Name ?? method.Name;
        return name.Length == 0 || !char.IsLetter(name[0]) ? "result" : name.StartsWith("op_", StringComparison.Ordinal) ? "result" : char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    /// <summary>A place for the result of a method with several returns.</summary>
    private Place? InlineResult(IMethodSymbol method, ITypeSymbol type)
    {
        type = Actual(type);
        string name = ResultName(method);
        if (IsLocalClass(type)) return NewObject((INamedTypeSymbol)type, name);
        if (IsBound(type)) return null;
        return NewPlace(name, type, null);
    }

    private bool HasStaticResult(IMethodSymbol method) =>
        !method.ReturnsVoid && (method.ReturnsByRef || IsLocalClass(method.ReturnType) || IsBound(method.ReturnType));

    /// <summary>Whether a place of a type is a name for what is known while lowering.</summary>
    private bool IsBound(ITypeSymbol type) => type.TypeKind == TypeKind.Delegate || IsSequenceType(type) || IsTableType(type) || IsModelledCollection(type);

    /// <summary>Whether the only return is the last thing that a body does.</summary>
    private static bool SingleReturn(IOperation body, IMethodSymbol method)
    {
        int returns = Returns.In(body);
        if (method.ReturnsVoid) return returns == 0;
        if (returns != 1) return false;
        IOperation? last = body;
        while (true)
        {
            last = last switch
            {
                IMethodBodyOperation m => m.BlockBody ?? m.ExpressionBody,
                ILocalFunctionOperation l => l.Body ?? l.IgnoredBody,
                IAnonymousFunctionOperation a => a.Body,
                IBlockOperation { Operations.IsEmpty: false } b => LastStatement(b),
                _ => null,
            };
            if (last is IReturnOperation) return true;
            if (last is null) return false;
        }
    }

    private static IOperation? LastStatement(IBlockOperation block)
    {
        for (int i = block.Operations.Length - 1; i >= 0; i--)
            if (block.Operations[i] is not ILocalFunctionOperation) return block.Operations.Any(o => o is ILabeledOperation or IUsingDeclarationOperation) ? null : block.Operations[i];
        return null;
    }

    private void BindParameters(Frame frame, IMethodSymbol method, IEnumerable<IArgumentOperation> operations, Value[] arguments)
    {
        IArgumentOperation[] written = [.. operations];
        bool stable = !arguments.Any(a => a is PlaceValue or FunctionValue { Body: not null }) && !frame.Written.Any(w => !IsOwn(w, method));
        Frame caller = _frame;
        for (int i = 0; i < arguments.Length; i++)
        {
            IParameterSymbol parameter = i < written.Length && written[i].Parameter is { } p
                ? method.Parameters[p.Ordinal]
                : method.Parameters[i];
            Value value = arguments[i];
            if (value is PlaceValue reference)
            {
                frame.Bind(parameter, reference.Place);
                continue;
            }
            bool assigned = frame.Written.Contains(parameter);
            if (!assigned && (value is FunctionValue or SequenceValue or ObjectValue or ChoiceValue or CollectionValue or IndexValue or RangeValue or ExprValue { Expr: Constant } || stable && IsTrivial(value)))
            {
                frame.Bind(parameter, new BoundPlace(value, -1));
                continue;
            }
            ITypeSymbol type = frame.Types.Apply(parameter.Type);
            Frame inner = _frame;
            _frame = frame;
            try { frame.Bind(parameter, NewPlace(parameter.Name, type, Prepared(value, type), assigned)); }
            finally { _frame = inner; }
        }
    }

    // an array given for a span parameter is seen as a span
    private Value Prepared(Value value, ITypeSymbol type) =>
        value is ExprValue { Expr: { Type: Ir.ArrayType } e } && session.Types.Map(type) is SpanType span ? new ExprValue(ToSpan(e, span)) : value;

    private static bool IsOwn(ISymbol symbol, IMethodSymbol method)
    {
        for (ISymbol? owner = symbol.ContainingSymbol; owner is not null; owner = owner.ContainingSymbol)
            if (SymbolEqualityComparer.Default.Equals(owner.OriginalDefinition, method.OriginalDefinition)) return true;
        return false;
    }

    private static bool IsTrivial(Value value) => value switch
    {
        ExprValue { Expr: Constant or Read } => true,
        CompositeValue c => c.Fields.All(f => IsTrivial(f.Value)),
        _ => false,
    };

    private Place ReferenceOf(IInvocationOperation o)
    {
        IMethodSymbol method = Implementation(o.TargetMethod, o.ConstrainedToType);
        if (o.TargetMethod.MethodKind == MethodKind.LocalFunction && _frame.Find(o.TargetMethod.OriginalDefinition) is BoundPlace { Value: FunctionValue local })
            return Run(method, local.Body, local.Captured, null, o.Arguments, ArgumentsOf(o.Arguments), o.Syntax, reference: true).Reference ?? throw Unsupported("this reference", "use an index", o.Syntax);
        if (!HasSource(method)) throw new Refused(DiagnosticIds.LostInCall, method.Name) { Node = o.Syntax };
        Place? self = o.Instance is null ? null : o.Instance.Type!.IsReferenceType ? OwnerOf(Lower(o.Instance)) : PlaceOf(o.Instance);
        return InlineReference(method, self, o.Arguments, ArgumentsOf(o.Arguments), o.Syntax);
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

    private Value InvokeDelegate(IInvocationOperation o)
    {
        Value target = Lower(o.Instance!);
        if (target is FunctionValue function) return Call(function, ArgumentsOf(o.Arguments), o.Arguments, o.Syntax);
        if (target is ChoiceValue choice)
        {
            Value[] arguments = [.. ArgumentsOf(o.Arguments).Select(a => a.Map(e => Named(e, "t")))];
            return Distribute(choice, option => option is FunctionValue f ? Call(f, arguments, o.Arguments, o.Syntax) : throw new Refused(DiagnosticIds.UnknownTarget, o.Instance!.Syntax.ToString()) { Node = o.Syntax }, o.Type);
        }
        Refusal lost = Lost(DiagnosticIds.UnknownTarget, o.Syntax, o.Instance!.Syntax.ToString());
        return LowerVerbatim(o, lost);
    }

    /// <summary>Calls a function that is known while lowering.</summary>
    private Value Call(FunctionValue function, Value[] arguments, IEnumerable<IArgumentOperation> operations, SyntaxNode site)
    {
        if (function.Body is not null) return Run(function.Method, function.Body, function.Captured, null, operations, arguments, site, reference: false).Value;
        IMethodSymbol method = function.Method;
        if (UserRule(method) is { } rule) return ApplyRule(rule, method, [.. arguments.Select(ExprOf)]);
        if (KnownFunctions.Find(method, session.Types) is { } known) return ApplyKnown(known, method, [.. arguments.Select(ExprOf)], null);
        if (HasSource(method)) return Inline(method, function.Receiver is null ? null : ReceiverPlace(function.Receiver), operations, arguments, site);
        return Operand(CallOpaque(method, function.Receiver, arguments, site));
    }

    /// <summary>Calls a function on values, as the library's loops do.</summary>
    private Value Call(FunctionValue function, SyntaxNode site, params Value[] arguments) => Call(function, arguments, [], site);

    private Value Delegate(IDelegateCreationOperation o) => o.Target switch
    {
        IAnonymousFunctionOperation lambda => new FunctionValue(lambda.Symbol, lambda, _frame, null),
        IMethodReferenceOperation group => MethodGroup(group),
        _ => Lower(o.Target),
    };

    private Value MethodGroup(IMethodReferenceOperation o)
    {
        IMethodSymbol method = Implementation(o.Method, o.ConstrainedToType);
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            FunctionValue local = LocalFunction(o.Method.OriginalDefinition, o);
            return new FunctionValue(method, local.Body, local.Captured, null);
        }
        return new FunctionValue(method, null, null, o.Instance is null ? null : Lower(o.Instance));
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
    public static bool IsIterator(this IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax
        && method.ReturnType.Name is "IEnumerable" or "IEnumerator"
        && syntax.DescendantNodes(n => n == syntax || n is not (Microsoft.CodeAnalysis.CSharp.Syntax.LocalFunctionStatementSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.AnonymousFunctionExpressionSyntax))
            .Any(n => n is Microsoft.CodeAnalysis.CSharp.Syntax.YieldStatementSyntax);
}
