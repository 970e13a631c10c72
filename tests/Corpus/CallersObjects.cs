using System;
using System.Collections.Generic;
using System.Linq;

namespace Corpus;

/// <summary>Objects of the caller that stand beside others which are made at run time: trajectories, bodies that step, the best of several, recursion.</summary>
public static partial class CallersObjects
{
    [Differentiable]
    public sealed partial record State(double P, double M);

    [Differentiable]
    public sealed partial record Body(double X, double V, double Mass)
    {
        public double Energy => 0.5 * Mass * V * V;
    }

    private static State Step(State s, double dt) => new(s.P + dt * s.M, s.M - dt * s.P);

    [Differentiable, At("new CallersObjects.State(1.3, 0.7), 0.4")]
    public static double FreshArray(State s, double dt)
    {
        var b = new State[3];
        for (int i = 0; i < 3; i++) b[i] = new State(s.P * dt * i, s.M);
        return b[1].P * b[2].P + b[0].M;
    }

    [Differentiable, At("new[] { new CallersObjects.State(1.3, 0.7), new CallersObjects.State(0.3, 2.7) }, 0.4")]
    public static double CloneThatSteps(State[] states, double dt)
    {
        var b = (State[])states.Clone();
        for (int t = 0; t < 3; t++)
            for (int i = 0; i < b.Length; i++) b[i] = b[i] with { P = b[i].P + dt * b[i].M * b[1 - i].P };
        return b[0].P * b[1].P + b[0].M * states[0].P;
    }

    [Differentiable, At("new[] { new CallersObjects.State(1.3, 0.7), new CallersObjects.State(0.3, 2.7) }, 0.4")]
    public static double Selected(State[] states, double dt)
    {
        List<State> b = states.Select(q => new State(q.P * dt, q.M)).ToList();
        b.Add(new State(dt, b[0].P));
        return b[0].P * b[1].P + b[0].M * b[2].M;
    }

    [Differentiable, At("new CallersObjects.State(1.3, 0.7), 0.4")]
    public static State Trajectory(State s, double dt)
    {
        var path = new List<State> { s };
        for (int i = 0; i < 4; i++) path.Add(new State(path[^1].P * dt + path[^1].M, path[^1].M));
        return path[^1];
    }

    [Differentiable, At("new[] { new CallersObjects.State(1.3, 0.7), new CallersObjects.State(0.3, 2.7) }, 0.4")]
    public static double Best(State[] states, double dt)
    {
        State best = states[0];
        foreach (State q in states)
            if (q.P < best.P) best = q;
        return best.P * best.M * dt;
    }

    [Differentiable, At("new[] { new CallersObjects.State(1.3, 0.7), new CallersObjects.State(0.3, 2.7) }, 0.4")]
    public static double Ordered(IReadOnlyList<State> states, double dt)
    {
        State first = states.OrderBy(q => q.P).First(), least = states.MinBy(q => q.M)!;
        return first.P * first.M * dt * least.P;
    }

    [Differentiable, At("new List<CallersObjects.State> { new(1.3, 0.7), new(0.3, 2.7) }, 0.4")]
    public static double OfAList(List<State> states, double dt)
    {
        State best = states[0];
        for (int i = 1; i < states.Count; i++)
            if (states[i].P < best.P) best = states[i] with { M = dt };
        return best.P * best.M;
    }

    [Differentiable, At("new[] { new CallersObjects.Body(0, 1, 1), new CallersObjects.Body(1, -0.5, 2), new CallersObjects.Body(2.5, 0.2, 0.5) }, 0.01, 5")]
    public static double Bodies(Body[] bodies, double dt, int steps)
    {
        var now = (Body[])bodies.Clone();
        for (int t = 0; t < steps; t++)
        {
            var next = new Body[now.Length];
            for (int i = 0; i < now.Length; i++)
            {
                double a = 0;
                for (int j = 0; j < now.Length; j++)
                {
                    if (i == j) continue;
                    double r = now[j].X - now[i].X;
                    a += now[j].Mass * r / Math.Pow(r * r + 0.01, 1.5);
                }
                double v = now[i].V + dt * a;
                next[i] = now[i] with { X = now[i].X + dt * v, V = v };
            }
            now = next;
        }
        return now.Sum(b => b.Energy);
    }

    [Differentiable, At("new CallersObjects.State(1.3, 0.7), new CallersObjects.State(0.2, 0.5)")]
    public static double Exchanged(State s, State q)
    {
        (s, q) = (q, s);
        for (int i = 0; i < 3; i++)
            if (s.P > q.P) (s, q) = (q with { P = s.P * q.M }, s);
        return s.P * q.M + q.P;
    }

    [Differentiable, At("new CallersObjects.State(1.3, 0.7), 0.1, 7")]
    public static double Stepped(State s, double dt, int n)
    {
        for (int i = 0; i < n; i++) s = Step(s, dt);
        return s.P * s.M;
    }

