namespace FastGate.Proxy.AccessLog;

/// <summary>The lines of an open log from front to back, or from its end, without having all of it in memory.</summary>
internal static class LogText
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Where the last line that has a line feed ends: what stands behind it is being written.</summary>
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

    /// <summary>Each line up to <paramref name="end"/>.</summary>
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

    /// <summary>Each line before <paramref name="end"/>, which is the end of a line, the last one first.</summary>
    public static IEnumerable<byte[]> Backward(OpenLog log, long end)
    {
        byte[] block = new byte[BlockBytes];
        // The beginning of the block behind: the end of a line that begins further to the front.
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
