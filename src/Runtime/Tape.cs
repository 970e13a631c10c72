using System;
using System.Runtime.CompilerServices;

namespace DiffGen;

/// <summary>
/// The stack of remembered values of derivatives that call each other (recursion, large callees): a forward half remembers on it, the reverse
/// half consumes. The same operations as <see cref="Remembered{T}"/>, on the heap, with pooled memory.
/// </summary>
/// <remarks>
/// <see cref="Rent"/> takes an empty tape from a small store of the current thread and <see cref="Dispose"/> puts it there, so that repeated
/// derivatives allocate nothing. A tape must not be used after it was disposed.
/// </remarks>
/// <typeparam name="T">What is remembered.</typeparam>
public sealed class Tape<T> : IDisposable
{
    private const int Kept = 16;

    [ThreadStatic] private static Tape<T>? t_free;
    [ThreadStatic] private static int t_freeCount;

    private T[] _items = Array.Empty<T>();
    private int _count;
    private Tape<T>? _nextFree;

    /// <summary>An empty tape.</summary>
    public Tape()
    {
    }

    /// <summary>How many values are remembered.</summary>
    public int Count => _count;

    /// <summary>The value at a place, counted from the one remembered first.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1; not checked against <see cref="Count"/>, only against the memory.</param>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _items[index];
    }

    /// <summary>An empty tape from the current thread's store, or a new one.</summary>
    /// <returns>The tape; dispose it when the derivative is done.</returns>
    public static Tape<T> Rent()
    {
        Tape<T>? tape = t_free;
        if (tape is null) return new Tape<T>();
        t_free = tape._nextFree;
        t_freeCount--;
        tape._nextFree = null;
        return tape;
    }

    /// <summary>Remembers a value.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(T value)
    {
        int count = _count;
        T[] items = _items;
        if ((uint)count < (uint)items.Length)
        {
            items[count] = value;
            _count = count + 1;
        }
        else PushSlowly(value);
    }

    /// <summary>Takes the value that was remembered last.</summary>
    /// <returns>The value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Pop()
    {
        int last = _count - 1;
        T value = _items[last];
        _count = last;
        return value;
    }

    /// <summary>Takes the value that was remembered last, if there is one.</summary>
    /// <param name="value">The value, or the default when nothing is left.</param>
    /// <returns>Whether there was one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out T value)
    {
        int last = _count - 1;
        T[] items = _items;
        if ((uint)last < (uint)items.Length)
        {
            value = items[last];
            _count = last;
            return true;
        }
        value = default!;
        return false;
    }

    /// <summary>Forgets everything, gives pooled memory back and puts the tape into the current thread's store.</summary>
    public void Dispose()
    {
        T[] items = _items;
        _items = Array.Empty<T>();
        _count = 0;
        if (items.Length == 0) return;   // nothing was remembered, or disposed before: only a tape in use may enter the store
        Pool.Return(items);
        if (t_freeCount >= Kept) return;
        _nextFree = t_free;
        t_free = this;
        t_freeCount++;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PushSlowly(T value)
    {
        Grow(_count + 1);
        _items[_count++] = value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int needed)
    {
        T[] old = _items;
        T[] next = Pool.Rent<T>(old.Length, needed);
        Remembering.Add<T>(next.Length - old.Length);
        Array.Copy(old, next, _count);
        _items = next;
        if (old.Length > 0) Pool.Return(old);
    }
}
