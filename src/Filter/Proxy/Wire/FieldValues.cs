using System.Text;

namespace FastGate.Proxy.Wire;

/// <summary>Parses the field values that decide a message's framing and its connection. Values must be
/// trimmed.</summary>
internal static class FieldValues
{
    /// <summary>Accepts 1 to 18 digits only: no sign, no list. Leading zeros are allowed (RFC 9110 §8.6).</summary>
    public static bool TryParseContentLength(ReadOnlySpan<byte> value, out long length)
    {
        length = 0;
        if (value.Length is 0 or > WireLimits.ContentLengthDigitsMax)
            return false;
        foreach (byte digit in value)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            length = (length * 10) + (digit - '0');
        }

        return true;
    }

    public static bool IsChunked(ReadOnlySpan<byte> value) => Ascii.EqualsIgnoreCase(value, "chunked"u8);

    /// <summary>Whether the value is a list of tokens with at least one coding other than <c>chunked</c>.</summary>
    public static bool NamesOtherCoding(ReadOnlySpan<byte> value)
    {
        bool other = false;
        foreach (Range range in value.Split((byte)','))
        {
            ReadOnlySpan<byte> coding = WireBytes.TrimOws(value[range]);
            if (coding.IsEmpty || WireBytes.Token.IndexOfAnyExcept(coding, 0) < coding.Length)
                return false;
            other |= !IsChunked(coding);
        }

        return other;
    }

    /// <summary>Whether a comma-separated list contains the element, in any case (RFC 9110 §5.6.1, §7.6.1).</summary>
    public static bool ListHas(ReadOnlySpan<byte> value, ReadOnlySpan<byte> element)
    {
        if (Ascii.EqualsIgnoreCase(value, element))
            return true;
        if (!value.Contains((byte)','))
            return false;
        foreach (Range range in value.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(WireBytes.TrimOws(value[range]), element))
                return true;
        }

        return false;
    }
}
