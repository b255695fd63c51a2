using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastGate.Proxy.Wire;

/// <summary>
/// The bytes that end a field value: 0x00 to 0x1F without HTAB, and 0x7F. Bytes from 0x80 on (obs-text, RFC 9110 §5.5)
/// do not.
/// </summary>
internal static class ControlBytes
{
    private static ReadOnlySpan<byte> Members =>
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000A\u000B\u000C\u000D\u000E\u000F"u8
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\u007F"u8;

    private static readonly SearchValues<byte> values = SearchValues.Create(Members);

    public static readonly AsciiSet Set = new(Members);

    /// <summary>Of the first control byte at or behind <paramref name="from"/>; the length if there is none.</summary>
    /// <remarks>In place for the same reason as <see cref="AsciiSet.IndexOfOther"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexIn(ReadOnlySpan<byte> bytes, int from)
    {
        while (Vector128.IsHardwareAccelerated && bytes.Length - from >= Vector128<byte>.Count)
        {
            uint others = Set.OthersIn(Vector128.Create(bytes.Slice(from, Vector128<byte>.Count)));
            if (others != ushort.MaxValue)
                return from + BitOperations.TrailingZeroCount(~others);
            from += Vector128<byte>.Count;
        }

        int index = bytes[from..].IndexOfAny(values);
        return index < 0 ? bytes.Length : from + index;
    }
}
