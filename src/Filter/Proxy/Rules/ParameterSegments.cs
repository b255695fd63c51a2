using System.Buffers;

namespace FastGate.Proxy.Rules;

/// <summary>
/// Which segments a parameter stands for: not empty, and printable ASCII when decoded, without <c>/</c> and <c>\</c>,
/// not a dot segment, not encoded twice. So a parameter is one segment to every parser behind the gate too.
/// </summary>
internal static class ParameterSegments
{
    // Printable ASCII that needs no second look: without the slash, the backslash and the percent sign.
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
        // A space is printable, but never stands in a request target as it is.
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
