namespace FastGate.Proxy.AccessLog;

/// <summary>Whole lines in one array of fixed size. Not thread-safe: at any moment one thread has it.</summary>
internal sealed class LineBuffer(int capacityBytes)
{
    private readonly byte[] _bytes = new byte[capacityBytes];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public int Lines { get; private set; }

    public bool IsHalfFull => _length >= _bytes.Length / 2;

    /// <summary>Room for an entry and, behind it, for the line that says how many were dropped.</summary>
    public bool HasRoom => _bytes.Length - _length >= 2 * LineWriter.LineBytesMax;

    public void Append(in AccessLogEntry entry)
    {
        _length += LineWriter.Write(_bytes.AsSpan(_length), entry);
        Lines++;
    }

    public void AppendDropped(DateTimeOffset time, long dropped) =>
        _length += LineWriter.WriteDropped(_bytes.AsSpan(_length), time, dropped);

    public void Clear() => (_length, Lines) = (0, 0);
}
