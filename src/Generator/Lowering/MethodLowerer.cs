using System.Threading;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>Lowers a marked method and all that it calls.</summary>
public static class MethodLowerer
{
    /// <summary>
    /// Lowers <paramref name="method"/>. The compilation may contain signature stubs of methods that are to be emitted. What cannot be lowered is
    /// carried verbatim with a refusal, or reported in the findings; nothing is thrown but cancellation. Members that are emitted for this method alone
    /// are named with <paramref name="prefix"/>.
    /// </summary>
    public static LoweredMethod Lower(IMethodSymbol method, Compilation compilation, EquatableArray<string> wrt, string prefix, CancellationToken token)
    {
        var session = new Session(method, compilation, prefix, token);
        try
        {
            return new Lowerer(session).Entry(wrt);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Refused refused)
        {
            session.Report(refused.Id, refused.Arguments, SiteOf(method, refused.Node));
        }
        catch (Exception failure)
        {
            session.Report(DiagnosticIds.Internal, [method.Name, failure.GetType().Name, failure.Message], SiteOf(method, null));
        }
        return new LoweredMethod(new Unit(new Function(method.Name, [], [], Block.Empty), []), session.Findings);
    }

    private static Site SiteOf(IMethodSymbol method, SyntaxNode? node)
    {
        if (node is not null) return Session.SiteOf(node);
        Location? location = method.Locations.FirstOrDefault(l => l.IsInSource);
        return location is null ? Site.None : new Site(location.SourceTree!.FilePath, location.SourceSpan.Start, location.SourceSpan.Length);
    }
}
