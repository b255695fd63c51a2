namespace FastGate.Bench.Answering;

/// <summary>The bytes of all large content, both ways: known at each place, so that a byte out of place is
/// seen.</summary>
internal static class Pattern
{
    public const int PartBytesMax = 256 * 1024;

    // Prime, so that a shift by a buffer's length is not invisible.
    private const int Period = 65_521;

    private static readonly byte[] Bytes = Make();

    public static ReadOnlySpan<byte> From(long place, int count) => Bytes.AsSpan((int)(place % Period), count);

    public static bool IsAt(long place, ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(From(place, bytes.Length));

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
