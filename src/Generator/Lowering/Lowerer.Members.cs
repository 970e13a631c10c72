using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <content>Parameters of marked types, taken apart: each member that a derivative can flow into is a parameter of its own.</content>
internal sealed partial class Lowerer
{
    /// <summary>The members of a parameter (or of <c>this</c>) as parameters where a derivative can flow into them, else as reads of the member.</summary>
    private CompositePlace Members(
        INamedTypeSymbol type, string root, string path, Expr self, bool differentiable, bool written, List<Parameter> pseudo, List<Stmt> prologue, EquatableArray<string> names)
    {
        _taken.Push(type);
        try
        {
            return MembersOf(type, root, path, self, differentiable, written, pseudo, prologue, names);
        }
        finally { _taken.Pop(); }
    }

    /// <summary>The types that are being taken apart, each held by the one before.</summary>
    private readonly Stack<INamedTypeSymbol> _taken = new();

    private CompositePlace MembersOf(
        INamedTypeSymbol type, string root, string path, Expr self, bool differentiable, bool written, List<Parameter> pseudo, List<Stmt> prologue, EquatableArray<string> names)
    {
        var place = new CompositePlace(type) { IsObject = !type.IsValueType, IsHeld = !type.IsValueType, Origin = type.IsValueType || type.IsSealed ? null : self, IsOwned = true, IsReplaced = written };
        foreach ((string name, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields(type))
        {
            // by its own name, a derived class's member is meant
            bool hidden = TypeMap.IsHidden(member, type);
            if (hidden && member is IPropertySymbol)
            {
                // what an override hides cannot be read from outside
                place.Add(name, new BoundPlace(null, -1));
                continue;
            }
            string owner = hidden ? $"(({TypeMap.Spell(member.ContainingType)}){path})" : path, csharp = owner + "." + Spelled(member, name);
            EquatableArray<string> named = names.Append(Spelled(member, name).TrimStart('@')).ToEquatable();
            IrType ir = TypeOfApart(fieldType);
            string? accessor = null;
            if (!type.IsTupleType && !session.IsAccessible(member is IPropertySymbol { GetMethod: { } asked } ? asked : member))
            {
                accessor = AccessorName(member);
                if (accessor is null)
                {
                    place.Add(name, new UnreachablePlace(name, member.ContainingType.Name));
                    continue;
                }
                csharp = $"{accessor}({owner})";
            }
            string wish = Join(path == "this" ? "" : path.Replace(".", "_").Split('_').Last(), TypeMap.NameOf(name));
            // what has no part in the Tangent of a marked type is constant
            bool isPart = differentiable && !TypeMap.HasAttribute(member, "NoDerivativeAttribute") && !IsOfUnmarkedBase(member, type);
            Discovery.Shape? shape = isPart ? Discovery.ShapeReader.Read(Actual(fieldType)) : null;
            isPart &= shape is not null || !TypeMap.HasAttribute(type, "DifferentiableAttribute");
            bool active = isPart && ir.CarriesDerivative;
            if (active && shape is Discovery.SequenceShape { IsMixed: true }) throw Unsupported($"the member '{name}' of {type.Name}", "give it the type of arrays of arrays, or mark it with [NoDerivative]");
            bool recurs = _taken.Any(t => SymbolEqualityComparer.Default.Equals(t, fieldType));
            if (recurs && active) throw Unsupported($"'{type.Name}', which contains values of its own type", "mark that member with [NoDerivative]");
            bool nested = !recurs && fieldType is INamedTypeSymbol held && (IsSplit(fieldType) || TypeMap.HasAttribute(held, "DifferentiableAttribute"));
            bool maybe = name == "Value" && type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
            Opaque read = accessor is not null ? new Opaque([accessor + "(", ")"], [self], ir, Purity.Reads) : new Opaque([hidden ? $"(({TypeMap.Spell(member.ContainingType)})" : "", maybe ? ".GetValueOrDefault()" : (hidden ? ")." : ".") + Spelled(member, name)], [self], ir, Purity.Reads);
            if (active && member is IPropertySymbol { GetMethod: { } computing } && HasBody(computing) && IsAuto((IPropertySymbol)member))
                throw Unsupported($"the property '{name}', whose getter computes from its field", "keep the number in a field or an auto property, and compute in a method");
            if (nested && (active || ir is PlainType))
            {
                place.Add(name, Members((INamedTypeSymbol)Actual(fieldType), root, csharp, read, isPart, written, pseudo, prologue, named));
            }
            else if (active)
            {
                Variable variable = Local(wish, ir);
                pseudo.Add(new Parameter(variable) { CSharp = csharp, Of = root, Path = named });
                place.Add(name, new ExprPlace(new Read(variable)));
            }
            else if (isPart && shape is not null && MemoryElement(fieldType) is { } element)
            {
                // a view on memory is the span of it
                Variable variable = Local(wish, new SpanType(TypeOf(element.Element), element.ReadOnly));
                pseudo.Add(new Parameter(variable) { CSharp = csharp + (fieldType.Name == "ArraySegment" ? ".AsSpan()" : ".Span"), Of = root, Path = named });
                place.Add(name, new ExprPlace(new Read(variable)));
            }
            else if (isPart && shape is not null)
            {
                throw Unsupported($"the member '{name}' of {type.Name}", "give it the type of numbers, arrays or structs of them, or mark it with [NoDerivative]");
            }
            else if (written)
            {
                Variable variable = Local(wish, ir);
                prologue.Add(new Declare(variable, read) { Source = _source, Site = _site });
                place.Add(name, new ExprPlace(new Read(variable)));
            }
            else
            {
                place.Add(name, new BoundPlace(new ExprValue(type.IsValueType ? read with { Purity = Purity.Pure } : read), -1));
            }
        }
        return place;
    }

    /// <summary>The type of a value that is taken apart: what cannot be stored whole is only its name.</summary>
    private IrType TypeOfApart(ITypeSymbol type) => session.Types.HasLists(Actual(type)) ? new PlainType(TypeMap.Spell(Actual(type)), PlainKind.Other) : TypeOf(type);

    /// <summary>Whether a marked type has a member from a base type that is not marked (or lies behind one that is not): its tangent has no part for it.</summary>
    internal static bool IsOfUnmarkedBase(ISymbol member, INamedTypeSymbol type)
    {
        if (!Discovery.Attributes.IsDifferentiable(type)) return false;
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
        {
            if (!Discovery.Attributes.IsDifferentiable(t)) return true;
            if (SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, member.ContainingType.OriginalDefinition)) return false;
        }
        return false;
    }
}
