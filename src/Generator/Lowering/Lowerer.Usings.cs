using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary><c>using</c>: around code that stays as it is for resources of the framework, a call of <c>Dispose</c> for what is taken apart.</summary>
internal sealed partial class Lowerer
{
    private void UsingStatement(IUsingOperation o)
    {
        if (o.IsAsynchronous) throw Unsupported("await using", "use a synchronous resource", o.Syntax);
        if (o.Resources is IVariableDeclarationGroupOperation group)
        {
            foreach (IVariableDeclarationOperation d in group.Declarations) Declarations(d);
            AroundResources(group, () => Statement(o.Body));
            return;
        }
        IOperation resource = Unconverted(o.Resources);
        ITypeSymbol type = Actual(resource.Type!);
        Value made = LowerHeld(resource);
        if (made is ExprValue { Expr: var given } && !IsInRoom(type)) made = new ExprValue(Saved(given, "resource"));
        AroundResources([made is CompositeValue ? NewPlace("resource", type, made) : new BoundPlace(made, -1)], [type], 0, () => Statement(o.Body));
    }

    private void AroundResources(IVariableDeclarationGroupOperation group, Action body)
    {
        ILocalSymbol[] symbols = [.. group.Declarations.SelectMany(d => d.Declarators).Select(d => d.Symbol)];
        AroundResources([.. symbols.Select(s => _frame.Find(s)!)], [.. symbols.Select(s => Actual(s.Type))], 0, body);
    }

    /// <summary>A body between what is made and what is done at its end, the last resource first.</summary>
    private void AroundResources(Place[] resources, ITypeSymbol[] types, int first, Action body)
    {
        if (first == resources.Length)
        {
            body();
            return;
        }
        Value resource = resources[first].Load();
        List<Stmt> inner = Into(() => AroundResources(resources, types, first + 1, body));
        if (resource is ExprValue { Expr: var opaque } && !IsInRoom(types[first]))
        {
            Emit(new Around(new Opaque(["using (", ")"], [opaque], PlainType.Void, Purity.Effects), BlockOf(inner)));
            return;
        }
        List<Stmt> last = Into(() => Disposed(resource, resources[first], types[first]));
        Emit(inner, last);
    }

    /// <summary>Statements and what comes after them however they end; without a handler where that is the same.</summary>
    private void Emit(List<Stmt> inner, List<Stmt> last)
    {
        Stmt? leaving = last.Count > 0 && inner.Count > 0 && inner[inner.Count - 1] is Exit exit ? exit : null;
        List<Stmt> before = leaving is null ? inner : inner.GetRange(0, inner.Count - 1);
        HashSet<string> own = [.. BlockOf(before).All().OfType<Labelled>().Select(l => l.Label)];
        if (last.Count == 0 || !Effects.Of(last).HasEffects && !Effects.Of(before).MayThrow && BlockOf(before).All().OfType<Exit>().All(e => own.Contains(e.Label)))
        {
            _out.AddRange(before);
            _out.AddRange(last);
            if (leaving is not null) _out.Add(leaving);
            return;
        }
        Emit(new Try(BlockOf(inner), [], BlockOf(last)));
    }

    private void Disposed(Value resource, Place place, ITypeSymbol type)
    {
        if (IsInRoom(type)) throw Unsupported("the disposal of an object that is made at run time", "call its method after its last use", _statement);
        if (DisposeOf(type) is not { } dispose) return;
        if (resource is ChoiceValue { IsNullable: true } perhaps)
        {
            When(Not(IsMissing(perhaps)), () => Disposed(new ChoiceValue(perhaps.Options, perhaps.Index, "") { IsWhole = true }, place, type));
            return;
        }
        ForEach(resource, one =>
        {
            if (one is ObjectValue { Fields: var known } && _enumerators.ContainsKey(known)) return VoidValue.Instance;
            return one switch
            {
                ObjectValue => Virtually(dispose, one, (actual, self) => HasSource(actual) ? Inline(actual, self, [], [], _statement!) : VoidValue.Instance, null),
                CompositeValue when Override(dispose, one) is var actual && HasSource(actual) => Inline(actual, place, [], [], _statement!),
                ExprValue { Expr: Constant { Text: "null" } } or CompositeValue or SequenceValue => VoidValue.Instance,
                _ => throw Unsupported("the disposal of this", "call its method after its last use", _statement),
            };
        }, null);
    }

    /// <summary>What <c>using</c> calls at its end: the interface's method, or that of a ref struct.</summary>
    private IMethodSymbol? DisposeOf(ITypeSymbol type)
    {
        var disposable = session.Compilation.GetSpecialType(SpecialType.System_IDisposable);
        if (SymbolEqualityComparer.Default.Equals(type, disposable) || type is INamedTypeSymbol named && Hierarchy.Is(named, disposable)) return (IMethodSymbol)disposable.GetMembers("Dispose")[0];
        return type.IsRefLikeType ? type.GetMembers("Dispose").OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.IsEmpty && !m.IsStatic) : null;
    }
}
