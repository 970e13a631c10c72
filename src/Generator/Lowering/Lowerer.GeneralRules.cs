using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>Rules in the general form: a pullback with accumulators, a pushforward with tangents, a residual that is zero.</summary>
internal sealed partial class Lowerer
{
    private readonly HashSet<ISymbol> _ruled = new(SymbolEqualityComparer.Default);

    /// <summary>The call, with what the rules say of it.</summary>
    private Value ApplyGeneral(UserRules rules, IMethodSymbol method, Expr[] arguments)
    {
        IParameterSymbol[] inputs = [.. RuleSignatures.Inputs(method)], outputs = [.. RuleSignatures.Outputs(method)];
        for (int i = 0; i < arguments.Length; i++)
            if (TypeOf(method.Parameters[i].Type) is SpanType span) arguments[i] = ToSpan(arguments[i], span);
        string call = $"{TypeMap.Spell(method.ContainingType)}.{method.Name}({string.Join(", ", method.Parameters.Select(p => $"{{{p.Ordinal}}}"))})";
        var rule = new GeneralRule(method.Name, inputs.Where(RuleSignatures.IsDifferentiable).Select(p => Array.IndexOf(inputs, p)).ToEquatable(), outputs.Select((_, i) => inputs.Length + i).ToEquatable(), false);
        return Applied(method, call, arguments, [.. inputs.Concat(outputs).Select(p => arguments[p.Ordinal])], rules.Residual is { } residual
            ? rule with { Residual = ResidualOf(residual, method) }
            : rule with { Pullback = BodyOf(rules.Pullback, method, pullback: true), Pushforward = BodyOf(rules.Pushforward, method, pullback: false) });
    }

    /// <summary>
    /// A call that a rule tells the derivative of. A new array that a method returns is an output of an operation that does nothing: the call has made it.
    /// </summary>
    /// <param name="method">The method that is called.</param>
    /// <param name="call">The C# of the call, with a hole for each of what is passed.</param>
    /// <param name="passed">What is passed, in the order of the holes.</param>
    /// <param name="operands">What the rule knows by its places: the arguments first, then what is written.</param>
    /// <param name="rule">The rule.</param>
    private Value Applied(IMethodSymbol method, string call, IReadOnlyList<Expr> passed, List<Expr> operands, GeneralRule rule)
    {
        IrType type = TypeOf(method.ReturnType);
        bool made = type is Ir.ArrayType;
        Variable result = Local(ResultName(method), type);
        if (made)
        {
            // the array belongs to the call alone: it is no other name of something that is at hand
            Emit(new Declare(result, Ruled(call, passed, type)));
            rule = rule with { Outputs = [operands.Count], IsFresh = true };
            operands.Add(new Read(result));
            call = "";
        }
        else
        {
            if (!method.ReturnsVoid) Emit(new Declare(result, null));
            call = Placed(call, passed, operands);
        }
        Emit(new Perform($"{method.ContainingType.Name}.{method.Name}", call, operands.ToEquatable(), rule.Outputs, made || method.ReturnsVoid ? null : new Read(result)) { Rule = rule });
        return method.ReturnsVoid ? VoidValue.Instance : new ExprValue(new Read(result));
    }

    /// <summary>A call whose derivative the rule of the next operation tells.</summary>
    private static Opaque Ruled(string call, IReadOnlyList<Expr> passed, IrType type) => new(new([.. Pieces(call, passed.Count)]), passed.ToEquatable(), type, Purity.Effects) { IsRuled = true };

    /// <summary>The C# of a call by the places of what is passed among the operands; what is not among them is added.</summary>
    private static string Placed(string call, IReadOnlyList<Expr> passed, List<Expr> operands)
    {
        string[] pieces = [.. Pieces(call, passed.Count)];
        string placed = pieces[0];
        for (int i = 0; i < passed.Count; i++)
        {
            int at = operands.FindIndex(e => ReferenceEquals(e, passed[i]));
            if (at < 0) { at = operands.Count; operands.Add(passed[i]); }
            placed += $"{{{at}}}{pieces[i + 1]}";
        }
        return placed;
    }

    private RuleBody? BodyOf(IMethodSymbol? rule, IMethodSymbol method, bool pullback)
    {
        if (rule is null) return null;
        RuleSignature signature = RuleSignatures.Read(rule, method)!;
        int inputs = RuleSignatures.Inputs(method).Count(), active = RuleSignatures.Inputs(method).Count(RuleSignatures.IsDifferentiable);
        Variable[] all = [.. rule.Parameters.Select((p, i) => new Variable("$" + i + p.Name, TypeOf(p.Type)))];
        int next = inputs + (signature.TakesResult ? 1 : 0);
        Variable? result = signature.TakesResult ? all[inputs] : null;
        Variable[] inward = [.. all.Skip(all.Length - active)];
        Variable[] outward = pullback ? [.. all.Skip(next).Take(all.Length - next - active)] : [new Variable("$tangent", TypeOf(method.ReturnType))];
        List<Stmt> statements = Written(rule, method, all, pullback ? null : outward[0]) ?? CalledAsIs(rule, all, inward, pullback ? null : outward[0]);
        return new RuleBody(BlockOf(statements), all.Take(inputs).ToEquatable(), result, outward.ToEquatable(), inward.ToEquatable());
    }

