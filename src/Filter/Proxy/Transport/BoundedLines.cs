using System.Text;

namespace FastGate.Proxy.Transport;

/// <summary>The lines of a stream of UTF-8, each with a limit. One caller at a time.</summary>
/// <param name="stream">Where they come from; whoever made it closes it.</param>
internal sealed class BoundedLines(Stream stream)
{
    private readonly byte[] _buffer = new byte[BoundedHttp.LineBytesMax];
    private int _start;
    private int _end;

    /// <summary>The next line without its end; null when there is none. What follows the last line feed is a
    /// line.</summary>
    /// <exception cref="ResponseTooLongException">It is longer than <see cref="BoundedHttp.LineBytesMax"/>.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        int seen = _start;
        while (true)
        {
            int feed = _buffer.AsSpan(seen, _end - seen).IndexOf((byte)'\n');
            if (feed >= 0)
                return Take(seen + feed, seen + feed + 1);
            seen = _end;
            if (_end == _buffer.Length)
            {
                if (_start == 0)
                    throw new ResponseTooLongException();
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end, seen) = (0, _end - _start, seen - _start);
            }
            // Reads that are always complete at once would otherwise never look whether they are still wanted.
            cancellationToken.ThrowIfCancellationRequested();
            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (count == 0)
                return _start == _end ? null : Take(_end, _end);
            _end += count;
        }
    }

    private string Take(int lineEnd, int next)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, lineEnd - _start);
        _start = next;
        return Encoding.UTF8.GetString(line is [.., (byte)'\r'] ? line[..^1] : line);
    }
}
