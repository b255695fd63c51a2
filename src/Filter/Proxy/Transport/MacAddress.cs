using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

/// <summary>
/// macOS's <c>sockaddr_in</c> (16 bytes) and <c>sockaddr_in6</c> (28 bytes), which begin with their own length
/// (xnu: netinet/in.h, netinet6/in6.h).
/// </summary>
internal static class MacAddress
{
    internal const int Internet = 2; // AF_INET
    internal const int Internet6 = 30; // AF_INET6
    internal const int BytesMax = 28;

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

    /// <summary>The address, IPv4 as such; null when there is none.</summary>
    public static IPAddress? Read(ReadOnlySpan<byte> address)
    {
        int family = address.Length < 2 ? 0 : address[1];
        if (family == Internet && address.Length >= 8)
            return new IPAddress(address[4..8]);
        if (family != Internet6 || address.Length < BytesMax)
            return null;
        IPAddress peer = new(address[8..24], MemoryMarshal.Read<uint>(address[24..]));
        return peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
    }
}
