using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Exceptions: guards throw what the primal's throw.</summary>
internal sealed partial class Lowerer
{
    private void Throw(IThrowOperation t)
    {
        if (t.Exception is null)
        {
            Emit(new Ir.Throw(new Opaque([""], [], PlainType.Void, Purity.Effects)));
            return;
        }
        int mark = _out.Count;
        try
        {
            Emit(new Ir.Throw(ExprOf(LowerVerbatim(Unconverted(t.Exception)))));
        }
        catch (Refused) when (Primal() is not null)
        {
            // an exception that holds what is taken apart here: the method itself throws it
            _out.RemoveRange(mark, _out.Count - mark);
            Emit(new Evaluate(Primal()!));
            Emit(new Ir.Throw(new Opaque(["new global::System.InvalidOperationException()"], [], new PlainType("global::System.InvalidOperationException", PlainKind.Other), Purity.Effects)));
        }
    }

    /// <summary>A call of the marked method with the arguments that it was given; null where those may have changed since.</summary>
    private Opaque? Primal()
    {
        IMethodSymbol entry = session.Entry;
        if (entry.IsGenericMethod || entry.ReturnsByRef || entry.ContainingType is { IsValueType: true, IsReadOnly: false } && !entry.IsStatic || !entry.IsStatic && session.Body(entry)?.Descendants().Any(o => o is IAssignmentOperation { Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } }) != false) return null;
        var holes = new List<Expr>();
        Frame first = _frame;
        while ((first.Caller ?? first.Lexical) is { } outer) first = outer;
        if (!entry.IsStatic && (first.FindThis()?.Load() is not ExprValue { Expr: { } self } || !Add(self))) return null;
        foreach (IParameterSymbol p in entry.Parameters)
            if (p.RefKind != RefKind.None || !p.Type.IsValueType || p.Type.IsRefLikeType || first.Written.Contains(p) || first.Find(p)?.Load() is not ExprValue { Expr: { } value } || !Add(value)) return null;
        string[] pieces = new string[holes.Count + 1];
        for (int i = 1; i < holes.Count; i++) pieces[i] = i == 1 && !entry.IsStatic ? $".{Session.Escape(entry.Name)}(" : ", ";
        pieces[0] = entry.IsStatic ? $"{TypeMap.Spell(entry.ContainingType)}.{Session.Escape(entry.Name)}(" : "";
        pieces[holes.Count] = !entry.IsStatic && holes.Count == 1 ? $".{Session.Escape(entry.Name)}()" : ")";
        return new Opaque(new(pieces), holes.ToEquatable(), TypeOf(entry.ReturnType), Purity.Effects);

        bool Add(Expr e)
        {
            holes.Add(e);
            return e is Read;
        }
    }
}
