using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>What stands around a block: <c>try</c>, <c>lock</c>.</content>
internal sealed partial class Lowerer
{
    private void TryStatement(ITryOperation o)
    {
        Block body = BlockOf(Into(() => Statement(o.Body)));
        var catches = new List<Catch>();
        foreach (ICatchClauseOperation c in o.Catches)
        {
            string header = "catch";
            var clause = (CatchClauseSyntax)c.Syntax;
            Opaque? filter = null;
            if (clause.Declaration is not null)
            {
                string name = "";
                if (c.ExceptionDeclarationOrExpression is IVariableDeclaratorOperation d)
                {
                    Variable variable = Local(d.Symbol.Name, session.Types.Map(d.Symbol.Type));
                    _frame.Bind(d.Symbol, new ExprPlace(new Opaque([Session.Escape(variable.Name)], [], variable.Type, Purity.Reads) { Consults = [Opaque.Thrown] }));
                    name = " " + Session.Escape(variable.Name);
                }
                header = $"catch ({TypeMap.Spell(Actual(c.ExceptionType))}{name})";
            }
            if (c.Filter is not null)
            {
                var inner = new List<Stmt>();
                Expr condition = null!;
                inner = Into(() => condition = ExprOf(Lower(c.Filter)));
                if (inner.Count > 0) inner = Into(() => condition = ExprOf(LowerVerbatim(c.Filter)));
                if (inner.Count > 0) throw Unsupported("this exception filter", "test it inside the catch", c.Filter.Syntax);
                filter = new Opaque([header + " when (", ")"], [condition], PlainType.Void, Purity.Effects);
            }
            Block handler = BlockOf(Into(() => Statement(c.Handler)));
            catches.Add(new Catch(filter ?? new Opaque([header], [], PlainType.Void, Purity.Effects), handler));
        }
        Block last = o.Finally is null ? Block.Empty : BlockOf(Into(() => Statement(o.Finally)));
        Emit(new Try(body, catches.ToEquatable(), last));
    }

    private void LockStatement(ILockOperation o)
    {
        // nobody else sees an object that is made here
        if (IsOwnObject(o.LockedValue))
        {
            Statement(o.Body);
            return;
        }
        bool isComputed = Unconverted(o.LockedValue) is IInvocationOperation || TypeOf(o.LockedValue.Type!) is Ir.ArrayType or ListType;
        Expr target = ExprOf(isComputed ? Lower(o.LockedValue) : LowerVerbatim(o.LockedValue));
        Emit(new Around(new Opaque(["lock (", ")"], [target], PlainType.Void, Purity.Effects), BlockOf(Into(() => Statement(o.Body)))));
    }

    private bool IsOwnObject(IOperation locked) => Unconverted(locked) is var o && (IsInRoom(o.Type) || o switch
    {
        IInstanceReferenceOperation => _frame.FindThis()?.Load(),
        ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation when o.Type is { IsReferenceType: true } => Lower(o),
        _ => null,
    } is ObjectValue { Fields.Origin: null });

    /// <summary><c>Monitor.Enter</c> and <c>Monitor.Exit</c> of an object that nobody else sees; null for others.</summary>
    private VoidValue? MonitorCall(IInvocationOperation o, IMethodSymbol method)
    {
        if (method.Name is not ("Enter" or "Exit") || o.Given() is not [{ Value: { } locked }, .. var rest] || !IsOwnObject(locked)) return null;
        if (rest is [{ Value: { } taken }]) Store(PlaceOf(taken), new ExprValue(True), taken);
        return VoidValue.Instance;
    }
}
