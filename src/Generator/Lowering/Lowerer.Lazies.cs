using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary><c>Lazy&lt;T&gt;</c>: a function that is known here, and what it has given the first time it was asked.</summary>
internal sealed partial class Lowerer
{
    private static bool IsLazy(ITypeSymbol type) => type is INamedTypeSymbol { Name: "Lazy", Arity: 1, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private Value LazyCreation(IObjectCreationOperation o, INamedTypeSymbol type)
    {
        ITypeSymbol held = Actual(type.TypeArguments[0]);
        if (o.Given() is not [{ Value: { } first }, ..] || Lower(Unconverted(first)) is not FunctionValue { Method.Parameters.IsEmpty: true } factory) return LowerVerbatim(o);
        Place cache = NewPlace("lazy", held, Default(held));
        Variable made = Local("made", PlainType.Bool);
        Emit(new Declare(made, False));
        return new LazyValue(factory, cache, new Read(made));
    }

    private Value LazyProperty(LazyValue lazy, IPropertyReferenceOperation o)
    {
        if (o.Property.Name == "IsValueCreated") return new ExprValue(lazy.Made);
        When(Not(lazy.Made), () =>
        {
            Store(lazy.Cache, Call(lazy.Factory, o.Syntax), o);
            Emit(new Assign(lazy.Made, True));
        });
        return lazy.Cache.Load();
    }
}

/// <summary>A value that is computed when it is first asked for.</summary>
internal sealed class LazyValue(FunctionValue factory, Place cache, Read made) : Value
{
    public FunctionValue Factory { get; } = factory;

    public Place Cache { get; } = cache;

    /// <summary>Whether it has been computed.</summary>
    public Read Made { get; } = made;
}
