using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Objects that are made, linked and exchanged at run time. Each has a number, from 1 on as they are made, and 0 is null; what variables, arrays and lists
/// hold of an object is its number. The members live in lists, one for each member of the class, under the object's number. So a reference is a constant,
/// whoever holds an object sees what others write to it, and derivatives go where the numbers are.
/// </summary>
internal sealed partial class Lowerer
{
    private bool IsInRoom(ITypeSymbol? type) => type is not null && session.Types.IsInRoom(Actual(type));

    // collections may go by their interfaces
    private bool IsSameInRooms(ITypeSymbol from, ITypeSymbol to) => SymbolEqualityComparer.Default.Equals(from, to)
        || IsInRoom(from) && IsInRoom(to) && FamilyOf((INamedTypeSymbol)from).SequenceEqual(FamilyOf((INamedTypeSymbol)to), SymbolEqualityComparer.Default) || !session.Types.IsInRoom(from) && !session.Types.IsInRoom(to) && session.Types.IsOfRooms(to);

    private Value? SameObject(IInvocationOperation o) => o.Arguments.Length == 2 ? SameObject(o.Arguments[0].Value, o.Arguments[1].Value, BinaryOperator.Equal) : null;

    /// <summary>Whether two references are to one object, where objects have numbers; null where they have none.</summary>
    private Value? SameObject(IOperation left, IOperation right, BinaryOperator comparison)
    {
        (left, right) = (Unconverted(left), Unconverted(right));
        if (!IsInRoom(left.Type) && !IsInRoom(right.Type)) return SameStorage(left, right, comparison);
        Expr Number(IOperation side) => IsNullLiteral(side) ? Nobody
            : IsInRoom(side.Type) ? ExprOf(Lower(side)) : throw Unsupported("a comparison of objects of several types", "compare their numbers", side.Syntax);
        // a copy of the caller's object is the same as another one of it
        if (!IsNullLiteral(left) && !IsNullLiteral(right) && session.Adopted.Count > 0)
            throw Unsupported("a comparison of the caller's objects", "compare their members", left.Syntax);
        Value[] numbers = Operands(() => new ExprValue(Number(left)), () => new ExprValue(Number(right)));
        return new ExprValue(new Binary(comparison, ExprOf(numbers[0]), ExprOf(numbers[1]), PlainType.Bool));
    }

    /// <summary>Whether there is an array, a list or a sequence of such objects at all, or whether two are one; null for what holds no such objects.</summary>
    private Value? SameStorage(IOperation left, IOperation right, BinaryOperator comparison)
    {
        bool Holds(IOperation side) => side.Type is { } type && session.Types.IsOfRooms(Actual(type));
        if (!Holds(left) && !Holds(right) || !(Holds(left) || IsNullLiteral(left)) || !(Holds(right) || IsNullLiteral(right))) return null;
        if (IsNullLiteral(left) || IsNullLiteral(right))
        {
            Value held = Lower(IsNullLiteral(left) ? right : left), none = new ExprValue(new Constant(PlainType.Void, "null", null));
            Expr missing = MissingTest(held, none) ?? (held is CollectionValue collection ? IsMissing(collection) : held is ExprValue { Expr: var reference } ? NullTest(reference) : False);
            return new ExprValue(comparison == BinaryOperator.Equal ? missing : Not(missing));
        }
        Value[] sides = Operands(() => Lower(left), () => Lower(right));
        return sides[0] is ExprValue { Expr: var one } && sides[1] is ExprValue { Expr: var other } && one.Type.Equals(other.Type)
            ? new ExprValue(new Binary(comparison, one, other, PlainType.Bool)) : throw Unsupported("a comparison of these", "compare what is in them", left.Syntax);
    }

    private static bool IsNullLiteral(IOperation side) => side is { ConstantValue: { HasValue: true, Value: null } };

    private bool OverridesEquals(ITypeSymbol type) => session.Adopted.Count > 0 ||
        session.Hierarchy.Types.Any(t => Hierarchy.DerivesFrom(t, (INamedTypeSymbol)Actual(type).OriginalDefinition) && (t.IsRecord || t.GetMembers("Equals").Any() || t.AllInterfaces.Any(i => i.Name == "IEquatable")))
        || Actual(type) is INamedTypeSymbol own && (own.IsRecord || own.GetMembers("Equals").Any() || own.AllInterfaces.Any(i => i.Name == "IEquatable"));

    private static Constant Nobody => IntConstant(0);

    private static Binary IsSomebody(Expr number) => new(BinaryOperator.NotEqual, number, Nobody, PlainType.Bool);

