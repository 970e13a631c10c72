using System.Runtime.Intrinsics;
using DiffGen.Generator.Ir;
using DiffGen.Generator.Optimization;

namespace DiffGen.Tests.Optimization;

/// <summary>What emitted code calls of the runtime: vectors and rows of them by the runtime itself, stacks of remembered values by a model that knows more.</summary>
internal static class RuntimeCalls
{
    private const string Remembered = "";

    /// <summary>The result of a call of the runtime; null where the code is none.</summary>
    public static object? Run(Opaque code, Func<Expr, object> value)
    {
        if (code.Holes.Count > 0 && code.Holes[0] is Read { Variable.Type: TapeType })
        {
            MemoryOfTape tape = (MemoryOfTape)value(code.Holes[0]);
            return (code.Pieces[0], code.Pieces[1]) switch
            {
                (Remembered, ".Reserve(") => tape.Reserve((int)value(code.Holes[1]), double.NaN),
                (Remembered, ".Zeros(") => tape.Reserve((int)value(code.Holes[1]), 0),
                (Remembered, ".Take(") => tape.Take((int)value(code.Holes[1])),
                (Remembered, ".Expect((long)") => tape,
                ("global::DiffGen.Rows.Next(ref ", _) => tape.Next((int)value(code.Holes[1]), double.NaN),
                ("global::DiffGen.Rows.Zeros(ref ", _) => tape.Next((int)value(code.Holes[1]), 0),
                _ => throw new NotSupportedException(code.Pieces[1]),
            };
        }
        if (LaneMath.BroadcastOf(code) is { } number) return Vector256.Create((double)value(number));
        if (LaneMath.FusedOf(code) is { } fused) return Vector256.FusedMultiplyAdd(Lanes(fused.Left), Lanes(fused.Right), Lanes(fused.To));
        if (LaneMath.SummedBy(code) is { } lanes) return DiffGen.Lanes.Sum(Lanes(lanes));
        if (!LaneMath.TakesRows(code)) return null;
        object[] x = [.. code.Holes.Select(value)];
        Vector256<double>[] Row(int i) => (Vector256<double>[])x[i];
        switch (code.Pieces[0])
        {
            case "global::DiffGen.Lanes.AddProducts(": DiffGen.Lanes.AddProducts(Row(0), (int)x[1], (double[])x[2], (int)x[3], (Vector256<double>)x[4], (int)x[5]); return x;
            case "global::DiffGen.ExactLanes.AddProducts(": ExactLanes.AddProducts(Row(0), (int)x[1], (double[])x[2], (int)x[3], (Vector256<double>)x[4], (int)x[5]); return x;
            case "global::DiffGen.Lanes.AddSums(" when x.Length == 6: DiffGen.Lanes.AddSums((double[])x[0], (int)x[1], Row(2), (int)x[3], (Vector256<double>)x[4], (int)x[5]); return x;
            case "global::DiffGen.Lanes.AddSums(": DiffGen.Lanes.AddSums((double[])x[0], (int)x[1], Row(2), (int)x[3], Row(4), (int)x[5], (int)x[6]); return x;
            case "global::DiffGen.Lanes.Dot(" when x[2] is double[] numbers: return DiffGen.Lanes.Dot(Row(0), (int)x[1], numbers, (int)x[3], (int)x[4]);
            default: return DiffGen.Lanes.Dot(Row(0), (int)x[1], Row(2), (int)x[3], (int)x[4]);
        }

        Vector256<double> Lanes(Expr e) => (Vector256<double>)value(e);
    }
}

/// <summary>
/// A stack of remembered values that spoils what nobody may look at any more: a row is gone when something else is remembered in its place, and only the room
/// made last can be taken, as long as it was made.
/// </summary>
internal sealed class MemoryOfTape
{
    private readonly Stack<object> _items = [];
    private readonly List<double[]> _taken = [];

    public void Push(object value)
    {
        Spoil();
        _items.Push(value);
    }

    public object Pop()
    {
        object value = _items.Pop();
        if (value is double[] row) _taken.Add(row);
        return value;
    }

    public double[] Reserve(int count, double with)
    {
        if (count <= 0) return [];
        return Next(count, with);
    }

    public double[] Next(int length, double with)
    {
        double[] room = new double[length];
        Array.Fill(room, with);
        Push(room);
        return room;
    }

    public double[] Take(int count)
    {
        if (count <= 0) return [];
        return Pop() is double[] row && row.Length == count ? row : throw new InvalidOperationException("another room");
    }

    private void Spoil()
    {
        foreach (double[] row in _taken) Array.Fill(row, double.NaN);
        _taken.Clear();
    }
}
