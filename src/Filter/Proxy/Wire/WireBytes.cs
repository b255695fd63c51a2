namespace FastGate.Proxy.Wire;

/// <summary>The sets of bytes that HTTP's grammar is made of.</summary>
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

    /// <summary>What a path may hold unquestioned: visible ASCII without # ? % and backslash.</summary>
    public static readonly AsciiSet PlainPath = new(
        "!\"$&'()*+,-./0123456789:;<=>@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8
    );

    /// <summary>What a query may hold: visible ASCII without # and backslash.</summary>
    public static readonly AsciiSet Query = new(
        "!\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8
    );

    /// <summary>A name in Host: letters, digits, hyphen, dot and underscore.</summary>
    public static readonly AsciiSet HostName = new(
        "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    /// <summary>What an IPv6 literal is written with.</summary>
    public static readonly AsciiSet IPv6 = new(".:0123456789ABCDEFabcdef"u8);

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexValue(byte digit) =>
        char.IsAsciiHexDigit((char)digit) ? (digit & 0xF) + ((digit >> 6) * 9) : -1;

    /// <summary>Without the optional white space (SP, HTAB) of RFC 9110 §5.6.3 around it.</summary>
    public static ReadOnlySpan<byte> TrimOws(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty && value[0] is (Space or Tab))
            value = value[1..];
        while (!value.IsEmpty && value[^1] is (Space or Tab))
            value = value[..^1];
        return value;
    }
}
