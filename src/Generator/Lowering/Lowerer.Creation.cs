using System.Collections.Immutable;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Objects and structs made in the body: constructors, initialisers, what their members begin with.</summary>
internal sealed partial class Lowerer
{
    private Value Pair(INamedTypeSymbol type, System.Collections.Immutable.ImmutableArray<IArgumentOperation> arguments)
    {
        Value[] v = [.. ArgumentsOf(arguments)];
        return v is [var key, var value] ? new CompositeValue(type, [new("Key", key), new("Value", value)]) : Default(type);
    }

    private Value Creation(IObjectCreationOperation o)
    {
        var type = (INamedTypeSymbol)Actual(o.Type!);
        // a struct with objects that are made at run time, or with lists, is only ever taken apart
        IrType ir = session.Types.IsOfRooms(type) && IsSplit(type) || session.Types.HasLists(type) ? PlainType.Void : session.Types.Map(type);
        if (o.Constructor is null) return LowerVerbatim(o);
        if (IsLazy(type)) return LazyCreation(o, type);
        if (CollectionCreation(o, type) is { } collection) return collection;
        if (TableCreation(o, type) is { } table) return table;
        if (type is { Name: "Range", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } && o.Arguments.Length == 2)
        {
            IndexValue[] ends = [.. Operands(o.Given().Select(a => Unconverted(a.Value))).Select(v => v as IndexValue ?? new IndexValue(ExprOf(v), false))];
            return new RangeValue(ends[0], ends[1]);
        }
        if (type is { Name: "ValueTuple", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } && o.Arguments.Length > 0 && o.Arguments.Length < 8 && IsSplit(type)) return NewTuple(type, o.Given());
        if (TypeMap.IsClassTuple(type) && IsLocalClass(type)) return ClassTuple(type, o.Arguments);
        if (ViewCreation(o, type, ir) is { } view) return view;
        if (ir is ListType { IsOwn: true } own) return OwnListCreation(o, type, own);
        if (ir is ListType list && TypeIsList(type)) return ListCreation(o, list);
        if (ir is VectorType or ScalarType) return VectorCreation(o, ir);
        if (IsPlane(type)) return PlaneCreation(o, type);
        if (TypeMap.IsPair(type) && IsSplit(type)) return Pair(type, o.Given());
        if (ir is SpanType span && o.Arguments.Length > 0) return SpanCreation(o, span);
        if (o.Type is { Name: "ArraySegment" } && MemoryElement(o.Type) is { } segment && o.Arguments.Length > 0 && TypeOf(segment.Element).CarriesDerivative) return SpanCreation(o, new SpanType(TypeOf(segment.Element), false));
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return o.Arguments.Length == 1 ? Lift(Lower(o.Arguments[0].Value), type) : Default(type);
        if (IsInRoom(type))
        {
            CompositePlace members = NewObject(type, type.Name);
            Construct(members, o.Constructor, o.Arguments, ArgumentsOf(o.Arguments), o.Syntax);
            if (o.Initializer is not null) Initialise(members, o.Initializer);
            return Entered(members);
        }
        bool local = IsSplit(type) || IsLocalClass(type) || IsCapturing(type);
        if (!local) return HiddenInitialisation(o, type) ?? LowerVerbatim(o);
        if (IsLocalClass(type)) session.Made.Add(type);
        if (IsRecursiveType(type) && !IsStraight(o)) return LowerVerbatim(o);

        CompositePlace place = NewObject(type, type.Name);
        Value[] arguments = [.. ArgumentsOf(o.Arguments)];
        if (!(type.IsValueType && o.Arguments.IsEmpty && o.Constructor.IsImplicitlyDeclared)) Construct(place, o.Constructor, o.Arguments, arguments, o.Syntax);
        if (o.Initializer is not null) Initialise(place, o.Initializer);
        return place.IsObject ? new ObjectValue(place) : place.Load();
    }

    /// <summary><c>new ValueTuple&lt;…&gt;(…)</c> and <c>ValueTuple.Create(…)</c>.</summary>
    private CompositeValue NewTuple(INamedTypeSymbol type, ImmutableArray<IArgumentOperation> items)
    {
        Value[] parts = Operands(items.Select(a => a.Value));
        return new CompositeValue(type, [.. TypeMap.Fields(type).Select((f, i) => new KeyValuePair<string, Value>(f.Name, parts[i]))]);
    }

