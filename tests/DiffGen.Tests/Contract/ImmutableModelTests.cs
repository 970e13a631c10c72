namespace DiffGen.Tests.Contract;

/// <summary>Marked types whose members only a constructor gives: how they move, and what becomes of types that hold them.</summary>
public class ImmutableModelTests
{
    private const string Models = """
        using DiffGen;
        [Differentiable] public readonly partial struct Pt { public readonly double X; public double Y { get; } public readonly int Id; public Pt(int id, double x, double y) { Id = id; (X, Y) = (x, y); } }
        [Differentiable] public partial class Node(double weight, string name) { public double Weight { get; } = weight; public string Name { get; } = name; }
        [Differentiable] public partial record Path(Pt[] Points, Node Last);
        [Differentiable] public partial class Sealed { public double V { get; } public Sealed(double v) { V = 2 * v; } }
        [Differentiable] public partial class Named { public double MovedBy; }
        [Differentiable] public partial class Holder { public Sealed S = new(1); public double A; }
        public static partial class C
        {
            [Differentiable] public static double Length(Path p) => p.Points[0].X * p.Points[1].Y * p.Last.Weight;
            [Differentiable] public static double Held(Holder h) => h.S.V * h.A;
            public static double[] Moved()
            {
                var path = new Path([new Pt(7, 1, 2), new Pt(8, 3, 4)], new Node(5, "n"));
                Path next = path.MovedBy(LengthGradient(path), 0.1);
                return [next.Points[0].X, next.Points[0].Y, next.Points[0].Id, next.Points[1].Y, next.Points[1].Id, next.Last.Weight, next.Last.Name.Length];
            }
        }
        """;

    [Fact]
    public void TheConstructorMakesTheMovedValue()
    {
        using Executable code = GeneratorHarness.Run(Models).Load();
        double[] moved = code.Call<double[]>("C", "Moved");
        double[] expected = [1 + 0.1 * 4 * 5, 2, 7, 4 + 0.1 * 1 * 5, 8, 5 + 0.1 * 1 * 4, 1];
        Assert.Equal(expected.Length, moved.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], moved[i], 12);
    }

    // a constructor that computes does not give back what it is given
    [Theory]
    [InlineData("Sealed", false)]
    [InlineData("Holder", false)]
    [InlineData("Named", false)]
    [InlineData("Node", true)]
    [InlineData("Path", true)]
    public void OnlyWhatCanMoveDoes(string type, bool moves)
    {
        Generated generated = GeneratorHarness.Run(Models);
        Assert.Equal(moves, generated.Text.Contains($"{type} MovedBy(", StringComparison.Ordinal));
    }
}
