using System;
using System.Collections.Generic;
using System.Linq;

namespace Corpus;

/// <summary>Private state of other types, which methods that are looked into read: tables, numbers that are given later, getters, functions.</summary>
public static partial class TablesElsewhere
{
    public static class Curve
    {
        private static readonly double[] Knots = [0, 1, 2, 5];
        private static readonly double[] Rates = [0.5, 2, 3, 4];
        private static double[] Weights = [1.5, 2.5];
        private static int calls = 3;
        private static double Floor { get; } = 0.25;
        private static double Later;
        private static readonly Dictionary<int, double> Spreads = new() { [0] = 0.5, [1] = 2, [2] = 3 };

        static Curve()
        {
            Later = 0.75;
        }

        private static int Steps(int n) => DateTime.MinValue.Year + n;

        internal static double Piece(double t)
        {
            int i = Array.FindLastIndex(Knots, k => k <= t);
            return Rates[i] * (t - Knots[i]) * Later;
        }

        internal static double Greatest(double t) => Knots.Max() * t * t + Knots.Zip(Rates, (k, r) => k * r * t).Sum();

        internal static double Weighted(double t)
        {
            double[] w = Weights;
            return w[0] * t + w[1] * t * t + Floor * calls;
        }

        internal static double Stepped(double t)
        {
            double s = 0;
            for (int i = 0; i < Steps(2); i++) s += t * t * i;
            return s;
        }

        internal static double Spread(double t) => Spreads.TryGetValue((int)t, out double s) ? s * t : t * t;
    }

    public sealed class Gamma
    {
        private static double[] Coefficients = [76.18, -86.5, 24.01];
        private static int terms = 3;

        public double Series(double x)
        {
            double s = 1;
            for (int i = 0; i < terms; i++) s += Coefficients[i] / (x + i);
            return s;
        }
    }

    public struct Scale
    {
        private static double[] factors = [2, 3];

        public double Base;

        public readonly double Of(double x) => Base * factors[1] * x + factors[0];
    }

    [Differentiable, At("1.3, 0.9"), At("0.3, 0.2")]
    public static double FoundIndex(double a, double b) => Curve.Piece(a + b) * a;

    [Differentiable, At("1.3, 0.7")]
    public static double WholeTables(double a, double b) => Curve.Greatest(a * b) + b;

    [Differentiable, At("1.3, 0.7")]
    public static double ReplaceableTables(double a, double b) => Curve.Weighted(a * b) + b;

    [Differentiable, At("1.3, 0.7")]
    public static double CountedElsewhere(double a, double b) => Curve.Stepped(a * b) + b;

    [Differentiable, At("1.3, 0.7"), At("1.3, 1.7"), At("3.3, 1.7")]
    public static double DictionaryByNumber(double a, double b) => Curve.Spread(a * b) * a;

    [Differentiable, At("1.3, 0.7")]
    public static double OfAnInstance(double a, double b) => new Gamma().Series(a * b) * a;

    [Differentiable, At("1.3, 0.7")]
    public static double OfAStruct(double a, double b) => new Scale { Base = a }.Of(b) * a;

    // ---- objects of statics that have functions

    public sealed class Companding(Func<double, double> from, double white)
    {
        public static readonly Companding Square = new(v => v * v, 2);
        public static readonly Companding Wave = new(Math.Sin, 3);

        public static Companding Linear { get; } = new(Same, 1);

        public Func<double, double> From { get; } = from;

        public double White { get; } = white;

        private static double Same(double v) => v;
    }

    private static double Through(Companding c, double[] x) => x.Select(c.From).Sum() * c.White;

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double FunctionsOfStatics(double a, double b) =>
        Companding.Square.From(a) * b + Through(Companding.Wave, [a, b]) + Through(a > 1 ? Companding.Linear : Companding.Square, [b, a * b]);

    // ---- what is computed once is read where it is

    public static class Drawn
    {
        private static readonly Random s_random = new(7);
        private static readonly double s_first = s_random.NextDouble(), s_second = s_random.NextDouble();
        private static readonly double[] s_weights = Build(3);
        private static readonly double s_root = Math.Sqrt(s_four);
        private const double s_four = 4;
        private static int s_made;

        private static double[] Build(int n)
        {
            s_made++;
            var w = new double[n];
            for (int i = 0; i < n; i++) w[i] = s_random.NextDouble() + s_made;
            return w;
        }

        public static double Of(double x)
        {
            double s = s_first * x + s_second * x * x;
            for (int i = 0; i < s_weights.Length; i++) s += s_weights[i] * Math.Sin(i * x) * s_root;
            return s;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double DrawnOnce(double a, double b) => Drawn.Of(a * b) + Drawn.Of(b);

    // ---- functions in statics run later than they are made

    public static class Kept
    {
        public static readonly Func<double[], double> Squares = x => x.Select(v => v * v).Sum();
        private static readonly Func<double, double> s_listed = x =>
        {
            var all = new List<double> { x, x * x };
            return all.Sum();
        };

        public static double Listed(double x) => s_listed(x) * 2;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double FunctionsThatCall(double a, double b) => Kept.Squares([a, b]) * Kept.Listed(a);

    [Differentiable, Refused("DG0101")]
    public static double WhetherTheyAreOne(double a, double b)
    {
        Companding one = Companding.Wave, other = Companding.Wave;
        return (EqualityComparer<Companding>.Default.Equals(one, other) ? a : b) * one.From(a);
    }

    // ---- the text of a private enum is not that of its number

    public sealed class Staged
    {
        private enum Stage
        {
            First,
            Second,
        }

        public double ByNumber(double x)
        {
            Stage stage = x > 0 ? Stage.Second : Stage.First;
            int[] steps = [3, 5];
            return stage == Stage.Second ? x * x * steps[(int)stage] : x;
        }

        public double ByName(double x)
        {
            Stage stage = x > 0 ? Stage.Second : Stage.First;
            return $"{stage}" == "Second" ? x * x : x;
        }
    }

    [Differentiable, At("1.3"), At("-1.3")]
    public static double PrivateStages(double x) => new Staged().ByNumber(x);

    [Differentiable, Refused("DG0105")]
    public static double NamesOfStages(double x) => new Staged().ByName(x);
}