    /// <summary>The storage of one member of all objects of a class.</summary>
    private Expr ListOf(INamedTypeSymbol type, string member, IrType element)
    {
        if (!session.Rooms.TryGetValue((type, member), out Declare? list))
        {
            var listType = ListType.Of(element);
            string name = char.ToLowerInvariant(type.Name[0]) + type.Name.Substring(1);
            session.Rooms[(type, member)] = list = new Declare(Local(Join(name, TypeMap.NameOf(member.Trim('(', ')')).Replace(".", "")) + "s", listType), new NewList(listType)) { Source = _source, Site = _site };
        }
        return new Read(list.Variable);
    }

    private IEnumerable<(string Name, ITypeSymbol Type, INamedTypeSymbol Owner)> MembersOf(INamedTypeSymbol type)
    {
        foreach ((string name, ITypeSymbol member, ISymbol symbol) in TypeMap.Fields(type)) yield return (name, Actual(member), symbol.ContainingType);
        if (type.TypeKind == TypeKind.Class)
            foreach ((string key, IParameterSymbol p) in CapturedBy(type)) yield return (key, Actual(p.Type), p.ContainingType);
    }

    /// <summary>Every number, array or other plain value that an object of a class consists of: who declares it, the way to it, its type.</summary>
    private IEnumerable<(INamedTypeSymbol Owner, string Path, ITypeSymbol Type)> LeavesOf(INamedTypeSymbol type, INamedTypeSymbol? owner = null, string path = "") =>
        MembersOf(type).SelectMany(m => IsSplit(m.Type) ? LeavesOf((INamedTypeSymbol)m.Type, owner ?? m.Owner, path + m.Name + ".") : [(owner ?? m.Owner, path + m.Name, m.Type)]);

    /// <summary>The members of an object under its number.</summary>
    private CompositePlace Room(INamedTypeSymbol owner, INamedTypeSymbol part, string path, Expr number, bool isExact = false)
    {
        bool whole = path.Length == 0;
        var place = new CompositePlace(part) { IsObject = whole, Number = whole ? number : null, IsExact = isExact };
        foreach ((string name, ITypeSymbol member, INamedTypeSymbol declared) in MembersOf(part))
        {
            if (IsBound(member) || IsHeld(member) || IsLocalClass(member)) throw Unsupported($"the member '{name}' of an object that is made at run time", "keep numbers, arrays and lists in it");
            place.Add(name, IsSplit(member) ? Room(whole ? declared : owner, (INamedTypeSymbol)member, path + name + ".", number)
                : new ExprPlace(new ElementAt(ListOf(whole ? declared : owner, path + name, TypeOf(member)), [Minus(number, IntConstant(1))])));
        }
        return place;
    }

    /// <summary>What a member access sees of the object that a value is the number of; other values as they are.</summary>
    /// <param name="value">The value of <paramref name="instance"/>.</param>
    /// <param name="instance">What stands before the dot.</param>
    /// <param name="stays">Whether code runs on the object, in which the variable that held it may be given another.</param>
    private Value Opened(Value value, IOperation? instance, bool stays = false)
    {
        if (value is not ExprValue { Expr: var number } || !IsInRoom(instance?.Type)) return value;
        if (instance is IInstanceReferenceOperation && _frame.FindThis() is CompositePlace { Number: not null } self) return new ObjectValue(self);
        string wish = char.ToLowerInvariant(instance!.Type!.Name[0]) + instance.Type.Name.Substring(1);
        number = stays && !IsFixed(instance) ? Saved(number, wish) : Named(number, wish);
        if (MayBeNull(instance)) ThrowIf(new Binary(BinaryOperator.Equal, number, Nobody, PlainType.Bool), "NullReferenceException");
        return Opened(number, (INamedTypeSymbol)Actual(instance.Type));
    }

    private ObjectValue Opened(Expr number, INamedTypeSymbol type)
    {
        // an interface or base of which only one class is made
        if (FamilyOf(type) is [var only] && IsA(only, type)) type = only;
        return new(Room(type, type, "", number));
    }

    private void ThrowIf(Expr condition, string exception)
    {
        var thrown = new PlainType("global::System." + exception, PlainKind.Other);
        Emit(new If(condition, new Block([new Ir.Throw(new Opaque([$"new {thrown.Name}()"], [], thrown, Purity.Effects)) { Source = _source, Site = _site }]), Block.Empty));
    }

