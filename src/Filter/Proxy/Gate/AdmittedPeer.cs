using System.Net;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>A peer that was let in with one connection: its place under the limits is given back once, by the loop that
/// served it.</summary>
internal sealed class AdmittedPeer(
    Admission admission,
    ConnectionTally visits,
    Loop accepting,
    Worker worker,
    IPAddress peer
)
{
    /// <summary>What <see cref="IdleSince"/> is while a request is under way.</summary>
    public const long Busy = long.MaxValue;

    // An IPv6 address with the number of an interface.
    private const int TextBytesMax = 65;

    private long _idleSince = Busy;

    /// <summary>The address, or the block of addresses, that the connection counts for.</summary>
    public IPAddress Group { get; } = PeerGroup.Of(peer);

    /// <summary>Where <see cref="Admission"/> keeps it. Accepting loop's thread.</summary>
    public int Index { get; set; }

    /// <summary>It was asked to make room, and has not said that it cannot. Accepting loop's thread.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Who serves it; null until it is served. Serving loop's thread.</summary>
    public Session? Session { get; set; }

    /// <summary>At least one of its requests was forwarded. Serving loop's thread, until it leaves.</summary>
    public bool IsUseful { get; set; }

    /// <summary>
    /// Since when the connection waits for a request, or for the rest of a head, as a timestamp of the clock. Set by
    /// the serving loop; any thread may ask.
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

    /// <summary>Asks it to make room for another; a request that has begun meanwhile is served. Accepting loop's
    /// thread.</summary>
    public void MakeRoom()
    {
        IsLeaving = true;
        worker.Loop.Post(TryMakeRoom);
    }

    /// <summary>Gives it back; a place that is kept is one that the gate has less for ever.</summary>
    /// <param name="serving">The loop that calls.</param>
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
        visits.End();
    }
}
