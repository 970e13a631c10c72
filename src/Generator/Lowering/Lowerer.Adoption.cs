using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Objects of the caller beside those that are made at run time: an object that cannot change is copied to where the others are, and has a number as they have.
/// Its members stay parameters of the derivative, so that derivatives flow back to the caller's objects.
/// </summary>
internal sealed partial class Lowerer
{
    private readonly List<(IParameterSymbol Parameter, Variable Outside, Variable? Numbers)> _adopted = [];

    /// <summary>Whether a parameter is an object, or an array or list of objects, of a class that can be copied unnoticed: nothing of it ever changes, and no other class derives from it.</summary>
    private bool IsAdoptable(IParameterSymbol p) => p.RefKind == RefKind.None && ModelOf(p.Type) is { } type && IsInRoom(type) && !type.IsAbstract && !HasDerived(type) && type.BaseType is null or { SpecialType: SpecialType.System_Object }
        && TypeMap.Fields(type).All(f => !IsOfUnmarkedBase(f.Member, type) && TypeOf(f.Type) is ScalarType or PlainType { Kind: not PlainKind.Other }
            && f.Member is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } } && session.IsAccessible(f.Member));

    /// <summary>The marked class of an object, or of the objects of an array or list; null for other types.</summary>
    private INamedTypeSymbol? ModelOf(ITypeSymbol type) => Actual(type) switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Class } named when Discovery.Attributes.IsDifferentiable(named) => named,
        IArrayTypeSymbol { Rank: 1, ElementType: INamedTypeSymbol element } => ModelOf(element) is { } model && SymbolEqualityComparer.Default.Equals(model, element) ? model : null,
        INamedTypeSymbol { Name: "List" or "IReadOnlyList", Arity: 1 } list when InCollections(list) && list.TypeArguments[0] is INamedTypeSymbol element => ModelOf(element) is { } model && SymbolEqualityComparer.Default.Equals(model, element) ? model : null,
        _ => null,
    };

    private void Adopt(IParameterSymbol p, bool differentiated, List<Parameter> parameters, List<Parameter> pseudo, List<Stmt> prologue, List<Stmt> adopted)
    {
        INamedTypeSymbol type = ModelOf(p.Type)!;
        bool constant = !differentiated || TypeMap.HasAttribute(p, "NoDerivativeAttribute");
        session.Adopted.Add(type);
        if (IsInRoom(p.Type))
        {
            var whole = new Variable(p.Name, new PlainType(TypeMap.Spell(type), PlainKind.Other));
            parameters.Add(new Parameter(whole, Passing.Value, true));
            CompositePlace members = Members(type, p.Name, p.Name, new Read(whole), !constant, false, pseudo, prologue, []);
            adopted.AddRange(Into(() => Bind(Copied(type, members))));
            _adopted.Add((p, whole, null));
            return;
        }
        IrType element = session.Types.Outside(type);
        var outside = new Variable(p.Name, p.Type is IArrayTypeSymbol ? new Ir.ArrayType(element) : new ListType(element, TypeMap.Spell(p.Type)));
        parameters.Add(new Parameter(outside, Passing.Value, constant));
        Variable numbers = Local(p.Name, p.Type is IArrayTypeSymbol ? new Ir.ArrayType(PlainType.Int) : ListType.Of(PlainType.Int));
        adopted.AddRange(Into(() =>
        {
            if (numbers.Type is Ir.ArrayType array) Emit(new Declare(numbers, new NewArray(array, [new LengthOf(new Read(outside))])));
            else Emit(new Declare(numbers, new NewList((ListType)numbers.Type)));
            Counter("i", IntConstant(0), new LengthOf(new Read(outside)), i =>
            {
                Expr number = Copied(type, StructPlace(type, new ElementAt(new Read(outside), [i])));
                Emit(numbers.Type is Ir.ArrayType ? new Assign(new ElementAt(new Read(numbers), [i]), number) : new AddItem(new Read(numbers), number));
            });
        }));
        _frame.Bind(p, new ExprPlace(new Read(numbers)));
        _adopted.Add((p, outside, numbers));

        void Bind(Expr number)
        {
            Variable local = Local(p.Name, PlainType.Int);
            Emit(new Declare(local, number));
            _frame.Bind(p, new ExprPlace(new Read(local)));
        }
    }

    /// <summary>The number of a copy of an object.</summary>
    private Expr Copied(INamedTypeSymbol type, CompositePlace members)
    {
        var copy = new CompositePlace(type) { IsObject = true };
        foreach ((string name, _, _) in TypeMap.Fields(type)) copy.Add(name, new ExprPlace(ExprOf(members[name]!.Load())));
        return Entered(copy).Expr;
    }

    /// <summary>The caller's array keeps its objects: what is stored in the place of one of them would not reach it.</summary>
    private void CheckAdopted(Unit unit, IReadOnlyList<Stmt> body)
    {
        if (_adopted.All(a => a.Numbers is null)) return;
        var locations = new Locations(unit.Entry, unit, Summaries.Of(unit));
        HashSet<string> writes = locations.Writes(body);
        foreach ((IParameterSymbol p, _, Variable? numbers) in _adopted)
            if (numbers is not null && writes.Contains(locations.Content(numbers)))
                throw Unsupported($"an object that is stored in '{p.Name}', which the caller keeps", "copy it first", p.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token));
    }
}