    // what the compiler knows to be there is not asked for; what it was only told to believe is
    private bool MayBeNull(IOperation instance)
    {
        if (instance is IConditionalAccessInstanceOperation or IInstanceReferenceOperation or IObjectCreationOperation) return false;
        bool believed = instance is IArrayElementReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: false }
            || instance.Syntax.Parent is Microsoft.CodeAnalysis.CSharp.Syntax.PostfixUnaryExpressionSyntax;
        return believed || session.Model(instance.Syntax.SyntaxTree).GetTypeInfo(instance.Syntax, session.Token).Nullability.FlowState != NullableFlowState.NotNull;
    }

    private bool IsFixed(IOperation instance) => instance switch
    {
        ILocalReferenceOperation l => !_frame.IsWritten(l.Local),
        IParameterReferenceOperation p => !_frame.IsWritten(p.Parameter),
        _ => instance is IInstanceReferenceOperation or IConditionalAccessInstanceOperation,
    };

    /// <summary>A new object: its members join the lists, and its number is the place that they have there.</summary>
    private ExprValue Entered(CompositePlace made)
    {
        var type = (INamedTypeSymbol)made.Type;
        List<INamedTypeSymbol> family = FamilyOf(type);
        Expr? first = null;
        void Add(Expr list, Expr value)
        {
            first ??= list;
            Emit(new AddItem(list, Retype(value, ((ListType)list.Type).Element)));
        }
        // what has no members is counted by its class
        if (family.Count > 1 || !LeavesOf(type).Any()) Add(KindsOf(family), IntConstant(family.IndexOf(type)));
        var own = new HashSet<Expr>();
        foreach ((INamedTypeSymbol owner, string path, ITypeSymbol member) in LeavesOf(type))
        {
            Place? part = made;
            foreach (string name in path.Split('.')) part = (part as CompositePlace)?[name];
            if (part is not ExprPlace kept)
            {
                // in the next attempt these are made at run time as well; or those that hold what no list can keep are known while lowering
                if (IsLocalClass(Actual(member))) session.Made.Add((INamedTypeSymbol)Actual(member));
                else session.Apart.Add(type);
                throw Unsupported($"the member '{path}' of an object that is made at run time", "keep numbers, arrays and lists in it");
            }
            Expr list = ListOf(owner, path, TypeOf(member));
            own.Add(list);
            Add(list, ExprOf(kept.Load()));
        }
        // the members of the others have a place under this number as well
        foreach (INamedTypeSymbol other in family)
            foreach ((INamedTypeSymbol owner, string path, ITypeSymbol member) in LeavesOf(other))
                if (ListOf(owner, path, TypeOf(member)) is var list && own.Add(list)) Add(list, TypeOf(member) is { IsReference: true } none ? new Constant(none, "null", null) : Zero(TypeOf(member)));
        return new ExprValue(Saved(new LengthOf(first!), char.ToLowerInvariant(type.Name[0]) + type.Name.Substring(1)));
    }

    /// <summary>Refuses code that must know objects of such classes, in a signature or a spelled name.</summary>
    private void ReportOutsideOfRooms(Unit unit)
    {
        if (session.Types.Rooms.Count == 0) return;
        string[] names = [.. session.Types.Rooms.Select(TypeMap.Spell)];
        bool Names(string text) => names.Any(n =>
        {
            for (int at = text.IndexOf(n, StringComparison.Ordinal); at >= 0; at = text.IndexOf(n, at + 1, StringComparison.Ordinal))
                if (at + n.Length == text.Length || !char.IsLetterOrDigit(text[at + n.Length]) && text[at + n.Length] is not ('_' or '.')) return true;
            return false;
        });
        HashSet<Variable> adopted = [.. _adopted.Select(a => a.Outside)];
        bool Sees(Expr e) => e.All().Any(x => !(x is Read or ElementAt or FieldOf && x.Root() is { } root && adopted.Contains(root)) && Names(x.Type.CSharp) || x is Opaque o && o.Pieces.Any(Names) || x is Constant c && Names(c.Text) || x is Apply a && Names(a.Format));
        foreach (Function f in unit.Callees.Prepend(unit.Entry))
            if (f.Parameters.Any(p => !adopted.Contains(p.Variable) && Names(p.Variable.Type.CSharp)) || f.Results.Any(r => Names(r.Type.CSharp))
                || f.Body.All().Any(s => s.Values().Concat(s.Targets()).Any(Sees) || s is Declare d && Names(d.Variable.Type.CSharp)))
                throw Unsupported("an object that is made at run time and leaves the method", "pass its numbers");
    }
}
