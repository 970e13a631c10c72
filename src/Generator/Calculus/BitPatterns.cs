using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Numbers that are taken apart into their bits and put together again (<c>BitConverter.DoubleToInt64Bits</c> and back): what comes out varies with what
/// went in, though integers in between carry no derivative. Bits that do not come back (an exponent, a sign, a hash) are piecewise constant.
/// </summary>
internal static class BitPatterns
{
    private static readonly string[] s_apart = ["ToInt64Bits(", "ToUInt64Bits(", "ToInt32Bits(", "ToUInt32Bits(", "ToInt16Bits(", "ToUInt16Bits(", "BitConverter.GetBytes("];
    private static readonly string[] s_together = ["BitsToDouble(", "BitsToSingle(", "BitsToHalf(", "BitConverter.ToDouble(", "BitConverter.ToSingle("];

    /// <summary>Whether anything in a unit makes a number of bits.</summary>
    public static bool ComeBack(Unit unit) => unit.Callees.Prepend(unit.Entry).SelectMany(f => f.Body.All()).SelectMany(s => s.Values()).SelectMany(v => v.All())
        .Any(e => e is Opaque x && Mentions(x, s_together));

    /// <summary>Whether a fragment gives the bits of a number.</summary>
    public static bool TakesApart(Opaque fragment) => Mentions(fragment, s_apart);

    private static bool Mentions(Opaque fragment, string[] calls) => fragment.Pieces.Any(p => calls.Any(c => p.IndexOf(c, StringComparison.Ordinal) >= 0));
}
