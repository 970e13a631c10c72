using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Values that are one of several that are known while lowering: what is asked of one is asked of each of its options.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Does with each option what is asked, in the branch in which it is the one that is chosen.</summary>
    private Value Distribute(ChoiceValue choice, Func<Value, Value> use, ITypeSymbol? type)
    {
        Expr index = Named(choice.Index, "which");
        if (type is { IsReferenceType: true } && MemberOfChosen(choice, index, use) is { } chosen) return chosen;
        Value Use(Value option) => option is ChoiceValue inner ? Distribute(inner, use, type) : use(option);
        Value Next(int i)
        {
            if (i == choice.Options.Count)
            {
                Emit(NoOption(choice));
                return type is null || type.SpecialType == SpecialType.System_Void ? VoidValue.Instance : choice.Options.Count > 0 && IsKnownOnly(choice.Options[0]) && type.IsReferenceType ? new ExprValue(new Constant(TypeOf(type), "null", null)) : Default(type);
            }
            if (i == choice.Options.Count - 1 && choice.IsWhole) return Use(choice.Options[i]);
            return Choose(new Binary(BinaryOperator.Equal, index, IntConstant(i), PlainType.Bool), () => Use(choice.Options[i]), () => Next(i + 1), type, "result");
        }
        return Next(0);
    }

    /// <summary>What is thrown where a choice is none of its options.</summary>
    private Ir.Throw NoOption(ChoiceValue choice)
    {
        var thrown = new PlainType("global::" + choice.Missing, PlainKind.Other);
        return new Ir.Throw(new Opaque([$"new {thrown.Name}()"], [], thrown, Purity.Effects)) { Source = _source, Site = _site };
    }

    /// <summary>A choice between the delegates or objects that the options have, some of which may have none; null where they are not told by naming them.</summary>
    private ChoiceValue? MemberOfChosen(ChoiceValue choice, Expr index, Func<Value, Value> use)
    {
        if (choice.IsNullable || choice.Options.Any(o => o is ChoiceValue)) return null;
        List<Value> members = [];
        if (Into(() => members.AddRange(choice.Options.Select(use))).Count > 0 || !members.All(m => m is FunctionValue or ObjectValue || IsNullConstant(m))) return null;
        Value[] there = [.. members.Where(m => !IsNullConstant(m))];
        if (there.Length == members.Count) return new ChoiceValue(there, index, choice.Missing) { IsWhole = choice.IsWhole };
        if (there.Length == 0) return null;
        if (!choice.IsWhole)
            Emit(new If(Either(new Binary(BinaryOperator.Less, index, IntConstant(0), PlainType.Bool), new Binary(BinaryOperator.GreaterOrEqual, index, IntConstant(members.Count), PlainType.Bool)), new Block([NoOption(choice)]), Block.Empty));
        Expr which = IntConstant(Array.IndexOf(there, members[members.Count - 1]));
        for (int i = members.Count - 2; i >= 0; i--)
            which = new Conditional(new Binary(BinaryOperator.Equal, index, IntConstant(i), PlainType.Bool), IntConstant(Array.IndexOf(there, members[i])), which);
        return new ChoiceValue(there, Named(which, "which"), "System.NullReferenceException");
    }

    /// <summary>One of two values that are known only while lowering; null where making them does more than name numbers.</summary>
    private Value? KnownChoice(Expr condition, List<Stmt> then, List<Stmt> otherwise, Value first, Value second)
    {
        if (!IsKnownOnly(first) && !IsKnownOnly(second)) return null;
        if (first is CompositeValue || second is CompositeValue || first is TableValue || second is TableValue) return null;
        if (!then.Concat(otherwise).All(s => s is Declare or Assign or AddTo && Effects.Of(s) is { MayThrow: false, HasEffects: false } && s.Targets().All(t => t is Read))) return null;
        // what either needs is made before the choice
        HashSet<Variable> made = [.. then.Concat(otherwise).OfType<Declare>().Select(d => d.Variable)];
        if (then.Concat(otherwise).SelectMany(s => s.Targets()).Any(t => !made.Contains(((Read)t).Variable))) return null;
        bool isNull = IsNullConstant(first), mayBeNull = isNull || IsNullConstant(second);
        if (!mayBeNull && (first is ChoiceValue { IsNullable: true } || second is ChoiceValue { IsNullable: true })) return null;
        Value there = isNull ? second : first;
        Expr number = there is ChoiceValue { Index: var chosen } ? chosen : IntConstant(0), none = IntConstant(-1);
        _out.AddRange(then);
        _out.AddRange(otherwise);
        Expr which = Named(!mayBeNull ? new Conditional(condition, IntConstant(0), IntConstant(1)) : isNull ? new Conditional(condition, none, number) : new Conditional(condition, number, none), "which");
        if (mayBeNull) return new ChoiceValue(there is ChoiceValue { Options: var options } ? options : [there], which, "System.NullReferenceException");
        return new ChoiceValue([first, second], which, "") { IsWhole = true };
    }

    private static bool IsNullConstant(Value value) => value is ExprValue { Expr: Constant { Text: "null" } };

    private Value InvokeChoice(IInvocationOperation o, IMethodSymbol method, ChoiceValue choice)
    {
        int mark = _out.Count;
        Value[] arguments = [.. ArgumentsOf(o.Arguments).Select(a => a.Map(e => Named(e, "t")))];
        return Virtually(method, Protect(choice, ref mark), (actual, place) =>
        {
            if (!HasSource(actual) || IsVerbatimOnly(actual)) throw new Refused(DiagnosticIds.UnknownTarget, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)) { Node = o.Syntax };
            return Inline(actual, place, o.Arguments, arguments, o.Syntax);
        }, o.Type);
    }
}
