using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Bodies of methods put in the place of their calls.</summary>
internal sealed partial class Lowerer
{
    private void CheckDepth(Frame frame, SyntaxNode site)
    {
        if (frame.Depth > MaximalDepth) throw new Refused(DiagnosticIds.TooComplex, $"the calls of {NameOf(frame.Method)}") { Node = site };
    }

    private Value Inline(IMethodSymbol method, Place? self, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site) =>
        Run(method, session.Body(method), null, self, operations, arguments, site, reference: false).Value;

    private Place InlineReference(IMethodSymbol method, Place? self, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site) =>
        Run(method, session.Body(method), null, self, operations, arguments, site, reference: true).Reference ?? throw Unsupported("this reference", "use an index", site);

    private (Value Value, Place? Reference) Run(
        IMethodSymbol method, IOperation? body, Frame? lexical, Place? self, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site, bool reference)
    {
        session.Token.ThrowIfCancellationRequested();
        IMethodSymbol definition = method.Definition();
        if (body is not null && definition is { IsStatic: false, ContainingType.TypeKind: TypeKind.Interface }) self = BoxedFor(self);
        if (body is null)
        {
            // an auto property: its storage
            if (definition.AssociatedSymbol is IPropertySymbol property && self is not null)
            {
                if (self is CompositePlace c && c[TypeMap.KeyOf(property)] is { } place)
                {
                    if (definition.MethodKind == MethodKind.PropertyGet) return (place.Load(), place);
                    Store(place, arguments[arguments.Length - 1], null);
                    return (VoidValue.Instance, null);
                }
                if (definition.MethodKind == MethodKind.PropertyGet && self.Load() is { } owner)
                {
                    if (MemberOf(owner, TypeMap.KeyOf(property)) is { } member) return (member, null);
                    if (owner is ExprValue { Expr: { } e } && (session.IsAccessible(property, e.Type) ? ["", "." + Session.Escape(property.Name)] : Accessor(property)) is { } naming)
                        return (Whole(new Opaque(new(naming), [e], TypeOf(property.Type), Purity.Reads), property.Type), null);
                }
            }
            throw new Refused(DiagnosticIds.LostInCall, method.Name) { Node = site };
        }
        // an interface's own method runs on the box
        if (definition.ContainingType.TypeKind == TypeKind.Interface && self is CompositePlace unboxed && _boxOf.TryGetValue(unboxed, out CompositePlace? box)) self = box;
        // a struct that is no variable is worked on in a copy
        if (self is BoundPlace { Value: CompositeValue copied } && definition.ContainingType.IsValueType && (ChangesItself(definition) || definition.ReturnsByRef || definition.ReturnsByRefReadonly)) self = NewPlace("copy", copied.Type, copied);
        if (definition.IsIterator()) return (Iterator(method, body, lexical, self, operations, arguments, site), null);
        bool specialised = lexical is not null || arguments.Any(a => a is SequenceValue or PlaceValue || IsKnownOnly(a));
        bool asFunction = !reference && !HasStaticResult(definition) && session.Functions.ShouldBeFunction(definition, session, InlineBudget, specialised, self is BoundPlace { Value: ExprValue } or CompositePlace { Number: not null });
        if (asFunction && ReachesTwice(arguments, seesMore: lexical is not null || self is not null))
        {
            if (session.Functions.IsRecursive(definition, session)) throw Unsupported("a reference to what the method reaches by another way as well", "pass a local number", site);
            asFunction = false;
        }
        if (asFunction) return (CallFunction(method, body, lexical, self, operations, arguments, site), null);

        Substitution types = Substitution.Of(session.Compilation, method);
        if (lexical is not null) types = lexical.Types.With(types);
        bool single = SingleReturn(body, definition);
        var returns = new ReturnTarget
        {
            Single = single, Label = single ? null : new Label(session.Names.Fresh("end" + Capital(definition.Name))),
            Places = !single && (definition.ReturnsByRef || definition.ReturnsByRefReadonly) ? new ReturnedPlaces(Local("which", PlainType.Int)) : null,
        };
        var frame = new Frame(definition, lexical, types) { Caller = _frame, Depth = _frame.Depth + 1, This = self ?? lexical?.FindThis(), Return = returns, Body = body, Written = Writes.In(body) };
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
                if (!definition.ReturnsVoid && returns.Places is null) returns.Result = InlineResult(definition, definition.ReturnType, body);
                (int around, int stores) = (_region, _boundStores);
                List<Stmt> statements = Into(() =>
                {
                    (returns.Before, returns.After) = (around, _region);
                    Body(body);
                });
                // what a delegate that lives on has captured lives on with it
                if (returns.Label!.Used && _boundStores > stores) statements = Outliving(statements);
                if (returns.Places is { All.Count: > 0 } places)
                {
                    foreach (Variable position in places.Positions.Prepend(places.Which)) Emit(new Declare(position, Zero(position.Type)));
                    returns.Reference = places.Taken();
                }
                if (returns.Result is ChosenPlace) statements = DeclaredAround(statements);
                Label label = returns.Label!;
                if (label.Used) statements = Exits.Simplify(statements, label);
                if (label.Used) Emit(new Labelled(label.Name, BlockOf(statements)));
                else _out.AddRange(statements);
            }
        }
        catch (Refused refused)
        {
            LearnOf(body);
            // code of another type is refused at the call that leads there
            if (outer.Caller is null && !InEntryType(refused.Node)) refused.Node = site;
            throw;
        }
        finally
        {
            _frame = outer;
            (_statement, _source, _site) = (statement, source, at);
            session.Functions.Inlined(definition, session.Size - sizeBefore);
        }
        if (reference) return (VoidValue.Instance, returns.Reference);
        if (definition.ReturnsByRef || definition.ReturnsByRefReadonly) return (returns.Reference is { } given ? Loaded(given) : VoidValue.Instance, returns.Reference);
        if (definition.ReturnsVoid) return (VoidValue.Instance, null);
        return (returns.Direct ?? returns.Result?.Load() ?? VoidValue.Instance, null);
    }

    /// <summary>Whether a method of a struct assigns members of the struct itself.</summary>
    private bool WritesItself(IMethodSymbol method) =>
        method is { MethodKind: not MethodKind.Constructor, IsReadOnly: false, ContainingType.IsReadOnly: false, DeclaringSyntaxReferences.IsEmpty: false } && session.Body(method.OriginalDefinition) is { } body
        && body.Descendants().Any(o => o switch
        {
            IAssignmentOperation assignment => IsOwn(assignment.Target),
            IIncrementOrDecrementOperation step => IsOwn(step.Target),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: { } given } => IsOwn(given),
            _ => false,
        });

    /// <summary>Whether a method of a struct may change the variable that it is called on, itself or in the methods that it calls.</summary>
    private bool ChangesItself(IMethodSymbol method, HashSet<ISymbol>? asked = null)
    {
        if (method.IsReadOnly || method.ContainingType.IsReadOnly || !(asked ??= new HashSet<ISymbol>(SymbolEqualityComparer.Default)).Add(method)) return false;
        return WritesItself(method) || session.Body(method) is not { } body || body.Descendants().Any(o => o switch
        {
            IInvocationOperation { Instance: { } owner, TargetMethod: { } called } when IsOwnPart(owner) => ChangesItself(called.Definition(), asked),
            IPropertyReferenceOperation { Instance: { } owner, Property: { } property } when IsOwnPart(owner) => property.ReturnsByRef || property.GetMethod is { } get && ChangesItself(get.Definition(), asked),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: { } value } => IsOwnPart(value),
            ILocalReferenceOperation { Local.RefKind: RefKind.Ref } or IAnonymousFunctionOperation or ILocalFunctionOperation => true,
            _ => false,
        });
    }

    // the struct, or a struct in it
    private static bool IsOwnPart(IOperation owner) => owner.Type is { IsValueType: true } && (owner is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } || IsOwn(owner));

    private static bool IsOwn(IOperation target) => target is ITupleOperation tuple ? tuple.Elements.Any(IsOwn)
        : target is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } || target is IMemberReferenceOperation { Instance: { } owner } and (IFieldReferenceOperation or IPropertyReferenceOperation)
        && (owner is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } || owner.Type is { IsValueType: true } && IsOwn(owner));

    private bool InEntryType(SyntaxNode? node) => node is not null
        && session.Entry.ContainingType.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == node.SyntaxTree && r.Span.Contains(node.Span));

    private static string Capital(string name) => name.Length == 0 || !char.IsLetter(name[0]) ? "Lambda" : char.ToUpperInvariant(name[0]) + name.Substring(1);

    private static string ResultName(IMethodSymbol method)
    {
        if (method.MethodKind is MethodKind.Constructor or MethodKind.AnonymousFunction or MethodKind.Conversion or MethodKind.UserDefinedOperator) return "result";
        string name = NameOf(method);
        return name.Length == 0 || !char.IsLetter(name[0]) ? "result" : char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    /// <summary>A place for the result of a method with several returns.</summary>
    private Place? InlineResult(IMethodSymbol method, ITypeSymbol type, IOperation body)
    {
        type = Actual(type);
        string name = ResultName(method);
        if (IsLocalClass(type)) return NewObject((INamedTypeSymbol)type, name);
        if (type.TypeKind == TypeKind.Delegate && Returns.In(body) > 1) return ChosenResult(name, body);
        if (IsBound(type) && !IsCarriedByReferences(type)) return null;
        return NewPlace(name, type, null);
    }

    private bool HasStaticResult(IMethodSymbol method) =>
        !method.ReturnsVoid && (method.ReturnsByRef || IsLocalClass(method.ReturnType) || IsBound(method.ReturnType) && !IsCarriedByReferences(Actual(method.ReturnType)));

    /// <summary>Whether a place of a type is a name for what is known while lowering.</summary>
    private bool IsBound(ITypeSymbol type) => type.TypeKind == TypeKind.Delegate || IsSequenceType(type) || IsTableType(type) || IsModelledCollection(type) || IsCollectionInterface(type) || IsLazy(type);

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

    /// <summary>The place that a member of an object or struct refers to.</summary>
    private Place ReferenceOf(IMethodSymbol member, IOperation? instance, Value? receiver, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site)
    {
        if (receiver is null) return InlineReference(member, instance is null ? null : PlaceOf(instance), operations, arguments, site);
        if (!IsBase(instance))
        {
            if (IsDecidedLater(member, receiver)) throw Unsupported("a reference that an object gives whose class only run time tells", "return the value, or an index", site);
            member = Override(member, receiver);
        }
        return InlineReference(member, OwnerOf(receiver), operations, arguments, site);
    }

    private Place ReferenceOf(IInvocationOperation o)
    {
        IMethodSymbol method = Implementation(o.TargetMethod, o.ConstrainedToType);
        if (o.TargetMethod.MethodKind == MethodKind.LocalFunction && _frame.Find(o.TargetMethod.OriginalDefinition) is BoundPlace { Value: FunctionValue local })
            return Run(method, local.Body, local.Captured, null, o.Arguments, ArgumentsOf(o.Arguments), o.Syntax, reference: true).Reference ?? throw Unsupported("this reference", "use an index", o.Syntax);
        if (!HasSource(method)) throw new Refused(DiagnosticIds.LostInCall, method.Name) { Node = o.Syntax };
        Value? receiver = o.Instance is { Type.IsReferenceType: true } ? ReceiverOf(o.Instance) : null;
        int mark = _out.Count;
        Value[] arguments = ArgumentsOf(o.Arguments);
        if (receiver is not null && _out.Count > mark) receiver = Protect(receiver, ref mark);
        return ReferenceOf(method, o.Instance, receiver, o.Arguments, arguments, o.Syntax);
    }
}