    [Differentiable(nameof(a)), At("new CallersObjects.State(1.3, 0.7), new CallersObjects.State(2.3, 0.7)")]
    public static double BesideAConstant(State a, [NoDerivative] State b)
    {
        State best = a;
        for (int i = 0; i < 2; i++)
            if (b.P > best.P) best = new State(b.P * a.P, best.M);
        return best.M * best.P;
    }

    private static void Fill(List<State> list, State a, double dt)
    {
        for (int i = 0; i < 3; i++) list.Add(a with { P = a.P * dt * i });
        list.Add(a);
    }

    [Differentiable, At("new CallersObjects.State(1.3, 0.7), 0.4")]
    public static double FilledByAnother(State a, double dt)
    {
        var list = new List<State>();
        Fill(list, a, dt);
        double s = 0;
        foreach (State q in list) s += q.P * q.M;
        return s;
    }

    [Differentiable, At("new CallersObjects.State(1.3, 0.7), 0.4")]
    public static (double, State) InATuple(State a, double dt)
    {
        State b = a;
        for (int i = 0; i < 3; i++)
            if (b.P > dt) b = b with { P = b.P * dt };
        return (b.M * b.P, b);
    }

    private static double Down(State a, int n) => n == 0 ? a.P * a.M : Down(new State(a.P * a.M, a.M + 0.1), n - 1) + a.P;

    [Differentiable, At("new CallersObjects.State(1.3, 0.7), 3")]
    public static double Recursive(State a, int n) => Down(a, n);

    // what is stored in the caller's array must reach the caller
    [Differentiable, Refused("DG0101")]
    public static double Stored(State[] states, double dt)
    {
        State[] same = states;
        for (int i = 0; i < 2; i++) same[i] = new State(states[1 - i].P * dt, 2);
        return states[0].P * states[1].M;
    }

    private static void Put(State[] states, double dt)
    {
        for (int i = 0; i < 2; i++) states[i] = new State(dt, states[0].P);
    }

    [Differentiable, Refused("DG0101")]
    public static double StoredByAnother(State[] states, double dt)
    {
        Put(states, dt);
        State best = states[0];
        for (int i = 1; i < states.Length; i++)
            if (states[i].P < best.P) best = states[i];
        return best.P * best.M * dt;
    }

    // two copies of one object of the caller are not one object
    [Differentiable, Refused("DG0101")]
    public static double ComparedByReference(State[] states, double dt)
    {
        State best = states[0];
        for (int i = 1; i < states.Length; i++)
            if (states[i].P < best.P) best = states[i];
        return ReferenceEquals(best, states[1]) ? best.P * best.M * dt : dt;
    }

    public record Plain(double P);

    [Differentiable]
    public sealed partial record OnPlain(double P, double X) : Plain(P);

    [Differentiable, At("new[] { new CallersObjects.OnPlain(1.3, 0.7), new CallersObjects.OnPlain(0.3, 2.7) }, 0.4")]
    public static double OverAnUnmarkedBase(OnPlain[] c, double k)
    {
        OnPlain best = c[0];
        for (int i = 0; i < 2; i++)
            if (c[i].X > best.X) best = c[i];
        return best.P * best.X * k;
    }

    [Differentiable]
    public sealed partial record Perhaps(double P, double? Q);

    [Differentiable, At("new[] { new CallersObjects.Perhaps(1.3, 0.7), new CallersObjects.Perhaps(0.3, null) }, 0.4")]
    public static double WithANullableMember(Perhaps[] c, double k)
    {
        Perhaps best = c[0];
        for (int i = 0; i < 2; i++)
            if (c[i].P > best.P) best = c[i];
        return best.P * (best.Q ?? 1) * k;
    }

    public sealed record Pair(double A, double B);

    private static List<Pair> Pairs(double a, double k)
    {
        var pairs = new List<Pair>();
        for (int i = 0; i < 4; i++) pairs.Add(new Pair(i % 2 == 0 ? a : k, k));
        return pairs;
    }

    [Differentiable, At("0.3, 0.4")]
    public static double GroupedByANumber(double a, double k)
    {
        double r = 0;
        foreach (IGrouping<bool, Pair> g in Pairs(a, k).GroupBy(q => q.A > 0.35)) r = r * 2 + g.Sum(q => q.A * q.B);
        return r;
    }

    // records are equal by their members, and the numbers that objects have are not
    [Differentiable, Refused("DG0103")]
    public static double DistinctRecords(double a, double k)
    {
        double r = 0;
        foreach (Pair q in Pairs(a, k).Distinct()) r = r * 2 + q.A * q.B;
        return r;
    }

    [Differentiable, Refused("DG0103")]
    public static double GroupedByRecords(double a, double k)
    {
        double r = 0;
        foreach (IGrouping<Pair, Pair> g in Pairs(a, k).GroupBy(q => q)) r = r * 2 + g.Key.A;
        return r;
    }

    [Differentiable, Refused("DG0103")]
    public static double UnionOfRecords(double a, double k)
    {
        List<Pair> pairs = Pairs(a, k);
        double r = 0;
        foreach (Pair q in pairs.Union(pairs)) r = r * 2 + q.A;
        return r;
    }
}
