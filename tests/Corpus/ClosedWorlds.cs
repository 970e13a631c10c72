using System.Numerics;

namespace Corpus;

/// <summary>Generic classes and structs behind an interface or a base class, explicit members asked through a cast, members that only some objects have</summary>
public static partial class ClosedWorlds
{
    internal interface IKernel
    {
        double At(double r);
    }

    internal sealed class Linear : IKernel
    {
        public static readonly Linear Instance = new();

        public double At(double r) => 2 * r;
    }

    // what it is tagged with plays no part in its numbers
    internal sealed class Tagged<T> : IKernel
    {
        public static readonly Tagged<T> Instance = new();

        public double At(double r) => r * r;
    }

    internal struct Scaled<TInner> : IKernel where TInner : struct, IKernel
    {
        public TInner Inner;

        public double Factor;

        public readonly double At(double r) => Factor * Inner.At(r);
    }

    internal struct Gauss : IKernel
    {
        public readonly double At(double r) => Math.Exp(-r * r);
    }

    internal interface IInterpolation<T> where T : INumber<T>
    {
        T Between(T a, T b, T t);
    }

    internal sealed class Nearest : IInterpolation<double>
    {
        public double Between(double a, double b, double t) => t < 0.5 ? a : b;
    }

    internal sealed class Straight<T> : IInterpolation<T> where T : INumber<T>
    {
        public static IInterpolation<T> Shared { get; } = new Straight<T>();

        public T Between(T a, T b, T t) => a + (b - a) * t;
    }

    internal abstract class Layer
    {
        public abstract double Forward(double x);

        public virtual double Slope => 1;
    }

    internal sealed class Dense : Layer
    {
        public double Weight = 2;

        public override double Forward(double x) => Weight * x;
    }

    internal interface IActivation
    {
        static abstract double Of(double x);
    }

    internal struct Tanh : IActivation
    {
        public static double Of(double x) => Math.Tanh(x);
    }

    internal sealed class Activated<TFunction> : Layer where TFunction : struct, IActivation
    {
        public override double Forward(double x) => TFunction.Of(x);

        public override double Slope => 0.5;
    }

    internal class Plain
    {
        public virtual double Cost(double x) => 3 * x;
    }

    internal sealed class Taxed<T> : Plain
    {
        public override double Cost(double x) => base.Cost(x) * x;
    }

    internal static class Outer<T>
    {
        internal sealed class Inner : IKernel
        {
            public double At(double r) => r * r * r;
        }

        public static readonly IKernel Instance = new Inner();
    }

    internal static class Known
    {
        public static readonly IKernel[] Kernels = [new Linear(), new Tagged<int>(), Tagged<string>.Instance];

        public static readonly Layer[] Network = [new Dense(), new Activated<Tanh>(), new Dense { Weight = 0.5 }];

        public static readonly IKernel Cheap = new Tagged<byte>();
    }

    [Differentiable, At("1.3")]
    public static double OfAStatic(double x)
    {
        IKernel kernel = Tagged<int>.Instance;
        return kernel.At(x) + Known.Cheap.At(2 * x);
    }

    [Differentiable, At("1.3")]
    public static double ByItsTypeArguments(double x)
    {
        IInterpolation<double> straight = Straight<double>.Shared;
        return straight.Between(x, x * x, 0.3) + ((IInterpolation<double>)new Nearest()).Between(x, 1, 0.2);
    }

    [Differentiable, At("1.3, 0"), At("1.3, 1"), At("1.3, 2")]
    public static double OfATable(double x, int k)
    {
        double s = Known.Kernels[k].At(x);
        foreach (IKernel kernel in Known.Kernels) s += kernel.At(x + 1);
        return s;
    }

    [Differentiable, At("0.3")]
    public static double OfLayers(double x)
    {
        foreach (Layer layer in Known.Network) x = layer.Forward(x) * layer.Slope;
        return x;
    }

    public sealed class Holder
    {
        internal IKernel Kernel = new Linear();

        internal Plain Costs = new();

        internal Layer[] Layers = [new Dense(), new Activated<Tanh>()];

        public static Holder Of(int kind) => new()
        {
            Kernel = kind switch { 0 => new Linear(), 1 => new Tagged<long>(), _ => Outer<int>.Instance },
            Costs = kind == 0 ? new Plain() : new Taxed<int>(),
        };
    }

    [Differentiable, At("0.2, Corpus.ClosedWorlds.Holder.Of(0)"), At("0.2, Corpus.ClosedWorlds.Holder.Of(1)"), At("0.2, Corpus.ClosedWorlds.Holder.Of(2)")]
    public static double OfGivenObjects(double x, Holder holder)
    {
        double s = holder.Kernel.At(x) + holder.Costs.Cost(x);
        foreach (Layer layer in holder.Layers) s = layer.Forward(s);
        return s;
    }

    private static double Ask(IKernel kernel, double x) => kernel.At(x) * kernel.At(x + 1);

    [Differentiable, At("1.3, 0.4")]
    public static double OfStructs(double x, double factor) =>
        Ask(new Scaled<Gauss> { Factor = factor }, x) + Ask(new Gauss(), x) + Ask(Tagged<int>.Instance, x) + Ask(Linear.Instance, x);

    [Differentiable, At("1.3, true"), At("1.3, false")]
    public static double Chosen(double x, bool tagged)
    {
        IKernel kernel = tagged ? Tagged<int>.Instance : Linear.Instance;
        Plain costs = tagged ? new Taxed<int>() : new Plain();
        return kernel.At(x) * costs.Cost(x);
    }

    internal interface IFont
    {
        double Height { get; }

        double this[int line] { get; }
    }

    public sealed class Font(double size) : IFont
    {
        double IFont.Height => 1.2 * size;

        double IFont.this[int line] => line * size;

        internal double Of(double em) => ((IFont)this).Height * em;
    }

    private static readonly Font s_font = new(3);

    private static double HeightOf<T>(T font, double em) where T : IFont => font.Height * em;

    [Differentiable, At("1.3, new Corpus.ClosedWorlds.Font(4)")]
    public static double ExplicitMembers(double em, Font given) =>
        ((IFont)given).Height * em + ((IFont)s_font).Height * em * em + s_font.Of(em) + HeightOf(s_font, em) + ((IFont)given)[2] * em;

    internal sealed class Motor
    {
        public Func<double, double> Torque { get; init; } = t => t;
    }

    internal sealed class Link
    {
        public double Mass { get; init; } = 1;

        public Link? Parent { get; init; }

        public Func<double, double>? Force { get; init; }

        public Motor Motor { get; init; } = new();
    }

    [Differentiable, At("1.3, 0.7, 3"), At("1.3, 0.7, 2")]
    public static double SomeHaveDelegates(double mass, double stiffness, int n)
    {
        var first = new Link { Mass = mass };
        var second = new Link { Mass = 2 * mass, Parent = first, Force = t => stiffness * t };
        var third = new Link { Mass = 3, Parent = second, Motor = new Motor { Torque = t => mass * t * t } };
        Link[] arm = [first, second, third];
        double s = 0;
        for (int i = 0; i < n; i++)
        {
            if (arm[i].Force != null) s += arm[i].Force!(mass);
            s += arm[i].Mass * (i + 1) + arm[i].Motor.Torque(stiffness);
        }

        return s;
    }
}
