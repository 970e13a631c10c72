using System.Globalization;
using System.Text;

namespace DiffGen.Generator.Emission.Remarks;

/// <summary>A product: a number and factors with their powers, in the order in which they were met. <c>6x·y</c>, <c>2e / N</c>.</summary>
internal sealed class Term
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private readonly List<(string Factor, int Power)> _factors = [];

    public double Coefficient { get; private set; } = 1;

    /// <summary>A number alone.</summary>
    public static Term Number(double value) => new() { Coefficient = value };

    /// <summary>One factor alone.</summary>
    public static Term Of(string factor, int power = 1)
    {
        Term result = new();
        result._factors.Add((factor, power));
        return result;
    }

    /// <summary>The product with another term, its factors to the power of 1 or −1.</summary>
    public Term Times(Term other, int sign = 1)
    {
        Term result = Number(sign > 0 ? Coefficient * other.Coefficient : Coefficient / other.Coefficient);
        result._factors.AddRange(_factors);
        foreach ((string factor, int power) in other._factors)
        {
            int at = result._factors.FindIndex(f => f.Factor == factor);
            if (at < 0) result._factors.Add((factor, sign * power));
            else result._factors[at] = (factor, result._factors[at].Power + sign * power);
        }
        result._factors.RemoveAll(f => f.Power == 0);
        return result;
    }

    /// <summary>The term to a power.</summary>
    public Term To(int power)
    {
        Term result = Number(Math.Pow(Coefficient, power));
        result._factors.AddRange(_factors.Select(f => (f.Factor, f.Power * power)));
        return result;
    }

    /// <summary>The product of the factors, for finding terms that differ in the number only.</summary>
    public string Key => string.Join("·", _factors.OrderBy(f => f.Factor, StringComparer.Ordinal).Select(f => f.Factor + "^" + f.Power.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The same factors with another number.</summary>
    public Term With(double coefficient)
    {
        Term result = Number(coefficient);
        result._factors.AddRange(_factors);
        return result;
    }

    /// <summary>The text without its sign.</summary>
    public string Unsigned()
    {
        double number = Math.Abs(Coefficient);
        // 0.5·x is x / 2
        double inverse = 1 / number;
        bool divided = number is > 0 and < 1 && inverse <= 1000 && inverse == Math.Floor(inverse);
        string above = Joined(_factors.Where(f => f.Power > 0), divided ? 1 : number);
        List<(string, int)> below = [.. _factors.Where(f => f.Power < 0).Select(f => (f.Factor, -f.Power))];
        if (below.Count == 0 && !divided) return above;
        string divisor = Joined(below, divided ? inverse : 1);
        return $"{above} / {(below.Count + (divided ? 1 : 0) > 1 ? "(" + divisor + ")" : divisor)}";
    }

    private static string Joined(IEnumerable<(string Factor, int Power)> factors, double number)
    {
        var text = new StringBuilder();
        foreach ((string factor, int power) in factors)
        {
            if (text.Length > 0) text.Append('·');
            text.Append(factor);
            if (power > 1) foreach (char digit in power.ToString(CultureInfo.InvariantCulture)) text.Append(Superscripts[digit - '0']);
        }
        if (number == 1 && text.Length > 0) return text.ToString();
        string n = number.ToString("R", CultureInfo.InvariantCulture);
        return text.Length == 0 ? n : text[0] is '(' or '√' || char.IsLetter(text[0]) && (text.Length == 1 || !char.IsLetterOrDigit(text[1])) ? n + text : n + "·" + text;
    }
}
