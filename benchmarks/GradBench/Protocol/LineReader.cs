namespace GradBench.Protocol;

/// <summary>Reads UTF-8 lines of any length from a stream; one buffer, which grows to the longest line.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    /// <summary>Reads the next line without its line feed; the memory is valid until the next call.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        int searched = start;
        while (true)
        {
            int found = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = buffer.AsMemory(start, searched + found - start);
                start = searched + found + 1;
                return true;
            }

            searched = end;
            if (end == buffer.Length)
            {
                searched -= start;
                MakeRoom();
            }

            int read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                line = buffer.AsMemory(start, end - start);
                start = end;
                return !line.IsEmpty;
            }

            end += read;
        }
    }

    /// <summary>Moves the unfinished line to the front, of a longer buffer where it fills more than half.</summary>
    private void MakeRoom()
    {
        int length = end - start;
        byte[] target = length > buffer.Length / 2 ? new byte[2 * buffer.Length] : buffer;
        buffer.AsSpan(start, length).CopyTo(target);
        buffer = target;
        start = 0;
        end = length;
    }
}
