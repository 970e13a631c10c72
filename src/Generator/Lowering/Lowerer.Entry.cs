using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>The marked method itself: its parameters, results and body.</summary>
internal sealed partial class Lowerer
{
    public LoweredMethod Entry(EquatableArray<string> wrt)
    {
        IMethodSymbol method = session.Entry;
        IOperation body = session.Body(method)
            ?? throw new Refused(DiagnosticIds.SignatureNotDifferentiable, method.Name, "it has no body");
        session.Types.AccessorOf = StructAccessorOf;
        session.Types.IsNameable = session.IsAccessible;
        foreach (IParameterSymbol p in method.Parameters) session.Names.Reserve(p.Name);
        foreach (string reserved in (string[])["this", "value", Function.ReturnLabel, method.Name]) session.Names.Reserve(reserved);

        var label = new Label(Function.ReturnLabel);
        var returns = new ReturnTarget { Label = label };
        CheckOverrides(method);
        if (method.IsIterator()) throw new Refused(DiagnosticIds.SignatureNotDifferentiable, method.Name, "it is an iterator, which runs as far as somebody asks; return an array");
        _frame = new Frame(method, null, session.NoSubstitution) { Return = returns, Body = body, Written = Writes.In(body) };
        At(body.Syntax);

        if (method.Parameters.Any(p => session.Types.IsOfRooms(p.Type) && !IsAdoptable(p)) || session.Types.IsOfRooms(method.ReturnType) && !IsInRoom(method.ReturnType) || !method.IsStatic && IsInRoom(method.ContainingType))
            throw Unsupported("an object that the caller holds beside those that are made here", "make it a parameter of its numbers");
        LearnOf(body);
        // the caller's objects may have to stand beside others that are made at run time
        foreach (IParameterSymbol p in method.Parameters)
            if (ModelOf(p.Type) is { } model && !IsInRoom(model)) session.Made.Add(model);
        var parameters = new List<Parameter>();
        var pseudo = new List<Parameter>();
        var prologue = new List<Stmt>();
        var adopted = new List<Stmt>();
        foreach (IParameterSymbol p in method.Parameters)
        {
            if (wrt.Contains(p.Name)) CheckMembers(Discovery.ShapeReader.Read(p.Type));
            if (session.Types.IsOfRooms(p.Type)) Adopt(p, wrt.Contains(p.Name), parameters, pseudo, prologue, adopted);
            else EntryParameter(p, wrt, parameters, pseudo, prologue);
        }
        if (!method.ReturnsVoid) CheckMembers(Discovery.ShapeReader.Read(method.ReturnType));
        EntryReceiver(method, wrt, pseudo, prologue);

        var results = new List<Variable>();
        returns.IsDropped = !method.ReturnsVoid && Discovery.ShapeReader.Read(method.ReturnType) is null;
        ITypeSymbol? item = method.ReturnsVoid ? null : ResultElement(method.ReturnType);
        if (item is not null)
        {
            // a sequence is the array of what it gives
            results.Add(Local("result", ArrayTypeOf(item)));
            returns.Result = new ExprPlace(new Read(results[0]));
            returns.IsSequence = true;
        }
        else if (!method.ReturnsVoid && !returns.IsDropped) returns.Result = ResultPlace(method.ReturnType, "result", results);

        List<Stmt> statements = Into(() =>
        {
            // the name of a sequence may be given to another one: `values = values.ToList()`
            foreach (KeyValuePair<Variable, IParameterSymbol> sequence in session.Sequences)
                if (_frame.IsWritten(sequence.Value)) _frame.Bind(sequence.Value, new BoundPlace(new ExprValue(new Read(sequence.Key)), _region));
            Body(body);
        });
        if (label.Used)
        {
            label.Used = false;
            statements = Exits.Simplify(statements, label);
            if (label.Used) statements = [new Labelled(label.Name, BlockOf(statements))];
        }
        var stores = new UnreadStores(session.FieldReads);
        foreach (UnitFunction f in session.Functions.Functions) f.Function = f.Function! with { Body = stores.Visit(f.Function!.Body) };
        var entry = new Function(method.Name, parameters.Concat(pseudo).Concat(session.IsGiven.Values).ToEquatable(), results.ToEquatable(), stores.Visit(BlockOf([.. prologue, .. session.Held.Values, .. session.Rooms.Values, .. adopted, .. statements])))
        {
            TypeParameters = method.TypeParameters.Length == 0 ? "" : "<" + string.Join(", ", method.TypeParameters.Select(t => t.Name)) + ">",
            Constraints = ConstraintsOf(method),
        };
        Unit unit = session.Functions.Close(entry) with { Accessors = session.Accessors.Values.Concat(session.Helpers).ToEquatable() };
        if (unit.Callees.Prepend(unit.Entry).Sum(f => f.Body.All().Count()) > Session.MaximalUnit) throw session.TooLarge();
        CheckListsOfLists(unit, BlockOf(statements));
        CheckReplaced(entry);
        CheckAdopted(unit, statements);
        ReportHidden(unit);
        ReportOutsideOfRooms(unit);
        ReportSharedReferences(unit);
        return new LoweredMethod(unit, session.Findings);
    }

