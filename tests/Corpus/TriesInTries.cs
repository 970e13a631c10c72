namespace Corpus;
/// <summary>Try blocks inside of try blocks: what a catch or a finally block did before the exception went on</summary>
public static partial class TriesInTries
{
    sealed class Neg(int at) : Exception { public int At => at; }
    static double Check(double v, int i) => v < 0 ? throw new Neg(i) : v * v;
    static readonly object Gate = new();
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}")] public static double Rethrow(double[] x)
    {
        double s = 0;
        try { try { s += Check(x[1], 1); } catch (Neg) { s -= x[1] * x[1]; throw; } }
        catch (Neg) { s *= 2; }
        return s + x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}")] public static double RethrowNew(double[] x)
    {
        double s = 0;
        try { try { s += Check(x[1], 1); } catch (Neg e) { s -= x[1] * s + x[1]; throw new InvalidOperationException("", e); } }
        catch (InvalidOperationException) { s *= 2 * x[0]; }
        return s + x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}"), At("new double[]{-0.7, 1.2}")] public static double Finally(double[] x)
    {
        double s = x[0];
        try { s *= x[1]; try { s -= x[1]; s *= Check(x[1], 1); s *= Check(x[0], 0); } finally { s += x[0] * s; } s *= s; }
        catch (Neg) { s *= 2; }
        return s + x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}"), At("new double[]{-0.7, 1.2}")] public static double FinallyPlain(double[] x)
    {
        double s = x[0]; int n = 0;
        try { try { s -= x[1]; s *= Check(x[1], 1); s *= Check(x[0], 0); } finally { n++; } s *= n; }
        catch (Neg) { s *= 2 + n; }
        return s + x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}"), At("new double[]{-0.7, 1.2}")] public static double Locked(double[] x)
    {
        double s = x[0];
        try { lock (Gate) { s -= x[1]; s *= Check(x[1], 1); s *= Check(x[0], 0); } s *= s; }
        catch (Neg) { s *= 2; }
        return s + x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}")] public static double HelperRethrows(double[] x)
    {
        double s = 0;
        try { Inner(x, ref s); }
        catch (Neg) { s *= 2; }
        return s + x[0];
    }
    static void Inner(double[] x, ref double s) { try { s += Check(x[1], 1); } catch (Neg) { s -= x[1] * x[0]; throw; } }
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}"), At("new double[]{-0.7, 1.2}"), At("new double[]{-0.7, -1.2}")] public static double InnerCatchesSome(double[] x)
    {
        double s = x[0];
        try
        {
            s *= x[1];
            try { s += Check(x[1], 1); s *= Check(x[0], 7); }
            catch (Neg e) when (e.At == 1) { s -= x[1] * s; }
            s *= Check(x[0], 8) + 1;
        }
        catch (Neg e) { s *= e.At; }
        return s * x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}"), At("new double[]{-0.7, 1.2}"), At("new double[]{-0.7, -1.2}")] public static double TwoKinds(double[] x)
    {
        double s = x[0];
        try
        {
            try { s += Check(x[1], 1); s *= Check(x[0], 7); }
            catch (Neg e) when (e.At == 1) { s -= x[1] * s; throw new ArgumentException("a"); }
            catch (Neg) { s *= x[0] * x[1]; throw; }
            s *= s;
        }
        catch (ArgumentException) { s *= x[1]; }
        catch (Neg) { s = s * s; }
        return s * x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double InALoop(double[] x)
    {
        double s = 1;
        for (int i = 0; i < x.Length; i++)
        {
            try { s *= 1 + x[i] * s; try { s += Check(x[i], i); } catch (Neg) { s -= x[i] * s; throw; } s *= x[i]; }
            catch (Neg e) { s *= 2 + x[0] * e.At; }
        }
        return s + x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double Counts(double[] x)
    {
        double s = 1; int k = 3;
        try { s *= k * x[1]; try { k = 2; s *= Check(x[1], 1) * k; k = 5; } catch (Neg) { k = 7; throw; } s *= k; }
        catch (Neg) { s *= k * x[2]; }
        return s * k * x[0];
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double Arrays(double[] x)
    {
        double[] a = (double[])x.Clone();
        try { a[0] *= a[1]; try { a[1] = Check(a[1], 1) * a[0]; } catch (Neg) { a[2] *= a[0]; throw; } finally { a[3] *= a[2]; } a[0] *= a[3]; }
        catch (Neg) { a[0] *= a[2] + a[3]; }
        return a[0] * a[1] * a[2] * a[3];
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double Three(double[] x)
    {
        double s = x[0];
        try
        {
            try { try { s *= Check(x[1], 1); } catch (Neg) { s *= x[2]; throw; } s *= x[3]; }
            catch (Neg) { s *= x[0] + x[2]; throw new InvalidOperationException(); }
            s += x[1];
        }
        catch (Exception) { s *= s; }
        return s;
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double InABranch(double[] x)
    {
        double s = x[0];
        try
        {
            if (x[0] > 0) { s *= x[2]; try { s *= Check(x[1], 1); s *= 3; } catch (Neg) { s *= x[2]; throw; } s *= x[0]; } else s *= 2;
            s += x[1];
        }
        catch (Exception) { s *= s; }
        return s;
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double LoopOutside(double[] x)
    {
        double s = x[0];
        try { for (int i = 0; i < x.Length; i++) { try { s *= Check(x[i], i); } catch (Neg) { s *= x[0]; throw; } } }
        catch (Neg) { s = x[1] * x[2]; }
        return s;
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double Leaves(double[] x)
    {
        double s = x[0];
        try { try { s *= Check(x[1], 1); return s * 2; } catch (Neg) { s *= x[0]; throw; } finally { s *= 3; } }
        catch (Neg) { s *= x[1] * x[2]; }
        return s;
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double Usings(double[] x)
    {
        double s = x[0];
        try { using var m = new System.IO.MemoryStream(); s *= x[2]; s *= Check(x[1], 1); s += x[1]; }
        catch (Neg) { s *= x[1] * x[2]; }
        return s;
    }
    [Differentiable, At("new double[]{0.7, -1.2, 0.4, -0.2}"), At("new double[]{0.7, 1.2, 0.3, 0.1}")] public static double CatchThrowsHalfWay(double[] x)
    {
        double s = x[0];
        try { try { s *= Check(x[1], 1); } catch (Neg) { s *= x[2]; s *= Check(x[3], 3); s *= x[0]; } }
        catch (Neg) { s *= x[1]; }
        return s;
    }
    [Differentiable, At("new double[]{0.7, -1.2}"), At("new double[]{0.7, 1.2}")] public static double LeavesOrThrowsOn(double[] x)
    {
        double s = x[0];
        try { s *= x[1]; try { s *= Check(x[1], 1); } catch (Neg) { s *= x[1]; if (x[0] > 0) return s * s; throw; } s += 1; }
        catch (Exception) { s *= s; }
        return s;
    }
}
