using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DiffGen.Generator.Lowering;

/// <content>
/// What C# runs as far as somebody asks, and when: it is run at once and to its end only where nobody can tell, that is, where it ends, changes nothing, and reads
/// nothing that changes afterwards.
/// </content>
internal sealed partial class Lowerer
{
    /// <summary>The elements by position, of a sequence that may be left before its end or is run between other things.</summary>
    private SequenceValue Ahead(SequenceValue s, SyntaxNode site)
    {
        SequenceValue stored = null!;
        List<Stmt> run = Into(() => stored = Stored(s)), step = Into(() => stored.At!(IntConstant(0)));
        if (IsSeen(run) || IsSeen(step)) throw Unsupported("an iterator or query with effects, or without an end, that is not run by a loop alone", "loop over it and leave the loop", site);
        if (s.Origin is { } origin) RequireSettled(site, Reads(origin), Lifetime(site));
        _ahead.Add((run, site));
        _out.AddRange(run);
        return stored;
    }

    private readonly List<(List<Stmt> Run, SyntaxNode Site)> _ahead = [];

    /// <summary>
    /// What runs ahead of a loop that asks for its elements one by one, in a helper that gave them back, say, reads nothing that the loop's body changes.
    /// </summary>
    private void RequireUnchanged(int since, IReadOnlyList<List<Stmt>> bodies)
    {
        foreach ((List<Stmt> run, SyntaxNode site) in _ahead.Skip(since))
        {
            Effects reads = Effects.Of(run);
            if (bodies.Any(b => Changed(b).Any(v => reads.Reads.Contains(v)))) throw Unsupported("a query over what the loop changes that runs through it", "call ToArray() where it is written", site);
        }
        _ahead.RemoveRange(since, _ahead.Count - since);
    }

    /// <summary>Whether running something at another time, or to its end, is seen by anybody but who is given what it makes.</summary>
    private static bool IsSeen(IReadOnlyList<Stmt> run)
    {
        Effects effects = Effects.Of(run);
        return effects.HasEffects || Changed(run).Any() || new Block(new([.. run])).All().OfType<While>().Any(w => w is { Condition: Constant { Text: "true" } } && Effects.Of(w.Body).Exits.Count == 0);
    }

    /// <summary>Whether one piece of code reads what another changes.</summary>
    private static bool Meet(IReadOnlyList<Stmt> reader, IReadOnlyList<Stmt> writer)
    {
        Effects reads = Effects.Of(reader), writes = Effects.Of(writer);
        return writes.HasEffects || Changed(writer).Any(v => reads.Reads.Contains(v));
    }

    /// <summary>The variables from outside that statements assign, or that they write elements of, by whatever name.</summary>
    private static IEnumerable<Variable> Changed(IReadOnlyList<Stmt> statements)
    {
        Effects effects = Effects.Of(statements);
        HashSet<Variable> written = [.. effects.WrittenReferences];
        // a name that is given there is one more name of what it is given
        for (int before = -1; before < written.Count;)
        {
            before = written.Count;
            foreach (Stmt s in new Block(new([.. statements])).All())
            {
                (Variable? name, Expr? given) = s switch { Declare d => (d.Variable, d.Initial), Assign { Target: Read { Variable: var v }, Value: var value } => (v, value), _ => default };
                if (name is { Type.IsReference: true } && written.Contains(name) && given?.Root() is { } root) written.Add(root);
            }
        }
        return effects.AssignedOutside.Concat(written.Where(v => !effects.Declared.Contains(v)));
    }

