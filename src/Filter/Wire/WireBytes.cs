using System.Buffers;

namespace FastGate.Wire;

/// <summary>The sets of bytes that HTTP's grammar is made of.</summary>
internal static class WireBytes
{
    public const byte Tab = (byte)'\t';
    public const byte LineFeed = (byte)'\n';
    public const byte CarriageReturn = (byte)'\r';
    public const byte Space = (byte)' ';

    /// <summary>tchar of RFC 9110 §5.6.2: methods and field names.</summary>
    public static readonly SearchValues<byte> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What a path may hold unquestioned: visible ASCII without # ? % and backslash.</summary>
    public static readonly SearchValues<byte> PlainPath = SearchValues.Create(
        "!\"$&'()*+,-./0123456789:;<=>@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>What a query may hold: visible ASCII without # and backslash.</summary>
    public static readonly SearchValues<byte> Query = SearchValues.Create(
        "!\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>What ends a field value: control bytes except HTAB. Bytes from 0x80 (obs-text, RFC 9110 §5.5) do not.</summary>
    public static readonly SearchValues<byte> Control = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000A\u000B\u000C\u000D\u000E\u000F"u8 +
        "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\u007F"u8);

    /// <summary>A name in Host: letters, digits, hyphen, dot and underscore.</summary>
    public static readonly SearchValues<byte> HostName = SearchValues.Create(
        "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What an IPv6 literal is written with.</summary>
    public static readonly SearchValues<byte> IPv6 = SearchValues.Create(".:0123456789ABCDEFabcdef"u8);

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexValue(byte digit) =>
        char.IsAsciiHexDigit((char)digit) ? (digit & 0xF) + ((digit >> 6) * 9) : -1;

    /// <summary>Without the optional white space (SP, HTAB) of RFC 9110 §5.6.3 around it.</summary>
    public static ReadOnlySpan<byte> TrimOws(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
