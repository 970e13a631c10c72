namespace Corpus;

/// <summary>Time stepping, mechanics, energies and filters.</summary>
public static partial class Physics
{
    [Differentiable, At("0.5, 1.2, 0.3"), At("-0.9, 0.2, 1.1")]
    public static double PendulumRk4(double theta0, double omega0, double damping)
    {
        double theta = theta0, omega = omega0;
        const double h = 0.1;
        for (int i = 0; i < 10; i++)
        {
            double k1t = omega, k1o = -Math.Sin(theta) - damping * omega;
            double k2t = omega + h / 2 * k1o, k2o = -Math.Sin(theta + h / 2 * k1t) - damping * (omega + h / 2 * k1o);
            double k3t = omega + h / 2 * k2o, k3o = -Math.Sin(theta + h / 2 * k2t) - damping * (omega + h / 2 * k2o);
            double k4t = omega + h * k3o, k4o = -Math.Sin(theta + h * k3t) - damping * (omega + h * k3o);
            theta += h / 6 * (k1t + 2 * k2t + 2 * k3t + k4t);
            omega += h / 6 * (k1o + 2 * k2o + 2 * k3o + k4o);
        }
        return theta * theta + 0.5 * omega;
    }

    private static void LorenzRhs(double[] y, double sigma, double rho, double beta, double[] dy)
    {
        dy[0] = sigma * (y[1] - y[0]);
        dy[1] = y[0] * (rho - y[2]) - y[1];
        dy[2] = y[0] * y[1] - beta * y[2];
    }

    [Differentiable, At("Arr(1, 3), 10.0, 28.0, 2.6")]
    public static double LorenzEuler(double[] start, double sigma, double rho, double beta)
    {
        var y = new[] { start[0], start[1], start[2] };
        var dy = new double[3];
        for (int step = 0; step < 25; step++)
        {
            LorenzRhs(y, sigma, rho, beta, dy);
            for (int i = 0; i < 3; i++) y[i] += 0.01 * dy[i];
        }
        return y[0] + 2 * y[1] - y[2];
    }

    private static double[] VanDerPol(double t, double[] y, double mu) => [y[1], mu * (1 - y[0] * y[0]) * y[1] - y[0] + 0.1 * Math.Cos(t)];

    private static double[] Rk4Step(Func<double, double[], double[]> f, double t, double[] y, double h)
    {
        var k1 = f(t, y);
        var k2 = f(t + h / 2, Axpy(h / 2, k1, y));
        var k3 = f(t + h / 2, Axpy(h / 2, k2, y));
        var k4 = f(t + h, Axpy(h, k3, y));
        var next = new double[y.Length];
        for (int i = 0; i < y.Length; i++) next[i] = y[i] + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
        return next;
    }

    private static double[] Axpy(double a, double[] x, double[] y)
    {
        var r = new double[x.Length];
        for (int i = 0; i < r.Length; i++) r[i] = a * x[i] + y[i];
        return r;
    }

    [Differentiable, At("Arr(2, 2), 1.5")]
    public static double VanDerPolRk4(double[] y0, double mu)
    {
        double[] y = y0;
        double t = 0;
        for (int i = 0; i < 8; i++, t += 0.1) y = Rk4Step((s, z) => VanDerPol(s, z, mu), t, y, 0.1);
        return y[0] * y[0] + y[1];
    }

    [Differentiable, At("Arr(3, 6)"), At("Arr(4, 3)")]
    public static double LennardJonesChain(double[] positions)
    {
        double energy = 0;
        for (int i = 0; i < positions.Length; i++)
            for (int j = i + 1; j < positions.Length; j++)
            {
                double r = positions[i] + 1.4 * i - positions[j] - 1.4 * j;
                double r2 = r * r + 0.4, s6 = 1 / (r2 * r2 * r2);
                energy += 4 * (s6 * s6 - s6);
            }
        return energy;
    }

    [Differentiable, At("Jag(5, 3, 2), Jag(6, 3, 2), Arr(7, 3, 0.5, 2)")]
    public static double NBodyLeapfrog(double[][] x, double[][] v, double[] mass)
    {
        int n = x.Length;
        const double dt = 0.05;
        for (int step = 0; step < 3; step++)
        {
            for (int i = 0; i < n; i++)
            {
                double ax = 0, ay = 0;
                for (int j = 0; j < n; j++)
                {
                    if (i == j) continue;
                    double dx = x[j][0] - x[i][0], dy = x[j][1] - x[i][1];
                    double inv = Math.Pow(dx * dx + dy * dy + 0.1, -1.5);
                    ax += mass[j] * dx * inv;
                    ay += mass[j] * dy * inv;
                }
                v[i][0] += dt * ax;
                v[i][1] += dt * ay;
            }
            for (int i = 0; i < n; i++)
            {
                x[i][0] += dt * v[i][0];
                x[i][1] += dt * v[i][1];
            }
        }
        double e = 0;
        for (int i = 0; i < n; i++) e += 0.5 * mass[i] * (v[i][0] * v[i][0] + v[i][1] * v[i][1]) + x[i][0] * x[i][1];
        return e;
    }

