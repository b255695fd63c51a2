using System.Buffers;
using System.Buffers.Text;

namespace FastGate.Commands.Demo;

/// <summary>Takes the framing off content in chunks (RFC 9112 §7.1) that a scanner has already found to be
/// well-formed.</summary>
internal static class ChunkedContent
{
    public static ReadOnlyMemory<byte> Unframe(ReadOnlySpan<byte> framed)
    {
        ArrayBufferWriter<byte> content = new();
        while (
            Utf8Parser.TryParse(framed, out int size, out int digits, 'x')
            && size > 0
            && digits + 2 + size <= framed.Length
        )
        {
            content.Write(framed.Slice(digits + 2, size));
            framed = framed[Math.Min(digits + 2 + size + 2, framed.Length)..];
        }
        return content.WrittenMemory;
    }
}
