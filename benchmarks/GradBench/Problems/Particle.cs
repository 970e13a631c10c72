using DiffGen;

namespace GradBench.Problems;

/// <summary>A particle that falls past two charges, one of which a control moves; it should land at x = 0.</summary>
public static partial class Particle
{
    /// <summary>The control for which the particle lands nearest to x = 0.</summary>
    /// <param name="w">The control to start from.</param>
    /// <param name="forwardControl">Whether the derivative with respect to the control is taken in forward mode.</param>
    /// <param name="forwardForce">Whether the force is taken in forward mode.</param>
    public static double BestControl(double w, bool forwardControl, bool forwardForce)
    {
        double[] best = GradientDescent.ArgMin(
            v => Landing(v[0], forwardForce),
            v => [forwardControl ? LandingJvp(v[0], forwardForce, 1).Tangent : LandingGradient(v[0], forwardForce)],
            [w]);
        return best[0];
    }

    /// <summary>The square of the x at which the particle crosses y = 0, by Euler's method.</summary>
    [Differentiable(nameof(w), Emit = Derivatives.Gradient | Derivatives.Jvp)]
    public static double Landing(double w, bool forwardForce)
    {
        const double dt = 0.1;
        double x = 0;
        double y = 8;
        double vx = 0.75;
        double vy = 0;
        while (true)
        {
            var (ax, ay) = forwardForce ? ForwardAcceleration(x, y, w) : ReverseAcceleration(x, y, w);
            x += dt * vx;
            y += dt * vy;
            if (y <= 0)
            {
                double back = -y / vy;
                double landed = x + back * vx;
                return landed * landed;
            }

            vx += dt * ax;
            vy += dt * ay;
        }
    }

    /// <summary>The potential of the two charges, at (10, 10 − w) and (10, 0).</summary>
    [Differentiable(nameof(x), nameof(y), Emit = Derivatives.Gradient | Derivatives.Jvp)]
    public static double Potential(double x, double y, double w) =>
        1 / Distance(x, y, 10, 10 - w) + 1 / Distance(x, y, 10, 0);

    private static (double X, double Y) ReverseAcceleration(double x, double y, double w)
    {
        var (dX, dY) = PotentialGradient(x, y, w);
        return (-dX, -dY);
    }

    private static (double X, double Y) ForwardAcceleration(double x, double y, double w) =>
        (-PotentialJvp(x, y, w, 1, 0).Tangent, -PotentialJvp(x, y, w, 0, 1).Tangent);

    private static double Distance(double ax, double ay, double bx, double by)
    {
        double dx = ax - bx;
        double dy = ay - by;
        return Math.Sqrt(dx * dx + dy * dy);
    }
}
