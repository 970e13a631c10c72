using System.Threading;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Lowering;

/// <summary>What is shared while one marked method is lowered: the compilation, names, types, functions that are not inlined, findings.</summary>
internal sealed class Session(IMethodSymbol entry, Compilation compilation, string prefix, CancellationToken token)
{
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    private readonly Dictionary<ISymbol, IOperation?> _bodies = new(SymbolEqualityComparer.Default);
    private readonly List<Finding> _findings = [];

    public IMethodSymbol Entry { get; } = entry;

    public Compilation Compilation { get; } = compilation;

    /// <summary>What the names of members begin with that are emitted for this method alone.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>Members that cannot be named, with what is called instead.</summary>
    public Dictionary<ISymbol, Accessor> Accessors { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Methods beside the derivatives that go with the accessors.</summary>
    public List<Accessor> Helpers { get; } = [];

    /// <summary>Structs that are put together by a method, with its name.</summary>
    public Dictionary<ISymbol, string> Assembled { get; } = new(SymbolEqualityComparer.Default);

    public CancellationToken Token { get; } = token;

    public TypeMap Types { get; } = new();

    /// <summary>One allocator for the whole unit, so that a captured variable keeps its name in a callee.</summary>
    public Names Names { get; } = new();

    public Substitution NoSubstitution { get; } = new(compilation);

    public FunctionTable Functions { get; } = new();

    public Hierarchy Hierarchy { get; } = new(compilation);

    public PointsTo PointsTo => _pointsTo ??= new PointsTo(this);

    private PointsTo? _pointsTo;

    /// <summary>Fields that the unit reads: a value that is stored there would come back without its derivative.</summary>
    public HashSet<string> FieldReads { get; } = new(StringComparer.Ordinal);

    private readonly Dictionary<string, ISymbol?> _members = new(StringComparer.Ordinal);

    /// <summary>Takes note of which member a piece of C# names, and whether it is storage and no more.</summary>
    public void Note(string[] pieces, ISymbol member, bool isStorage)
    {
        string key = string.Join("\0", pieces);
        _members[key] = isStorage && (!_members.TryGetValue(key, out ISymbol? known) || SymbolEqualityComparer.Default.Equals(known, member)) ? member : null;
    }

    /// <summary>Whether a piece of C# names a field, which gives back what was stored in it.</summary>
    public bool IsStorage(IEnumerable<string> pieces) => MemberOf(pieces) is not null;

    /// <summary>The field that a piece of C# names; null where it names none.</summary>
    public ISymbol? MemberOf(IEnumerable<string> pieces) => _members.TryGetValue(string.Join("\0", pieces), out ISymbol? member) ? member : null;

    /// <summary>Arrays in readonly fields that the unit uses, declared at its start.</summary>
    public Dictionary<ISymbol, Declare> Held { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The lists that hold the members of objects which are made at run time, declared at the unit's start.</summary>
    public Dictionary<(ISymbol Type, string Member), Declare> Rooms { get; } = new(RoomKeys.Instance);

    /// <summary>The classes of which objects are made at run time.</summary>
    public HashSet<INamedTypeSymbol> Kinds { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The classes that the body makes objects of.</summary>
    public HashSet<INamedTypeSymbol> Made { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The classes of which the caller's objects are copied to those that are made here.</summary>
    public HashSet<INamedTypeSymbol> Adopted { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Those of them that hold what no list can keep: their objects have to be known while lowering.</summary>
    public HashSet<INamedTypeSymbol> Apart { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Parameters of list interfaces that are taken as the arrays of their elements, because the body asks what they are.</summary>
    public HashSet<ISymbol> ItemsOf { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Parameters of list interfaces whose kind the body asks for.</summary>
    public HashSet<ISymbol> Asked { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The parameters that are lists of unknown kind.</summary>
    public Dictionary<Variable, IParameterSymbol> Lists { get; } = [];

    private sealed class RoomKeys : IEqualityComparer<(ISymbol Type, string Member)>
    {
        public static readonly RoomKeys Instance = new();

        public bool Equals((ISymbol Type, string Member) x, (ISymbol Type, string Member) y) => x.Member == y.Member && SymbolEqualityComparer.Default.Equals(x.Type, y.Type);

        public int GetHashCode((ISymbol Type, string Member) key) => key.Member.GetHashCode();
    }

    /// <summary>Members of structs that cannot be named from the emitted code, with the type that declares them.</summary>
    public Dictionary<(string Struct, string Member), string> Hidden { get; } = [];

    /// <summary>For each parameter that is a sequence of unknown kind: whether what the caller gave is an array, where the body asks.</summary>
    public Dictionary<(Variable Items, string Type), Parameter> IsGiven { get; } = [];

    /// <summary>The parameters that are sequences of unknown kind, as the arrays of their elements.</summary>
    public Dictionary<Variable, IParameterSymbol> Sequences { get; } = [];

    /// <summary>Statements lowered so far, those taken back too: a bound on what inlining may produce.</summary>
    public int Size { get; private set; }

    private const int MaximalSize = 40_000;
    private const int MaximalWork = 2_000_000;
    private int _work;

    /// <summary>Counts a statement that is lowered. Whatever is lowered comes to an end: past a limit the method is refused as too large.</summary>
    public void CountStatement()
    {
        if (++Size % 64 == 0) Token.ThrowIfCancellationRequested();
        if (Size > MaximalSize) throw TooLarge();
    }

    /// <summary>Counts an expression that is lowered, as above.</summary>
    public void CountExpression()
    {
        if (++_work % 1024 == 0) Token.ThrowIfCancellationRequested();
        if (_work > MaximalWork) throw TooLarge();
    }

    /// <summary>How many statements a unit may have: the sweeps of a larger one would keep the compiler waiting.</summary>
    public const int MaximalUnit = 8_000;

    public Refused TooLarge() => new(DiagnosticIds.TooComplex, $"'{Entry.Name}' is too large with all that it calls");

    public EquatableArray<Finding> Findings => _findings.Distinct().ToEquatable();

    public void Report(string id, EquatableArray<string> arguments, Site site) => _findings.Add(new Finding(id, arguments, site));

    /// <summary>How many findings there are, to be able to <see cref="Forget"/> those of an attempt.</summary>
    public int Reported => _findings.Count;

    public void Forget(int reported) => _findings.RemoveRange(reported, _findings.Count - reported);

    /// <summary>The parts of a type that users wrote: an analyzer sees emitted parts as well, and must find what the generator found.</summary>
    public IEnumerable<SyntaxNode> PartsOf(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Where(part => !Discovery.MethodReader.IsEmitted(part.SyntaxTree.FilePath)).Select(part => part.GetSyntax(Token));

    public SemanticModel Model(SyntaxTree tree)
    {
        if (!_models.TryGetValue(tree, out SemanticModel? model)) _models[tree] = model = Compilation.GetSemanticModel(tree);
        return model;
    }

    public bool IsAccessible(ISymbol symbol)
    {
        if (symbol is ITypeSymbol { TypeKind: TypeKind.TypeParameter or TypeKind.Dynamic or TypeKind.Error }) return true;
        if (symbol is IArrayTypeSymbol array) return IsAccessible(array.ElementType);
        return !IsFileLocal(symbol) && Compilation.IsSymbolAccessibleWithin(symbol, Entry.ContainingType);
    }

    // what is emitted stands in another file
    private static bool IsFileLocal(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol type => type.IsFileLocal || type.TypeArguments.Any(IsFileLocal) || IsFileLocal(type.ContainingType),
        null or ITypeParameterSymbol => false,
        _ => IsFileLocal(symbol.ContainingType),
    };

    /// <summary>Whether the emitted code can name a member and give it a value.</summary>
    public bool IsSettable(ISymbol member) => IsAccessible(member) && (member is not IPropertySymbol { SetMethod: { } setter } || IsAccessible(setter));

    /// <summary>Whether a member can be named of an object: a protected one of the base only of objects of the marked method's own class.</summary>
    public bool IsAccessible(ISymbol member, IrType of) => IsAccessible(member)
        && (member.IsStatic || Compilation.IsSymbolAccessibleWithin(member, Compilation.Assembly) || SymbolEqualityComparer.Default.Equals(member.ContainingType.OriginalDefinition, Entry.ContainingType.OriginalDefinition)
            || of.CSharp.TrimEnd('?') == TypeMap.Spell(Entry.ContainingType) || member.DeclaredAccessibility is not (Accessibility.Protected or Accessibility.ProtectedAndInternal or Accessibility.ProtectedOrInternal));

    public static Site SiteOf(SyntaxNode node) => new(node.SyntaxTree.FilePath, node.SpanStart, node.Span.Length);

    private readonly Dictionary<ISymbol, bool> _changesOutside = new(SymbolEqualityComparer.Default);

    /// <summary>Whether running a method may change anything but its own variables and the elements of arrays.</summary>
    public bool MayChangeOutside(IMethodSymbol method, IOperation body)
    {
        if (!_changesOutside.TryGetValue(method, out bool changes)) _changesOutside[method] = changes = OutsideChanges.In(method, body, this);
        return changes;
    }

    private readonly Dictionary<ISymbol, bool> _changesElements = new(SymbolEqualityComparer.Default);

    /// <summary>Whether running a method may change elements of arrays, or anything else but its own variables.</summary>
    public bool MayChangeElements(IMethodSymbol method, IOperation body)
    {
        if (!_changesElements.TryGetValue(method, out bool changes)) _changesElements[method] = changes = OutsideChanges.In(method, body, this, elements: true);
        return changes;
    }

    /// <summary>The bound body of a method whose source is in the compilation; null if there is none.</summary>
    public IOperation? Body(IMethodSymbol method)
    {
        method = method.Definition();
        if (_bodies.TryGetValue(method, out IOperation? known)) return known;
        IOperation? body = null;
        foreach (SyntaxReference reference in method.DeclaringSyntaxReferences)
        {
            if (!Compilation.ContainsSyntaxTree(reference.SyntaxTree)) continue;
            SyntaxNode node = reference.GetSyntax(Token);
            // what the compiler makes of a record stands where the record does, whose own operation is its constructor's
            if (node is TypeDeclarationSyntax && method.MethodKind != MethodKind.Constructor) continue;
            body = Model(node.SyntaxTree).GetOperation(node, Token);
            if (body is not null) break;
        }
        return _bodies[method] = body;
    }

    /// <summary>The lambdas that a local is given where it is declared and by plain assignments.</summary>
    public IEnumerable<IMethodSymbol> FunctionsOf(ILocalSymbol holder)
    {
        foreach (SyntaxReference reference in holder.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(Token).FirstAncestorOrSelf<BlockSyntax>() is not { } scope) continue;
            SemanticModel model = Model(scope.SyntaxTree);
            foreach (AnonymousFunctionExpressionSyntax lambda in scope.DescendantNodes().OfType<AnonymousFunctionExpressionSyntax>())
            {
                bool given = lambda.Parent switch
                {
                    AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } assignment => assignment.Right == lambda && target.Identifier.ValueText == holder.Name
                        && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(target, Token).Symbol, holder),
                    EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } => declarator.Identifier.ValueText == holder.Name
                        && SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(declarator, Token), holder),
                    _ => false,
                };
                if (given && model.GetSymbolInfo(lambda, Token).Symbol is IMethodSymbol function) yield return function;
            }
        }
    }

    /// <summary>The names of C# keywords cannot be taken bare by lambda parameters in opaque fragments.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
