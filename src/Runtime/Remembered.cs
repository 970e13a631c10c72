using System;
using System.Buffers;
using System.Runtime.CompilerServices;

namespace DiffGen;

/// <summary>
/// A typed stack of the primal's values that a reverse sweep needs again. It starts in memory of the caller (a <c>stackalloc</c>) and moves to pooled
/// arrays when that is full; <see cref="Dispose"/> gives them back.
/// </summary>
/// <remarks>A mutable struct: keep it in a local and pass it by <c>ref</c>; a copy would count for itself.</remarks>
/// <typeparam name="T">What is remembered.</typeparam>
/// <example>
/// <code>
/// var xs = new Remembered&lt;double&gt;(stackalloc double[32]);
/// while (…) { xs.Push(x); x = …; }
/// while (xs.TryPop(out x)) { … }
/// xs.Dispose();
/// </code>
/// </example>
public ref struct Remembered<T>
{
    private Span<T> _items;
    private int _count;
    private int _made;
    private T[]? _rented;

    /// <summary>An empty stack that begins in the caller's memory.</summary>
    /// <param name="initial">Where the first values go.</param>
    public Remembered(Span<T> initial)
    {
        _items = initial;
        _count = 0;
        _rented = null;
    }

    /// <summary>An empty stack with pooled room for a known number of values.</summary>
    /// <param name="capacity">How many values will be pushed at least.</param>
    public Remembered(int capacity)
    {
        _rented = ArrayPool<T>.Shared.Rent(Math.Max(capacity, 1));
        _items = _rented;
        _count = 0;
    }

    /// <summary>How many values are remembered.</summary>
    public readonly int Count => _count;

    /// <summary>The value at a place, counted from the one remembered first.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1; not checked against <see cref="Count"/>, only against the memory.</param>
    public readonly ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _items[index];
    }

    /// <summary>Remembers a value.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(T value)
    {
        int count = _count;
        Span<T> items = _items;
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
        Span<T> items = _items;
        if ((uint)last < (uint)items.Length)
        {
            value = items[last];
            _count = last;
            return true;
        }
        value = default!;
        return false;
    }

    /// <summary>Makes room for values that are then written and read by index: for loops whose trip count is known, one check for all.</summary>
    /// <param name="count">How many values; none where it is negative, as for a loop that does not run.</param>
    /// <returns>The room, with unspecified contents; it counts as remembered and stays valid until the next value is remembered.</returns>
    public Span<T> Reserve(int count)
    {
        if (count <= 0) return default;
        int start = _count;
        if (count > _items.Length - start) Grow(checked(start + count));
        _count = start + count;
        return _items.Slice(start, count);
    }

    /// <summary>Makes room for values that will be remembered, so that the stack grows at once and not by and by.</summary>
    /// <param name="count">How many values, about; a number that no array can have is no promise.</param>
    public void Expect(long count)
    {
        if (count > _items.Length - _count && count <= 0X7FFFFFC7 - _count) Grow(_count + (int)count);
    }

    /// <summary>Room for zeros that are then added to: the adjoint of an array that nobody keeps.</summary>
    /// <param name="count">How many values; none where it is negative.</param>
    /// <returns>The room, full of zeros; valid until the next value is remembered.</returns>
    public Span<T> Zeros(int count)
    {
        Span<T> room = Reserve(count);
        room.Clear();
        return room;
    }

    /// <summary>A copy of values, in room of its own.</summary>
    /// <param name="of">The values.</param>
    /// <returns>The copy; valid until the next value is remembered.</returns>
    public Span<T> Copied(ReadOnlySpan<T> of)
    {
        Span<T> room = Reserve(of.Length);
        of.CopyTo(room);
        return room;
    }

    /// <summary>Takes the room that was reserved last.</summary>
    /// <param name="count">As many values as were reserved.</param>
    /// <returns>The values; valid until the next value is remembered.</returns>
    public Span<T> Take(int count)
    {
        if (count <= 0) return default;
        _count -= count;
        return _items.Slice(_count, count);
    }

    /// <summary>As <see cref="Reserve"/>, for scratch that nothing is remembered in.</summary>
    internal Span<T> Scratch(int count)
    {
        if (count > _items.Length) Grow(count, isMemory: false);
        return _items.Slice(0, count);
    }

    /// <summary>
    /// Remembers again what was popped from this place, if this stack put it there by <see cref="Replace"/>; else makes room for <see cref="Replace"/>.
    /// </summary>
    internal bool TryRepeat(out T value)
    {
        if (_count >= _items.Length) Grow(_count + 1);
        int place = _count++;
        value = _items[place];
        return place < _made;
    }

    /// <summary>Overwrites the value remembered last.</summary>
    internal void Replace(T value)
    {
        _items[_count - 1] = value;
        if (_made < _count) _made = _count;
    }

    /// <summary>Forgets everything and gives pooled memory back. The stack is empty and usable afterwards.</summary>
    public void Dispose()
    {
        T[]? rented = _rented;
        _rented = null;
        _items = default;
        _count = 0;
        _made = 0;
        if (rented is not null) Pool.Return(rented);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PushSlowly(T value)
    {
        Grow(_count + 1);
        _items[_count++] = value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int needed, bool isMemory = true)
    {
        T[] next = Pool.Rent<T>(_items.Length, needed);
        if (isMemory) Remembering.Add<T>(next.Length - (_rented?.Length ?? 0));
        _items.Slice(0, _count).CopyTo(next);
        if (_made > _count) _made = _count;
        T[]? old = _rented;
        _rented = next;
        _items = next;
        if (old is not null) Pool.Return(old);
    }
}
