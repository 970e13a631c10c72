namespace Corpus;

/// <summary>Objects that are made at run time in sets and as keys of dictionaries: visited nodes, distances, counts, sorted graphs</summary>
public static partial class ObjectKeys
{
    public sealed class Node(double value)
    {
        public double Value = value;
        public double Adjoint;
        public string Operator = "";
        public readonly List<Node> Next = new();
    }

    private static List<Node> Made(double[] x) => x.Select(v => new Node(v)).ToList();

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double Weights(double[] x)
    {
        List<Node> nodes = Made(x);
        var weight = new Dictionary<Node, double>();
        foreach (Node n in nodes) weight.Add(n, n.Value * 2);
        double sum = 0;
        foreach ((Node n, double w) in weight) sum += n.Value * w;
        foreach (KeyValuePair<Node, double> pair in weight) sum += pair.Key.Value * pair.Value * pair.Value;
        foreach (Node n in weight.Keys) sum += n.Value * weight[n];
        return sum + weight.Values.Sum();
    }

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double Seen(double[] x)
    {
        List<Node> nodes = Made(x);
        var seen = new HashSet<Node> { nodes[1] };
        double sum = 0;
        foreach (Node n in nodes.Concat(nodes))
            if (seen.Add(n)) sum += n.Value * n.Value;
        seen.Remove(nodes[0]);
        return sum * seen.Count + (seen.Contains(nodes[0]) ? 100 : nodes[1].Value);
    }

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double InSet(double[] x)
    {
        HashSet<Node> set = new();
        foreach (double v in x) set.Add(new Node(v));
        double sum = 0;
        foreach (Node n in set) sum = sum * 0.5 + n.Value * n.Value;
        return sum + set.Sum(n => n.Value) * set.First().Value;
    }

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double SetsOfList(double[] x)
    {
        List<Node> nodes = Made(x);
        var some = new HashSet<Node>(nodes);
        some.ExceptWith(nodes.Take(1));
        HashSet<Node> all = nodes.ToHashSet();
        double sum = 0;
        foreach (Node n in nodes) sum += (some.Contains(n) ? 2 : 1) * n.Value * n.Value * (all.Contains(n) ? 3 : 1);
        return sum;
    }

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double SetOperators(double[] x)
    {
        List<Node> nodes = Made(x);
        return nodes.Except(nodes.Take(1)).Sum(n => n.Value * n.Value) + nodes.Intersect(nodes.Skip(1)).Sum(n => n.Value * n.Value * n.Value)
            + nodes.Take(1).Union(nodes).Sum(n => 1 / n.Value) + nodes.Concat(nodes).Distinct().Sum(n => Math.Sin(n.Value));
    }

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double Counts(double[] x)
    {
        List<Node> nodes = Made(x);
        var count = new Dictionary<Node, int>();
        for (int i = 0; i < 7; i++) count[nodes[i * i % 3]] = count.GetValueOrDefault(nodes[i * i % 3]) + 1;
        double sum = 0;
        foreach (Node n in nodes)
            if (count.TryGetValue(n, out int k)) sum += k * n.Value * n.Value;
        foreach ((Node n, int k) in count) sum += k * n.Value;
        return sum + count.OrderByDescending(p => p.Value).Sum(p => p.Key.Value * p.Value) + count.Values.Sum();
    }

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double Groups(double[] x)
    {
        List<Node> nodes = Made(x);
        return nodes.Concat(nodes).GroupBy(n => n).Sum(g => g.Key.Value * g.Count()) + nodes.ToDictionary(n => n, n => n.Value * n.Value)[nodes[1]];
    }

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double ShortestPath(double[] x)
    {
        List<Node> nodes = Made(x);
        nodes[0].Next.AddRange([nodes[1], nodes[2]]);
        nodes[1].Next.Add(nodes[2]);
        nodes[2].Next.Add(nodes[0]);
        var distance = new Dictionary<Node, double> { [nodes[0]] = 0 };
        var previous = new Dictionary<Node, Node>();
        var open = new Queue<Node>();
        open.Enqueue(nodes[0]);
        while (open.Count > 0)
        {
            Node at = open.Dequeue();
            foreach (Node to in at.Next)
            {
                double d = distance[at] + at.Value * to.Value;
                if (distance.ContainsKey(to) && d >= distance[to]) continue;
                distance[to] = d;
                previous[to] = at;
                open.Enqueue(to);
            }
        }

        return distance[nodes[2]] + previous[nodes[2]].Value;
    }

