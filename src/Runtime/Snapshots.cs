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
    /// <param name="of">The array; rows may be null, and so may the whole.</param>
    public JaggedSnapshot(T[][]? of)
    {
        of ??= [];
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

/// <summary>What a list, by whatever name, held at one moment, so that it can be put back.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct ListSnapshot<T>
{
    private readonly IList<T> _of;
    private readonly T[] _contents;

    /// <summary>Remembers <paramref name="of"/>.</summary>
    /// <param name="of">The list; an array has the length that it has. It may be null.</param>
    public ListSnapshot(IList<T>? of)
    {
        of ??= [];
        _of = of;
        _contents = new T[of.Count];
        of.CopyTo(_contents, 0);
    }

    /// <summary>Puts the contents back.</summary>
    public void Restore()
    {
        if (_of.Count == _contents.Length)
        {
            for (int i = 0; i < _contents.Length; i++) _of[i] = _contents[i];
            return;
        }
        _of.Clear();
        foreach (T item in _contents) _of.Add(item);
    }
}