    /// <summary>The statements of a rule's body, so that they can be differentiated in turn; null where they cannot be had.</summary>
    private List<Stmt>? Written(IMethodSymbol rule, IMethodSymbol method, Variable[] parameters, Variable? tangent)
    {
        if (!HasSource(rule) || IsVerbatimOnly(rule) || _statement is null || !_ruled.Add(method)) return null;
        int reported = session.Reported;
        try
        {
            Value[] arguments = [.. parameters.Select((p, i) => rule.Parameters[i].RefKind == RefKind.Ref ? (Value)new PlaceValue(new ExprPlace(new Read(p))) : new ExprValue(new Read(p)))];
            List<Stmt> statements = Into(() =>
            {
                Value value = Inline(rule, null, [], arguments, _statement!);
                if (tangent is null) return;
                Expr given = ExprOf(value is CompositeValue both ? both.Fields.Select(f => f.Value).Last() : value);
                Deliver(given, tangent);
            });
            bool whole = session.Reported == reported && !new Block(statements.ToEquatable()).All().Any(s => s is Ir.Call);
            session.Forget(reported);
            return whole ? statements : null;
        }
        catch (Refused)
        {
            session.Forget(reported);
            return null;
        }
        finally
        {
            _ruled.Remove(method);
        }
    }

    /// <summary>The statements that compute a residual from placeholders of the solution and of the arguments.</summary>
    private RuleBody ResidualOf(IMethodSymbol residual, IMethodSymbol method)
    {
        IParameterSymbol[] inputs = [.. RuleSignatures.Inputs(method)];
        // nothing of it may depend on who calls the solver
        Variable[] all = [.. residual.Parameters.Take(inputs.Length + 1).Select(p => new Variable(session.Names.Fresh(p.Name), TypeOf(p.Type)))];
        Variable solution = all[0];
        IrType number = PlainNumber(solution.Type);
        Variable result = new(session.Names.Fresh("residual"), solution.Type.IsReference ? new Ir.ArrayType(number) : number);
        if (!HasSource(residual) || IsVerbatimOnly(residual) || _statement is null || !_ruled.Add(method)) throw new Refused(DiagnosticIds.LostInCall, residual.Name);
        try
        {
            List<Stmt> statements = Into(() =>
            {
                List<Value> arguments = [.. all.Select(p => (Value)new ExprValue(new Read(p)))];
                if (residual.ReturnsVoid)
                {
                    Variable written = Local("written", result.Type);
                    Emit(new Declare(written, new NewArray((Ir.ArrayType)result.Type, [new LengthOf(new Read(solution))])));
                    arguments.Add(new ExprValue(ToSpan(new Read(written), (SpanType)TypeOf(residual.Parameters[residual.Parameters.Length - 1].Type))));
                    Inline(residual, null, [], [.. arguments], _statement!);
                    Emit(new Assign(new Read(result), new Read(written)));
                    return;
                }
                Emit(new Assign(new Read(result), ExprOf(Inline(residual, null, [], [.. arguments], _statement!))));
                if (result.Type.IsReference) Emit(new If(
                    new Binary(BinaryOperator.NotEqual, new LengthOf(new Read(result)), new LengthOf(new Read(solution)), PlainType.Bool),
                    new Block([new Throw(new Opaque([$"new global::System.ArgumentException(\"'{residual.Name}' must give as many numbers as '{method.Name}'.\")"], [], PlainType.Void, Purity.Effects))]),
                    Block.Empty));
            });
            if (new Block(statements.ToEquatable()).All().Any(s => s is Ir.Call)) throw new Refused(DiagnosticIds.LostInCall, residual.Name);
            return new RuleBody(BlockOf(statements), all.Skip(1).ToEquatable(), solution, [result], []);
        }
        finally
        {
            _ruled.Remove(method);
        }
    }

    private static IrType PlainNumber(IrType type) => type switch { Ir.ArrayType a => a.Element, SpanType s => s.Element, _ => type };

    private void Deliver(Expr given, Variable tangent)
    {
        if (!tangent.Type.IsReference)
        {
            Emit(new Assign(new Read(tangent), given));
            return;
        }
        Expr made = given as Read ?? Saved(given, "tangent");
        var k = Local("k", PlainType.Int);
        Emit(new For(k, IntConstant(0), BinaryOperator.Less, new LengthOf(made), 1,
            new Block([new Assign(new ElementAt(new Read(tangent), [new Read(k)]), new ElementAt(made, [new Read(k)]))])));
    }

    /// <summary>A call of the rule: what it does is not looked into, so there is no second derivative.</summary>
    private List<Stmt> CalledAsIs(IMethodSymbol rule, Variable[] parameters, Variable[] inward, Variable? tangent)
    {
        var unknown = new Refusal(DiagnosticIds.LostInCall, [rule.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)], _site);
        string call = $"{TypeMap.Spell(rule.ContainingType)}.{rule.Name}({string.Join(", ", rule.Parameters.Select((p, i) => (p.RefKind == RefKind.Ref ? "ref " : "") + $"{{{i}}}"))})";
        string[] pieces = [.. Pieces(call, parameters.Length)];
        EquatableArray<Expr> holes = parameters.Select(p => (Expr)new Read(p)).ToEquatable();
        if (tangent is null)
        {
            return [new Evaluate(new Opaque(new(pieces), holes, PlainType.Void, Purity.Effects, inward.ToEquatable(), unknown))];
        }
        if (rule.ReturnType is INamedTypeSymbol { IsTupleType: true }) pieces[pieces.Length - 1] += ".Item2";
        return Into(() => Deliver(new Opaque(new(pieces), holes, tangent.Type, Purity.Effects, default, unknown), tangent));
    }
}
