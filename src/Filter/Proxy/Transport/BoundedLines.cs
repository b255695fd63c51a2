using System.Text;

namespace FastGate.Proxy.Transport;

/// <summary>The lines of a stream of UTF-8, each with a limit. One caller at a time.</summary>
/// <param name="stream">Where they come from; whoever made it closes it.</param>
internal sealed class BoundedLines(Stream stream)
{
    private readonly byte[] buffer = new byte[BoundedHttp.LineBytesMax];
    private int start;
    private int end;

    /// <summary>The next line without its end; null when there is none. What follows the last line feed is a line.</summary>
    /// <exception cref="ResponseTooLongException">It is longer than <see cref="BoundedHttp.LineBytesMax"/>.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken stop)
    {
        int seen = start;
        while (true)
        {
            int feed = buffer.AsSpan(seen, end - seen).IndexOf((byte)'\n');
            if (feed >= 0) return Take(seen + feed, seen + feed + 1);
            seen = end;
            if (end == buffer.Length)
            {
                if (start == 0) throw new ResponseTooLongException();
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end, seen) = (0, end - start, seen - start);
            }
            // Reads that are always complete at once would otherwise never look whether they are still wanted.
            stop.ThrowIfCancellationRequested();
            int count = await stream.ReadAsync(buffer.AsMemory(end), stop);
            if (count == 0) return start == end ? null : Take(end, end);
            end += count;
        }
    }

    private string Take(int lineEnd, int next)
    {
        ReadOnlySpan<byte> line = buffer.AsSpan(start, lineEnd - start);
        start = next;
        return Encoding.UTF8.GetString(line is [.., (byte)'\r'] ? line[..^1] : line);
    }
}
