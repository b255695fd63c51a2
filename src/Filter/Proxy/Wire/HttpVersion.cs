namespace FastGate.Proxy.Wire;

/// <summary>HTTP-version (RFC 9112 §2.3): <c>HTTP/</c>, a digit, a dot, a digit.</summary>
internal static class HttpVersion
{
    public const int Length = 8;

    /// <summary>What is wrong with a version that is not yet 1.0 or 1.1; None while it can still become one.</summary>
    public static HeadFault FaultOf(ReadOnlySpan<byte> version)
    {
        if (version.Length > 0 && version[0] == WireBytes.Space)
            return HeadFault.ExtraSpace;
        for (int i = 0; i < int.Min(version.Length, Length); i++)
        {
            if (!Fits(version[i], i))
                return HeadFault.VersionMalformed;
        }

        return version.Length < Length ? HeadFault.None : HeadFault.VersionUnsupported;
    }

    private static bool Fits(byte value, int place) =>
        place is 5 or 7 ? char.IsAsciiDigit((char)value) : value == "HTTP/0.0"u8[place];
}
