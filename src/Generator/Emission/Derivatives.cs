using System.Threading;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using DiffGen.Generator.Optimization;

namespace DiffGen.Generator.Emission;

/// <summary>Asks the calculus for what a method's request needs, and has it optimised.</summary>
internal sealed class Derivatives
{
    private readonly MarkedMethod _method;
    private readonly MethodRequest _request;
    private readonly LeafMap _leaves;
    private readonly EquatableArray<string> _wrt;
    private readonly CancellationToken _token;
    private readonly Unit _prepared;

    private Derivatives(MarkedMethod method, CancellationToken token)
    {
        _method = method;
        _request = method.Request;
        _token = token;
        _leaves = new LeafMap(_request, method.Unit.Entry);
        // a local of the user's may be called as an adjoint is
        Unit unit = method.Unit with { Entry = Scoping.Avoid(method.Unit.Entry, [.. _leaves.All.Select(l => l.Adjoint)]) };
        _prepared = Optimizer.Prepare(unit);
        _wrt = _leaves.All.Select(l => l.Name).ToEquatable();
    }

    /// <summary>All derivatives of a method.</summary>
    public static Derivation Of(MarkedMethod method, CancellationToken token)
    {
        Derivatives derivatives = new(method, token);
        MethodRequest request = method.Request;
        bool scalar = request.Result is ScalarShape;
        bool gradient = scalar && (request.Emit & Kinds.Gradient) != 0;
        (bool columns, bool rows) = (request.Emit & Kinds.Jacobian) != 0 ? Sweeps(request, method.Unit) : (false, false);
        EquatableArray<(string, Band)> bands = columns || rows ? derivatives.BandsOf() : [];
        if (!bands.IsEmpty) (columns, rows) = (true, false);
        bool hessian = scalar && (request.Emit & Kinds.Hessian) != 0;
        Unit? rowBundle = rows && !columns ? derivatives.RowBundle() : null;
        return new Derivation(
            method,
            gradient && !derivatives.IsLong ? derivatives.Gradient(value: false) : null,
            gradient ? derivatives.Gradient(value: true) : null,
            rows && rowBundle is null || (request.Emit & Kinds.Vjp) != 0 ? derivatives.Vjp() : null,
            columns || (request.Emit & Kinds.Jvp) != 0 ? derivatives.Jvp() : null,
            scalar && (request.Emit & (Kinds.Hessian | Kinds.Hvp)) != 0 ? derivatives.Hvp() : null,
            "")
        {
            ByColumns = columns,
            ByRows = rows,
            Bands = bands,
            VjpBundle = rowBundle,
            JvpBundle = columns && bands.IsEmpty ? derivatives.Bundle(hvp: false) : null,
            HvpBundle = hessian ? derivatives.Bundle(hvp: true) : null,
            Remarks = Emission.Remarks.DerivationRemarks.Of(request, derivatives._prepared, derivatives._wrt),
        };
    }

    /// <summary>Whether a Jacobian is made by columns, by rows, or by what is fewer at run time.</summary>
    private static (bool Columns, bool Rows) Sweeps(MethodRequest request, Unit unit)
    {
        int inputs = Total(request.Wrt.Select(w => w.Shape!.Count));
        List<Output> results = Output.Of(request, unit);
        int outputs = Total(results.Select(o => o.Shape.Count));
        if (inputs >= 0) return outputs >= 0 && outputs < inputs ? (false, true) : (true, false);
        if (outputs >= 0) return (false, true);
        bool seeds = results.All(o => o.IsBuffer || o.Shape.Count >= 0) || results is [{ Shape: SequenceShape { Element.Count: > 0 } }];
        return (true, seeds);
    }

    /// <summary>The bands of a Jacobian where all arrays that are differentiated have one; other parameters are single numbers, with a column each.</summary>
    private EquatableArray<(string, Band)> BandsOf()
    {
        if (!_leaves.All.All(l => l.IsWhole) || !_request.Wrt.All(w => Bundles.Fits(w.Shape!)) || _request.Wrt.Count(w => !w.Shape!.IsBuffer) > 8) return [];
        if (Output.Of(_request, _method.Unit) is not [{ Shape: SequenceShape { Element: ScalarShape { Type: "double" } }, Variables: [{ } output] }]) return [];
        return Sparsity.Of(_method.Unit, _wrt, output.Variable) is { } bands && bands.Count == _request.Wrt.Count(w => w.Shape!.IsBuffer) ? bands.Select(b => (b.Key, b.Value)).ToEquatable() : [];
    }

    private static int Total(IEnumerable<int> counts)
    {
        int total = 0;
        foreach (int count in counts)
        {
            if (count < 0) return -1;
            total += count;
        }
        return total;
    }

    private Unit Reverse(string name, EquatableArray<string> adjoints, EquatableArray<string> outputs, bool value, EquatableArray<string> members = default)
    {
        _token.ThrowIfCancellationRequested();
        Names names = Taken();
        EquatableArray<string> cotangents = outputs.Select(_ => names.Fresh("cotangent")).ToEquatable();
        return Calculus.Reverse.Transform(_prepared, new ReverseRequest(name, _wrt, adjoints, cotangents, value) { Outputs = outputs, Members = members, ChecksCotangents = true, CheapFunctions = _request.Fast, Checkpoint = (CheckpointSchedule)_request.Checkpoint });
    }

