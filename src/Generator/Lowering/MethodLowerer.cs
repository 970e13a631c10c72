using System.Threading;
using DiffGen.Generator.Calculus;
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
        var known = new Lessons();
        LoweredMethod first = Attempt(method, compilation, wrt, prefix, false, known, token);
        if (!isRefused(first)) return first;
        if (known.Kept() is { } kept && !isRefused(first with { Unit = kept })) return first with { Unit = kept };
        for ((int lists, int classes, int apart) = (0, 0, 0); known.Lists.Count > lists || known.Classes.Count > classes || known.Apart.Count > apart;)
        {
            apart = known.Apart.Count;
            bool asked = known.Lists.Count > lists;
            lists = known.Lists.Count;
            if (!asked) classes = known.Classes.Count;
            LoweredMethod next = Attempt(method, compilation, wrt, prefix, classes > 0, known, token);
            if (!isRefused(next)) return next;
            if (known.Kept() is { } later && !isRefused(next with { Unit = later })) return next with { Unit = later };
        }
        return first;
    }

    /// <summary>What an attempt teaches the next one: the classes of which objects are made, the lists whose kind is asked for, fields that would do as locals.</summary>
    private sealed class Lessons
    {
        public HashSet<INamedTypeSymbol> Classes { get; } = new(SymbolEqualityComparer.Default);

        /// <summary>Those of them whose objects cannot be made at run time: they have to be known while lowering.</summary>
        public HashSet<INamedTypeSymbol> Apart { get; } = new(SymbolEqualityComparer.Default);

        public HashSet<ISymbol> Lists { get; } = new(SymbolEqualityComparer.Default);

        /// <summary>What the last attempt has lowered, with the fields that it stores to and reads again in locals.</summary>
        public Func<Unit?> Kept { get; set; } = () => null;
    }

    /// <summary>Lowers once, with lists as arrays and, if asked for, objects made at run time where an attempt before has learnt of them; adds what this one learns.</summary>
    private static LoweredMethod Attempt(IMethodSymbol method, Compilation compilation, EquatableArray<string> wrt, string prefix, bool withObjects, Lessons known, CancellationToken token)
    {
        var session = new Session(method, compilation, prefix, token);
        known.Kept = () => null;
        session.ItemsOf.UnionWith(known.Lists);
        if (withObjects)
        {
            List<INamedTypeSymbol> made = [.. known.Classes.Where(c => !known.Apart.Contains(c))];
            session.Kinds.UnionWith(made);
            session.Types.Rooms.UnionWith(made.SelectMany(Lowerer.NamesOf));
        }
        try
        {
            LoweredMethod lowered = new Lowerer(session).Entry(wrt);
            lowered = lowered with { Unit = BitSlopes.In(lowered.Unit, session.Names) };
            known.Kept = () => KeptFields.Of(lowered.Unit, session);
            return lowered;
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
            known.Classes.UnionWith(session.Made);
            known.Apart.UnionWith(session.Apart);
            known.Lists.UnionWith(session.Asked);
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
