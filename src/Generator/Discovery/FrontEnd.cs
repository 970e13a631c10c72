using System.Threading;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using DiffGen.Generator.Lowering;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Discovery;

/// <summary>From a marked method to its Ir, for the generator (silently) and the analyzer (aloud): one front end, two callers.</summary>
internal static class FrontEnd
{
    /// <summary>Reads and lowers a marked method; a method that cannot be differentiated comes back refused, with what is wrong.</summary>
    public static MarkedMethod Read(IMethodSymbol method, Compilation compilation, CancellationToken token) => Read(method, compilation, token, 0);

    /// <summary>As above, for a method whose derivative is called in a marked body, <paramref name="depth"/> levels deep.</summary>
    internal static MarkedMethod Read(IMethodSymbol method, Compilation compilation, CancellationToken token, int depth)
    {
        // of a partial method, the part with the body
        method = method.Definition();
        try
        {
            if (MethodReader.Read(method, token) is not ({ } request, var findings)) return Refused(method, []);
            if (findings.Any(f => DiagnosticIds.IsError(f.Id))) return new MarkedMethod(request, Nothing(method), findings) { IsRefused = true };
            if (!request.Overridden.IsEmpty && !IsEmitted(MethodReader.Overridden(method)!, request, compilation, token)) request = request with { Overridden = [] };
            (IMethodSymbol bound, Compilation whole) = Nesting.Bind(method, compilation, depth, token) ?? (method, compilation);
            EquatableArray<string> wrt = request.Wrt.Select(w => w.Name).ToEquatable();
            LoweredMethod lowered = MethodLowerer.Lower(bound, whole, wrt, request.Prefix + request.Ordinal, l => l.Findings.Concat(Activity.Check(l.Unit, wrt)).Any(f => DiagnosticIds.IsError(f.Id)), token);
            findings = findings.Concat(lowered.Findings).ToEquatable();
            bool refused = findings.Any(f => DiagnosticIds.IsError(f.Id));
            return refused ? new MarkedMethod(request, Nothing(method), findings) { IsRefused = true } : Settle(method, new MarkedMethod(request, lowered.Unit, findings));
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception failure)
        {
            return Refused(method, [Failure(method, failure.GetType().Name, failure.Message)]);
        }
    }

    /// <summary>Whether there is something to override: derivatives of the method that is overridden, in this compilation or in a referenced assembly.</summary>
    private static bool IsEmitted(IMethodSymbol overridden, MethodRequest request, Compilation compilation, CancellationToken token)
    {
        if (overridden.DeclaringSyntaxReferences.IsEmpty) return request.Overridden.Any(name => overridden.ContainingType.GetMembers(name).Any(m => m.IsVirtual || m.IsOverride || m.IsAbstract));
        return !Emission.Stages.Derive(Read(overridden, compilation, token), token).Method.IsRefused;
    }

    /// <summary>The finding that says that a stage failed.</summary>
    public static Finding Failure(IMethodSymbol method, string exception, string message) =>
        new(DiagnosticIds.Internal, [method.Name, exception, message], SiteOf(method));

    /// <summary>Where a method's name stands.</summary>
    public static Site SiteOf(ISymbol symbol) => symbol.Locations.FirstOrDefault(l => l.IsInSource) is { SourceTree: { } tree } location
        ? new Site(tree.FilePath, location.SourceSpan.Start, location.SourceSpan.Length)
        : Site.None;

    private static MarkedMethod Refused(IMethodSymbol method, EquatableArray<Finding> findings) =>
        new(new MethodRequest { Name = method.Name }, Nothing(method), findings) { IsRefused = true };

    private static Unit Nothing(IMethodSymbol method) => new(new Function(method.Name, [], [], Block.Empty), []);

    /// <summary>What only the body shows: the buffers that a method writes that returns no numbers are its results, and no inputs unless they are named.</summary>
    private static MarkedMethod Settle(IMethodSymbol method, MarkedMethod marked)
    {
        MethodRequest request = marked.Request;
        if (request.Result is not null) return marked;
        IReadOnlyList<string> outputs = UnitOutputs.Of(marked.Unit);
        if (outputs.Count == 0)
            return Refuse(marked, method, (method.ReturnsVoid ? "it returns nothing" : MethodReader.ResultOf(method) + ", is no floating-point number") + ", and it writes no out parameter, span or array of floating-point numbers");
        if (outputs.All(name => request.Parameters.All(p => p.Name != name || p.Shape is null)))
            return Refuse(marked, method, "it returns nothing, and what it writes is a member of a parameter; return that");
        HashSet<string> written = new(UnitOutputs.Written(marked.Unit).Select(v => v.Name), StringComparer.Ordinal);
        request = request with
        {
            Parameters = AdjointNames.Assign(request.Parameters.Select(p => p.Differentiated && !p.Named && written.Contains(p.Name) ? p with { Differentiated = false } : p).ToList()),
        };
        marked = marked with { Request = request };
        return request.Wrt.Any() ? marked : Refuse(marked, method, "it has no parameter to differentiate with respect to beside those that it writes");
    }

    private static MarkedMethod Refuse(MarkedMethod marked, IMethodSymbol method, string why) => marked with
    {
        IsRefused = true,
        Findings = marked.Findings.Append(new Finding(DiagnosticIds.SignatureNotDifferentiable, [method.Name, why], SiteOf(method))).ToEquatable(),
    };
}
