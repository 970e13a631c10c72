using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>Products with the Jacobian: <c>Vjp</c> in reverse mode, <c>Jvp</c> in forward mode.</content>
internal sealed partial class MethodEmitter
{
    private List<Output>? _outputs;
    private readonly HashSet<string> _emittedCores = new(StringComparer.Ordinal);

    private List<Output> Results => _outputs ??= Output.Of(_request, _derivation.Method.Unit);

    private void RequireCore(Unit unit, string kind)
    {
        if (_emittedCores.Add(kind)) _cores.Add(() => PrivateCore(unit, kind));
    }

    // ---- reverse ----

    private List<(Output Of, string Name)>? _cotangents;

    private List<(Output Of, string Name)> Cotangents => _cotangents ??= [.. Results.Select(o => (o, _names.Fresh(Results.Count == 1 ? "cotangent" : "cotangent" + Capital(o.Name))))];

    private static string Capital(string name) => name.Length == 0 ? "" : char.ToUpperInvariant(name[0]) + name.Substring(1);

    private static string CotangentType(Output o) => o is { IsBuffer: true, Shape: SequenceShape { Element.IsBuffer: false } s } ? $"global::System.ReadOnlySpan<{s.Element.Derivative}>" : o.Shape.Derivative;

    private void Vjps()
    {
        Unit unit = _derivation.Vjp!;
        string name = _request.Prefix + "Vjp";
        var cotangents = Cotangents.Select(c => $"{CotangentType(c.Of)} {c.Name}").ToList();
        var documented = Cotangents.Select(c => (c.Name, $"The cotangent of {(c.Of.Name.Length == 0 ? "the result" : Documentation.Xml(c.Of.Name))}, in its shape.")).ToList();
        const string summary = "The transposed Jacobian of {F} with respect to {W}, times a cotangent.";

        _writer.Gap();
        _docs.Product(summary, documented, into: false, "", "The product, shaped as what is differentiated.", report: Report(unit));
        _writer.Line(Header(GradientType, name, Inputs(last: false).Concat(cotangents)));
        _writer.Open();
        List<string> arguments = AllocateBuffers();
        _writer.Line($"{Keywords.Escape(name)}{TypeParameters}({string.Join(", ", InputArguments.Concat(Cotangents.Select(c => c.Name)).Concat(arguments))});");
        _writer.Line($"return {GradientValue};");
        _writer.Close();

        _writer.Gap();
        _docs.Product(summary, documented, into: true, "the part of the product that belongs to ", "", report: Report(unit));
        InPlace();
        _writer.Line(Header("void", name, Inputs(last: false).Concat(cotangents).Concat(Intos)));
        _writer.Open();
        foreach (string line in Checks()) _writer.Line(line);
        if (!_forNesting)
            foreach (ParameterRequest w in _wrt)
                foreach ((Shape of, string cotangent) in Cotangents.SelectMany(c => Storages(c.Of.Shape, c.Name)))
                    if (w.Shape!.IsBuffer && Comparable(w.Shape, of)) _writer.Line($"{Buffers}.CheckDisjoint({w.Adjoint}, {cotangent}, nameof({w.Adjoint}));");
        _writer.Line(VjpCall(unit, AdjointArguments(), (o, v) => CotangentPart(o, v, Cotangents.First(c => c.Of == o).Name)) + ";");
        AssignAssembled();
        _writer.Close();
        RequireCore(unit, "Vjp");
    }

    /// <summary>What has elements among the parts of a cotangent that the caller gives, and how it is named.</summary>
    private static IEnumerable<(Shape Shape, string Name)> Storages(Shape shape, string name) => shape switch
    {
        CompositeShape { IsTuple: true } tuple => tuple.Members.Where(m => m.Shape is not null).SelectMany(m => Storages(m.Shape!, $"{name}.{Keywords.Escape(m.Name)}")),
        { IsBuffer: true } => [(shape, name)],
        _ => [],
    };

    private string VjpCall(Unit unit, Func<Parameter, string> adjoints, Func<Output, OutputVariable, string> cotangent) =>
        CoreCall(unit, "Vjp", p =>
        {
            if (p.Role != ParameterRole.Cotangent) return adjoints(p);
            foreach (Output o in Results)
                foreach (OutputVariable v in o.Variables)
                    if (v.Variable.Name == p.Of) return Adapted(cotangent(o, v) + (p.Variable.Type is ListType && CotangentType(o).StartsWith("global::System.ReadOnlySpan<", StringComparison.Ordinal) ? ".ToArray()" : ""), p.Variable.Type);
            throw new NotSupportedException("no cotangent of " + p.Of);
        });

