namespace Corpus;

/// <summary><c>using</c> of the user's own: what <c>Dispose</c> does belongs to the value.</summary>
public static partial class Disposables
{
    private sealed class Account
    {
        public double Total;
    }

    private sealed class Charge(Account account, double amount) : IDisposable
    {
        public void Dispose() => account.Total += amount * amount;
    }

    private struct Scaling(double[] numbers, double factor) : IDisposable
    {
        public readonly void Dispose() => numbers[0] *= factor;
    }

    private ref struct Passing
    {
        private readonly Account _account;
        private readonly double _amount;

        public Passing(Account account, double amount)
        {
            _account = account;
            _amount = amount;
        }

        public readonly void Dispose() => _account.Total += _amount;
    }

    [Differentiable, At("1.3")]
    public static double Statements(double x)
    {
        var a = new Account { Total = x };
        using (var c = new Charge(a, x)) a.Total *= 2;
        using (new Passing(a, 3 * x)) a.Total *= a.Total;
        using (Charge c = new(a, x), d = new(a, 2 * x)) a.Total *= x;
        double[] numbers = [x, 1];
        using (new Scaling(numbers, x)) numbers[0] += 2;
        return a.Total + numbers[0];
    }

    [Differentiable, At("1.3"), At("0.7")]
    public static double LeftEarly(double x)
    {
        var a = new Account { Total = x };
        double r = Early(a, x) * Declared(a, x);
        for (int i = 0; i < 3; i++)
        {
            using var c = new Charge(a, x * i);
            if (i == 1) continue;
            a.Total *= 1.5;
        }

        return r * a.Total;
    }

    private static double Early(Account a, double x)
    {
        using (new Charge(a, x))
        {
            if (x > 1) return a.Total * x;
            a.Total *= 2;
        }

        return a.Total;
    }

    private static double Declared(Account a, double x)
    {
        using var c = new Charge(a, x);
        a.Total *= 2;
        return a.Total;
    }

    private class Basic : IDisposable
    {
        public required Account Account { get; init; }

        public virtual void Dispose() => Account.Total += 1;
    }

    private sealed class Derived(double x) : Basic
    {
        public override void Dispose()
        {
            Account.Total *= x;
            base.Dispose();
            GC.SuppressFinalize(this);
        }
    }

    [Differentiable, At("1.3"), At("0.7")]
    public static double VirtualOrNone(double x)
    {
        var a = new Account { Total = x };
        using (Basic b = new Derived(x) { Account = a }) a.Total *= 2;
        using (IDisposable? maybe = x > 1 ? new Charge(a, x) : null) a.Total *= 3;
        return a.Total;
    }

    [Differentiable, At("1.3"), Throws("-0.7")]
    public static double Throwing(double x)
    {
        var a = new Account { Total = x };
        using (new Charge(a, x))
        {
            if (x < 0) throw new ArgumentException("negative", nameof(x));
            a.Total *= x;
        }

        return a.Total;
    }

    private sealed class Frame : IDisposable
    {
        private readonly Stack<double> _stack;

        public Frame(Stack<double> stack, double value)
        {
            _stack = stack;
            stack.Push(value);
        }

        public void Dispose() => _stack.Pop();
    }

    [Differentiable, At("1.3")]
    public static double OnAStack(double x)
    {
        var stack = new Stack<double>();
        stack.Push(x);
        double r = 0;
        using (new Frame(stack, x * x)) r += stack.Peek();
        return r * stack.Peek();
    }

    private sealed class Log(Action<double> write, double amount) : IDisposable
    {
        public void Dispose() => write(amount);
    }

    // what the block has done is seen by whoever catches
    [Differentiable, At("1.3, 0.4"), At("1.3, -9.4")]
    public static double Caught(double a, double b)
    {
        double s = 0;
        try
        {
            using (new Log(v => s += v, a))
            {
                if (b > -9) throw new InvalidOperationException();
            }
        }
        catch (InvalidOperationException)
        {
            s *= b;
        }

        return s;
    }

    private sealed class Canvas
    {
        public double Scale = 1;
        public double Ink;

        public IDisposable Push(double s) => new Zoom(this, s);

        public void Draw(double v) => Ink += v * Scale;
    }

    private sealed class Zoom : IDisposable
    {
        private readonly Canvas _canvas;
        private readonly double _s;

        public Zoom(Canvas canvas, double s)
        {
            (_canvas, _s) = (canvas, s);
            _canvas.Scale *= s;
        }

        public void Dispose()
        {
            _canvas.Scale /= _s;
            _canvas.Ink += 0.1 * _s;
        }
    }

    // without a name, behind the interface
    [Differentiable, At("0.7, 1.4"), At("1.7, 1.4")]
    public static double Zoomed(double x, double y)
    {
        var canvas = new Canvas();
        using (canvas.Push(x))
        {
            canvas.Draw(y);
            using IDisposable inner = canvas.Push(y * y);
            if (x > 1) return canvas.Ink * 2;
            canvas.Draw(x * y);
        }

        canvas.Draw(y);
        return canvas.Ink;
    }
}
