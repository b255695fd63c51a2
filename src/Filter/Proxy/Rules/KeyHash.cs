using System.Buffers.Binary;

namespace FastGate.Proxy.Rules;

/// <summary>
/// The seeded 64-bit hash of an edge: folded 128-bit products of eight bytes at a time, as in wyhash.
/// </summary>
internal static class KeyHash
{
    // Odd, with well-spread bits: wyhash's default secrets.
    private const ulong Secret0 = 0xA076_1D64_78BD_642F;
    private const ulong Secret1 = 0xE703_7ED1_A0B4_28DB;

    /// <remarks>
    /// The node joins last: it is known last, when the edge before has been found, and the processor folds the key
    /// meanwhile (measured: /v1/chat/completions in 45 instead of 56 ns). The length is spread before it meets the
    /// key's bytes, since otherwise some keys would be alike under every seed.
    /// </remarks>
    public static ulong Of(ulong seed, int node, ReadOnlySpan<byte> key)
    {
        ulong hash = (seed + (uint)key.Length) * Secret0;
        while (key.Length > sizeof(ulong))
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key), Secret1);
            key = key[sizeof(ulong)..];
        }
        return Fold(hash ^ Tail(key), Secret0) + ((uint)node * Secret1);
    }

    // At most eight bytes; with the length, which is in the hash already, no two keys read the same.
    private static ulong Tail(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(uint))
        {
            ulong low = BinaryPrimitives.ReadUInt32LittleEndian(key);
            return low | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(key[^sizeof(uint)..]) << 32);
        }
        return key.IsEmpty ? 0 : key[0] | ((ulong)key[key.Length / 2] << 8) | ((ulong)key[^1] << 16);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