    /// <summary><c>new T()</c> where T is known here.</summary>
    private Value Creation(ITypeParameterObjectCreationOperation o)
    {
        if (Actual(o.Type!) is not INamedTypeSymbol type || IsInRoom(type) || !IsSplit(type) && !IsLocalClass(type) || IsRecursiveType(type) && !IsStraight(o)) return LowerVerbatim(o);
        if (type.InstanceConstructors.FirstOrDefault(c => c.Parameters.IsEmpty) is not { } constructor) return LowerVerbatim(o);
        if (IsLocalClass(type)) session.Made.Add(type);
        CompositePlace place = NewObject(type, type.Name);
        if (!type.IsValueType || !constructor.IsImplicitlyDeclared) Construct(place, constructor, [], [], o.Syntax);
        if (o.Initializer is not null) Initialise(place, o.Initializer);
        return place.IsObject ? new ObjectValue(place) : place.Load();
    }

    /// <summary><c>new Tuple&lt;…&gt;(…)</c> and <c>Tuple.Create(…)</c>: its items.</summary>
    private ObjectValue ClassTuple(INamedTypeSymbol type, ImmutableArray<IArgumentOperation> operations)
    {
        Value[] items = ArgumentsOf(operations);
        CompositePlace place = NewObject(type, "tuple");
        for (int i = 0; i < items.Length; i++) Store(place["Item" + (operations[i].Parameter!.Ordinal + 1)]!, items[i], operations[i].Value);
        FirstValues(place);
        return new ObjectValue(place);
    }

