using System.Globalization;
using System.Numerics;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Constants, and what becomes one where a parameter stands for a constant: C# computes it when it compiles, and refuses an overflow that the primal would
/// wrap or throw.
/// </summary>
internal sealed partial class Lowerer
{
    private Expr? ConstantOf(IOperation o)
    {
        ITypeSymbol type = o.Type!;
        object? value = o.ConstantValue.Value;
        if (o is IFieldReferenceOperation { Field: { IsConst: true } field } && field.DeclaringSyntaxReferences.IsEmpty && field.ContainingType.TypeKind != TypeKind.Enum
            && value is double or float)
            return new Constant(TypeOf(type), TypeMap.Spell(field.ContainingType) + "." + field.Name, System.Convert.ToDouble(value, CultureInfo.InvariantCulture));
        return ConstantOf(type, value);
    }

    private Expr? ConstantOf(ITypeSymbol type, object? value)
    {
        type = Actual(type);
        if (value is null)
        {
            if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return null;
            if (IsInRoom(type)) return Nobody;
            return new Constant(session.Types.Map(type), "null", null);
        }
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return null;
        if (type.TypeKind == TypeKind.Enum)
        {
            if (!session.IsAccessible(type)) return ConstantOf(((INamedTypeSymbol)type).EnumUnderlyingType!, value);
            IFieldSymbol? named = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, value));
            string text = named is not null ? TypeMap.Spell(type) + "." + Session.Escape(named.Name) : $"(({TypeMap.Spell(type)})({value}))";
            return new Constant(session.Types.Map(type), text, null);
        }
        IrType ir = session.Types.Map(type);
        switch (value)
        {
            case double d: return new Constant(ScalarType.Double, DoubleText(d), d);
            case float f: return new Constant(ScalarType.Single, FloatText(f), f);
            case bool b: return new Constant(PlainType.Bool, b ? "true" : "false", null);
            case int i: return ir is PlainType { Kind: PlainKind.Integer } ? IntConstant(i) with { ConstantType = ir } : null;
            case string s: return new Constant(ir, SymbolDisplay.FormatLiteral(s, true), null);
            case char c: return new Constant(ir, SymbolDisplay.FormatLiteral(c, true), c);
            case long l: return new Constant(ir, l == long.MinValue ? "long.MinValue" : l.ToString(CultureInfo.InvariantCulture) + "L", l);
            case uint u: return new Constant(ir, u.ToString(CultureInfo.InvariantCulture) + "U", u);
            case ulong u: return new Constant(ir, u.ToString(CultureInfo.InvariantCulture) + "UL", u);
            case decimal m: return new Constant(ir, m.ToString(CultureInfo.InvariantCulture) + "m", null);
            case byte or sbyte or short or ushort:
                return new Constant(ir, $"({ir.CSharp})({System.Convert.ToString(value, CultureInfo.InvariantCulture)})", System.Convert.ToDouble(value, CultureInfo.InvariantCulture));
            default: return null;
        }
    }

    internal static string DoubleText(double d)
    {
        if (double.IsNaN(d)) return "double.NaN";
        if (double.IsInfinity(d)) return d > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        if (d == 0) return 1 / d < 0 ? "-0.0" : "0.0";
        string text = Shortest(d);
        return text.IndexOfAny(['.', 'E', 'e']) < 0 ? text + ".0" : text;
    }

    private static string Shortest(double d)
    {
        string text = d.ToString("R", CultureInfo.InvariantCulture);
        // "R" of .NET Framework can fail to come back; 17 digits always do
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double back) && back == d ? text : d.ToString("G17", CultureInfo.InvariantCulture);
    }

    internal static string FloatText(float f)
    {
        if (float.IsNaN(f)) return "float.NaN";
        if (float.IsInfinity(f)) return f > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        if (f == 0) return 1 / f < 0 ? "-0f" : "0f";
        return f.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    /// <summary>Sums, products and quotients of whole constants; null where there are others, or where it is for run time to throw.</summary>
    private static Constant? Folded(BinaryOperator op, Expr left, Expr right, IrType type, bool isChecked)
    {
        if (WholeOf(left) is not { } a || WholeOf(right) is not { } b || RangeOf(type) is not { } range) return null;
        BigInteger? result = op switch
        {
            // no overflow in these, whatever the context
            BinaryOperator.ShiftLeft => Wrapped(a << (int)(b & (range.Greatest > uint.MaxValue ? 63 : 31)), range),
            BinaryOperator.ShiftRight => a >> (int)(b & (range.Greatest > uint.MaxValue ? 63 : 31)),
            BinaryOperator.BitAnd => a & b,
            BinaryOperator.BitOr => a | b,
            BinaryOperator.BitXor => a ^ b,
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.Divide when !b.IsZero && !(b == -1 && a == range.Least) => BigInteger.Divide(a, b),
            BinaryOperator.Remainder when !b.IsZero && !(b == -1 && a == range.Least) => BigInteger.Remainder(a, b),
            _ => null,
        };
        return result is { } whole ? Whole(whole, type, isChecked) : null;
    }

    /// <summary>A whole constant of another type; null where the constant is none, or does not fit and it is for run time to say so.</summary>
    private static Constant? Folded(Expr constant, IrType type, bool isChecked) => constant is Constant { Type: ScalarType { Kind: ScalarKind.Double or ScalarKind.Single }, Number: { } number }
        ? Math.Abs(number) < 1e15 ? Whole(new BigInteger(Math.Truncate(number)), type, isChecked: true) : null
        : WholeOf(constant) is { } whole ? Whole(whole, type, isChecked) : null;

    private static Constant? Whole(BigInteger value, IrType type, bool isChecked)
    {
        if (RangeOf(type) is not { } range) return null;
        if (value < range.Least || value > range.Greatest)
        {
            if (isChecked) return null;
            value = Wrapped(value, range);
        }
        string text = value.ToString(CultureInfo.InvariantCulture);
        return new Constant(type, type.CSharp switch
        {
            "int" => value == int.MinValue ? "int.MinValue" : text,
            "uint" => text + "U",
            "long" => value == long.MinValue ? "long.MinValue" : text + "L",
            "ulong" => text + "UL",
            _ => $"({type.CSharp})({text})",
        }, (double)value);
    }

    private static BigInteger Wrapped(BigInteger value, (BigInteger Least, BigInteger Greatest) range)
    {
        BigInteger size = range.Greatest - range.Least + 1;
        return BigInteger.Remainder(BigInteger.Remainder(value - range.Least, size) + size, size) + range.Least;
    }

    private static BigInteger? WholeOf(Expr e) => e switch
    {
        Constant { Type: PlainType { Kind: PlainKind.Integer, CSharp: "long" or "ulong" }, Text: var text } => text == "long.MinValue" ? long.MinValue
            : BigInteger.TryParse(text.TrimEnd('U', 'L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole) ? whole : null,
        Constant { Type: PlainType { Kind: PlainKind.Integer } type, Number: { } number } when RangeOf(type) is not null => new BigInteger(number),
        _ => null,
    };

    private static (BigInteger Least, BigInteger Greatest)? RangeOf(IrType type) => type.CSharp switch
    {
        "sbyte" => (sbyte.MinValue, sbyte.MaxValue),
        "byte" => (byte.MinValue, byte.MaxValue),
        "short" => (short.MinValue, short.MaxValue),
        "ushort" => (ushort.MinValue, ushort.MaxValue),
        "int" => (int.MinValue, int.MaxValue),
        "uint" => (uint.MinValue, uint.MaxValue),
        "long" => (long.MinValue, long.MaxValue),
        "ulong" => (ulong.MinValue, ulong.MaxValue),
        _ => null,
    };

    /// <summary>A constant that C# does not compute with when it compiles.</summary>
    private static Expr AtRunTime(Expr constant) => constant is Constant ? new Opaque([$"(({constant.Type.CSharp})(object)({constant.Type.CSharp})(", "))"], [constant], constant.Type, Purity.Pure) : constant;
}
