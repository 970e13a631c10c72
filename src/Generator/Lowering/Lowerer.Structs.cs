using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Structs, tuples, records and objects of the body: taken apart, put together, made.</summary>
internal sealed partial class Lowerer
{
    /// <summary>A struct value as its fields.</summary>
    private CompositeValue Split(Expr e, INamedTypeSymbol type)
    {
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T && e.Type is not StructType)
        {
            if (e is Constant { Text: "null" }) return (CompositeValue)Default(type);
            e = Named(e, "maybe");
            IrType underlying = TypeOf(type.TypeArguments[0]);
            return new CompositeValue(type,
            [
                new("HasValue", new ExprValue(new Opaque(["", ".HasValue"], [e], PlainType.Bool, Purity.Pure))),
                new("Value", Whole(new Opaque(["", ".GetValueOrDefault()"], [e], underlying, Purity.Pure, default,
                    underlying.CarriesDerivative && _statement is not null ? Lost(DiagnosticIds.LostInType, _statement, TypeMap.Spell(type)) : null), type.TypeArguments[0])),
            ]);
        }
        if (e is Constant { Text: var text } && text.StartsWith("default", StringComparison.Ordinal))
            return Default(type) as CompositeValue ?? throw Unsupported($"the default of '{type.Name}', whose only members are parameters", "give it fields", _statement);
        if (e is not (Read or ElementAt or FieldOf)) e = Named(e, "whole");
        if (e is NewStruct made && made.Type is StructType s0)
            return new CompositeValue(type, s0.Fields.Select((f, i) => new KeyValuePair<string, Value>(f.Name, new ExprValue(made.Values[i]))).ToList());
        return new CompositeValue(type, TypeMap.Fields(type).Select(f =>
            new KeyValuePair<string, Value>(f.Name, Whole(FieldOfWhole(e, f.Member, f.Name, f.Type), f.Type))).ToList());
    }

    private FieldOf FieldOfWhole(Expr e, ISymbol member, string name, ITypeSymbol type)
    {
        IrType held = e.Type is StructType whole && whole.Fields.FirstOrDefault(f => f.Name == name) is { } known ? known.Type : TypeOf(type);
        var field = new FieldOf(e, FieldSpelling(member, name), held);
        if (e.Type is StructType { IsTuple: false } owner && owner.AccessorOf(field.Name).Length > 0) DeclareAccessor(member);
        else if (!session.IsAccessible(member) && e.Type is not StructType { IsTuple: true }) session.Hidden[(e.Type.CSharp, field.Name)] = member.ContainingType.Name;
        return field;
    }

    /// <summary>What is read or written of a struct that stays whole must be nameable from the emitted code.</summary>
    private void ReportHidden(Unit unit)
    {
        if (session.Hidden.Count == 0) return;
        foreach (Stmt s in unit.Callees.Prepend(unit.Entry).SelectMany(f => f.Body.All()))
            foreach (FieldOf field in s.Values().Concat(s.Targets()).SelectMany(e => e.All()).OfType<FieldOf>())
                if (session.Hidden.TryGetValue((field.Target.Type.CSharp, field.Name), out string? owner)) session.Report(DiagnosticIds.NotAccessible, [field.Name, owner], s.Site);
    }

    private static string FieldSpelling(ISymbol member, string name) => member is IFieldSymbol { ContainingType.IsTupleType: true } ? name : member.Name;

    /// <summary>The fields of a struct that stays whole in memory, as places.</summary>
    private CompositePlace StructPlace(INamedTypeSymbol type, Expr e)
    {
        var place = new CompositePlace(type);
        foreach ((string name, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields(type))
        {
            FieldOf field = FieldOfWhole(e, member, name, fieldType);
            // a nullable number is written at once: without a value there is nothing to keep one in
            place.Add(name, IsSplit(fieldType) && field.Type is not StructType { IsNullable: true } ? StructPlace((INamedTypeSymbol)Actual(fieldType), field) : new ExprPlace(field));
        }
        return place;
    }

    /// <summary>What stands for one struct cannot hold another: behind an interface both may be one variable.</summary>
    private void RequireSame(ITypeSymbol type, ITypeSymbol other, IOperation? from = null)
    {
        if (type is INamedTypeSymbol { IsTupleType: false, IsValueType: true } && other is INamedTypeSymbol { IsTupleType: false } && !SymbolEqualityComparer.Default.Equals(type, other))
            throw Unsupported("one of several structs behind an interface", "give each its own local", from?.Syntax);
    }

    /// <summary>Nor null, nor what is only known by the interface.</summary>
    private void RequireSame(ITypeSymbol type, Expr given, IOperation? from)
    {
        if (type is INamedTypeSymbol { IsTupleType: false, IsValueType: true } && !IsNullable(type) && (IsNull(given) || given.Type is PlainType { Kind: PlainKind.Other, CSharp: var known } && given is not Constant && known != TypeMap.Spell(type)))
            throw Unsupported("a struct or something else behind an interface", "give each its own local", from?.Syntax);
    }

    /// <summary>Stores a struct, or an object that is taken apart, member by member.</summary>
    private void StoreComposite(CompositePlace place, CompositeValue value, IOperation? from)
    {
        RequireSame(place.Type, value.Type, from);
        // (a, b) = (b, a): later fields must not see what earlier ones were given
        var values = value.Fields.ToList();
        if (values.Count > 1) Name(value);
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Key[0] == '(' && place[values[i].Key] is null) continue; // found missing, and refused, where a member uses it
            Place target = place[values[i].Key] ?? throw Unsupported($"the member {values[i].Key}", "use a field of the type itself");
            // it would run now, and over what is there now
            if (target is ExprPlace && values[i].Value is SequenceValue { Origin: not null }) throw Unsupported("a query in a struct that is assigned again", "call ToArray() where it is written", from?.Syntax);
            int mark = _out.Count;
            Store(target, values[i].Value, from);
            for (int j = i + 1; j < values.Count; j++) values[j] = new(values[j].Key, Protect(values[j].Value, ref mark));
        }
    }

    /// <summary>A struct from its fields, as one expression.</summary>
    private Expr Rebuild(CompositeValue c)
    {
        var type = (INamedTypeSymbol)c.Type;
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            Expr has = ExprOf(c["HasValue"]!), value = ExprOf(c["Value"]!);
            if (session.Types.NullableNumber(type) is { } held) return new NewStruct(held, held.Creation, [has, value]);
            var plain = new PlainType(TypeMap.Spell(type), PlainKind.Other);
            if (IsFalse(has)) return new Constant(plain, $"default({plain.Name})", null);
            Refusal? lost = _statement is null ? null : Lost(DiagnosticIds.LostInType, _statement, plain.Name);
            return has is Constant ? new Opaque([$"(({plain.Name})", ")"], [value], plain, Purity.Pure, default, lost)
                : new Opaque(["(", " ? ", $" : default({plain.Name}))"], [has, value], plain, Purity.Pure, default, lost);
        }
        if (session.Types.Map(type) is not StructType s) throw Unsupported($"a value of {type.Name} here", "pass its numbers", _statement);
        Expr[] values = [.. TypeMap.Fields(type).Select(f => ExprOf(c[f.Name]!))];
        return new NewStruct(s, FormatOf(type), new(values));
    }

    /// <summary>C# that makes a struct from all its fields: a tuple, a constructor that stores its parameters, or an initialiser.</summary>
    private string FormatOf(INamedTypeSymbol type)
    {
        List<(string Name, ITypeSymbol Type, ISymbol Member)> fields = [.. TypeMap.Fields(type)];
        if (type.IsTupleType) return fields.Count == 1 ? $"new {TypeMap.Spell(type)}({{0}})" : "(" + string.Join(", ", fields.Select((_, i) => $"{{{i}}}")) + ")";
        if (TypeMap.IsPair(type)) return $"new {TypeMap.Spell(type)}({{0}}, {{1}})";
        if (session.Types.IsStandIn(type)) return ShadowTuples.FormatOf([.. fields.Select(f => f.Name)], []);
        foreach (IMethodSymbol constructor in type.InstanceConstructors)
        {
            if (constructor.Parameters.Length != fields.Count || constructor.Parameters.Length == 0 || !session.IsAccessible(constructor)) continue;
            if (StoredBy(constructor, fields) is { } order)
                return $"new {TypeMap.Spell(type)}({string.Join(", ", order.Select(i => $"{{{i}}}"))})";
        }
        if (fields.All(f => IsSettable(f.Member)))
            return $"new {TypeMap.Spell(type)} {{{{ {string.Join(", ", fields.Select((f, i) => $"{Session.Escape(f.Member.Name)} = {{{i}}}"))} }}}}";
        return Assembled(type, fields) ?? throw new Refused(DiagnosticIds.NotAccessible, type.Name, type.Name);
    }

    private bool IsSettable(ISymbol member) => session.IsAccessible(member) && member switch
    {
        IFieldSymbol f => !f.IsReadOnly,
        IPropertySymbol p => p.SetMethod is { } set && session.IsAccessible(set),
        _ => false,
    };

    /// <summary>For a constructor that does nothing but store each parameter in a field: the field of each parameter, in their order.</summary>
    private List<int>? StoredBy(IMethodSymbol constructor, List<(string Name, ITypeSymbol Type, ISymbol Member)> fields)
    {
        var order = new List<int>();
        if (constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is TypeDeclarationSyntax primary)
        {
            foreach (IParameterSymbol p in constructor.Parameters)
            {
                int at = fields.FindIndex(f => f.Name == p.Name);
                if (at < 0 && primary is RecordDeclarationSyntax) return null;
                order.Add(at);
            }
            if (primary is not RecordDeclarationSyntax)
            {
                order.Clear();
                foreach (IParameterSymbol p in constructor.Parameters)
                {
                    int at = fields.FindIndex(f => f.Member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) switch
                    {
                        PropertyDeclarationSyntax { Initializer.Value: IdentifierNameSyntax name } => name.Identifier.ValueText == p.Name,
                        VariableDeclaratorSyntax { Initializer.Value: IdentifierNameSyntax name } => name.Identifier.ValueText == p.Name,
                        _ => false,
                    });
                    if (at < 0 || IsCaptured(p, constructor.ContainingType)) return null;
                    order.Add(at);
                }
                return order.Distinct().Count() == fields.Count ? order : null;
            }
            return primary is RecordDeclarationSyntax && order.Distinct().Count() == fields.Count ? order : null;
        }
        if (constructor.DeclaringSyntaxReferences.IsEmpty || session.Body(constructor) is not IConstructorBodyOperation { Initializer: null } body) return null;
        IEnumerable<IOperation> statements = (body.BlockBody ?? body.ExpressionBody)?.Operations ?? [];
        var stored = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
        foreach (IOperation statement in statements)
        {
            if (statement is not IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Value: IParameterReferenceOperation p } assignment }) return null;
            string? name = assignment.Target switch
            {
                IFieldReferenceOperation f => TypeMap.KeyOf(f.Field),
                IPropertyReferenceOperation q when IsAuto(q.Property) => q.Property.Name,
                _ => null,
            };
            int at = fields.FindIndex(f => f.Name == name);
            if (at < 0) return null;
            stored[p.Parameter] = at;
        }
        foreach (IParameterSymbol p in constructor.Parameters)
        {
            if (!stored.TryGetValue(p.OriginalDefinition, out int at)) return null;
            order.Add(at);
        }
        return order.Distinct().Count() == fields.Count ? order : null;
    }

    internal static bool IsAuto(IPropertySymbol property)
    {
        foreach (ISymbol member in property.OriginalDefinition.ContainingType.GetMembers())
            if (member is IFieldSymbol { AssociatedSymbol: { } associated } && SymbolEqualityComparer.Default.Equals(associated, property.OriginalDefinition)) return true;
        return Attributes.PropertiesElsewhere(property.ContainingType.OriginalDefinition).Any(p => SymbolEqualityComparer.Default.Equals(p, property.OriginalDefinition));
    }
}
