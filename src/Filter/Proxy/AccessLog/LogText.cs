using System.Buffers;

namespace FastGate.Proxy.AccessLog;

/// <summary>Reads the lines of an open log forward or backward, in blocks.</summary>
internal static class LogText
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Returns the end of the last line with a line feed; a line behind it is still being written.</summary>
    public static long EndOfLastLine(OpenLog log)
    {
        byte[] block = new byte[BlockBytes];
        for (long end = log.Length; end > 0; )
        {
            long start = Math.Max(0, end - BlockBytes);
            int length = log.ReadAt(block.AsSpan(0, (int)(end - start)), start);
            int feed = block.AsSpan(0, length).LastIndexOf((byte)'\n');
            if (feed >= 0)
                return start + feed + 1;
            end = start;
        }
        return 0;
    }

    /// <summary>Returns the lines up to <paramref name="end"/>, first line first.</summary>
    public static IEnumerable<byte[]> Forward(OpenLog log, long end)
    {
        byte[] block = new byte[BlockBytes];
        LineSplitter splitter = new();
        int length;
        for (
            long at = 0;
            at < end && (length = log.ReadAt(block.AsSpan(0, (int)Math.Min(BlockBytes, end - at)), at)) > 0;
            at += length
        )
        {
            foreach (byte[] line in splitter.Add(block.AsMemory(0, length)))
                yield return line;
        }
    }

    /// <summary>Returns the lines before <paramref name="end"/>, which is the end of a line, last line first.</summary>
    public static IEnumerable<byte[]> Backward(OpenLog log, long end)
    {
        byte[] block = new byte[BlockBytes];
        // The beginning of the following block, which is the end of a line that begins in an earlier one.
        byte[] tail = [];
        bool isTooLong = false;
        while (end > 0)
        {
            long start = Math.Max(0, end - BlockBytes);
            int length = log.ReadAt(block.AsSpan(0, (int)(end - start)), start);
            int last = length;
            for (int feed; (feed = block.AsSpan(0, last).LastIndexOf((byte)'\n')) >= 0; last = feed)
            {
                byte[] line = [.. block.AsSpan((feed + 1)..last), .. tail];
                if (isTooLong || line.Length > LineSplitter.LineBytesMax)
                    yield return LineSplitter.TooLong;
                else if (line.Length > 0)
                    yield return line;
                (tail, isTooLong) = ([], false);
            }
            isTooLong |= last + tail.Length > LineSplitter.LineBytesMax;
            tail = isTooLong ? [] : [.. block.AsSpan(0, last), .. tail];
            end = start;
        }
        if (isTooLong)
            yield return LineSplitter.TooLong;
        else if (tail.Length > 0)
            yield return tail;
    }
}

/// <summary>Splits a stream of bytes into lines. Keeps an incomplete line for the next call, up to a limit.</summary>
internal sealed class LineSplitter
{
    /// <summary>The length limit, many times what <see cref="LineWriter"/> writes.</summary>
    public const int LineBytesMax = 64 * 1024;

    /// <summary>Replaces a line over the limit; it does not parse as an entry.</summary>
    public static readonly byte[] TooLong = "(too long)"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _rest = new();
    private bool _isTooLong;

    /// <summary>Returns the lines that end in <paramref name="bytes"/>, without line feeds and without empty
    /// lines.</summary>
    public IEnumerable<byte[]> Add(ReadOnlyMemory<byte> bytes)
    {
        for (int end; (end = bytes.Span.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            Append(bytes.Span[..end]);
            if (_isTooLong)
                yield return TooLong;
            else if (_rest.WrittenCount > 0)
                yield return _rest.WrittenSpan.ToArray();
            Reset();
        }
        Append(bytes.Span);
    }

    /// <summary>Discards the incomplete line, for another file.</summary>
    public void Reset()
    {
        _rest.ResetWrittenCount();
        _isTooLong = false;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _isTooLong |= _rest.WrittenCount + bytes.Length > LineBytesMax;
        if (!_isTooLong)
            _rest.Write(bytes);
    }
}
