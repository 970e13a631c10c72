using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using DiffGen.Generator.Optimization;

namespace DiffGen.Generator.Emission;

/// <summary>Emits the members that belong to one marked method, as the public contract lists them.</summary>
internal sealed partial class MethodEmitter
{
    private const string Buffers = "global::DiffGen.Buffers";

    private readonly CodeWriter _writer;
    private readonly bool _forNesting;
    private readonly bool _report;
    private readonly Derivation _derivation;
    private readonly ConstantTables _tables;
    private readonly MethodRequest _request;
    private readonly LeafMap _leaves;
    private readonly List<ParameterRequest> _wrt;
    private readonly Names _names = new();
    private readonly Documentation _docs;

    /// <param name="writer">Receives the members.</param>
    /// <param name="derivation">What to emit.</param>
    /// <param name="forNesting">Whether the text is bound and differentiated again, and not compiled.</param>
    /// <param name="report">Whether the documentation says what each method remembers, recomputes and costs.</param>
    public MethodEmitter(CodeWriter writer, Derivation derivation, bool forNesting, bool report)
    {
        _report = report;
        _forNesting = forNesting;
        _writer = writer;
        _request = derivation.Method.Request;
        _tables = new ConstantTables(_request.Prefix + _request.Ordinal);
        _derivation = forNesting ? derivation : derivation.Map(unit => _tables.Lift(PooledScratch.Run(SpanParameters.Run(unit))));
        _leaves = new LeafMap(_request, derivation.Method.Unit.Entry);
        _wrt = [.. _request.Wrt];
        _docs = new Documentation(writer, _request, derivation.Remarks);
        foreach (ParameterRequest p in _request.Parameters) _names.Reserve(p.Name);
        foreach (Parameter p in derivation.Method.Unit.Entry.Parameters) _names.Reserve(p.Variable.Name);
        foreach (ParameterRequest w in _wrt) _names.Reserve(w.Adjoint);
        foreach (Leaf leaf in _leaves.All) _names.Reserve(leaf.Adjoint);
    }

    /// <summary>Emits all members.</summary>
    public void Emit()
    {
        if (_derivation.ValueAndGradient is not null) Gradients();
        if (_derivation.Vjp is not null && Wants(Kinds.Vjp)) Vjps();
        if (_derivation.Jvp is not null && Wants(Kinds.Jvp)) Jvps();
        if (Wants(Kinds.Jacobian)) Jacobians();
        if (_derivation.Hvp is not null) Hessians();
        foreach (Action pending in _cores) pending();
        foreach (string table in _tables.Fields)
        {
            _writer.Gap();
            _writer.Line(table);
        }
        EmitAccessors(_writer.ToString());
    }

    /// <summary>The accessors that a text calls, and those that they call.</summary>
    private void EmitAccessors(string text)
    {
        List<Accessor> open = [.. _derivation.Method.Unit.Accessors];
        while (open.FindIndex(a => text.IndexOf(a.Name + "(", StringComparison.Ordinal) >= 0) is >= 0 and var at)
        {
            _writer.Gap();
            if (open[at].Attribute.Length > 0) _writer.Line(open[at].Attribute);
            _writer.Line(open[at].Declaration);
            text += open[at].Declaration;
            open.RemoveAt(at);
        }
    }

    private EquatableArray<string> Report(Unit? unit) => _report && unit is not null ? Reports.MethodReport.Of(_derivation.Method.Unit, unit) : [];

    private bool Wants(Kinds kind) => (_request.Emit & kind) != 0;

    private readonly List<Action> _cores = [];

    // ---- parts of signatures ----

