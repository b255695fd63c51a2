namespace FastGate.Bench.Upstream;

/// <summary>The bytes of all large content in both directions: known at every position, so that a misplaced byte is
/// detected.</summary>
internal static class Pattern
{
    public const int PartBytesMax = 256 * 1024;

    // Prime, so that a shift by the length of a buffer is detected.
    private const int Period = 65_521;

    private static readonly byte[] Bytes = Make();

    public static ReadOnlySpan<byte> From(long position, int count) => Bytes.AsSpan((int)(position % Period), count);

    public static bool IsAt(long position, ReadOnlySpan<byte> bytes) =>
        bytes.SequenceEqual(From(position, bytes.Length));

    private static byte[] Make()
    {
        byte[] bytes = new byte[Period + PartBytesMax];
        Random random = new(11434);
        for (int i = 0; i < Period; i++)
            bytes[i] = (byte)random.Next('0', 'z');
        for (int i = Period; i < bytes.Length; i++)
            bytes[i] = bytes[i - Period];
        return bytes;
    }
}
