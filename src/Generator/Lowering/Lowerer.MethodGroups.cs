using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>Delegates: what makes them of lambdas and of methods of objects, and their calls.</content>
internal sealed partial class Lowerer
{
    private Value InvokeDelegate(IInvocationOperation o)
    {
        Value target = Lower(o.Instance!);
        if (target is FunctionValue function) return Call(function, ArgumentsOf(o.Arguments), o.Arguments, o.Syntax);
        if (target is ChoiceValue choice)
        {
            int mark = _out.Count;
            Value[] arguments = [.. ArgumentsOf(o.Arguments).Select(a => a.Map(e => Named(e, "t")))];
            choice = (ChoiceValue)Protect(choice, ref mark);
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
        if (function.IsVirtual && (function.Receiver is ObjectValue or CompositeValue || IsOpen(method, function.Receiver!)))
        {
            Value[] given = IsDecidedLater(method, function.Receiver!) ? [.. arguments.Select(a => a.Map(e => Named(e, "t")))] : arguments;
            return Virtually(method, function.Receiver!, (actual, place) => HasSource(actual) ? Inline(actual, place, operations, given, site) : throw new Refused(DiagnosticIds.UnknownTarget, method.Name) { Node = site }, method.ReturnType, function.Written);
        }
        if (function.Number is { } number && KnownFunctions.OnParameter(method, number.CSharp) is { } row) return ApplyKnown(row, method, [.. arguments.Select(ExprOf)], null);
        if (KnownFunctions.Find(method, session.Types) is { } known) return ApplyKnown(known, method, [.. arguments.Select(ExprOf)], null);
        if (HasSource(method)) return Inline(method, function.Receiver is null ? null : ReceiverPlace(function.Receiver), operations, arguments, site);
        if (function.Receiver is ExprValue { Expr: { Type: ListType { Element: var item } } list } && method.Name == "Add" && arguments is [var added])
        {
            Emit(new AddItem(list, Retype(ExprOf(added), item)));
            return VoidValue.Instance;
        }
        if (function.Receiver is not (null or ExprValue { Expr.Type: PlainType or ScalarType })) throw Unsupported($"'{method.Name}' as a delegate", "write a lambda", site);
        return Operand(CallOpaque(method, function.Receiver, arguments, site));
    }

    /// <summary>Calls a function on values, as the library's loops do.</summary>
    private Value Call(FunctionValue function, SyntaxNode site, params Value[] arguments) => Call(function, arguments, [], site);

    private Value Delegate(IDelegateCreationOperation o) => o.Target switch
    {
        IAnonymousFunctionOperation lambda => new FunctionValue(lambda.Symbol, lambda, OfIteration(_frame, lambda), null),
        IMethodReferenceOperation group => MethodGroup(group),
        _ => Lower(o.Target),
    };

    private Value MethodGroup(IMethodReferenceOperation o)
    {
        if (o.Method.MethodKind == MethodKind.DelegateInvoke && o.Instance is { } itself) return Lower(itself);
        IMethodSymbol method = Implementation(o.Method, o.ConstrainedToType);
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            FunctionValue local = LocalFunction(o.Method.OriginalDefinition, o);
            return new FunctionValue(method, local.Body, OfIteration(local.Captured!, local.Body!), null);
        }
        if (o.Instance is null) return new FunctionValue(method, null, null, null) { Number = o.ConstrainedToType is { } constrained ? session.Types.Map(Actual(constrained)) as ScalarType : null };
        Value receiver = ReceiverOf(o.Instance);
        return Bound(receiver is CompositeValue copied ? Box(copied.Map(e => Saved(e, "held")) is CompositeValue held ? held : copied) : receiver);

        // the object is that of this moment
        Value Bound(Value of)
        {
            if (of is not ChoiceValue choice) return Of(of is ExprValue ? Settled(of) : of);
            choice = Settled(choice);
            return new ChoiceValue([.. choice.Options.Select(Bound)], choice.Index, choice.Missing) { IsWhole = choice.IsWhole };
        }

        FunctionValue Of(Value of) => new(method, null, null, of)
        {
            IsVirtual = !IsBase(o.Instance) && (method.IsVirtual || method.IsAbstract || method.IsOverride || method.ContainingType is { TypeKind: TypeKind.Interface }),
            Written = o.Instance,
        };
    }
}
