namespace DiffGen.Generator.Calculus;

/// <summary>What is known of an integer that may be made of the bits of a floating-point number.</summary>
internal enum BitKind
{
    /// <summary>It is constant by pieces: an exponent, a sign, an index, any integer that has nothing to do with bits.</summary>
    Fixed,

    /// <summary>It is a multiple of the fraction of a number, and something constant by pieces besides: it has a slope.</summary>
    Flow,

    /// <summary>It is made of the last digits of a fraction alone, which are rounding: the low word.</summary>
    Low,

    /// <summary>Bits are in it in a way that is not followed.</summary>
    Mixed,
}

/// <summary>
/// An abstract integer. <paramref name="Top"/>: where the fraction ends, as a power of two (a fraction near 1 adds 2^Top); it may also end before, unless
/// that is <paramref name="Settled"/>. <paramref name="Digits"/>: how many of its first binary digits are there still. <paramref name="Possible"/>: the bits
/// that an integer that is <see cref="BitKind.Fixed"/> may have.
/// </summary>
internal readonly record struct BitValue(BitKind Kind, double Top = 0, double Digits = 0, ulong Possible = ulong.MaxValue, bool Settled = true)
{
    /// <summary>The first bit that a number cut to an integer has in it; none where there is no such number.</summary>
    public int Step { get; init; } = None;

    public const int None = 64;

    /// <summary>Digits that stand for a number; what has fewer is a table's index, a rounding on purpose, and has steps.</summary>
    public const int Enough = 18;

    /// <summary>The same of a number of single precision that is put together again.</summary>
    public const int EnoughOfASingle = 10;

    public static readonly BitValue Anything = new(BitKind.Fixed);

    public static readonly BitValue Mixed = new(BitKind.Mixed);

    public static readonly BitValue Low = new(BitKind.Low);

    public static BitValue Fixed(ulong possible) => new(BitKind.Fixed, Possible: possible);

    /// <summary>A multiple of a fraction; one without a digit left is constant by pieces.</summary>
    public static BitValue Flow(double top, double digits, bool settled = true) => digits <= 0 ? Anything : new(BitKind.Flow, top, digits, 0, settled);

    public bool IsFixed => Kind == BitKind.Fixed;

    /// <summary>Whether it stands for a number with all that one expects of it.</summary>
    public bool IsWhole => Kind == BitKind.Flow && Digits >= Enough;

    /// <summary>A half of what is even: no digit is lost.</summary>
    public BitValue Half => Kind == BitKind.Flow ? this with { Settled = false } : this;

    /// <summary>What a variable holds that is given either.</summary>
    public BitValue Or(BitValue other)
    {
        if (this == other) return this;
        if (IsFixed && other.IsFixed) return Fixed(Possible | other.Possible).Stepped(this, other);
        if (IsFixed) return other.Stepped(this, other);
        if (other.IsFixed) return Stepped(this, other);
        if (Kind != BitKind.Flow || other.Kind != BitKind.Flow) return Mixed;
        return Flow(Math.Max(Top, other.Top), Math.Min(Digits, other.Digits), Settled && other.Settled && Top == other.Top).Stepped(this, other);
    }

    // what is made of both
    private BitValue Stepped(BitValue a, BitValue b) => this with { Step = Math.Min(a.Step, b.Step) };

    private BitValue Moved(int by) => Step == None ? this : this with { Step = Math.Max(0, Math.Min(None - 1, Step + by)) };

    /// <summary>What grows with every round of a loop: nobody knows how far.</summary>
    public BitValue Widened(int width) => Kind switch
    {
        BitKind.Flow => Flow(width, Digits, false) with { Step = Step },
        BitKind.Fixed => Anything with { Step = Step == None ? None : 0 },
        _ => Mixed,
    };

    /// <summary>The sum or difference.</summary>
    public BitValue Plus(BitValue other) => (Kind, other.Kind) switch
    {
        (BitKind.Fixed, BitKind.Fixed) => Anything.Stepped(this, other),
        (_, BitKind.Fixed) => Stepped(this, other),
        (BitKind.Fixed, _) => other.Stepped(this, other),
        (BitKind.Flow, BitKind.Low) => Stepped(this, other),
        (BitKind.Low, BitKind.Flow) => other.Stepped(this, other),
        (BitKind.Flow, BitKind.Flow) => Flow(Math.Max(Top, other.Top) + 1, Math.Min(Digits, other.Digits), false).Stepped(this, other),
        _ => Mixed,
    };

    /// <summary>Either's bits together (<c>|</c>, <c>^</c>): a sum, where no bit of one meets the fraction of the other.</summary>
    public BitValue With(BitValue other)
    {
        if (IsFixed && other.IsFixed) return Fixed(Possible | other.Possible).Stepped(this, other);
        if (IsFixed) return other.With(this);
        if (Kind == BitKind.Flow && other.IsFixed) return IsClear(other.Possible) ? Stepped(this, other) : Mixed;
        return Kind == BitKind.Flow && other.Kind == BitKind.Flow ? Mixed : Plus(other);
    }

    // rounding may be met
    private bool IsClear(ulong bits) => (bits & Below(Math.Ceiling(Top)) & ~(Settled ? Below(Top - Enough) : 0)) == 0;

    /// <summary>The bits of a mask.</summary>
    public BitValue Masked(ulong mask)
    {
        if (IsFixed) return Fixed(Possible & mask) with { Step = Step == None || mask == 0 ? None : Math.Max(Step, LowestOf(mask)) };
        if (Kind != BitKind.Flow) return this;
        ulong all = Below(Math.Ceiling(Top)), kept = mask & all;
        if (kept == all) return this;
        if (!Settled || Top != Math.Floor(Top)) return Mixed;
        if (kept == 0) return Fixed(mask) with { Step = Step };
        int first = LowestOf(kept), last = HighestOf(kept);
        // a mask with holes in the fraction
        if (kept != (Below(last + 1) & ~Below(first))) return Mixed;
        BitValue narrowed = Narrowed(last + 1);
        return narrowed.Kind == BitKind.Flow ? Flow(Top, Math.Min(Digits, Top - first)) with { Step = Step } : narrowed;
    }

    /// <summary>What is left of the fraction where bits from the given one on are lost.</summary>
    public BitValue Narrowed(double width)
    {
        if (Kind != BitKind.Flow || Top <= width) return this;
        return Settled && Top - width >= Enough ? Low : Mixed;
    }

    /// <summary>Moved by a number of bits to the left.</summary>
    public BitValue Left(int by, int width) => Kind switch
    {
        BitKind.Fixed => (Fixed(Possible << by & Below(width)) with { Step = Step }).Moved(by),
        BitKind.Flow => (Flow(Settled ? Top + by : Math.Min(Top + by, width), Digits, Settled) with { Step = Step }).Moved(by).Narrowed(width),
        // rounding that is made large
        BitKind.Low when by > 0 => Mixed,
        _ => this,
    };

    /// <summary>Moved by a number of bits to the right.</summary>
    public BitValue Right(int by, int width, bool signed) => Kind switch
    {
        BitKind.Fixed => (Fixed(signed && (Possible >> (width - 1) & 1) != 0 ? ulong.MaxValue : Possible >> by) with { Step = Step }).Moved(-by),
        BitKind.Flow => Settled ? (Flow(Top - by, Math.Min(Digits, Math.Floor(Top - by))) with { Step = Step }).Moved(-by) : Mixed,
        _ => this,
    };

    /// <summary>A multiple; the factor is known, or not a number.</summary>
    public BitValue Times(double factor, int width) => Kind switch
    {
        _ when factor == 0 => Anything,
        BitKind.Flow when double.IsNaN(factor) => Widened(width),
        // a fraction that moves up in a loop; what else overflows is a hash
        BitKind.Flow when !Settled && Math.Log(Math.Abs(factor), 2) is var by && by == Math.Floor(by) => Flow(Math.Min(Top + by, width), Digits, false) with { Step = Step },
        BitKind.Flow => (Flow(Top + Math.Log(Math.Abs(factor), 2), Digits, Settled) with { Step = Step }) is var product && product.Top > width ? Mixed : product,
        BitKind.Fixed => (Anything with { Step = Step }).Moved(double.IsNaN(factor) || Math.Abs(factor) >= 1L << 62 ? 0 : LowestOf((ulong)Math.Abs((long)factor))),
        _ => Mixed,
    };

    /// <summary>A quotient, rounded to an integer.</summary>
    public BitValue Over(double divisor) => Kind switch
    {
        BitKind.Flow when !Settled || divisor == 0 || double.IsNaN(divisor) => Mixed,
        BitKind.Flow => Top - Math.Log(Math.Abs(divisor), 2) is var top ? Flow(top, Math.Min(Digits, Math.Floor(top + 1e-9))) with { Step = Step == None ? None : 0 } : this,
        BitKind.Fixed => Anything with { Step = Step == None ? None : 0 },
        _ => this,
    };

    /// <summary>The bits below the given one.</summary>
    public static ulong Below(double bit) => bit >= 64 ? ulong.MaxValue : bit <= 0 ? 0 : (1UL << (int)bit) - 1;

    private static int LowestOf(ulong bits)
    {
        int at = 0;
        while ((bits >> at & 1) == 0) at++;
        return at;
    }

    private static int HighestOf(ulong bits)
    {
        int at = 63;
        while ((bits >> at & 1) == 0) at--;
        return at;
    }
}