    private static string CotangentPart(Output o, OutputVariable v, string cotangent) => cotangent + string.Concat(v.Path.Select(m => "." + Keywords.Escape(m)));

    /// <summary>An array where the Ir wants a list, arrays where it wants lists.</summary>
    private static string Adapted(string value, IrType type)
    {
        IrType? element = type switch { ArrayType { Rank: 1 } array => array.Element, ListType list => list.Element, _ => null };
        if (element is not null && Adapted("row", element) is var row && row != "row") value = $"global::System.Array.ConvertAll({value}, static row => {row})";
        if (type is not ListType { IsExact: true, Element: var item }) return value;
        // what a member that is null has as its zeros is null
        return value.Contains(" ?? ") ? $"new {type.CSharp}({value} ?? global::System.Array.Empty<{item.CSharp}>())" : $"new {type.CSharp}({value})";
    }

    // ---- forward ----

    private void Jvps()
    {
        Unit unit = _derivation.Jvp!;
        string name = _request.Prefix + "Jvp";
        var tangents = _wrt.Select(w => $"{w.Shape!.Derivative} {w.Adjoint}");
        string valueType = TupleOf(Results, o => o.Name.Length == 0 ? ValueType(o.Shape) : o.IsBuffer ? BufferType(o.Shape) : o.Shape.Type);
        string tangentType = TupleOf(Results, o => o.Shape.Derivative);
        string type = $"({valueType} Value, {tangentType} Tangent)";

        _writer.Gap();
        _docs.Product("The value of {F} and the Jacobian with respect to {W} times a direction.",
            _wrt.Select(w => (w.Adjoint, $"The direction of {Documentation.Xml(w.Name)}, in its shape.")), into: false, "",
            "The value, and its derivative along the direction.", report: Report(unit));
        _writer.Line(Header(type, name, Inputs(last: false).Concat(tangents)));
        _writer.Open();
        foreach (ParameterRequest w in _wrt) CheckLength(w);
        // the method that makes the value is called with what the caller gave
        bool isMade = Results[0].Name.Length == 0 && HoldsModel(Results[0].Shape);
        Copies copies = Snapshot(needed: isMade);
        (List<string> valueParts, List<string> tangentParts) = JvpCall(unit, TangentArgument);
        copies.Restore();
        string tangent = Tupled(tangentParts);
        string value = isMade ? $"{Keywords.Escape(_request.Name)}{TypeParameters}({string.Join(", ", PrimalArguments)})" : Tupled(valueParts);
        _writer.Line($"return ({value}, {tangent});");
        _writer.Close();
        RequireCore(unit, "Jvp");
    }

    private IEnumerable<string> PrimalArguments => _request.Parameters.Select(p =>
        (p.IsOut ? "out _" : (IsReference(p) ? "ref " : "") + Keywords.Escape(p.Name)));

    /// <summary>Whether a parameter is passed by reference and may be written.</summary>
    private static bool IsReference(ParameterRequest p) => p.Modifier.IndexOf("ref ", StringComparison.Ordinal) >= 0 && p.Modifier.IndexOf("readonly", StringComparison.Ordinal) < 0;

    private void CheckLength(ParameterRequest w)
    {
        if (_forNesting) return;
        if (w.Shape is SequenceShape { Element.IsBuffer: false } s)
            _writer.Line($"{Buffers}.Check<{s.Element.Derivative}>({w.Adjoint}, {s.Length(w.Spelled)}, nameof({w.Adjoint}));");
    }

    private static string TupleOf(List<Output> outputs, Func<Output, string> type) =>
        outputs.Count == 1 ? type(outputs[0]) : "(" + string.Join(", ", outputs.Select(o => $"{type(o)} {Capital(o.Name)}")) + ")";

    private static string Tupled(List<string> parts) => parts.Count == 1 ? parts[0] : "(" + string.Join(", ", parts) + ")";

    /// <summary>The direction of a leaf, out of the caller's tangents.</summary>
    private string TangentArgument(Leaf leaf)
    {
        if (leaf.IsWhole) return leaf.Of.Adjoint;
        string part = leaf.Of.Adjoint + string.Concat(leaf.Path.Select(m => "." + Keywords.Escape(m)));
        // a part that is null counts as zeros
        return leaf.Parameter.Variable.Type.IsReference ? $"{part} ?? ({LeafZeros(leaf)})" : part;
    }

