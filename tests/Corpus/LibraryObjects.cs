using System.Collections.ObjectModel;
using DiffGen;

namespace Corpus;

/// <summary>Objects as libraries make them: visitors over trees in statics, values in static properties, lists of objects with a class of their own, private members.</summary>
public static partial class LibraryObjects
{
    public interface IFormulaVisitor<out TResult>
    {
        TResult Visit(Number n);

        TResult Visit(Product p);
    }

    public abstract class Node
    {
        public abstract TResult Accept<TResult>(IFormulaVisitor<TResult> visitor);
    }

    public sealed class Number(double value) : Node
    {
        public double Value { get; } = value;

        public override TResult Accept<TResult>(IFormulaVisitor<TResult> visitor) => visitor.Visit(this);
    }

    public sealed class Product(Node left, Node right) : Node
    {
        public Node Left { get; } = left;

        public Node Right { get; } = right;

        public override TResult Accept<TResult>(IFormulaVisitor<TResult> visitor) => visitor.Visit(this);
    }

    public sealed class ValueAt(double x) : IFormulaVisitor<double>
    {
        public double Visit(Number n) => n.Value * x;

        public double Visit(Product p)
        {
            double left = p.Left.Accept(this), right = p.Right.Accept(this);
            return (left * right) + x;
        }
    }

    private static readonly Node Formula = new Product(new Number(2), new Product(new Number(3), new Number(0.5)));

    private static Node Tower(int n) => n == 0 ? new Number(2) : new Product(Tower(n - 1), new Number(3));

    [Differentiable, At("1.3")]
    public static double VisitedStatic(double x) => Formula.Accept(new ValueAt(x)) * x;

    [Differentiable, At("0.7, 3")]
    public static double VisitedAndBuilt(double x, int n) => Tower(n).Accept(new ValueAt(x));

    public sealed record Vector(double X, double Y)
    {
        public static Vector One { get; } = new(1, 1);

        public static Vector Zero => new(0, 0);

        public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y * b.Y);
    }

    [Differentiable, At("new[] { 1.3, 0.7, -0.4 }")]
    public static double FromAStaticProperty(double[] x)
    {
        Vector s = Vector.One;
        foreach (double v in x) s += new Vector(v, v * v);
        var all = new List<Vector> { Vector.Zero };
        foreach (double v in x) all.Add(new Vector(v, 1) + s);
        return s.X * s.Y * all.Sum(a => a.X);
    }

    public sealed class Position(double amount)
    {
        public double Amount { get; set; } = amount;
    }

    public sealed class Portfolio : List<Position>
    {
        public double Total() => this.Sum(p => p.Amount * p.Amount);
    }

    [Differentiable, At("new[] { 1.3, 0.7, -0.4 }, 0.9")]
    public static double ListOfObjectsWithAClassOfItsOwn(double[] x, double k)
    {
        var p = new Portfolio();
        foreach (double v in x) p.Add(new Position(v * k));
        p[0].Amount *= 2;
        return p.Total() * p.Count;
    }

    public sealed class Held
    {
        public IList<Position> Positions { get; } = new Collection<Position>();

        public List<object> Boxes { get; } = [];
    }

    [Differentiable, At("1.3"), Refused("DG0103")]
    public static double InACollectionThatIsNotModelled(double x)
    {
        var h = new Held();
        h.Positions.Add(new Position(x));
        return h.Positions[0].Amount;
    }

    [Differentiable, At("1.3"), Refused("DG0103")]
    public static double InABox(double x)
    {
        var h = new Held();
        h.Boxes.Add(x);
        return h.Boxes.Sum(o => (double)o);
    }

    [Differentiable, At("new Corpus.Sealed(1.3, new[] { 2.0, 3 }), 0.7")]
    public static double PrivateMembers(Sealed s, double k) => s.Area * k;

    [Differentiable(nameof(k)), At("new Corpus.Chain { Value = 2, Next = new Corpus.Chain { Value = 3 } }, 0.7")]
    public static double OfAChain(Chain c, double k) => c.Value * k * c.Next!.Value;

    [Differentiable, At("new Corpus.Partly(2, 3, 4, 5), 0.7")]
    public static double ConstantPartsOfARecord(Partly p, double k) => p.X * p.C * p.D * p.E * k;
}

[Differentiable]
public partial class Sealed
{
    private readonly double[] _sizes;
    private double _scale;

    public Sealed(double scale, double[] sizes)
    {
        _scale = scale;
        _sizes = sizes;
    }

    public double Area => _scale * _scale * _sizes[0] * _sizes[1];
}

[Differentiable]
public partial class Chain
{
    [NoDerivative]
    public Chain? Next { get; set; }

    public double Value { get; set; }
}

[Differentiable]
public partial record Partly([property: NoDerivative] double C, double X, [NoDerivative] double D, [field: NoDerivative] double E);