    private static Node Of(string name, params Node[] from)
    {
        var made = new Node(name == "+" ? from[0].Value + from[1].Value : from[0].Value * from[1].Value) { Operator = name };
        made.Next.AddRange(from);
        return made;
    }

    private static void Order(Node node, HashSet<Node> seen, List<Node> order)
    {
        if (!seen.Add(node)) return;
        foreach (Node n in node.Next) Order(n, seen, order);
        order.Add(node);
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Backpropagated(double x, double y)
    {
        Node a = new(x), b = new(y), top = Of("+", Of("*", a, b), Of("*", a, a));
        var order = new List<Node>();
        Order(top, new HashSet<Node>(), order);
        top.Adjoint = 1;
        for (int i = order.Count - 1; i >= 0; i--)
        {
            Node n = order[i];
            if (n.Operator == "+")
            {
                n.Next[0].Adjoint += n.Adjoint;
                n.Next[1].Adjoint += n.Adjoint;
            }
            else if (n.Operator == "*")
            {
                n.Next[0].Adjoint += n.Next[1].Value * n.Adjoint;
                n.Next[1].Adjoint += n.Next[0].Value * n.Adjoint;
            }
        }

        return a.Adjoint * b.Adjoint + top.Value;
    }

    private sealed class Sums
    {
        private readonly HashSet<Node> _done = new();
        private readonly Dictionary<Node, double> _known = new();

        public int Visits { get; private set; }

        public int Done => _done.Count;

        public double Of(Node n)
        {
            if (_known.TryGetValue(n, out double known)) return known;
            Visits++;
            double sum = n.Value;
            foreach (Node to in n.Next) sum += n.Value * Of(to);
            _known[n] = sum;
            _done.Add(n);
            return sum;
        }
    }

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double Memoised(double[] x)
    {
        List<Node> nodes = Made(x);
        nodes[0].Next.AddRange(nodes.Skip(1));
        nodes[1].Next.Add(nodes[2]);
        var sums = new Sums();
        return sums.Of(nodes[0]) * sums.Of(nodes[1]) * sums.Done + sums.Visits;
    }

    [Differentiable, At("new[] { 1.33, 0.44, 2.25 }, new[] { 1.42, 0.57, 2.25 + 0.3 }")]
    public static double OfNumbers(double[] x, double[] y) =>
        x.Except(y).Sum(v => v * v) + x.ExceptBy([1, 2], v => (int)v).Sum(v => v * v * v) + x.UnionBy(y, v => (int)(10 * v)).Sum(v => 1 / v);

    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }, new[] { 1, 0, 2, 2 }, new[] { \"a\", \"b\", \"a\" }")]
    public static double OfPositions(double[] x, int[] p, string[] names) =>
        p.Except([0, 5]).Sum(i => x[i] * x[i]) + p.Intersect([2, 7]).Sum(i => x[i] * x[i] * x[i])
        + names.Select((name, i) => (name, value: x[i])).IntersectBy(["a"], t => t.name).Sum(t => t.value * t.value);

    public sealed record Labelled(double Value);

    [Refused("records say themselves which are equal, by numbers that vary")]
    [Differentiable, At("new[] { 1.3, 0.4, 2.2 }")]
    public static double Records(double[] x)
    {
        List<Labelled> items = x.Select(v => new Labelled(v)).ToList();
        var seen = new HashSet<Labelled>();
        double sum = 0;
        foreach (Labelled r in items)
            if (seen.Add(r)) sum += r.Value * r.Value;
        return sum;
    }
}
