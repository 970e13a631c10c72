using GradBench.Problems;
using GradBench.Protocol;

namespace GradBench;

/// <summary>The twelve problems, by the names under which GradBench asks for them.</summary>
internal static class Modules
{
    /// <summary>All modules; with <paramref name="fast"/>, derivatives that may reassociate sums where there are such.</summary>
    public static IReadOnlyDictionary<string, Module> All(bool fast) => new Dictionary<string, Module>
    {
        ["hello"] = new Module()
            .Add("square", Hello.Square)
            .Add("double", Hello.SquareGradient),

        ["llsq"] = new Module()
            .Add("primal", Inputs.Default.LeastSquaresInput, i => LeastSquares.Loss(i.X, i.N), Output.Number)
            .Add("gradient", Inputs.Default.LeastSquaresInput, i => fast ? LeastSquares.FastLossGradient(i.X, i.N) : LeastSquares.LossGradient(i.X, i.N), Output.Vector),

        ["lse"] = new Module()
            .Add("primal", Inputs.Default.VectorInput, i => LogSumExp.Value(i.X), Output.Number)
            .Add("gradient", Inputs.Default.VectorInput, i => fast ? LogSumExp.FastValueGradient(i.X) : LogSumExp.ValueGradient(i.X), Output.Vector),

        ["ode"] = new Module()
            .Add("primal", Inputs.Default.OdeInput, i => Ode.Solve(i.X, i.S), Output.Vector)
            .Add("gradient", Inputs.Default.OdeInput, i => Ode.LastGradient(i.X, i.S), Output.Vector),

        ["det"] = new Module()
            .Add("primal", Inputs.Default.DeterminantInput, i => Determinant.Value(i.A, i.Ell), Output.Number)
            .Add("gradient", Inputs.Default.DeterminantInput, i => Determinant.ValueGradient(i.A, i.Ell), Output.Vector),

        ["gmm"] = new Module()
            .Add(
                "objective", Inputs.Default.MixtureInput,
                i => Mixture.Objective(i.Alpha, i.Mu, i.Q, i.L, i.X, i.Gamma, i.M), Output.Number)
            .Add(
                "jacobian", Inputs.Default.MixtureInput,
                i => fast
                    ? Mixture.FastObjectiveGradient(i.Alpha, i.Mu, i.Q, i.L, i.X, i.Gamma, i.M)
                    : Mixture.ObjectiveGradient(i.Alpha, i.Mu, i.Q, i.L, i.X, i.Gamma, i.M), (writer, gradient) =>
                {
                    writer.WriteStartObject();
                    writer.WritePropertyName("alpha");
                    Output.Vector(writer, gradient.dAlpha);
                    writer.WritePropertyName("mu");
                    Output.Matrix(writer, gradient.dMu);
                    writer.WritePropertyName("q");
                    Output.Matrix(writer, gradient.dQ);
                    writer.WritePropertyName("l");
                    Output.Matrix(writer, gradient.dL);
                    writer.WriteEndObject();
                }),

        ["lstm"] = new Module()
            .Add(
                "objective", Inputs.Default.LstmInput,
                i => Lstm.Objective(i.MainParams, i.ExtraParams, i.State, i.Sequence), Output.Number)
            .Add(
                "jacobian", Inputs.Default.LstmInput,
                i => fast
                    ? Lstm.FastObjectiveGradient(i.MainParams, i.ExtraParams, i.State, i.Sequence)
                    : Lstm.ObjectiveGradient(i.MainParams, i.ExtraParams, i.State, i.Sequence), (writer, gradient) =>
                {
                    writer.WriteStartArray();
                    Output.Flat(writer, gradient.dMainParams);
                    Output.Flat(writer, gradient.dExtraParams);
                    writer.WriteEndArray();
                }),

        ["ba"] = new Module()
            .Add("objective", Inputs.Default.BundleInput, i => new Bundle(i), b => b.Residuals(), BundleResiduals.Write)
            .Add("jacobian", Inputs.Default.BundleInput, i => new Bundle(i), b => b.Jacobian(), SparseMatrix.Write),

        ["kmeans"] = new Module()
            .Add("cost", Inputs.Default.KMeansInput, i => KMeans.Cost(i.Points, i.Centroids), Output.Number)
            .Add("dir", Inputs.Default.KMeansInput, i => KMeans.NewtonDirection(i.Points, i.Centroids, fast), Output.Matrix),

        ["ht"] = new Module()
            .Add("objective", Inputs.Default.HandInput, i => new Hand(i), h => h.Residuals(), Output.Vector)
            .Add("jacobian", Inputs.Default.HandInput, i => new Hand(i), h => h.Jacobian(), HandJacobian.Write),

        ["particle"] = Modes((module, name, outer, inner) => module.Add(
            name, Inputs.Default.ParticleInput, i => Particle.BestControl(i.W, outer, inner), Output.Number)),

        ["saddle"] = Modes((module, name, outer, inner) => module.Add(
            name, Inputs.Default.SaddleInput, i => Saddle.Find(i.Start, outer, inner), Output.Vector)),
    };

    /// <summary>A module of four functions: the outer and the inner derivative forward (true) or reverse.</summary>
    private static Module Modes(Action<Module, string, bool, bool> add)
    {
        var module = new Module();
        add(module, "ff", true, true);
        add(module, "fr", true, false);
        add(module, "rf", false, true);
        add(module, "rr", false, false);
        return module;
    }
}
