using System.Numerics;
using System.Runtime.CompilerServices;

namespace FastGate.Proxy.Wire;

/// <summary>
/// Takes a request line that lies whole within the first 64 bytes and has nothing in it to think about, as nearly all
/// do. Any other is left untouched to <see cref="RequestLineScanner"/>, which says the same of these, bit by bit.
/// </summary>
internal static class RequestLineBlock
{
    /// <param name="bytes">All bytes of the head that are there.</param>
    /// <param name="tokenEnds">Of the first 64 bytes, those that are not tchar.</param>
    /// <param name="head">A scan that has not begun; unchanged when the answer is false.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(ReadOnlySpan<byte> bytes, ulong tokenEnds, ref RequestHead head)
    {
        if (bytes.Length < FieldBlock.Bytes)
            return false;
        int methodLength = BitOperations.TrailingZeroCount(tokenEnds);
        int pathStart = methodLength + 1;
        if (methodLength == 0 || pathStart >= FieldBlock.Bytes || !bytes[methodLength..].StartsWith(" /"u8))
            return false;

        var block = PathBlock.At(bytes, pathStart);
        int pathLength = BitOperations.TrailingZeroCount(block.Ends);
        if (pathLength >= FieldBlock.Bytes - 1 || block.HasOddSegment(pathLength))
            return false;

        int targetLength = pathLength;
        if (bytes[pathStart + pathLength] == '?')
        {
            ulong queryEnds = block.Ends >> (pathLength + 1);
            if (queryEnds == 0)
                return false;
            targetLength += 1 + BitOperations.TrailingZeroCount(queryEnds);
        }

        int targetEnd = pathStart + targetLength;
        if (!bytes[targetEnd..].StartsWith(" HTTP/1.1\r\n"u8))
            return false;

        head.MethodLength = methodLength;
        head.PathStart = pathStart;
        head.PathLength = pathLength;
        head.TargetLength = targetLength;
        head.HostLength = -1;
        head.ContentLength = -1;
        head.MinorVersion = 1;
        head.Phase = RequestPhase.Fields;
        head.Cursor.Position = head.Cursor.LineStart = targetEnd + LineRest;
        return true;
    }

    private static int LineRest => " HTTP/1.1\r\n"u8.Length;
}