    [Differentiable, At("Arr(8, 8), 0.3")]
    public static double HeatEquation(double[] u0, double alpha)
    {
        int n = u0.Length;
        double[] u = (double[])u0.Clone(), next = new double[n];
        for (int step = 0; step < 5; step++)
        {
            next[0] = u[0];
            next[n - 1] = u[n - 1];
            for (int i = 1; i < n - 1; i++) next[i] = u[i] + alpha * (u[i - 1] - 2 * u[i] + u[i + 1]);
            var tmp = u;
            u = next;
            next = tmp;
        }
        double s = 0;
        for (int i = 0; i < n; i++) s += u[i] * u[i];
        return s;
    }

    [Differentiable, At("Arr(9, 7), 0.2, 0.05")]
    public static double Burgers(double[] u, double dt, double nu)
    {
        var w = new double[u.Length];
        for (int i = 0; i < u.Length; i++) w[i] = u[i];
        for (int t = 0; t < 4; t++)
        {
            double left = w[0];
            for (int i = 1; i < w.Length - 1; i++)
            {
                double here = w[i];
                w[i] = here - dt * here * (here > 0 ? here - left : w[i + 1] - here) + nu * (w[i + 1] - 2 * here + left);
                left = here;
            }
        }
        return w.Sum(x => x * x);
    }