    /// <summary>Writes the call of the forward core; gives the C# of each result's value and tangent.</summary>
    private (List<string> Values, List<string> Tangents) JvpCall(Unit unit, Func<Leaf, string> direction, bool bundle = false, List<string>? rented = null)
    {
        Function core = unit.Entry;
        Dictionary<string, string> tangentOf = new(StringComparer.Ordinal);
        Dictionary<string, string> valueOf = new(StringComparer.Ordinal);
        string call = CoreCall(unit, bundle ? "JvpBundle" : "Jvp", p =>
        {
            Leaf? leaf = _leaves.All.FirstOrDefault(l => l.Name == p.Of);
            bool written = Results.Any(o => o.Variables.Any(v => v.Variable.Name == p.Of));
            if (leaf is not null)
            {
                string given = Adapted(direction(leaf), p.Variable.Type);
                if (p.Passing == Passing.Ref || written)
                {
                    // the core leaves the result's tangent in it, and the caller's direction stays as it is
                    string own = _names.Fresh(leaf.Name + "Tangent");
                    bool array = p.Variable.Type is ArrayType or SpanType && leaf.Of.Shape is SequenceShape { Element.IsBuffer: false } or MatrixShape;
                    if (p.Variable.Type is ArrayType { Rank: 1, Element: ArrayType { Element.IsReference: false } rows }) _writer.Line($"var {own} = global::System.Array.ConvertAll({given}, static row => ({rows.CSharp})row.Clone());");
                    else _writer.Line(array ? $"var {own} = ({(bundle ? Bundles.Lane.Name + "[]" : leaf.Of.Shape!.Derivative)})({given}).Clone();" : $"{p.Variable.Type.CSharp} {own} = {given};");
                    tangentOf[p.Of] = own;
                    return (p.Passing == Passing.Ref ? "ref " : "") + own;
                }
                return given;
            }
            string local = _names.Fresh(p.Of + "Tangent");
            tangentOf[p.Of] = local;
            if (p.Passing == Passing.Out) return $"out {p.Variable.Type.CSharp} {local}";
            Output? output = Results.FirstOrDefault(o => o.Name == p.Of);
            if (p.Passing == Passing.Ref)
            {
                // what is written into storage that nobody asks for has a tangent all the same
                string start = !p.Variable.Type.IsReference ? "default" : ScratchZeros(p.Variable.Type, Keywords.Escape(p.Of));
                _writer.Line($"{p.Variable.Type.CSharp} {local} = {start};");
                return "ref " + local;
            }
            if (p.Variable.Type is ListType)
            {
                _writer.Line($"var {local} = {ScratchZeros(p.Variable.Type, Keywords.Escape(p.Of))};");
                tangentOf[p.Of] = local + ".ToArray()";
            }
            else if (bundle) Rent(local, Bundles.Lane.Name, Keywords.Escape(p.Of) + ".Length", rented!);
            else if (rented is not null && output is not null) RentLike(local, output.Shape, Keywords.Escape(p.Of), rented);
            else _writer.Line(output is null ? $"var {local} = {ScratchZeros(p.Variable.Type, StorageOf(p.Of))};" : $"{output.Shape.Derivative} {local} = {ZerosLike(output.Shape, Keywords.Escape(p.Of))};");
            return local;
        }, p =>
        {
            string local = _names.Fresh(p.Variable.Name + "Value");
            valueOf[p.Variable.Name] = local;
            return $"out {p.Variable.Type.CSharp} {local}";
        });

        int values = _derivation.Method.Unit.Entry.Results.Count;
        if (core.Results.Count == 0) _writer.Line(call + ";");
        else
        {
            List<string> locals = [.. core.Results.Select(r => _names.Fresh(r.Name))];
            _writer.Line(core.Results.Count == 1
                ? $"{core.Results[0].Type.CSharp} {locals[0]} = {call};"
                : $"({string.Join(", ", core.Results.Select((r, i) => $"{r.Type.CSharp} {locals[i]}"))}) = {call};");
            int next = values;
            for (int i = 0; i < values; i++)
            {
                Variable result = _derivation.Method.Unit.Entry.Results[i];
                valueOf[result.Name] = locals[i];
                if (Calculus.Shadows.TangentTypeOf(result.Type) is not null && next < locals.Count) tangentOf[result.Name] = locals[next++];
            }
        }
        string Part(Output o, EquatableArray<string> path, Dictionary<string, string> map) =>
            o.Variables.FirstOrDefault(v => v.Path == path) is { } v && map.TryGetValue(v.Variable.Name, out string? text) ? text : "";
        // what is passed by reference holds its value afterwards
        HashSet<string> references = [.. _request.Parameters.Where(p => IsReference(p)).Select(p => p.Name)];
        List<string> valueParts = [.. Results.Select(o => references.Contains(o.Name) ? Keywords.Escape(o.Name) : o.IsBuffer ? BufferValue(o) : AssembleValue(o, path => Part(o, path, valueOf) is { Length: > 0 } t ? t : null))];
        List<string> tangentParts = [.. Results.Select(o => LeafMap.Assemble(o.Shape, [], (path, shape) => Part(o, path, tangentOf) is { Length: > 0 } t ? o.IsBuffer ? t : ToDerivative(shape, t) : null))];
        for (int i = 0; i < Results.Count; i++)
        {
            if (Results[i].Shape is not CompositeShape) continue;
            // the type gives the members their names
            string named = _names.Fresh("tangent");
            _writer.Line($"{Results[i].Shape.Derivative} {named} = {tangentParts[i]};");
            tangentParts[i] = named;
        }
        return (valueParts, tangentParts);
    }

