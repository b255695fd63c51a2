namespace FastGate.Proxy.AccessLog;

/// <summary>Whole lines in one array of fixed size. Not thread-safe: at any moment one thread has it.</summary>
internal sealed class LineBuffer(int capacityBytes)
{
    private readonly byte[] bytes = new byte[capacityBytes];
    private int length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    public int Lines { get; private set; }

    public bool IsHalfFull => length >= bytes.Length / 2;

    /// <summary>Room for an entry and, behind it, for the line that says how many were dropped.</summary>
    public bool HasRoom => bytes.Length - length >= 2 * LineWriter.LineBytesMax;

    public void Append(in Entry entry)
    {
        length += LineWriter.Write(bytes.AsSpan(length), entry);
        Lines++;
    }

    public void AppendDropped(DateTimeOffset time, long dropped) =>
        length += LineWriter.WriteDropped(bytes.AsSpan(length), time, dropped);

    public void Clear() => (length, Lines) = (0, 0);
}
