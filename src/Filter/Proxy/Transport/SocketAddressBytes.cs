using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The part of <c>sockaddr_in</c> and <c>sockaddr_in6</c> that Linux and macOS share: everything after the two bytes of
/// the address family. The port is at 2; an IPv4 address at 4; an IPv6 address at 8 and its scope at 24.
/// </summary>
internal static class SocketAddressBytes
{
    /// <summary>Bytes of <c>sockaddr_in6</c>.</summary>
    public const int BytesMax = 28;

    /// <summary>The port; 0 if the bytes are too few.</summary>
    public static int ReadPort(ReadOnlySpan<byte> address) =>
        address.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(address[2..]);

    /// <summary>The IPv4 address; null if the bytes are too few.</summary>
    public static IPAddress? ReadIPv4(ReadOnlySpan<byte> address) =>
        address.Length < 8 ? null : new IPAddress(address[4..8]);

    /// <summary>The IPv6 address, or the IPv4 address mapped into it; null if the bytes are too few.</summary>
    public static IPAddress? ReadIPv6(ReadOnlySpan<byte> address)
    {
        if (address.Length < BytesMax)
            return null;
        IPAddress peer = new(address[8..24], MemoryMarshal.Read<uint>(address[24..]));
        return peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
    }

    /// <summary>Whether two addresses of one family have the same port and IP address.</summary>
    public static bool AreSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, AddressFamily family)
    {
        Range address = family == AddressFamily.InterNetworkV6 ? 8..24 : 4..8;
        return one[2..4].SequenceEqual(other[2..4]) && one[address].SequenceEqual(other[address]);
    }
}

/// <summary>
/// macOS's <c>sockaddr_in</c> (16 bytes) and <c>sockaddr_in6</c> (28 bytes), whose first byte is their own length and
/// whose second is the family (xnu: netinet/in.h, netinet6/in6.h).
/// </summary>
internal static class MacAddress
{
    internal const int Internet = 2; // AF_INET
    internal const int Internet6 = 30; // AF_INET6
    internal const int BytesMax = SocketAddressBytes.BytesMax;

    private const int Bytes4 = 16;

    /// <returns>How many bytes of <paramref name="into"/> were written.</returns>
    public static int Write(IPEndPoint endPoint, Span<byte> into)
    {
        bool six = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        int length = six ? BytesMax : Bytes4;
        into[..length].Clear();
        into[0] = (byte)length;
        into[1] = six ? (byte)Internet6 : (byte)Internet;
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)endPoint.Port);
        endPoint.Address.TryWriteBytes(into[(six ? 8 : 4)..], out _);
        if (six)
            MemoryMarshal.Write(into[24..], (uint)endPoint.Address.ScopeId);
        return length;
    }

    /// <summary>The address, with a mapped IPv4 address as IPv4; null if there is none.</summary>
    public static IPAddress? Read(ReadOnlySpan<byte> address) =>
        address.Length < 2
            ? null
            : address[1] switch
            {
                Internet => SocketAddressBytes.ReadIPv4(address),
                Internet6 => SocketAddressBytes.ReadIPv6(address),
                _ => null,
            };
}
