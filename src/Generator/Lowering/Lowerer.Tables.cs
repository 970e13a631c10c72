using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Arrays, lists and dictionaries of delegates, objects and sequences that are known while lowering: a loop over one is unrolled, an element by an index of run time
/// is a choice between all, made where it is used.
/// </summary>
internal sealed partial class Lowerer
{
    private const int LargestTable = 32;

    /// <summary>Whether a value has no expression of the Ir, so that storage for it exists only while lowering.</summary>
    private static bool IsKnownOnly(Value value) => value switch
    {
        FunctionValue or ObjectValue or ChoiceValue or TableValue or CollectionValue => true,
        CompositeValue c => c.Fields.Any(f => IsKnownOnly(f.Value)),
        _ => false,
    };

    /// <summary>The table that an initialiser makes; null where its elements can be stored.</summary>
    private TableValue? TableOf(ITypeSymbol element, IReadOnlyList<Value> elements, string missing) =>
        CannotBeStored(element, elements) ? NewTable(element, [.. elements.Select(AsElement)], missing) : null;

    private bool CannotBeStored(ITypeSymbol element, IReadOnlyList<Value> elements) =>
        elements.Count <= LargestTable && (elements.Any(e => IsKnownOnly(e) || HoldsSequence(e)) || IsSequenceType(Actual(element)) || Actual(element).IsReferenceType && elements.Any(e => e is CompositeValue));

    private TableValue NewTable(ITypeSymbol element, List<Value> elements, string missing)
    {
        var table = new TableValue(Actual(element), elements, missing) { Region = _region };
        for (int i = 0; i < table.Elements.Count; i++) Hold(new TablePlace(table, i), table.Elements[i], null);
        return table;
    }

    /// <summary>The table of what a query over a table gives, object by object or pair by pair; null where run time tells how many they are.</summary>
    private TableValue? Tabulated(SequenceValue query, string missing)
    {
        if (query is GroupValue or LookupValue || !IsOfTables(Actual(query.Element))) return null;
        List<Value> elements = [];
        bool isTold = true;
        List<Stmt> made = Into(() =>
        {
            int region = _region;
            query.Each(v =>
            {
                isTold &= _region == region;
                elements.Add(AsElement(v));
            });
        });
        if (!isTold || !CannotBeStored(query.Element, elements)) return null;
        _out.AddRange(made);
        return NewTable(query.Element, elements, missing);
    }

    /// <summary>Whether a type is a collection of delegates, of sequences or of objects whose source is here.</summary>
    private bool IsTableType(ITypeSymbol type) => ElementOfTable(type) is { } element && IsOfTables(element);

    private bool IsOfTables(ITypeSymbol element) => element switch
    {
        _ when IsInRoom(element) => false,
        { TypeKind: TypeKind.Delegate } => true,
        _ when IsSequenceType(element) => true,
        { TypeKind: TypeKind.Class or TypeKind.Interface, DeclaringSyntaxReferences.Length: > 0 } => true,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(e => IsOfTables(e.Type)),
        _ => IsTableType(element),
    };

    private static ITypeSymbol? ElementOfTable(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol { Arity: 1, Name: "List" or "IList" or "IReadOnlyList" or "ICollection" or "IReadOnlyCollection" } list when InCollections(list) => list.TypeArguments[0],
        INamedTypeSymbol { Arity: 1, Name: "Span" or "ReadOnlySpan", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } span => span.TypeArguments[0],
        INamedTypeSymbol { Arity: 2, Name: "Dictionary" or "IDictionary" or "IReadOnlyDictionary" } map when InCollections(map) => map.TypeArguments[1],
        _ => null,
    };

    private static bool InCollections(INamedTypeSymbol type) => type.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic";

