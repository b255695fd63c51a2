using System.Net;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Takes the connections of one bound address: who may come in is let in and given to a loop, the others are closed at
/// once. Belongs to the accepting loop's thread.
/// </summary>
internal sealed partial class Doorway
{
    private readonly Acceptor acceptor;
    private readonly Admission admission;
    private readonly WorkerRing workers;
    private readonly PolicySlot policies;
    private readonly Loop loop;
    private readonly GateLimits limits;
    private readonly PeerNotices notices;
    private readonly ILogger log;
    private bool isClosed;

    public Doorway(
        Acceptor acceptor, Loop loop, Admission admission, WorkerRing workers, PolicySlot policies,
        IReadOnlyList<AddressRange> from, GateLimits limits, ILogger log)
    {
        this.acceptor = acceptor;
        this.loop = loop;
        this.admission = admission;
        this.workers = workers;
        this.policies = policies;
        From = from;
        this.limits = limits;
        notices = new PeerNotices(loop);
        this.log = log;
    }

    /// <summary>The peers that may connect; those that are in already stay.</summary>
    public IReadOnlyList<AddressRange> From { get; set; }

    /// <summary>Connections that were closed because their peer may not come in, or has too many.</summary>
    public long TurnedAway { get; private set; }

    /// <summary>Accepts until the acceptor is closed.</summary>
    public async Task RunAsync()
    {
        while (await acceptor.AcceptAsync() is { } socket)
        {
            if (!MayEnter(socket)) continue;
            // Only one waits here, the others in the backlog. Whoever leaves makes room for it, or makes its peer's share smaller.
            while (admission.IsFull && !isClosed) await admission.MakeRoomAsync();
            if (isClosed) socket.Dispose();
            else if (MayEnter(socket)) LetIn(workers.Next(), socket, socket.Peer!);
        }
    }

    public void Close()
    {
        isClosed = true;
        acceptor.Close();
    }

    /// <returns>False when the connection was closed.</returns>
    private bool MayEnter(Descriptor socket)
    {
        // A client that has gone again already is nobody.
        if (socket.Peer is not { } peer) socket.Dispose();
        else if (!AddressRanges.Contain(From, peer)) TurnOutsiderAway(socket, peer);
        else if (admission.IsExcess(peer)) TurnExcessAway(socket, peer);
        else return true;
        return false;
    }

    private void LetIn(Worker worker, Descriptor socket, IPAddress address)
    {
        AdmittedPeer peer = new(admission, policies.Visits, loop, worker, address);
        admission.Enter(peer);
        policies.Visits.Begin();
        if (worker.Loop == loop) _ = worker.ServeAsync(socket, policies, peer);
        else Send(worker, socket, peer);
    }

    // Apart, since the delegate's captures are allocated with the method's first line.
    private void Send(Worker worker, Descriptor socket, AdmittedPeer peer) =>
        worker.Loop.Post(() => _ = worker.ServeAsync(socket, policies, peer));

    private void TurnOutsiderAway(Descriptor socket, IPAddress peer)
    {
        policies.Visits.TurnOutsiderAway();
        TurnAway(socket, peer, "its address is not in \"from\"");
    }

    private void TurnExcessAway(Descriptor socket, IPAddress peer)
    {
        policies.Visits.TurnExcessAway();
        TurnAway(socket, peer, $"it has {limits.ConnectionsPerPeerMax} already (\"limits.connectionsPerPeerMax\")");
    }

    private void TurnAway(Descriptor socket, IPAddress peer, string why)
    {
        socket.Dispose();
        TurnedAway++;
        if (notices.IsDue(peer)) Log.TurnedAway(log, peer, why, TurnedAway);
    }

    private static partial class Log
    {
        [LoggerMessage(310, LogLevel.Warning, "A connection from {Peer} was closed: {Why} ({Count} so far).")]
        public static partial void TurnedAway(ILogger logger, IPAddress peer, string why, long count);
    }
}
