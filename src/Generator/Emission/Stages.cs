using System.Threading;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>From Ir to text: pure functions of pure values.</summary>
internal static class Stages
{
    /// <summary>The names of the Ir's parameters that derivatives are taken with respect to.</summary>
    public static EquatableArray<string> Wrt(MarkedMethod method) => new LeafMap(method.Request, method.Unit.Entry).All.Select(l => l.Name).ToEquatable();

    /// <summary>What the calculus has to tell of a method that was lowered.</summary>
    public static EquatableArray<Finding> Check(MarkedMethod method)
    {
        if (method.IsRefused) return [];
        EquatableArray<Finding> findings = Activity.Check(method.Unit, Wrt(method));
        if (method.Request.Checkpoint != 0 && !Checkpoints.Apply(method.Unit)) findings = findings.Append(new Finding(DiagnosticIds.NothingToCheckpoint, [method.Request.Name], Site.None)).ToEquatable();
        if ((method.Request.Emit & (Kinds.Hessian | Kinds.Jacobian)) != 0 && KeptState.Of(method.Unit) is { } kept) findings = findings.Append(kept).ToEquatable();
        bool hasTangents = (method.Request.Emit & (Kinds.Jacobian | Kinds.Jvp)) != 0;
        if ((hasTangents || (method.Request.Emit & Kinds.Hessian) != 0) && WrittenInside.Of(method.Unit, sequencesOnly: !hasTangents) is { } inside) findings = findings.Append(inside).ToEquatable();
        return (method.Request.Emit & (Kinds.Hessian | Kinds.Hvp)) == 0 ? findings : findings.Concat(LostAtSecondOrder(method.Unit)).Distinct().ToEquatable();
    }

    // a rule that is called, not unfolded, is a constant to whoever differentiates again: that would be a silent zero
    private static IEnumerable<Finding> LostAtSecondOrder(Unit unit) =>
        from function in unit.Callees.Prepend(unit.Entry)
        from statement in function.Body.All()
        from ruled in statement.Values().SelectMany(v => v.All()).OfType<Apply>().SelectMany(call => call.Partials).Concat(Written(statement))
        from part in ruled.All().OfType<Opaque>()
        where part.Lost is not null && part.Holes.Any(h => h.All().Any(e => e is Read && e.Type.CarriesDerivative))
        select new Finding(part.Lost!.Id, part.Lost.Arguments, part.Lost.Site);

    private static IEnumerable<Expr> Written(Stmt statement) => statement is not Perform { Rule: { } rule } ? []
        : new[] { rule.Pullback, rule.Pushforward, rule.Residual }.OfType<RuleBody>().SelectMany(body => body.Body.All()).SelectMany(s => s.Values());

    /// <summary>Differentiates a method; without result where it is refused.</summary>
    public static Derivation Derive(MarkedMethod method, CancellationToken token)
    {
        Derivation nothing = new(method, null, null, null, null, null, "");
        if (method.IsRefused) return nothing;
        try
        {
            if (Check(method).Any(f => DiagnosticIds.IsError(f.Id))) return nothing with { Method = method with { IsRefused = true } };
            return Derivatives.Of(method, token);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception failure)
        {
            return nothing with { Method = method with { IsRefused = true }, Failure = failure.GetType().Name + ": " + failure.Message };
        }
    }

    /// <summary>The file of a method; null where nothing is emitted.</summary>
    public static EmittedFile? Emit(Derivation derivation, bool report)
    {
        if (derivation.Method.IsRefused) return null;
        try
        {
            EmittedFile file = FileEmitter.Emit(derivation, report);
            EmittedBefore.Note(derivation.Method);
            return file;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The file of a marked type; null where nothing is emitted.</summary>
    public static EmittedFile? Emit(MarkedType type)
    {
        if (type.Request is null) return null;
        try
        {
            return TangentEmitter.Emit(type.Request);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Why nothing can be emitted although the calculus has nothing against it: a defect, as type and message; null if all is well.</summary>
    public static (string Type, string Message)? Defect(MarkedMethod method, CancellationToken token)
    {
        if (method.IsRefused || EmittedBefore.Has(method)) return null;
        try
        {
            FileEmitter.Emit(Derivatives.Of(method, token));
            EmittedBefore.Note(method);
            return null;
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or Irreversible))
        {
            return (failure.GetType().Name, failure.Message);
        }
    }
}
