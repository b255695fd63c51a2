using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>One admitted connection and its place under the limits, which the loop that served it returns
/// once.</summary>
internal sealed class AdmittedPeer(
    Admission admission,
    ConnectionTally connections,
    Loop accepting,
    Worker worker,
    IPAddress peer
)
{
    /// <summary>The value of <see cref="IdleSince"/> while a request is in progress.</summary>
    public const long Busy = long.MaxValue;

    // An IPv6 address with an interface number.
    private const int TextBytesMax = 65;

    private long _idleSince = Busy;

    /// <summary>The address, or the block of addresses, that the connection counts for.</summary>
    public IPAddress Group { get; } = PeerGroup.Of(peer);

    public IPAddress Address => peer;

    /// <summary>The position in <see cref="Admission"/>'s list. Accepting loop's thread.</summary>
    public int Index { get; set; }

    /// <summary>Whether the connection was asked to close for another and has not declined. Accepting loop's
    /// thread.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>The session that serves it; null before that. Serving loop's thread.</summary>
    public Session? Session { get; set; }

    /// <summary>Whether at least one of its requests was forwarded. Serving loop's thread, until it leaves.</summary>
    public bool IsUseful { get; set; }

    /// <summary>
    /// Since when the connection waits for a request, or for the rest of a head, as a timestamp of the clock. Set by
    /// the serving loop; any thread may read it.
    /// </summary>
    public long IdleSince
    {
        get => Volatile.Read(ref _idleSince);
        set => Volatile.Write(ref _idleSince, value);
    }

    /// <summary>The peer's address as text, for the log.</summary>
    public byte[] ToText()
    {
        Span<byte> text = stackalloc byte[TextBytesMax];
        peer.TryFormat(text, out int length);
        return text[..length].ToArray();
    }

    /// <summary>Asks the connection to close for another; a request that has begun meanwhile is served. Accepting
    /// loop's thread.</summary>
    public void MakeRoom()
    {
        IsLeaving = true;
        worker.Loop.Post(TryMakeRoom);
    }

    /// <summary>Returns the place; one that is never returned is lost until a restart.</summary>
    /// <param name="serving">The loop of the caller.</param>
    public void Leave(Loop serving)
    {
        if (serving == accepting)
            Leave();
        else
            accepting.Post(Leave);
    }

    private void TryMakeRoom()
    {
        if (Session is null || !Session.TryEvict())
            accepting.Post(() => IsLeaving = false);
    }

    private void Leave()
    {
        admission.Leave(this);
        connections.End();
    }
}

/// <summary>
/// Which addresses count as one peer. A host on a LAN can use any address of an IPv6 /64 (RFC 4291 §2.5.4), so outside
/// the tailnet the whole block is one peer; Tailscale assigns single addresses.
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

    /// <summary>The group as text, for people.</summary>
    public static string Text(IPAddress group) => IsSingle(group) ? group.ToString() : $"{group}/{8 * BlockBytes}";

    private static bool IsSingle(IPAddress peer) =>
        peer.AddressFamily != AddressFamily.InterNetworkV6
        || peer.IsIPv4MappedToIPv6
        || IPAddress.IsLoopback(peer)
        || AddressRanges.Contain(TailscaleAddresses.Ranges, peer);
}
