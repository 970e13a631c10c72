using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Numbers that are taken apart into their bits and put together again (<c>BitConverter.DoubleToInt64Bits</c> and back): what comes out varies with what
/// went in, though integers in between carry no derivative. Bits that do not come back (an exponent, a sign, a hash) are piecewise constant. What is
/// followed has a slope (<see cref="BitSlopes"/>); the rest is looked for here.
/// </summary>
internal static class BitPatterns
{
    /// <summary>The calls that give the bits of a number, as they are spelled; what follows is the number.</summary>
    public static readonly string[] Apart =
    [
        "global::System.BitConverter.DoubleToInt64Bits(", "global::System.BitConverter.DoubleToUInt64Bits(", "global::System.BitConverter.SingleToInt32Bits(", "global::System.BitConverter.SingleToUInt32Bits(",
        "global::System.Runtime.CompilerServices.Unsafe.BitCast<double, long>(", "global::System.Runtime.CompilerServices.Unsafe.BitCast<double, ulong>(",
        "global::System.Runtime.CompilerServices.Unsafe.BitCast<float, int>(", "global::System.Runtime.CompilerServices.Unsafe.BitCast<float, uint>(",
    ];

    /// <summary>The calls that make a number of bits.</summary>
    public static readonly string[] Together =
    [
        "global::System.BitConverter.Int64BitsToDouble(", "global::System.BitConverter.UInt64BitsToDouble(", "global::System.BitConverter.Int32BitsToSingle(", "global::System.BitConverter.UInt32BitsToSingle(",
        "global::System.Runtime.CompilerServices.Unsafe.BitCast<long, double>(", "global::System.Runtime.CompilerServices.Unsafe.BitCast<ulong, double>(",
        "global::System.Runtime.CompilerServices.Unsafe.BitCast<int, float>(", "global::System.Runtime.CompilerServices.Unsafe.BitCast<uint, float>(",
    ];

    private static readonly string[] s_apart = ["ToInt64Bits(", "ToUInt64Bits(", "ToInt32Bits(", "ToUInt32Bits(", "ToInt16Bits(", "ToUInt16Bits(", "BitConverter.GetBytes(", "BinaryPrimitives.WriteDouble", "BinaryPrimitives.WriteSingle", "Buffer.BlockCopy("];
    private static readonly string[] s_together = ["BitsToDouble(", "BitsToSingle(", "BitsToHalf(", "BitConverter.ToDouble(", "BitConverter.ToSingle("];

    // memory that is seen as if it held another type
    private static readonly string[] s_seen = ["Unsafe.As<", "Unsafe.BitCast<", "Unsafe.ReadUnaligned<", "MemoryMarshal.Cast<", "MemoryMarshal.AsBytes<", "MemoryMarshal.AsBytes(", "MemoryMarshal.Read<"];

    /// <summary>
    /// Whether a number that goes on to a result is made of bits. One that is only compared (the spacing of numbers, in a test of convergence) goes nowhere;
    /// which integers lead to one that does, by what they are or by what they decide, is not followed.
    /// </summary>
    public static bool ComeBack(Activity activity, Unit unit)
    {
        // bits that are stored somewhere may come back as any number that is made of an integer
        BitTaint? taint = BitTaint.Of(unit);
        return unit.Callees.Prepend(unit.Entry).Any(f => f.Body.All().Any(s => Matters(activity, f, s) && s.Values().SelectMany(v => v.All()).Any(e => IsMade(e) || taint is not null && taint.IsOfBits(f, s, e))));
    }

    private static bool IsMade(Expr e) => e is Opaque x && (Mentions(x, s_together) || (IsShared(x) || Mentions(x, s_seen)) && x.Type.CarriesDerivative) && x.Holes.Any(h => h.All().Any(r => r is not Constant));

    private static bool Matters(Activity activity, Function function, Stmt s) => s switch
    {
        Declare x => activity.IsUseful(function, x.Variable),
        Assign or AddTo => s.Targets().All(t => activity.IsUsefulTarget(function, t)),
        If or While or Throw => false,
        _ => true,
    };

    /// <summary>Whether a fragment gives the bits of a number.</summary>
    public static bool TakesApart(Opaque fragment) => Mentions(fragment, s_apart) || (IsShared(fragment) || Mentions(fragment, s_seen)) && !fragment.Type.CarriesDerivative;

    // a member of a union
    private static bool IsShared(Opaque fragment) => fragment.Lost is { Arguments: [Refusal.SharedStorage, ..] };

    private static bool Mentions(Opaque fragment, string[] calls) => fragment.Pieces.Any(p => calls.Any(c => p.IndexOf(c, StringComparison.Ordinal) >= 0));
}
