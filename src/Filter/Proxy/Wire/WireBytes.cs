using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastGate.Proxy.Wire;

/// <summary>The byte sets of HTTP's grammar.</summary>
internal static class WireBytes
{
    public const byte Tab = (byte)'\t';
    public const byte LineFeed = (byte)'\n';
    public const byte CarriageReturn = (byte)'\r';
    public const byte Space = (byte)' ';

    /// <summary>tchar of RFC 9110 §5.6.2: methods and field names.</summary>
    public static readonly AsciiSet Token = new(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    /// <summary>Bytes that a path may contain unescaped: visible ASCII except # ? % and backslash.</summary>
    public static readonly AsciiSet PlainPath = new(
        "!\"$&'()*+,-./0123456789:;<=>@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8
    );

    /// <summary>Bytes that a query may contain: visible ASCII except # and backslash.</summary>
    public static readonly AsciiSet Query = new(
        "!\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8
    );

    /// <summary>Bytes of a host name: letters, digits, hyphen, dot and underscore.</summary>
    public static readonly AsciiSet HostName = new(
        "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    /// <summary>Bytes of an IPv6 literal.</summary>
    public static readonly AsciiSet IPv6 = new(".:0123456789ABCDEFabcdef"u8);

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexValue(byte digit) =>
        char.IsAsciiHexDigit((char)digit) ? (digit & 0xF) + ((digit >> 6) * 9) : -1;

    /// <summary>Removes optional white space (SP, HTAB; RFC 9110 §5.6.3) from both ends.</summary>
    public static ReadOnlySpan<byte> TrimOws(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty && value[0] is (Space or Tab))
            value = value[1..];
        while (!value.IsEmpty && value[^1] is (Space or Tab))
            value = value[..^1];
        return value;
    }
}

/// <summary>
/// The bytes that end a field value: 0x00 to 0x1F except HTAB, and 0x7F. Bytes from 0x80 on (obs-text, RFC 9110 §5.5)
/// do not.
/// </summary>
internal static class ControlBytes
{
    private static ReadOnlySpan<byte> Members =>
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000A\u000B\u000C\u000D\u000E\u000F"u8
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\u007F"u8;

    private static readonly SearchValues<byte> Values = SearchValues.Create(Members);

    public static readonly AsciiSet Set = new(Members);

    /// <summary>The index of the first control byte from <paramref name="from"/> on; the length if there is
    /// none.</summary>
    /// <remarks>Searches in place for the same reason as <see cref="AsciiSet.IndexOfAnyExcept"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexIn(ReadOnlySpan<byte> bytes, int from)
    {
        while (Vector128.IsHardwareAccelerated && bytes.Length - from >= Vector128<byte>.Count)
        {
            uint nonMembers = Set.NonMembersIn(Vector128.Create(bytes.Slice(from, Vector128<byte>.Count)));
            if (nonMembers != ushort.MaxValue)
                return from + BitOperations.TrailingZeroCount(~nonMembers);
            from += Vector128<byte>.Count;
        }

        int index = bytes[from..].IndexOfAny(Values);
        return index < 0 ? bytes.Length : from + index;
    }
}