    /// <summary>The tangent of storage that the primal writes and nobody asks for.</summary>
    private static string ScratchZeros(IrType tangent, string primal) => tangent switch
    {
        ListType list => $"new {ListType.Of(list.Element).CSharp}(new {list.Element.CSharp}[{primal}.Count])",
        ArrayType { Rank: 1, Element: StructType shadow } => $"new {shadow.Name}[{primal}.Length]",
        ArrayType { Element: StructType shadow } matrix => $"new {shadow.Name}[{string.Join(", ", Enumerable.Range(0, matrix.Rank).Select(d => $"{primal}.GetLength({d})"))}]",
        _ => $"{Buffers}.ZerosLike({primal})",
    };

    // a view on memory is the span of it
    private string StorageOf(string parameter) =>
        _derivation.Method.Unit.Entry.Parameters.FirstOrDefault(q => q.Variable.Name == parameter) is { CSharp.Length: > 0 } held ? held.CSharp : Keywords.Escape(parameter);

    // what the primal wrote into the caller's buffer
    private static string BufferValue(Output o) => o.Shape switch
    {
        SequenceShape { Kind: SequenceKind.Span or SequenceKind.Memory } => Keywords.Escape(o.Name) + ".ToArray()",
        SequenceShape { Kind: SequenceKind.List } => $"global::System.Linq.Enumerable.ToArray({Keywords.Escape(o.Name)})",
        _ => Keywords.Escape(o.Name),
    };

    private static string BufferType(Shape shape) => shape is SequenceShape { Kind: SequenceKind.Span or SequenceKind.Memory or SequenceKind.List } s ? s.Element.Type + "[]" : shape.Type;

    // a list's derivative is an array
    private static string ToDerivative(Shape shape, string tangent) => shape switch
    {
        SequenceShape { IsMixed: true } s => s.Arrays(tangent),
        SequenceShape { Kind: SequenceKind.List } => tangent + ".ToArray()",
        _ => tangent,
    };

    // a view is no part of a tuple
    private string ValueType(Shape shape) => shape is SequenceShape { Kind: SequenceKind.Span or SequenceKind.ReadOnlySpan } view ? view.Element.Type + "[]" : _request.ResultType;

    // nobody but the method makes one
    private static bool HoldsModel(Shape shape) => shape is CompositeShape composite && (!composite.IsTuple || composite.Members.Any(m => m.Shape is not null && HoldsModel(m.Shape)));

    private static string AssembleValue(Output o, Func<EquatableArray<string>, string?> part) => AssembleValue(o.Shape, [], part);

    private static string AssembleValue(Shape shape, EquatableArray<string> path, Func<EquatableArray<string>, string?> part)
    {
        if (part(path) is { } whole) return whole;
        if (shape is not CompositeShape { IsTuple: true } tuple) return $"default({shape.Type})!";
        return "(" + string.Join(", ", tuple.Members.Select(m =>
        {
            EquatableArray<string> at = path.Append(m.Name).ToEquatable();
            return m.Shape is null ? part(at) ?? $"default({m.Type})!" : AssembleValue(m.Shape, at, part);
        })) + ")";
    }
}