    /// <summary>The variables that running a query or the body of an iterator reads, but for its own; queries that it is made of are followed.</summary>
    private HashSet<ISymbol> Reads(IOperation query)
    {
        var found = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var seen = new HashSet<IOperation>();
        Add(query);
        return found;

        void Add(IOperation o)
        {
            if (!seen.Add(o)) return;
            SyntaxNode whole = o.Syntax is BlockSyntax or ArrowExpressionClauseSyntax ? o.Syntax.Parent! : o.Syntax;
            foreach (IOperation part in o.DescendantsAndSelf())
                switch (part)
                {
                    case IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } local } when session.Body(local.OriginalDefinition) is { } body: Add(body); break;
                    case IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: IFieldSymbol or IPropertySymbol } own: found.Add(own.Member); break;
                    default:
                        if (Referred(part) is not { } symbol || symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is not { } declared || declared.SyntaxTree == whole.SyntaxTree && whole.Span.Contains(declared.Span)) break;
                        found.Add(symbol);
                        if (_frame.Find(symbol) is BoundPlace { Value: SequenceValue { Origin: { } made } }) Add(made);
                        else if (_frame.Find(symbol) is BoundPlace { Value: FunctionValue { Body: { } called } }) Add(called);
                        break;
                }
        }
    }

    /// <summary>
    /// A query that is stored in a variable of run time is run at once: nothing that it reads, nor what the variable held before, may change afterwards.
    /// </summary>
    private void RequireSettled(IOperation query, ISymbol? variable)
    {
        HashSet<ISymbol> read = Reads(query);
        if (variable is not null && read.Remove(variable) && FrameBody() is { } body)
            foreach (IOperation given in body.Descendants())
                if (given is ISimpleAssignmentOperation a && SymbolEqualityComparer.Default.Equals(Referred(a.Target), variable)) read.UnionWith(Sources(a.Value));
                else if (given is IVariableDeclaratorOperation { Initializer.Value: var initial } d && SymbolEqualityComparer.Default.Equals(d.Symbol, variable)) read.UnionWith(Sources(initial));
        RequireSettled(query.Syntax, read);

        IEnumerable<ISymbol> Sources(IOperation given) => Referred(Unconverted(given)) is { } symbol && !SymbolEqualityComparer.Default.Equals(symbol, variable) ? [symbol] : [];
    }

    /// <summary>The text behind a query or enumerator in which it can still be asked for more; null where it may be kept for longer.</summary>
    private TextSpan? Lifetime(SyntaxNode site)
    {
        for (SyntaxNode node = site; node.Parent is { } outer; node = outer)
            switch (outer)
            {
                case CommonForEachStatementSyntax loop: return TextSpan.FromBounds(site.Span.End, loop.Span.End);
                // an enumerator in a local of its own: as far as it is named
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Identifier.ValueText: var name } } when node == site && site.FirstAncestorOrSelf<BlockSyntax>() is { } block
                    && session.Model(site.SyntaxTree).GetTypeInfo(site, session.Token).Type is { } held && held.Name.EndsWith("Enumerator", StringComparison.Ordinal):
                    return TextSpan.FromBounds(site.Span.End, Math.Max(site.Span.End, block.Statements.Last(s => s.DescendantTokens().Any(t => t.ValueText == name)).Span.End));
                case ExpressionSyntax whole when session.Model(whole.SyntaxTree).GetTypeInfo(whole, session.Token).Type is { } type && IsThrough(type): return TextSpan.FromBounds(site.Span.End, whole.Span.End);
                case StatementSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax: return null;
            }
        return null;
    }

    // what cannot hold a query: numbers and arrays, say
    private static bool IsThrough(ITypeSymbol type) => type.SpecialType != SpecialType.None && type.SpecialType is not (SpecialType.System_Object or SpecialType.System_Collections_IEnumerable or SpecialType.System_Collections_Generic_IEnumerable_T or SpecialType.System_Collections_IEnumerator or SpecialType.System_Collections_Generic_IEnumerator_T)
        || type is IArrayTypeSymbol { ElementType.SpecialType: not SpecialType.None };

    private void RequireSettled(SyntaxNode site, HashSet<ISymbol> read, TextSpan? within = null)
    {
        if (FrameBody() is not { } body) return;
        foreach ((ISymbol symbol, SyntaxNode node) in Writes.ChangesIn(body))
            if (read.Contains(symbol) && symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is { } declaration && IsLate(node, declaration))
                throw Changes(symbol);
        // methods of the same object may change its members
        if (read.FirstOrDefault(r => r is IFieldSymbol or IPropertySymbol) is not { } member) return;
        foreach (IOperation o in body.Descendants())
            if (o is IInvocationOperation { Instance: IInstanceReferenceOperation, TargetMethod: var own } && session.Body(own) is { } inner && session.MayChangeOutside(own.Definition(), inner) && IsLate(o.Syntax, site.SyntaxTree.GetRoot(session.Token)))
                throw Changes(member);

        // a function that has a name may run at any time
        bool IsLate(SyntaxNode change, SyntaxNode declaration) => change.Ancestors().Any(n => (n is LocalFunctionStatementSyntax || n is AnonymousFunctionExpressionSyntax { Parent: EqualsValueClauseSyntax or AssignmentExpressionSyntax }) && !n.Span.Contains(site.Span)) || (within is { } alive ? change.SyntaxTree == site.SyntaxTree && alive.Contains(change.Span) : IsAfter(change, site, declaration));
        Refused Changes(ISymbol symbol) => Unsupported($"a stored query over '{symbol.Name}', which changes afterwards", "call ToArray() where it is written", site);
    }

    /// <summary>An object whose variable is given another takes over its members: an iterator of it must be through by then.</summary>
    private void RequireStays(CompositePlace known, SyntaxNode site)
    {
        for (Frame? frame = _frame; frame is not null; frame = frame.Lexical)
            foreach (KeyValuePair<ISymbol, Place> name in frame.Places)
                if (name.Value is BoundPlace { Value: ObjectValue { Fields: var held } } && held == known && frame.Body is { } body && name.Key.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is { } declaration
                    && body.Descendants().OfType<ISimpleAssignmentOperation>().Any(a => SymbolEqualityComparer.Default.Equals(Referred(a.Target), name.Key) && IsAfter(a.Syntax, site, declaration)))
                    throw Unsupported($"an iterator of '{name.Key.Name}', which is given another object afterwards", "keep the object in a variable of its own", site);
    }

    /// <summary>A span over a list is one over the list's array, which growing may replace: nothing that may change the list's size may come behind it.</summary>
    private void RequireSize(IOperation list, SyntaxNode site)
    {
        if (Holder(list) is not { } holder || FrameBody() is not { } body) return;
        SyntaxNode declaration = holder.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) ?? site;
        foreach (IOperation o in body.Descendants())
            if (o is IInvocationOperation { Instance: { } receiver, TargetMethod: { ContainingType.Name: "List", Name: "Add" or "AddRange" or "Clear" or "Insert" or "InsertRange" or "Remove" or "RemoveAt" or "RemoveAll" or "RemoveRange" or "TrimExcess" or "EnsureCapacity" } } && IsHolder(receiver)
                || o is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var called }, Value: var given } && HasSource(called) && IsHolder(given)
                || o is IPropertyReferenceOperation { Property.Name: "Capacity", Instance: { } sized, Parent: ISimpleAssignmentOperation } && IsHolder(sized))
                if (IsAfter(o.Syntax, site, declaration)) throw Unsupported($"a span over '{holder.Name}', whose size may change afterwards", "take the span again where it is used", site);

        bool IsHolder(IOperation other) => SymbolEqualityComparer.Default.Equals(Holder(other), holder);
        ISymbol? Holder(IOperation other) => Unconverted(other) is IFieldReferenceOperation { Field: var field } ? field : Referred(Unconverted(other));
    }

    private IOperation? FrameBody()
    {
        IOperation? body = null;
        for (Frame? frame = _frame; frame is not null; frame = frame.Lexical) body = frame.Body ?? body;
        return body;
    }

    // further down, or in a loop around it that does not make the variable anew each time
    private static bool IsAfter(SyntaxNode change, SyntaxNode query, SyntaxNode declaration)
    {
        if (change.SyntaxTree != query.SyntaxTree || change.SpanStart >= query.Span.End) return true;
        foreach (SyntaxNode outer in query.Ancestors())
            if (outer switch { ForStatementSyntax f => f.Statement, CommonForEachStatementSyntax f => f.Statement, WhileStatementSyntax w => w.Statement, DoStatementSyntax d => d.Statement, _ => null } is { } body
                && outer.Span.Contains(change.Span) && !body.Span.Contains(declaration.Span) && (outer is not CommonForEachStatementSyntax || outer != declaration)) return true;
        return false;
    }
}
