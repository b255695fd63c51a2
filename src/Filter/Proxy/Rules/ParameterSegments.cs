using System.Buffers;

namespace FastGate.Proxy.Rules;

/// <summary>
/// Decides which segments a parameter matches: not empty, printable ASCII when decoded, without <c>/</c> and
/// <c>\</c>, not a dot segment, not encoded twice. So every parser behind the gate reads it as one segment too.
/// </summary>
internal static class ParameterSegments
{
    // Printable ASCII without the slash, the backslash and the percent sign.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "!\"#$&'()*+,-.0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8
    );

    /// <summary>Whether each segment of <paramref name="piece"/>, which begins with a slash, is accepted.</summary>
    public static bool Accept(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            piece = piece[1..];
            int length = piece.IndexOf((byte)'/');
            if (length < 0)
                return AcceptOne(piece);
            if (!AcceptOne(piece[..length]))
                return false;
            piece = piece[length..];
        }
        return true;
    }

    /// <summary>Whether one segment, without slashes, is accepted.</summary>
    public static bool AcceptOne(ReadOnlySpan<byte> segment)
    {
        if (segment.ContainsAnyExcept(Plain))
            return AcceptOneSlow(segment);
        return !segment.IsEmpty && !segment.SequenceEqual("."u8) && !segment.SequenceEqual(".."u8);
    }

    private static bool AcceptOneSlow(ReadOnlySpan<byte> segment)
    {
        // A space is printable, but a request target never contains one unescaped.
        if (segment.Contains((byte)' '))
            return false;
        var decoder = new PercentDecoder(segment);
        while (decoder.TryRead())
        {
            if (decoder.Current is < (byte)' ' or > (byte)'~' or (byte)'/' or (byte)'\\')
                return false;
        }
        return !decoder.IsBroken && !decoder.IsDoublyEncoded && !decoder.IsDotSegment;
    }
}