    /// <summary>A new list or dictionary as a table; null where it is stored.</summary>
    private Value? TableCreation(IObjectCreationOperation o, INamedTypeSymbol type)
    {
        if (type.Name is not ("List" or "Dictionary") || !IsTableType(type) || !o.Given().All(a => a.Parameter!.Type.SpecialType == SpecialType.System_Int32 || ComparerOfTexts(a) is not null)) return null;
        bool keyed = type.Arity == 2;
        ITypeSymbol? keyType = keyed ? Actual(type.TypeArguments[0]) : null;
        string comparer = o.Given().Select(ComparerOfTexts).FirstOrDefault(c => c is not null) ?? "";
        var keys = new List<Expr>();
        var elements = new List<Value>();
        foreach (IOperation item in (IEnumerable<IOperation>?)o.Initializer?.Initializers ?? [])
        {
            (IOperation? key, IOperation? value) = item switch
            {
                IInvocationOperation { Arguments.Length: 1 } add when !keyed => (null, add.Given()[0].Value),
                IInvocationOperation { Arguments.Length: 2 } add when keyed => (add.Given()[0].Value, add.Given()[1].Value),
                ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true } at, Value: { } set } when keyed => (at.Given()[0].Value, set),
                _ => (null, (IOperation?)null),
            };
            if (value is null || keyed && key?.ConstantValue is not { HasValue: true }) return null;
            if (keyed) keys.Add(ExprOf(Lower(key!)));
            elements.Add(LowerElement(value));
        }
        if (elements.Count == 0 && !GrowsInPlace(o) || keys.Distinct().Count() < keys.Count) return null;
        string missing = keyed ? "System.Collections.Generic.KeyNotFoundException" : "System.ArgumentOutOfRangeException";
        if (elements.Count == 0) return new TableValue(Actual(type.TypeArguments[type.Arity - 1]), [], missing) { Region = _region, Keys = keyed ? keys : null, KeyType = keyType, Comparer = comparer };
        TableValue? table = TableOf(type.TypeArguments[type.Arity - 1], elements, missing);
        if (table is not null && keyed) (table.Keys, table.KeyType, table.Comparer) = (keys, keyType, comparer);
        return table;
    }

    /// <summary>C# of one of the library's comparers of texts; null for others.</summary>
    private static string? ComparerOfTexts(IArgumentOperation a) =>
        Unconverted(a.Value) is IPropertyReferenceOperation { Instance: null, Property: { ContainingType: { Name: "StringComparer", ContainingNamespace.Name: "System" } } property } ? "global::System.StringComparer." + property.Name : null;

    /// <summary>The entries of a dictionary of delegates or objects, in the order in which they were added.</summary>
    private SequenceValue Entries(TableValue table)
    {
        INamedTypeSymbol pair = session.Compilation.GetTypeByMetadataName("System.Collections.Generic.KeyValuePair`2")!.Construct(table.KeyType!, table.Element);
        return new SequenceValue(pair, consume =>
        {
            for (int i = 0; i < table.Elements.Count; i++) consume(new CompositeValue(pair, [new("Key", new ExprValue(table.Keys![i])), new("Value", table.Elements[i])]));
        })
        { Count = table.Count };
    }

    private static Value? TableProperty(TableValue table, string name) => name switch
    {
        "Count" or "Length" => new ExprValue(IntConstant(table.Elements.Count)),
        "Keys" when table.Keys is { } keys => new SequenceValue(table.KeyType!, consume => { foreach (Expr key in keys.ToList()) consume(new ExprValue(key)); }) { Count = table.Count },
        "Values" when table.Keys is not null => new TableValue(table.Element, table.Elements, table.Missing) { Region = -1 },
        _ => null,
    };

    /// <summary>Whether a list that starts empty gets its elements in the block in which it is made, one after another or in a loop over what may be a table.</summary>
    private static bool GrowsInPlace(IOperation o)
    {
        for (IOperation? at = o.Parent; at is not null; at = at.Parent)
        {
            if (at is IFieldInitializerOperation or IPropertyInitializerOperation || at is IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation }) return true;
            if (at is not IVariableDeclaratorOperation { Symbol: { } local }) continue;
            if (at.Syntax.FirstAncestorOrSelf<BlockSyntax>() is not { } block) return false;
            return block.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
                .Where(m => m.Name.Identifier.ValueText is "Add" or "Insert" or "AddRange" && m.Expression is IdentifierNameSyntax name && name.Identifier.ValueText == local.Name)
                .All(m => m.Name.Identifier.ValueText == "Add" && m.Parent?.Parent is ExpressionStatementSyntax statement && statement.Ancestors().SkipWhile(a => a is CommonForEachStatementSyntax || a is BlockSyntax && a != block).First() == block);
        }
        return false;
    }

    // ---- elements

    /// <summary>An element of a table: itself where the index is known, else a choice.</summary>
    private Value TableElement(TableValue table, Value at)
    {
        Expr index = at is IndexValue { FromEnd: true } end
            ? end.Offset is Constant { Number: { } back } ? IntConstant(table.Elements.Count - (int)back) : Minus(IntConstant(table.Elements.Count), end.Offset)
            : ExprOf(at);
        if (table.Keys is { } keys)
        {
            if (index is Constant known && keys.FindIndex(k => k is Constant c && c.Text == known.Text) is >= 0 and var found) return table.Elements[found];
            index = Position(table, index);
        }
        else if (index is Constant { Number: { } n } && n >= 0 && n < table.Elements.Count) return table.Elements[(int)n];
        return new ChoiceValue([.. table.Elements], index is Read { Variable: var v } && MayChangeLater(v) ? Saved(index, "which") : Named(index, "which"), table.Missing);
    }

    /// <summary>The position of a key of run time; −1 where it is none of the table's.</summary>
    private Expr Position(TableValue table, Expr key)
    {
        key = Named(key, "key");
        Expr position = IntConstant(-1);
        for (int i = table.Keys!.Count - 1; i >= 0; i--)
            position = new Conditional(IsKey(table.Keys[i]), IntConstant(i), position);
        return position;

        Expr IsKey(Expr known) => table.Comparer.Length > 0
            ? new Opaque([table.Comparer + ".Equals(", ", ", ")"], [key, known], PlainType.Bool, Purity.Reads)
            : new Binary(BinaryOperator.Equal, key, known, PlainType.Bool);
    }

    /// <summary>A method of a table; null where it is none that is known.</summary>
    private Value? TableCall(IInvocationOperation o, IMethodSymbol method, TableValue table)
    {
        switch (method.Name)
        {
            case "Add":
                if (!IsHere(table.Region) || table.Elements.Count >= LargestTable)
                {
                    // the next attempt is to know of what is made here
                    Into(() => ArgumentsOf(o.Given()));
                    throw Unsupported("a collection of objects or delegates that grows in a branch or loop", "list them where it is made", o.Syntax);
                }
                if (table.Keys is { } keys)
                {
                    if (ExprOf(Lower(o.Given()[0].Value)) is not Constant key)
                    {
                        Into(() => ArgumentsOf(o.Given()));
                        throw Unsupported("a key that is not a constant, of a dictionary of objects or delegates", "use constants", o.Syntax);
                    }
                    if (keys.Contains(key)) throw Unsupported("a key that is there already, of a dictionary of objects or delegates", "list them where it is made", o.Syntax);
                    keys.Add(key);
                }
                session.Functions.Rebind();
                Append(table, LowerElement(o.Given()[o.Given().Length - 1].Value));
                return VoidValue.Instance;
            case "TryAdd" when table is { Keys: { } there, Comparer: "" } && IsHere(table.Region) && table.Elements.Count < LargestTable:
                {
                    Value[] entry = Operands(() => Lower(o.Given()[0].Value), () => Lower(o.Given()[1].Value));
                    if (ExprOf(entry[0]) is not Constant at) throw Unsupported("a key that is not a constant, of a dictionary of objects or delegates", "use constants", o.Syntax);
                    if (there.Contains(at)) return new ExprValue(False);
                    there.Add(at);
                    session.Functions.Rebind();
                    Append(table, entry[1]);
                    return new ExprValue(True);
                }
            case "ForEach" when Lower(o.Given()[0].Value) is FunctionValue f:
                foreach (Value element in table.Elements.ToList()) Call(f, o.Syntax, element);
                return VoidValue.Instance;
            case "ContainsKey" when table.Keys is not null:
                return new ExprValue(new Binary(BinaryOperator.GreaterOrEqual, Position(table, ExprOf(Lower(o.Given()[0].Value))), IntConstant(0), PlainType.Bool));
            case "TryGetValue" when table.Keys is not null:
                {
                    Expr position = Named(Position(table, ExprOf(Lower(o.Given()[0].Value))), "which");
                    Store(PlaceOf(o.Given()[1].Value), new ChoiceValue([.. table.Elements], position, "System.NullReferenceException"), o);
                    return new ExprValue(new Binary(BinaryOperator.GreaterOrEqual, position, IntConstant(0), PlainType.Bool));
                }
            default: return null;
        }
    }

    /// <summary>What is put into a table, as it is now: what its numbers are made of may be written before they are asked for.</summary>
    private Value AsElement(Value element) => Own(element is CompositeValue or ChoiceValue or ExprValue or CollectionValue ? Settled(element) : element, replaced: false);

    /// <summary>What is put into an array, a list or a dictionary: a query runs when the element is enumerated.</summary>
    private Value LowerElement(IOperation given) => given.Type is { } type && IsSequenceType(type) ? LowerHeld(given) : Lower(given);

    private void Append(TableValue table, Value element)
    {
        table.Elements.Add(AsElement(element));
        Hold(new TablePlace(table, table.Elements.Count - 1), table.Elements[table.Elements.Count - 1], null);
    }

    /// <summary>The delegates or objects in a static readonly field that nothing changes.</summary>
    private Value? InitialTable(IFieldSymbol field)
    {
        if (!IsTableType(field.Type) || ElementOfTable(field.Type) is not { TypeKind: TypeKind.Delegate } and not INamedTypeSymbol { IsTupleType: true }) return null;
        return FieldInitializers.Of(field, session) is { } value && IsOnlyRead(field) ? InOwnFrame(field, value) as TableValue : null;
    }

    // elements are read or called, and the collection is given to nobody who could change it
    private bool IsOnlyRead(IFieldSymbol field)
    {
        if (field.DeclaredAccessibility is not (Accessibility.Private or Accessibility.NotApplicable)) return field.Type.Name.StartsWith("IReadOnly", StringComparison.Ordinal) || field.DeclaredAccessibility is Accessibility.Internal;
        foreach (SyntaxNode scope in session.PartsOf(field.ContainingType))
        {
            foreach (IdentifierNameSyntax name in Identifiers.Of(scope.SyntaxTree, session.Token)[field.Name])
            {
                ExpressionSyntax use = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
                if (use.Parent is ElementAccessExpressionSyntax element && element.Parent is AssignmentExpressionSyntax assignment && assignment.Left == element) return false;
                if (use.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add" or "Remove" or "Clear" or "Insert" or "RemoveAt" }) return false;
                if (use.Parent is AssignmentExpressionSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not 0 }) return false;
            }
        }
        return true;
    }
}
