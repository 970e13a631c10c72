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
    /// <param name="method">The marked method.</param>
    /// <param name="compilation">The compilation in which it is bound.</param>
    /// <param name="wrt">The parameters that are differentiated.</param>
    /// <param name="prefix">What the names of emitted members begin with.</param>
    /// <param name="isRefused">Whether what was lowered cannot be differentiated. Objects are known while lowering where that will do; where it will not, they are made at run time.</param>
    /// <param name="token">Cancels.</param>
    public static LoweredMethod Lower(IMethodSymbol method, Compilation compilation, EquatableArray<string> wrt, string prefix, Func<LoweredMethod, bool> isRefused, CancellationToken token)
    {
        HashSet<INamedTypeSymbol> rooms = new(SymbolEqualityComparer.Default);
        LoweredMethod first = Attempt(method, compilation, wrt, prefix, rooms, token);
        if (rooms.Count == 0 || !isRefused(first)) return first;
        for (int known = 0; known < rooms.Count;)
        {
            known = rooms.Count;
            LoweredMethod next = Attempt(method, compilation, wrt, prefix, rooms, token);
            if (!isRefused(next)) return next;
        }
        return first;
    }

    /// <summary>Lowers once, with objects of the given classes made at run time; adds the classes of which objects are made beside these.</summary>
    private static LoweredMethod Attempt(IMethodSymbol method, Compilation compilation, EquatableArray<string> wrt, string prefix, HashSet<INamedTypeSymbol> rooms, CancellationToken token)
    {
        var session = new Session(method, compilation, prefix, token);
        session.Kinds.UnionWith(rooms);
        session.Types.Rooms.UnionWith(rooms.SelectMany(Lowerer.NamesOf));
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
        finally
        {
            rooms.UnionWith(session.Made);
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