    /// <summary>Zeroed fields for a new object; names of variables follow <paramref name="name"/>.</summary>
    private CompositePlace NewObject(INamedTypeSymbol type, string name)
    {
        string wish = name.Length == 0 ? "value" : char.ToLowerInvariant(name[0]) + name.Substring(1);
        var place = new CompositePlace(type) { IsObject = type.TypeKind == TypeKind.Class };
        foreach ((string field, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields(type))
        {
            ITypeSymbol actual = Actual(fieldType);
            Place part = IsCarriedByReferences(actual) && IsReplacedLater(member) ? NewCollectionPlace(Join(wish, TypeMap.NameOf(field)), (INamedTypeSymbol)actual, null)!
                : ChosenMember(Join(wish, TypeMap.NameOf(field)), member, actual, place) is { } chosen ? chosen
                : IsBound(actual) || IsLocalClass(actual) || IsHeld(actual)
                ? new BoundPlace(actual.TypeKind == TypeKind.Delegate ? new ExprValue(new Constant(session.Types.Map(actual), "null", null)) : null, _region)
                : NewPlace(Join(wish, TypeMap.NameOf(field)), actual, Default(actual));
            place.Add(field, part);
        }
        // parameters of a primary constructor that members use are storage as well
        foreach ((string key, IParameterSymbol p) in CapturedBy(type))
        {
            ITypeSymbol actual = Actual(p.Type);
            place.Add(key, IsBound(actual) || IsLocalClass(actual) || IsHeld(actual) ? new BoundPlace(null, _region) : NewPlace(p.Name, actual, Default(actual)));
        }
        return place;
    }

    /// <summary>Runs a constructor on the fields: initialisers, the base's constructor, the body.</summary>
    private void Construct(CompositePlace place, IMethodSymbol constructor, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site)
    {
        constructor = _frame.Types.Apply(constructor);
        INamedTypeSymbol type = constructor.ContainingType;
        SyntaxNode? syntax = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token);
        if (type.DeclaringSyntaxReferences.IsEmpty && constructor.Parameters.Length > 0) throw new Refused(DiagnosticIds.LostInCall, type.Name) { Node = site };
        if (constructor.Parameters.Length == 1 && constructor.IsImplicitlyDeclared && type.IsRecord
            && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type.OriginalDefinition, type.OriginalDefinition))
        {
            // the copy constructor of a record: what a derived one has is for its own
            foreach ((string key, _, _) in TypeMap.Fields(type))
                if (place[key] is { } field && MemberOf(arguments[0], key) is { } member) Store(field, member, null);
            return;
        }
        var frame = new Frame(constructor.OriginalDefinition, null, Substitution.Of(session.Compilation, constructor))
        {
            Caller = _frame, Depth = _frame.Depth + 1, This = place,
            Return = new ReturnTarget { Label = new Label(session.Names.Fresh("made")) },
        };
        CheckDepth(frame, site);
        IOperation? body = syntax is ConstructorDeclarationSyntax ? session.Body(constructor) : null;
        frame.Written = Writes.In(body);
        BindParameters(frame, constructor.OriginalDefinition, operations, arguments);
        Frame outer = _frame;
        (SyntaxNode? statement, string source, Site at) = (_statement, _source, _site);
        _frame = frame;
        try
        {
            List<Stmt> statements = Into(() =>
            {
                (frame.Return.After, frame.Return.Before) = (_region, RegionOf(place));
                if (body is null || Returns.In(body) == 0) _region = frame.Return.Before;
                if (syntax is TypeDeclarationSyntax primary)
                {
                    if (type.IsRecord)
                        foreach (IParameterSymbol p in constructor.OriginalDefinition.Parameters)
                            if (type.GetMembers(p.Name).FirstOrDefault(m => m is IPropertySymbol or IFieldSymbol) is { } own && place[TypeMap.KeyOf(own)] is { } member && frame.Find(p) is { } parameter) Store(member, parameter.Load(), null);
                    // what members use is there before a base's constructor calls them
                    if (!type.IsRecord)
                        foreach (IParameterSymbol p in constructor.OriginalDefinition.Parameters)
                            if (place[CapturedKey(p)] is { } captured)
                            {
                                Store(captured, frame.Find(p)!.Load(), null);
                                frame.Bind(p, captured);
                            }
                    FieldInitialisers(type, place);
                    if (primary.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } parent
                        && session.Model(parent.SyntaxTree).GetOperation(parent, session.Token) is IInvocationOperation chained) Chain(place, chained);
                    else ImplicitBase(type, place, site);
                }
                else if (body is IConstructorBodyOperation c)
                {
                    IInvocationOperation? chained = (c.Initializer as IExpressionStatementOperation)?.Operation as IInvocationOperation ?? c.Initializer as IInvocationOperation;
                    bool toThis = chained is not null && SymbolEqualityComparer.Default.Equals(chained.TargetMethod.ContainingType.OriginalDefinition, type.OriginalDefinition);
                    // a record's copy constructor begins with what it copies, not with the initialisers
                    bool copying = type.IsRecord && !type.IsValueType && constructor.Parameters is [{ Type: { } given }] && SymbolEqualityComparer.Default.Equals(given.OriginalDefinition, type.OriginalDefinition);
                    if (!toThis && !copying) FieldInitialisers(type, place);
                    if (chained is not null && chained.TargetMethod.ContainingType.SpecialType != SpecialType.System_Object) Chain(place, chained);
                    Body(c);
                }
                else
                {
                    FieldInitialisers(type, place);
                    ImplicitBase(type, place, site);
                }
            });
            Label label = frame.Return.Label!;
            if (label.Used) statements = Exits.Simplify(statements, label);
            if (label.Used) Emit(new Labelled(label.Name, BlockOf(statements)));
            else _out.AddRange(statements);
        }
        finally
        {
            _frame = outer;
            (_statement, _source, _site) = (statement, source, at);
        }
        FirstValues(place);
    }

    /// <summary>The constructor of the base that is meant where none is written: without parameters, or with none but optional ones.</summary>
    private void ImplicitBase(INamedTypeSymbol type, CompositePlace place, SyntaxNode site)
    {
        if (type.BaseType is not { SpecialType: SpecialType.None, DeclaringSyntaxReferences.Length: > 0 } parent) return;
        IMethodSymbol constructor = parent.InstanceConstructors.FirstOrDefault(m => m.Parameters.IsEmpty) ?? parent.InstanceConstructors.FirstOrDefault(m => m.Parameters.All(p => p.HasExplicitDefaultValue))
            ?? throw Unsupported("this constructor of the base", "write the call of it", site);
        Construct(place, constructor, [], [.. constructor.Parameters.Select(p => ConstantOf(p.Type, p.ExplicitDefaultValue) is { } known ? new ExprValue(known) : Default(p.Type))], site);
    }

    /// <summary>A field that the constructor gives a value at once is declared with it, not with zero before.</summary>
    private void FirstValues(CompositePlace place)
    {
        foreach (KeyValuePair<string, Place> field in place.Fields)
        {
            if (field.Value is not ExprPlace { Target: Read { Variable: var variable } }) continue;
            int declared = _out.FindLastIndex(s => s is Declare d && d.Variable.Equals(variable));
            if (declared < 0) continue;
            int first = _out.FindIndex(declared + 1, s => Mentions(s, variable));
            if (first < 0 || _out[first] is not Assign { Target: Read } assign || assign.Value.All().Any(e => e is Read r && r.Variable.Equals(variable))) continue;
            _out[first] = new Declare(variable, assign.Value) { Source = assign.Source, Site = assign.Site };
            _out.RemoveAt(declared);
        }
    }

    private static bool Mentions(Stmt s, Variable variable) =>
        s.Values().Concat(s.Targets()).Any(e => e.All().Any(x => x is Read r && r.Variable.Equals(variable) || x is Opaque o && o.Writes.Contains(variable)))
        || s.Blocks().Any(b => b.Statements.Any(inner => Mentions(inner, variable)));

    // delegates stored by a constructor belong to the region in which the object is made
    private static int RegionOf(CompositePlace place)
    {
        foreach (KeyValuePair<string, Place> field in place.Fields)
            if (field.Value is BoundPlace { Region: var region }) return region;
        return 0;
    }

    private void Chain(CompositePlace place, IInvocationOperation chained)
    {
        Value[] arguments = [.. ArgumentsOf(chained.Arguments)];
        Construct(place, chained.TargetMethod, chained.Arguments, arguments, chained.Syntax);
    }

    // { 1, 2 } is an array whose type stands before the name
    private IOperation? InitialValue(SyntaxNode initial) => session.Model(initial.SyntaxTree).GetOperation(initial, session.Token) is { } operation
        ? operation is IArrayInitializerOperation { Parent: IArrayCreationOperation creation } ? creation : operation : null;

    private void FieldInitialisers(INamedTypeSymbol type, CompositePlace place)
    {
        foreach (ISymbol member in type.OriginalDefinition.GetMembers())
        {
            if (member.IsStatic || member is not (IFieldSymbol or IPropertySymbol)) continue;
            if (place[TypeMap.KeyOf(member)] is not { } target) continue;
            if (member is IFieldSymbol { AssociatedSymbol: not null }) continue;
            SyntaxNode? syntax = member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token);
            ExpressionSyntax? initial = syntax switch
            {
                VariableDeclaratorSyntax v => v.Initializer?.Value,
                PropertyDeclarationSyntax p => p.Initializer?.Value,
                _ => null,
            };
            // what says null says what is there without it
            if (initial is null || InitialValue(initial) is not { } operation || operation.ConstantValue is { HasValue: true, Value: null }) continue;
            Value value = Lower(operation);
            ITypeSymbol memberType = Actual(member is IFieldSymbol g ? g.Type : ((IPropertySymbol)member).Type);
            Store(target, ConvertTo(value, memberType), operation);
        }
    }

    private Value Tuple(ITupleOperation o)
    {
        Value[] parts = Operands(o.Elements);
        ITypeSymbol type = Actual(o.Type ?? o.NaturalType ?? throw Unsupported("this tuple", "give its elements types", o.Syntax));
        var tuple = (INamedTypeSymbol)type;
        return new CompositeValue(type, parts.Select((p, i) => new KeyValuePair<string, Value>("Item" + (i + 1), ConvertTo(p, tuple.TupleElements[i].Type))).ToList());
    }

    private Value Anonymous(IAnonymousObjectCreationOperation o)
    {
        var assignments = o.Initializers.OfType<ISimpleAssignmentOperation>().ToList();
        Value[] parts = Operands(assignments.Select(a => a.Value));
        return new CompositeValue(Actual(o.Type!), assignments.Select((a, i) =>
            new KeyValuePair<string, Value>(((IPropertyReferenceOperation)a.Target).Property.Name, parts[i])).ToList());
    }
}