    private string Modifiers(string name) => $"{_request.Accessibility} {(_request.IsStatic ? "static "
        : _request.Overridden.Contains(name) ? _request.IsVirtual ? "override " : "sealed override "
        : _request.IsVirtual ? "virtual " : "")}";

    private string TypeParameters => _request.TypeParameters;

    // an override inherits them
    private string Constraints(string name) => _request.Constraints.Length == 0 || _request.Overridden.Contains(name) ? "" : " " + _request.Constraints;

    private string Header(string result, string name, IEnumerable<string> parameters) =>
        $"{Modifiers(name)}{result} {Keywords.Escape(name)}{TypeParameters}({string.Join(", ", parameters)}){Constraints(name)}";

    /// <summary>The parameters as declared; defaults and <c>params</c> only where nothing follows.</summary>
    private IEnumerable<string> Inputs(bool last) => _request.Inputs.Select(p =>
    {
        string modifier = last ? p.Modifier : p.Modifier.Replace("params ", "");
        return $"{modifier}{p.Type} {Keywords.Escape(p.Name)}{(last ? p.Default : "")}";
    });

    private static string Into(ParameterRequest w) => w.Shape!.IsBuffer ? $"{w.Shape.Into} {w.Adjoint}" : $"out {w.Shape.Into} {w.Adjoint}";

    private IEnumerable<string> Intos => _wrt.Select(Into);

    /// <summary>The inputs as arguments for another emitted method.</summary>
    private IEnumerable<string> InputArguments => _request.Inputs.Select(p =>
        (IsReference(p) ? "ref " : "") + Keywords.Escape(p.Name));

    /// <summary>The type of a gradient: bare for one parameter, else a named tuple.</summary>
    private string GradientType => _wrt.Count == 1 ? _wrt[0].Shape!.Derivative : "(" + string.Join(", ", _wrt.Select(w => $"{w.Shape!.Derivative} {w.Adjoint}")) + ")";

    private string GradientValue => _wrt.Count == 1 ? _wrt[0].Adjoint : "(" + string.Join(", ", _wrt.Select(w => w.Adjoint)) + ")";

    /// <summary>Declares the buffers that an allocating form hands to an into-form, and gives the arguments.</summary>
    private List<string> AllocateBuffers()
    {
        var arguments = new List<string>();
        string[] optional = [.. _wrt.Where(MayBeNull).Select(w => w.Name)];
        // what the primal says to null it says here, before there is a shape to ask for
        if (optional.Length > 0)
            _writer.Line($"if ({string.Join(" || ", optional.Select(p => $"{Keywords.Escape(p)} is null"))}) _ = {Keywords.Escape(_request.Name)}{TypeParameters}({string.Join(", ", _request.Parameters.Select(p => Keywords.Escape(p.Name) + (optional.Contains(p.Name) ? "!" : "")))});");
        foreach (ParameterRequest w in _wrt)
        {
            if (w.Shape!.IsBuffer)
            {
                string of = w.Spelled;
                if (optional.Contains(w.Name)) of += $" ?? global::System.Array.Empty<{((SequenceShape)w.Shape).Element.Type}>()";
                _writer.Line($"{w.Shape.Derivative} {w.Adjoint} = {Like(w.Shape, of)};");
                arguments.Add(w.Adjoint);
            }
            else arguments.Add($"out {w.Shape.Derivative} {w.Adjoint}");
        }
        return arguments;
    }

    /// <summary>Whether an array parameter is compared with null or handed to code that may look (a guard).</summary>
    private bool MayBeNull(ParameterRequest p)
    {
        if (_forNesting || _request.Result is null || p.Shape is not SequenceShape { Kind: SequenceKind.Array, Element: ScalarShape or SequenceShape } || _request.Parameters.Any(q => q.Modifier.Length > 0)) return false;
        return _derivation.Method.Unit.Entry.Body.All().SelectMany(s => s.Values()).SelectMany(v => v.All()).Any(e => e switch
        {
            Opaque x => x.Holes.Any(IsIt),
            Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual, Right: Constant { Text: "null" } } x => IsIt(x.Left),
            _ => false,
        });

        bool IsIt(Expr e) => e is Read { Variable: var v } && v.Name == p.Name;
    }

    /// <summary>The C# of a buffer in the shape of its argument, for a form that overwrites it: numbers need not be zero before.</summary>
    private string Like(Shape shape, string value) => shape switch
    {
        SequenceShape { Element: ScalarShape } s when !_forNesting => $"{Buffers}.Like({s.Indexable(value)})",
        SequenceShape { Kind: SequenceKind.Array, Element: SequenceShape { Kind: SequenceKind.Array, Element: ScalarShape } } when !_forNesting => $"{Buffers}.Like({value})",
        _ => ZerosLike(shape, value),
    };

    /// <summary>The C# of zeros in the shape of a buffer's argument.</summary>
    private string ZerosLike(Shape shape, string value) => shape switch
    {
        SequenceShape { Element: ScalarShape or VectorShape } s when _forNesting => $"new {s.Element.Derivative}[{s.Length(value)}]",
        MatrixShape m when _forNesting => $"new {m.Element.Derivative}[{string.Join(", ", Enumerable.Range(0, m.Rank).Select(d => $"{value}.GetLength({d})"))}]",
        SequenceShape { Kind: SequenceKind.Array, Element: SequenceShape { Kind: SequenceKind.Array } inner } when _forNesting => $"global::System.Array.ConvertAll({value}, static item => {ZerosLike(inner, "item")})",
        SequenceShape { Element: SequenceShape inner } s when s.Kind == SequenceKind.Array && inner.Kind == SequenceKind.Array && s.Type == s.Derivative => $"{Buffers}.ZerosLike({value})",
        SequenceShape { Element: { IsBuffer: true } inner, Kind: not (SequenceKind.Span or SequenceKind.ReadOnlySpan or SequenceKind.Memory or SequenceKind.ReadOnlyMemory) } =>
            $"global::System.Linq.Enumerable.ToArray(global::System.Linq.Enumerable.Select({value}, static item => {ZerosLike(inner, "item")}))",
        SequenceShape { Element: ScalarShape or VectorShape } s => $"{Buffers}.ZerosLike({s.Indexable(value)})",
        SequenceShape s => $"new {s.Element.Derivative}[{s.Length(value)}]",
        _ => $"{Buffers}.ZerosLike({value})",
    };

    /// <summary>The checks at the start of an into-form: nothing is written before all have passed.</summary>
    private List<string> Checks()
    {
        var lines = new List<string>();
        if (_forNesting) return lines;
        var seen = new List<ParameterRequest>();
        foreach (ParameterRequest w in _wrt)
        {
            if (!w.Shape!.IsBuffer) continue;
            lines.Add($"{Buffers}.{CheckOf(w.Shape)}({w.Adjoint}, {Checked(w)}, nameof({w.Adjoint}));");
            foreach (ParameterRequest p in _request.Inputs)
                if (p.Name != w.Name && ShapeOrConstant(p) is { } shape && Comparable(w.Shape, shape))
                    lines.Add($"{Buffers}.CheckDisjoint({w.Adjoint}, {Checked(p)}, nameof({w.Adjoint}));");
            foreach (ParameterRequest other in seen)
                if (Comparable(w.Shape, other.Shape!)) lines.Add($"{Buffers}.CheckDisjoint({w.Adjoint}, {other.Adjoint}, nameof({w.Adjoint}));");
            seen.Add(w);
        }
        return lines;
    }

    // tangents of a user's type are of another type than what they belong to, and lie elsewhere
    private static string CheckOf(Shape shape) => IsOfModels(shape) && shape is SequenceShape { Kind: not (SequenceKind.List or SequenceKind.ReadOnlyList) } ? "CheckLength" : "Check";

    private static bool IsOfModels(Shape shape) => shape is SequenceShape { Element: CompositeShape };

    private static string Checked(ParameterRequest p) => p.Shape switch
    {
        SequenceShape { IsMixed: true } s => s.Arrays(Keywords.Escape(p.Name)),
        SequenceShape s when s.Kind == SequenceKind.Enumerable || IsOfModels(s) => s.Indexable(Keywords.Escape(p.Name)),
        _ => Keywords.Escape(p.Name),
    };

    private static Shape? ShapeOrConstant(ParameterRequest p) => p.Shape;

    // which pairs Buffers.CheckDisjoint can compare: one element type, spans with what spans can view, jagged with jagged and flat
    private static bool Comparable(Shape buffer, Shape other) => (Depth(buffer), Depth(other)) switch
    {
        (1, 1) or (1, 2) or (2, 1) or (2, 2) => Innermost(buffer) == Innermost(other) && buffer is SequenceShape && other is SequenceShape o
            && (Depth(buffer) == 1 || Depth(other) == 2 || o.Kind is SequenceKind.Array or SequenceKind.Span or SequenceKind.ReadOnlySpan),
        (-1, -1) => buffer.Type == other.Type,
        _ => false,
    };

    private static int Depth(Shape shape) => shape switch
    {
        SequenceShape { Element: ScalarShape or VectorShape } => 1,
        SequenceShape { Element: SequenceShape { Element: ScalarShape or VectorShape } } => 2,
        MatrixShape => -1,
        _ => 0,
    };

    private static string Innermost(Shape shape) => shape switch { SequenceShape s => Innermost(s.Element), _ => shape.Type };

    // ---- functions of the Ir ----

    private string Callee(string kind, string function) => $"{_request.Prefix}{kind}{_request.Ordinal}_{Safe(function)}";

    private static string Safe(string name) => new(name.Select(c => char.IsLetterOrDigit(c) || c == '_' ? c : '_').ToArray());

    private FunctionPrinter Printer(Unit unit, string kind) =>
        new(_writer, unit, _request.IsStatic, _forNesting, name => name == unit.Entry.Name && unit.Callees.All(c => c.Name != name) ? Core(kind) : Callee(kind, name), _request.IsOldFramework);

    private string Core(string kind) => $"{_request.Prefix}{kind}Core{_request.Ordinal}";

    /// <summary>Prints the functions that a unit's entry calls, as far as they are reached.</summary>
    private void Callees(Unit unit, string kind)
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Reach(unit, unit.Entry, reached);
        FunctionPrinter printer = Printer(unit, kind);
        foreach (Function callee in unit.Callees)
        {
            if (!reached.Contains(callee.Name)) continue;
            _writer.Gap();
            printer.Private(callee, Callee(kind, callee.Name), inline: !callee.Body.All().Any(s => s is Call));
        }
    }

    private static void Reach(Unit unit, Function from, HashSet<string> reached)
    {
        foreach (Stmt s in from.Body.All())
            if (s is Call call && unit.Find(call.Function) is { } target && reached.Add(target.Name)) Reach(unit, target, reached);
    }

    /// <summary>Prints the entry as a private method and says how it is called.</summary>
    private void PrivateCore(Unit unit, string kind)
    {
        _writer.Gap();
        Printer(unit, kind).Private(unit.Entry, Core(kind), inline: false);
        Callees(unit, kind);
    }

    /// <summary>The call of a private core; arguments of other roles than the primal's come from <paramref name="other"/>.</summary>
    private string CoreCall(Unit unit, string kind, Func<Parameter, string> other, Func<Parameter, string>? outs = null) =>
        $"{Core(kind)}{TypeParameters}({string.Join(", ", unit.Entry.Parameters.Select((p, i) => p.Role != ParameterRole.Primal ? other(p) : Primal(p, outs)))})";

    private static string Primal(Parameter p, Func<Parameter, string>? outs) => p.Passing switch
    {
        Passing.Out => outs?.Invoke(p) ?? "out _",
        Passing.Ref => "ref " + (p.CSharp.Length > 0 ? p.CSharp : Keywords.Escape(p.Variable.Name)),
        _ => p.CSharp.Length > 0 ? p.CSharp : Keywords.Escape(p.Variable.Name),
    };

    /// <summary>Declares what a private core writes for parameters that are put together from leaves; gives the core's arguments.</summary>
    private Func<Parameter, string> AdjointArguments()
    {
        Dictionary<string, string> arguments = new(StringComparer.Ordinal);
        foreach (Leaf leaf in _leaves.All)
        {
            bool isBuffer = leaf.Parameter.Variable.Type.IsReference;
            if (leaf.IsWhole) arguments[leaf.Name] = (isBuffer ? "" : "out ") + leaf.Adjoint;
            else if (isBuffer)
            {
                _writer.Line($"var {leaf.Adjoint} = {LeafZeros(leaf)};");
                arguments[leaf.Name] = leaf.Adjoint;
            }
            else arguments[leaf.Name] = $"out var {leaf.Adjoint}";
        }
        return p => arguments.TryGetValue(p.Of, out string? argument) ? argument : throw new NotSupportedException("no argument for " + p.Variable.Name);
    }

    private string LeafZeros(Leaf leaf, bool mayBeNull = true)
    {
        string value = leaf.Parameter.CSharp;
        // a member that is null has none
        string orNull = leaf.Parameter.Variable.Type is ArrayType or ListType && mayBeNull && !_forNesting ? $"{value} is null ? null! : " : "";
        return orNull + leaf.Parameter.Variable.Type switch
        {
            ArrayType { Rank: 1, Element: StructType { Shadow: var tangent } } => $"new {tangent}[{value}.Length]",
            ListType { Element: StructType { Shadow: var tangent } } => $"new {tangent}[{value}.Count]",
            ArrayType { Rank: 1, Element: ScalarType or VectorType } array when _forNesting => $"new {array.Element.CSharp}[{value}.Length]",
            ArrayType or ListType or SpanType => $"{Buffers}.ZerosLike({value})",
            var type => $"default({type.CSharp})",
        };
    }

    /// <summary>Assigns the <c>out</c> parameters that are put together from leaves.</summary>
    private void AssignAssembled()
    {
        foreach (ParameterRequest w in _wrt)
            if (_leaves.Of(w) is not [{ IsWhole: true }]) _writer.Line($"{w.Adjoint} = {_leaves.Assemble(w, l => l.Adjoint)};");
    }
}
