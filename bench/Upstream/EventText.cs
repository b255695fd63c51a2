using System.Buffers.Text;
using System.Text;

namespace FastGate.Bench.Upstream;

/// <summary>A server-sent event of 120 bytes with its number and its send time.</summary>
internal static class EventText
{
    public const int Bytes = 120;
    public const int ChunkBytes = Bytes + 6;

    private const int NumberAt = 12,
        NumberDigits = 8,
        StampAt = 28,
        StampDigits = 19;

    private static readonly string Tail = new('t', Bytes - StampAt - StampDigits - 14);

    public static ReadOnlySpan<byte> Begin => "data: {\"n\":\""u8;

    /// <summary>Writes the event as one chunk, including its framing.</summary>
    public static void WriteChunk(Span<byte> chunk, int number, long stamp)
    {
        "78\r\n"u8.CopyTo(chunk);
        Span<byte> text = chunk[4..^2];
        string rest = $"data: {{\"n\":\"{number:D8}\",\"at\":\"{stamp:D19}\",\"text\":\"{Tail}\"}}\n\n";
        Encoding.ASCII.GetBytes(rest, text);
        "\r\n"u8.CopyTo(chunk[^2..]);
    }

    /// <param name="text">The bytes of one event.</param>
    /// <param name="number">The expected number.</param>
    /// <param name="stamp">The send time.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, int number, out long stamp)
    {
        stamp = 0;
        return text.Length == Bytes
            && Utf8Parser.TryParse(text.Slice(NumberAt, NumberDigits), out int found, out int digits)
            && digits == NumberDigits
            && found == number
            && Utf8Parser.TryParse(text.Slice(StampAt, StampDigits), out stamp, out digits)
            && digits == StampDigits
            && text.EndsWith("t\"}\n\n"u8);
    }
}
