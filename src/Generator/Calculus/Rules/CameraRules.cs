using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// <c>Matrix4x4.CreateLookAt</c> and its like: a position and the axes of a frame that looks against z, <c>z = unit(b)</c>, <c>x = unit(up × z)</c>,
/// <c>y = z × x</c> for the direction <c>b</c> backwards. The axes are read from the matrix; the chain rule goes through them as vectors.
/// </summary>
internal static class CameraRules
{
    /// <summary>The rule of a function of a position, a point or direction, and what is up; null where it is none of these.</summary>
    public static Rule? For(string name, Apply x) => x.Arguments.Count != 3 ? null : name switch
    {
        "CreateLookAt" => new Camera(isView: true, sign: 1, isPoint: true),
        "CreateLookAtLeftHanded" => new Camera(isView: true, sign: -1, isPoint: true),
        "CreateLookTo" => new Camera(isView: true, sign: 1, isPoint: false),
        "CreateLookToLeftHanded" => new Camera(isView: true, sign: -1, isPoint: false),
        "CreateWorld" => new Camera(isView: false, sign: 1, isPoint: false),
        _ => null,
    };

    /// <param name="isView">Whether the matrix goes into the frame, with the axes as columns; else it comes out of it, with the axes as rows.</param>
    /// <param name="sign">1 where the frame looks against its z axis.</param>
    /// <param name="isPoint">Whether the second argument is a point that is looked at, not a direction.</param>
    private sealed class Camera(bool isView, int sign, bool isPoint) : Rule
    {
        public override string Name => "frame";

        public override Expr? Pullback(int argument, RuleContext context, Expr cotangent)
        {
            Frame f = new(this, context);
            Expr[] c = [.. Enumerable.Range(0, 3).Select(k => Axis(cotangent, f.Vector, k))];
            Expr position = isView ? E.Neg(Enumerable.Range(0, 3).Select(k => E.Mul(f.Axes[k], Last(cotangent, k))).Aggregate(E.Add)) : Axis(cotangent, f.Vector, 3);
            if (argument == 0 && !isPoint) return position;
            if (isView) c = [.. c.Select((axis, k) => E.Sub(axis, E.Mul(context.Arguments[0], Last(cotangent, k))))];
            (Expr x, Expr z) = (f.Axes[0], f.Axes[2]);
            Expr across = f.Across(E.Add(c[0], Cross(c[1], z)));
            if (argument == 2) return Cross(z, across);
            Expr backward = f.Backward(E.Add(E.Add(c[2], Cross(x, c[1])), Cross(across, context.Arguments[2])));
            if (argument == 0) return sign > 0 ? E.Add(position, backward) : E.Sub(position, backward);
            return sign > 0 ? E.Neg(backward) : backward;
        }

        public override Expr? Pushforward(int argument, RuleContext context, Expr tangent)
        {
            Frame f = new(this, context);
            (Expr x, Expr z) = (f.Axes[0], f.Axes[2]);
            Expr zero = E.Zero(f.Vector);
            Expr[] axes = [zero, zero, zero];
            if (argument > 0 || isPoint)
            {
                Expr dz = argument == 2 ? zero : f.Backward((argument == 0) == (sign > 0) ? tangent : E.Neg(tangent));
                Expr dx = f.Across(argument == 2 ? Cross(tangent, z) : Cross(context.Arguments[2], dz));
                axes = [dx, argument == 2 ? Cross(z, dx) : E.Add(Cross(dz, x), Cross(z, dx)), dz];
            }
            Expr moved = argument == 0 ? tangent : zero;
            return Matrix((VectorType)context.Result.Type, axes, isView
                ? [.. axes.Select((d, k) => E.Neg(E.Add(Dot(d, context.Arguments[0]), Dot(f.Axes[k], moved))))]
                : [.. Parts(moved)]);
        }

        /// <summary>The matrix of three axes and what stands in its last row.</summary>
        private Expr Matrix(VectorType type, Expr[] axes, Expr[] last)
        {
            Expr[][] a = [.. axes.Select(v => Parts(v).ToArray())];
            Expr zero = E.Zero(type.Component);
            return VectorMath.New(type, [.. Enumerable.Range(0, 12).Select(i => i % 4 == 3 ? zero : isView ? a[i % 4][i / 4] : a[i / 4][i % 4]), .. last, zero]);
        }

        /// <summary>An axis, or in a matrix that comes out of the frame, as the fourth, the position.</summary>
        private Expr Axis(Expr matrix, VectorType vector, int k) =>
            VectorMath.New(vector, [.. Enumerable.Range(0, 3).Select(i => VectorMath.Part(matrix, isView ? $"M{i + 1}{k + 1}" : $"M{k + 1}{i + 1}"))]);

        private static Expr Last(Expr matrix, int k) => VectorMath.Part(matrix, $"M4{k + 1}");

        private static IEnumerable<Expr> Parts(Expr v) => VectorMath.Components((VectorType)v.Type).Select(k => E.IsZero(v) ? E.Zero(((VectorType)v.Type).Component) : VectorMath.Part(v, k));

        private static Expr Cross(Expr a, Expr b) => VectorMath.Call((VectorType)a.Type, "Cross", a.Type, a, b);

        private static Expr Dot(Expr a, Expr b) => E.IsZero(a) || E.IsZero(b) ? E.Zero(((VectorType)a.Type).Component) : VectorMath.Inner(a, b);

        /// <summary>The axes, and what the lengths of the vectors that they are the directions of do to a difference.</summary>
        private sealed class Frame
        {
            private readonly Expr _backward, _across;

            public Frame(Camera camera, RuleContext context)
            {
                Expr at = context.Arguments[1];
                Vector = (VectorType)at.Type;
                Axes = [.. Enumerable.Range(0, 3).Select(k => camera.Axis(context.Result, Vector, k))];
                // lengths don't depend on the sign
                _backward = camera.IsPoint ? E.Sub(context.Arguments[0], at) : at;
                _across = Cross(context.Arguments[2], Axes[2]);
            }

            public VectorType Vector { get; }

            public Expr[] Axes { get; }

            public Expr Backward(Expr d) => Turned(d, Axes[2], _backward);

            public Expr Across(Expr d) => Turned(d, Axes[0], _across);

            // of a unit vector: what is along it is lost
            private Expr Turned(Expr d, Expr unit, Expr of) => E.Div(E.Sub(d, E.Mul(unit, Dot(unit, d))), VectorMath.Method(Vector, "Length", Vector.Component, of));
        }

        private bool IsPoint => isPoint;
    }
}
