using System.Buffers;

namespace FastGate.Proxy.AccessLog;

/// <summary>Cuts bytes that come in pieces into lines. What has no end yet waits; what has none for too long is let
/// go.</summary>
internal sealed class LineSplitter
{
    /// <summary>Many times what <see cref="LineWriter"/> writes: more is no line of a log.</summary>
    public const int LineBytesMax = 64 * 1024;

    /// <summary>Stands for a line that was too long to be kept; no reader takes it for an entry.</summary>
    public static readonly byte[] TooLong = "(too long)"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _rest = new();
    private bool _isTooLong;

    /// <summary>The lines that end in <paramref name="bytes"/>, without their line feeds; empty ones are left
    /// out.</summary>
    public IEnumerable<byte[]> Add(ReadOnlyMemory<byte> bytes)
    {
        for (int end; (end = bytes.Span.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            Keep(bytes.Span[..end]);
            if (_isTooLong)
                yield return TooLong;
            else if (_rest.WrittenCount > 0)
                yield return _rest.WrittenSpan.ToArray();
            Forget();
        }
        Keep(bytes.Span);
    }

    /// <summary>Begins anew, in another file.</summary>
    public void Forget()
    {
        _rest.ResetWrittenCount();
        _isTooLong = false;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _isTooLong |= _rest.WrittenCount + bytes.Length > LineBytesMax;
        if (!_isTooLong)
            _rest.Write(bytes);
    }
}