    private EquatableArray<string> Adjoints => _leaves.All.Select(l => l.Adjoint).ToEquatable();

    /// <summary>Whether a method is so long, with all that it calls, that its gradient is the one with the value: that is the same code but for a few lines.</summary>
    private bool IsLong => _prepared.Callees.Prepend(_prepared.Entry).Sum(f => f.Body.All().Count()) > Long;

    private const int Long = 400;

    private Unit Gradient(bool value) => Optimized(Reverse(_request.Prefix + (value ? "ValueAndGradient" : "Gradient"), Adjoints, [], value));

    private Unit Vjp()
    {
        OutputVariable[] outputs = [.. Output.Of(_request, _method.Unit).SelectMany(o => o.Variables).Where(v => v.HasDerivative)];
        return Optimized(Reverse(_request.Prefix + "Vjp", Adjoints, Named(outputs), false, Named(outputs.Where(v => !v.Path.IsEmpty && v.Variable.Type.IsReference))));

        static EquatableArray<string> Named(IEnumerable<OutputVariable> variables) => variables.Select(v => v.Variable.Name).ToEquatable();
    }

    /// <summary>The rows of a Jacobian in one sweep, where they are from two to four by the types and everything is a number or an array of numbers.</summary>
    private Unit? RowBundle()
    {
        List<Output> results = Output.Of(_request, _method.Unit);
        bool plain = _request.HasLanes && _leaves.All.All(l => l.IsWhole) && _request.Wrt.All(w => Bundles.FitsRow(w.Shape!))
            && Total(results.Select(o => o.Shape.Count)) is >= 2 and <= Bundles.Count && results.All(o => !o.IsBuffer && o.Variables.All(v => v is { HasDerivative: true, Variable.Type: ScalarType { Kind: ScalarKind.Double } }));
        if (!plain) return null;
        EquatableArray<string> outputs = results.SelectMany(o => o.Variables).Select(v => v.Variable.Name).ToEquatable();
        Unit vjp = Reverse(_request.Prefix + "Vjp", Adjoints, outputs, false);
        return SeedBundle.Widen(Optimizer.Optimize(vjp), Bundles.Rows(outputs.Count)) is { } wide ? Optimizer.Finish(Optimizer.Optimize(wide), _method.Unit) : null;
    }

    private Unit Jvp()
    {
        _token.ThrowIfCancellationRequested();
        return Optimized(Forward.Transform(_prepared, new ForwardRequest(_request.Prefix + "Jvp", _wrt, Adjoints)));
    }

    /// <summary>
    /// Four directions in one sweep; null where what varies is no double, where a result is put together from parts, or for a single direction.
    /// </summary>
    private Unit? Bundle(bool hvp)
    {
        bool plain = _request.HasLanes && _leaves.All.All(l => l.IsWhole) && _request.Wrt.All(w => Bundles.Fits(w.Shape!)) && Total(_request.Wrt.Select(w => w.Shape!.Count)) != 1;
        if (!plain || !hvp && !Output.Of(_request, _method.Unit).All(o => Bundles.FitsResult(o))) return null;
        try
        {
            Unit bundle = hvp ? Hvp(Bundles.Lane) : Optimized(Forward.Transform(_prepared, new ForwardRequest(_request.Prefix + "Jvp", _wrt, Adjoints) { Lanes = Bundles.Lane }));
            return bundle.Entry.Parameters.All(p => p.Role is not (ParameterRole.Tangent or ParameterRole.Adjoint) || Bundles.IsWide(p.Variable.Type)) ? bundle : null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Forward over reverse; the gradient itself is not asked for.</summary>
    private Unit Hvp(VectorType? lanes = null)
    {
        Names names = Taken();
        EquatableArray<string> gradients = _leaves.All.Select(l => names.Fresh("g" + l.Adjoint.Substring(1))).ToEquatable();
        EquatableArray<string> directions = _leaves.All.Select(l => names.Fresh("v" + l.Adjoint.Substring(1))).ToEquatable();
        Unit reverse = Reverse(_request.Prefix + "HvpReverse", gradients, [], false);
        _token.ThrowIfCancellationRequested();
        HashSet<string> overwritten = new(UnitOutputs.Written(_method.Unit).Select(v => v.Name), StringComparer.Ordinal);
        Unit both = Forward.Transform(reverse with { Entry = Scoping.Avoid(reverse.Entry, directions) }, new ForwardRequest(_request.Prefix + "Hvp", _wrt, directions) { Lanes = lanes });
        return Optimized(both with { Entry = SecondOrder.KeepProductOnly(both.Entry, _leaves.All, gradients, overwritten) });
    }

    private Names Taken()
    {
        Names names = new();
        foreach (Leaf leaf in _leaves.All) names.Reserve(leaf.Adjoint);
        names.Reserve(_method.Unit.Entry);
        return names;
    }

    private Unit Optimized(Unit unit) => Optimizer.Finish(
        !_request.HasLanes ? Optimizer.Optimize(unit) : _request.Fast ? Optimizer.OptimizeFast(unit, _request.HasFusedLanes) : Optimizer.OptimizeWide(unit), _method.Unit);
}
