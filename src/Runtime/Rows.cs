using System;
using System.Runtime.CompilerServices;

namespace DiffGen;

/// <summary>Arrays that a stack of remembered values makes itself and hands out again after they were popped.</summary>
public static class Rows
{
    /// <summary>Remembers an array and returns it, with unspecified contents.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="tape">The stack; whoever pops the array is done with it when the next one is asked for.</param>
    /// <param name="length">The array's length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T[] Next<T>(ref Remembered<T[]> tape, int length) =>
        tape.TryRepeat(out T[] row) && row.Length == length ? row : Make(ref tape, length);

    /// <summary>Remembers an array of zeros and returns it.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="tape">The stack; whoever pops the array is done with it when the next one is asked for.</param>
    /// <param name="length">The array's length.</param>
    public static T[] Zeros<T>(ref Remembered<T[]> tape, int length)
    {
        T[] row = Next(ref tape, length);
        Array.Clear(row, 0, row.Length);
        return row;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T[] Make<T>(ref Remembered<T[]> tape, int length)
    {
        T[] row = new T[length];
        Remembering.Add<T>(length);
        tape.Replace(row);
        return row;
    }
}