    [Differentiable, At("Mat(10, 5, 5), 0.15")]
    public static double Heat2D(double[,] grid, double k)
    {
        int n = grid.GetLength(0), m = grid.GetLength(1);
        var a = new double[n, m];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++) a[i, j] = grid[i, j];
        for (int sweep = 0; sweep < 3; sweep++)
            for (int i = 1; i < n - 1; i++)
                for (int j = 1; j < m - 1; j++)
                    a[i, j] += k * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1] - 4 * a[i, j]);
        double e = 0;
        foreach (double v in a) e += v * v * v;
        return e;
    }

    /// <summary>A ball with bounces: the event times depend on the parameters.</summary>
    [Differentiable, At("2.0, 0.3, 0.8"), At("1.1, -0.5, 0.6")]
    public static double BouncingBall(double height, double velocity, double restitution)
    {
        double h = height, v = velocity, remaining = 2.05;
        int bounces = 0;
        while (true)
        {
            double tHit = (v + Math.Sqrt(v * v + 2 * 9.81 * h)) / 9.81;
            if (tHit >= remaining || bounces > 20) break;
            v = -restitution * (v - 9.81 * tHit);
            h = 0;
            remaining -= tHit;
            bounces++;
        }
        return h + v * remaining - 0.5 * 9.81 * remaining * remaining;
    }

    [Differentiable, At("1.0, 0.4, 30.0, 0.05"), At("0.5, 0.9, 22.0, 0.01")]
    public static double ProjectileRange(double height, double angle, double speed, double drag)
    {
        double x = 0, y = height, vx = speed * Math.Cos(angle), vy = speed * Math.Sin(angle);
        const double dt = 0.02;
        double px = x, py = y;
        while (y > 0)
        {
            px = x; py = y;
            double v = Math.Sqrt(vx * vx + vy * vy);
            x += vx * dt;
            y += vy * dt;
            vx -= drag * v * vx * dt;
            vy -= (9.81 + drag * v * vy) * dt;
        }
        return px + (x - px) * py / (py - y);
    }

    [Differentiable, At("1.1, 0.02, 3.4"), At("2.0, 0.3, 9.0")]
    public static double KeplerEquation(double meanAnomaly, double eccentricity, double scale)
    {
        double e = meanAnomaly;
        for (int i = 0; i < 50; i++)
        {
            double d = (e - eccentricity * Math.Sin(e) - meanAnomaly) / (1 - eccentricity * Math.Cos(e));
            e -= d;
            if (Math.Abs(d) < 1e-14) break;
        }
        double nu = 2 * Math.Atan2(Math.Sqrt(1 + eccentricity) * Math.Sin(e / 2), Math.Sqrt(1 - eccentricity) * Math.Cos(e / 2));
        return scale * (1 - eccentricity * Math.Cos(e)) * Math.Cos(nu);
    }

    /// <summary>A Kalman filter for position and velocity; the likelihood of the innovations.</summary>
    [Differentiable(nameof(q), nameof(r), nameof(z)), At("0.1, 0.5, Arr(11, 6)")]
    public static double KalmanLikelihood(double q, double r, double[] z)
    {
        double x0 = 0, x1 = 0, p00 = 1, p01 = 0, p11 = 1, nll = 0;
        foreach (var m in z)
        {
            x0 += x1;
            p00 += 2 * p01 + p11 + q;
            p01 += p11;
            p11 += q;
            double s = p00 + r, innovation = m - x0;
            double k0 = p00 / s, k1 = p01 / s;
            x0 += k0 * innovation;
            x1 += k1 * innovation;
            double n00 = (1 - k0) * p00, n01 = (1 - k0) * p01, n11 = p11 - k1 * p01;
            (p00, p01, p11) = (n00, n01, n11);
            nll += 0.5 * (Math.Log(s) + innovation * innovation / s);
        }
        return nll;
    }

    [Differentiable, At("300.0, 0.02, 1.5"), At("450.0, 0.1, 2.5")]
    public static double VanDerWaals(double temperature, double volume, double amount)
    {
        const double R = 8.314, a = 0.364, b = 4.27e-5;
        return amount * R * temperature / (volume - amount * b) - a * amount * amount / (volume * volume);
    }

    [Differentiable, At("5e-7, 5800.0"), At("1e-6, 4000.0")]
    public static double Planck(double lambda, double temperature)
    {
        const double h = 6.62607015e-34, c = 299792458, k = 1.380649e-23;
        double numerator = 2 * h * c * c / Math.Pow(lambda, 5);
        return 1e-13 * numerator / (Math.Exp(h * c / (lambda * k * temperature)) - 1);
    }

    [Differentiable, At("0.3, 0.4, 0.5, 1.1"), At("-0.3, 0.9, -1.5, 0.1")]
    public static double DoublePendulumEnergy(double t1, double t2, double w1, double w2)
    {
        const double m1 = 1, m2 = 2, l1 = 1, l2 = 0.7, g = 9.81;
        var kinetic = 0.5 * (m1 + m2) * l1 * l1 * w1 * w1 + 0.5 * m2 * l2 * l2 * w2 * w2 + m2 * l1 * l2 * w1 * w2 * Math.Cos(t1 - t2);
        var potential = -(m1 + m2) * g * l1 * Math.Cos(t1) - m2 * g * l2 * Math.Cos(t2);
        return kinetic + potential;
    }

    [Differentiable, At("Arr(12, 3), Arr(13, 3), 0.7")]
    public static double[] LorentzForce(double[] velocity, double[] field, double charge)
    {
        static double Component(double[] a, double[] b, int i, int j) => a[i] * b[j] - a[j] * b[i];
        return new double[]
        {
            charge * Component(velocity, field, 1, 2),
            charge * Component(velocity, field, 2, 0),
            charge * Component(velocity, field, 0, 1),
        };
    }

    /// <summary>The logistic map: chaos within twelve iterations.</summary>
    [Differentiable, At("3.7, 0.31"), At("2.9, 0.6")]
    public static double LogisticMap(double r, double x)
    {
        for (int i = 12; i-- > 0;) x = r * x * (1 - x);
        return x;
    }

    [Differentiable, At("10.0, 5.0, 0.9, 0.4, 0.1, 0.4")]
    public static (double Prey, double Predators) LotkaVolterra(double prey, double predators, double a, double b, double c, double d)
    {
        for (int k = 0; k < 20; k++)
            (prey, predators) = (prey + 0.02 * (a * prey - b * prey * predators), predators + 0.02 * (c * prey * predators - d * predators));
        return (prey, predators);
    }

    /// <summary>Adaptive Heun: the step size follows the error estimate.</summary>
    [Differentiable, At("1.2, 0.4")]
    public static double AdaptiveHeun(double y0, double lambda)
    {
        double t = 0, y = y0, h = 0.1;
        int steps = 0;
        while (t < 1 && steps++ < 200)
        {
            if (t + h > 1) h = 1 - t;
            double k1 = -lambda * y * y + Math.Cos(t);
            double e = y + h * k1;
            double k2 = -lambda * e * e + Math.Cos(t + h);
            double error = Math.Abs(h * (k2 - k1) / 2);
            if (error > 1e-3) { h /= 2; continue; }
            y += h * (k1 + k2) / 2;
            t += h;
            if (error < 1e-4) h *= 1.5;
        }
        return y;
    }
}
