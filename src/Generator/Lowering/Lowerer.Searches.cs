using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>The methods of lists and functions of <c>System.Array</c> that ask a predicate: the loops of LINQ's operators.</content>
internal sealed partial class Lowerer
{
    private static readonly HashSet<string> SearchNames = new(StringComparer.Ordinal) { "Find", "FindLast", "FindAll", "FindIndex", "FindLastIndex", "Exists", "TrueForAll", "RemoveAll" };

    /// <summary>A search through items that can be reached by position; null where the predicate is not known here.</summary>
    private Value? Search(string name, Expr items, SequenceValue sequence, Value predicate, IInvocationOperation o)
    {
        if (predicate is not FunctionValue) return null;
        Value[] rest = [predicate];
        switch (name)
        {
            case "Find": return One(sequence, "FirstOrDefault", rest, o);
            case "FindLast": return One(sequence, "LastOrDefault", rest, o);
            case "Exists": return Counted(sequence, "Any", rest, o);
            case "TrueForAll": return Counted(sequence, "All", rest, o);
            case "FindAll":
                var found = new SequenceValue(sequence.Element, consume => sequence.Each(v => { v = Kept(v); When(ExprOf(Invoke(predicate, o, [v])), () => consume(v)); }));
                return TypeOf(o.Type!) is Ir.ArrayType ? ToArray(found) : new ExprValue(ToList(found));
            case "FindIndex" or "FindLastIndex":
                return new ExprValue(Position(items, i => ExprOf(Invoke(predicate, o, [Kept(Element(items, i))])), last: name == "FindLastIndex"));
            case "RemoveAll" when items.Type is ListType:
                Variable kept = Local("kept", PlainType.Int);
                Emit(new Declare(kept, IntConstant(0)));
                Counter("i", IntConstant(0), new LengthOf(items), i =>
                {
                    Value item = Kept(Element(items, i));
                    When(Not(ExprOf(Invoke(predicate, o, [item]))), () =>
                    {
                        StoreExpr(new ElementAt(items, [new Read(kept)]), item, null);
                        Emit(new Assign(new Read(kept), new Binary(BinaryOperator.Add, new Read(kept), IntConstant(1), PlainType.Int)));
                    });
                });
                Expr removed = Named(new Binary(BinaryOperator.Subtract, new LengthOf(items), new Read(kept), PlainType.Int), "removed");
                Emit(new While(new Binary(BinaryOperator.Greater, new LengthOf(items), new Read(kept), PlainType.Bool), new Block([new RemoveLast(items) { Source = _source, Site = _site }])));
                return new ExprValue(removed);
            default: return null;
        }
    }

    /// <summary>The position of the first or last item of which something holds, −1 where there is none: an integer, constant by pieces.</summary>
    private Expr Position(Expr items, Func<Expr, Expr> holds, bool last = false)
    {
        Variable at = Local("at", PlainType.Int);
        Emit(new Declare(at, IntConstant(-1)));
        WithExit(label =>
        {
            void Test(Expr i) => When(holds(i), () =>
            {
                Emit(new Assign(new Read(at), i));
                Leave(label);
            });
            if (last) CounterDown("i", new LengthOf(items), Test);
            else Counter("i", IntConstant(0), new LengthOf(items), Test);
        });
        return new Read(at);
    }
}