    /// <summary>The next attempt is to know of the objects that are made in code, as much of it as this one may not come to.</summary>
    private void LearnOf(IOperation body)
    {
        foreach (IObjectCreationOperation creation in body.Descendants().OfType<IObjectCreationOperation>())
            if (creation.Type is INamedTypeSymbol type && Actual(type) is INamedTypeSymbol created && IsLocalClass(created)) session.Made.Add(created);
    }

    /// <summary>What is emitted for a virtual method is overridden where the method is: by a method that is marked, too.</summary>
    private void CheckOverrides(IMethodSymbol method)
    {
        if (method.IsStatic || !method.IsVirtual && !method.IsAbstract && !method.IsOverride) return;
        foreach (INamedTypeSymbol type in session.Hierarchy.Types)
        {
            if (!Hierarchy.DerivesFrom(type, method.ContainingType) || Hierarchy.Reached(method, type)?.OriginalDefinition is not { } actual || SymbolEqualityComparer.Default.Equals(actual, method.OriginalDefinition)
                || Discovery.Attributes.Has(actual, "DifferentiableAttribute") || actual.IsAbstract) continue;
            throw new Refused(DiagnosticIds.SignatureNotDifferentiable, method.Name, $"'{actual.ContainingType.Name}.{actual.Name}' overrides it and is not marked; mark it as well, or differentiate a method that is not virtual and calls this one")
            {
                Node = actual.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token),
            };
        }
    }

    /// <summary>An array of the caller's that gives way to another one has no one place for its derivative.</summary>
    private static void CheckReplaced(Function entry)
    {
        HashSet<Variable> references = [.. entry.Parameters.Where(p => p is { Passing: Passing.Ref, Constant: false, Variable.Type: { IsReference: true, CarriesDerivative: true } }).Select(p => p.Variable)];
        if (references.Count == 0) return;
        foreach (Stmt s in entry.Body.All())
            foreach (Expr target in s.Targets())
                if (target is Read read && references.Contains(read.Variable))
                    throw new Refused(DiagnosticIds.UnsupportedConstruct, $"'{read.Variable.Name}', which is passed by reference and replaced", "write into it, or return the new one");
    }

    /// <summary>A field that is written for others to see, and not read here, loses nothing of this method's derivative.</summary>
    private sealed class UnreadStores(HashSet<string> read) : Rewriter
    {
        public override Expr Visit(Expr e)
        {
            e = base.Visit(e);
            return e is Opaque { Lost: { Id: DiagnosticIds.StateWritten } lost } o && !read.Contains(lost.Arguments[0]) && !lost.Arguments[0].EndsWith("]", StringComparison.Ordinal) ? o with { Lost = null } : e;
        }
    }

    private static string ConstraintsOf(IMethodSymbol method) => string.Join(" ", method.TypeParameters.Select(t =>
    {
        var parts = new List<string>();
        if (t.HasUnmanagedTypeConstraint) parts.Add("unmanaged");
        else if (t.HasValueTypeConstraint) parts.Add("struct");
        if (t.HasReferenceTypeConstraint) parts.Add("class");
        if (t.HasNotNullConstraint) parts.Add("notnull");
        parts.AddRange(t.ConstraintTypes.Select(TypeMap.Spell));
        if (t.HasConstructorConstraint) parts.Add("new()");
        return parts.Count == 0 ? "" : $"where {t.Name} : {string.Join(", ", parts)}";
    }).Where(s => s.Length > 0));

    private void EntryParameter(IParameterSymbol p, EquatableArray<string> wrt, List<Parameter> parameters, List<Parameter> pseudo, List<Stmt> prologue)
    {
        Passing passing = p.RefKind switch { RefKind.Ref => Passing.Ref, RefKind.Out => Passing.Out, RefKind.None => Passing.Value, _ => Passing.In };
        bool marked = TypeMap.HasAttribute(p, "NoDerivativeAttribute");
        IrType type = passing is Passing.Value or Passing.In && session.Types.HasLists(Actual(p.Type)) ? TypeOfApart(p.Type)
            : TypeOf(p.Type) is ListType named && TypeMap.IsCollection(p.Type) ? named with { Name = TypeMap.Spell(p.Type) } : TypeOf(p.Type);
        bool differentiated = wrt.Contains(p.Name);
        if (MemoryElement(p.Type) is { } element)
        {
            // a view on memory is the span of it: the core of a derivative takes spans
            var span = new SpanType(TypeOf(element.Element), element.ReadOnly);
            var view = new Variable(p.Name, span);
            parameters.Add(new Parameter(view, passing, marked || !span.CarriesDerivative) { CSharp = p.Name + (p.Type.Name == "ArraySegment" ? ".AsSpan()" : ".Span") });
            _frame.Bind(p, new ExprPlace(new Read(view)));
            return;
        }
        if (differentiated && passing == Passing.Value && (SequenceElement(p.Type) ?? (session.ItemsOf.Contains(p) ? ((INamedTypeSymbol)p.Type).TypeArguments[0] : null)) is { } item)
        {
            // a sequence of unknown kind is the array of its elements: enumerated once for the core of a derivative
            var items = new Variable(p.Name, ArrayTypeOf(item));
            parameters.Add(new Parameter(items, passing, marked) { CSharp = $"global::DiffGen.Buffers.Items({Session.Escape(p.Name)})" });
            session.Sequences[items] = p;
            _frame.Bind(p, new ExprPlace(new Read(items)));
            return;
        }
        if (differentiated && passing == Passing.Value && Discovery.ShapeReader.Read(p.Type) is Discovery.SequenceShape { IsMixed: true } nested)
        {
            // lists of lists are the arrays of their elements: made once for the core of a derivative, and lists again for the body
            var rows = new Variable(p.Name, ArraysOf(p.Type));
            parameters.Add(new Parameter(rows, passing, marked) { CSharp = nested.Arrays(Session.Escape(p.Name)) });
            prologue.AddRange(ListsOfLists(p, rows));
            return;
        }
        bool split = IsSplit(p.Type);
        bool isModel = p.Type is INamedTypeSymbol { TypeKind: TypeKind.Class } && TypeMap.HasAttribute(p.Type, "DifferentiableAttribute");
        var variable = new Variable(p.Name, type);
        if (!split && !isModel)
        {
            parameters.Add(new Parameter(variable, passing, marked || !type.CarriesDerivative));
            Place? window = null;
            prologue.AddRange(Into(() => window = NewWindow(p, p.Type, new ExprValue(new Read(variable)), null)));
            _frame.Bind(p, window ?? new ExprPlace(new Read(variable)));
            if (type is ListType && p.Type.TypeKind == TypeKind.Interface && differentiated && passing == Passing.Value && !_frame.IsWritten(p)) session.Lists[variable] = p;
            return;
        }
        // taken apart: the parameter itself is a constant, and each of its members that is looked at is a parameter of its own
        if (split && passing is Passing.Out or Passing.Ref)
        {
            if (SettledMember((INamedTypeSymbol)p.Type) is { } settled)
                throw Unsupported($"'{p.Name}', which receives a '{settled.ContainingType.Name}' whose '{settled.Name}' can only be set when one is made", "return it", p.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token));
            if (passing == Passing.Ref && type is StructType { HoldsStorage: true }) throw Unsupported($"'{p.Name}', which is passed by reference and holds arrays", "pass the arrays by themselves", p.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token));
            parameters.Add(new Parameter(variable, passing, marked));
            _frame.Bind(p, StructPlace((INamedTypeSymbol)p.Type, new Read(variable)));
            return;
        }
        parameters.Add(new Parameter(variable, passing, true));
        _frame.Bind(p, Members((INamedTypeSymbol)Actual(p.Type), p.Name, p.Name, new Read(variable), !marked && differentiated, _frame.IsWritten(p), pseudo, prologue, []));
    }

    /// <summary>A member of a struct, or of one in it, that can only be set when the struct is made.</summary>
    private ISymbol? SettledMember(INamedTypeSymbol type) => TypeMap.Fields(type)
        .Select(f => f.Member is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } } ? f.Member : IsSplit(f.Type) ? SettledMember((INamedTypeSymbol)Actual(f.Type)) : null)
        .FirstOrDefault(m => m is not null);

    private void EntryReceiver(IMethodSymbol method, EquatableArray<string> wrt, List<Parameter> pseudo, List<Stmt> prologue)
    {
        if (method.IsStatic) return;
        INamedTypeSymbol type = method.ContainingType;
        var self = new Read(new Variable("this", new PlainType(TypeMap.Spell(type), PlainKind.Other)));
        _frame.This = TypeMap.HasAttribute(type, "DifferentiableAttribute")
            ? Members(type, "this", "this", self, true, false, pseudo, prologue, [])
            : new ExprPlace(self);
    }

    private static string Spelled(ISymbol member, string name) =>
        Session.Escape(member is IFieldSymbol { IsExplicitlyNamedTupleElement: true } element ? element.Name : TypeMap.NameOf(name));

    /// <summary><c>p</c> and <c>X</c> make <c>pX</c>.</summary>
    private static string Join(string owner, string field)
    {
        field = new string([.. field.Where(c => char.IsLetterOrDigit(c) || c == '_')]).TrimStart('_');
        if (field.Length > 0 && char.IsDigit(field[0])) field = "Item" + field;
        if (field.Length == 0) field = "Value";
        if (owner.Length == 0) return char.ToLowerInvariant(field[0]) + field.Substring(1);
        return owner + char.ToUpperInvariant(field[0]) + field.Substring(1);
    }

    private (ITypeSymbol Element, bool ReadOnly)? MemoryElement(ITypeSymbol type) =>
        Actual(type) is INamedTypeSymbol { Name: "Memory" or "ReadOnlyMemory" or "ArraySegment", Arity: 1 } named && named.ContainingNamespace?.Name == "System"
            ? (named.TypeArguments[0], named.Name == "ReadOnlyMemory")
            : null;

    private Ir.ArrayType ArrayTypeOf(ITypeSymbol element) => (Ir.ArrayType)TypeOf(session.Compilation.CreateArrayTypeSymbol(element));

    // what a method gives by an interface, or as a view, is an array for its derivatives
    private ITypeSymbol? ResultElement(ITypeSymbol type) => SequenceElement(type) ?? (Actual(type) switch
    {
        INamedTypeSymbol { Name: "IList" or "IReadOnlyList", Arity: 1 } list when list.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic" => list.TypeArguments[0],
        INamedTypeSymbol { Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory", Arity: 1 } view when view.ContainingNamespace?.Name == "System" => view.TypeArguments[0],
        _ => null,
    });

    private static ITypeSymbol? SequenceElement(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "IEnumerable" or "ICollection" or "IReadOnlyCollection", Arity: 1 } named && named.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic"
            ? named.TypeArguments[0]
            : null;

    /// <summary>Variables for a result: one for each field of what is taken apart.</summary>
    private Place ResultPlace(ITypeSymbol type, string name, List<Variable> results, bool isEntry = true)
    {
        if (IsSplit(type) || type is INamedTypeSymbol { TypeKind: TypeKind.Class } && TypeMap.HasAttribute(type, "DifferentiableAttribute"))
        {
            // an object is its members here: the derivatives are those of numbers, and nobody makes the object anew
            var actual = (INamedTypeSymbol)Actual(type);
            var place = new CompositePlace(actual);
            foreach ((string field, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields(actual))
            {
                if (isEntry && IsOfUnmarkedBase(member, actual))
                    throw Unsupported($"a result of type '{type.Name}', whose base '{member.ContainingType.Name}' is not [Differentiable]", $"mark '{member.ContainingType.Name}' as well");
                string own = Join(name, Spelled(member, field).TrimStart('@'));
                place.Add(field, isEntry && IsNullable(Actual(fieldType)) ? WholeResult(fieldType, own, results) : ResultPlace(fieldType, own, results, isEntry));
            }
            return place;
        }
        if (!isEntry && IsCarriedByReferences(Actual(type))) return CollectionVariables(name, (INamedTypeSymbol)Actual(type), null, (part, _) => results.Add(part));
        Variable variable = Local(name, MemoryElement(type) is { } m ? new SpanType(TypeOf(m.Element), m.ReadOnly) : TypeOf(type));
        results.Add(variable);
        return new ExprPlace(new Read(variable));
    }

    /// <summary>A nullable member of a result: a tangent has no part for it.</summary>
    private ExprPlace WholeResult(ITypeSymbol type, string name, List<Variable> results)
    {
        Variable variable = Local(name, new PlainType(TypeMap.Spell(Actual(type)), PlainKind.Other));
        results.Add(variable);
        return new ExprPlace(new Read(variable));
    }

    /// <summary>Lowers the body of a method, accessor, lambda or local function.</summary>
    private void Body(IOperation body)
    {
        switch (body)
        {
            case IMethodBodyOperation m: Body((m.BlockBody ?? m.ExpressionBody)!); break;
            case IConstructorBodyOperation c: if ((c.BlockBody ?? c.ExpressionBody) is { } inner) Body(inner); break;
            case ILocalFunctionOperation l: Body((l.Body ?? l.IgnoredBody)!); break;
            case IAnonymousFunctionOperation a: Body(a.Body); break;
            case IBlockOperation block: Sequence(block.Operations, 0); break;
            default: Statement(body); break;
        }
    }
}
