using System.Text;

namespace DiffGen.Generator.Emission;

/// <summary>Writes indented text with LF line ends; comments beside statements that follow each other are aligned.</summary>
internal sealed class CodeWriter
{
    private const int CommentColumnLimit = 72;

    private readonly StringBuilder _text = new();
    private readonly List<(string Code, string Comment)> _commented = [];
    private int _depth;

    /// <summary>Writes a line; an empty one carries no indentation.</summary>
    public void Line(string code = "", string comment = "")
    {
        string indented = code.Length == 0 ? "" : new string(' ', 4 * _depth) + code;
        if (comment.Length > 0)
        {
            _commented.Add((indented, comment));
            return;
        }
        Flush();
        _text.Append(indented).Append('\n');
    }

    /// <summary>Writes an opening brace and indents.</summary>
    public void Open()
    {
        Line("{");
        _depth++;
    }

    /// <summary>Takes the indentation back and writes a closing brace.</summary>
    public void Close(string tail = "")
    {
        _depth--;
        Line("}" + tail);
    }

    /// <summary>Writes an empty line unless one, or an opening brace, comes before.</summary>
    public void Gap()
    {
        Flush();
        int end = _text.Length;
        if (end == 0 || end >= 2 && _text[end - 1] == '\n' && _text[end - 2] is '\n' or '{') return;
        _text.Append('\n');
    }

    /// <summary>Writes lines that are finished but for their indentation.</summary>
    public void Lines(string text)
    {
        foreach (string line in text.Split('\n')) Line(line.TrimEnd('\r'));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Flush();
        return _text.ToString();
    }

    private void Flush()
    {
        if (_commented.Count == 0) return;
        int column = 0;
        foreach ((string code, _) in _commented)
            if (code.Length <= CommentColumnLimit) column = Math.Max(column, code.Length);
        foreach ((string code, string comment) in _commented)
        {
            _text.Append(code);
            if (code.Trim().Length > 0) _text.Append(' ', Math.Max(column - code.Length, 0) + 3);
            _text.Append("// ").Append(comment).Append('\n');
        }
        _commented.Clear();
    }
}
