using System;
using System.Collections.Generic;

namespace DiffGen;

/// <summary>What a jagged array held at one moment, its rows and their contents, so that it can be put back.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct JaggedSnapshot<T>
{
    private readonly T[][] _of;
    private readonly T[][] _rows;
    private readonly T[][] _contents;

    /// <summary>Remembers <paramref name="of"/>.</summary>
    /// <param name="of">The array; rows may be null.</param>
    public JaggedSnapshot(T[][] of)
    {
        _of = of;
        _rows = (T[][])of.Clone();
        _contents = new T[of.Length][];
        for (int i = 0; i < of.Length; i++)
            if (of[i] is { } row) _contents[i] = (T[])row.Clone();
    }

    /// <summary>Puts the rows back into the array, and their contents into the rows.</summary>
    public void Restore()
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            _of[i] = _rows[i];
            if (_rows[i] is { } row) Array.Copy(_contents[i], row, row.Length);
        }
    }
}

/// <summary>What a list held at one moment, so that it can be put back.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct ListSnapshot<T>
{
    private readonly List<T> _of;
    private readonly T[] _contents;

    /// <summary>Remembers <paramref name="of"/>.</summary>
    /// <param name="of">The list.</param>
    public ListSnapshot(List<T> of)
    {
        _of = of;
        _contents = of.ToArray();
    }

    /// <summary>Puts the contents back.</summary>
    public void Restore()
    {
        _of.Clear();
        _of.AddRange(_contents);
    }
}
