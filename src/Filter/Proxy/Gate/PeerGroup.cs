using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Listening;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Whose connection counts for whom. A host on a LAN can use any address of an IPv6 /64 (RFC 4291 §2.5.4), so outside
/// the tailnet the whole block is one peer; Tailscale hands out single addresses.
/// </summary>
internal static class PeerGroup
{
    private const int BlockBytes = 8;

    /// <returns>The address itself, or the first of its /64 in the same scope.</returns>
    public static IPAddress Of(IPAddress peer)
    {
        if (IsSingle(peer))
            return peer;
        Span<byte> bytes = stackalloc byte[2 * BlockBytes];
        peer.TryWriteBytes(bytes, out _);
        bytes[BlockBytes..].Clear();
        return new IPAddress(bytes, peer.ScopeId);
    }

    /// <summary>For people.</summary>
    public static string Text(IPAddress group) => IsSingle(group) ? group.ToString() : $"{group}/{8 * BlockBytes}";

    private static bool IsSingle(IPAddress peer) =>
        peer.AddressFamily != AddressFamily.InterNetworkV6
        || peer.IsIPv4MappedToIPv6
        || IPAddress.IsLoopback(peer)
        || AddressRanges.Contain(TailscaleAddresses.Ranges, peer);
}
