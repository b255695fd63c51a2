using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Net;
using FastGate.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Gate;

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
        while (true)
        {
            while (admission.IsFull) await admission.WhenRoomAsync();
            if (await acceptor.AcceptAsync() is not { } socket) return;
            // Another doorway may have given the last place away while this one waited for a client.
            while (admission.IsFull) await admission.WhenRoomAsync();
            Receive(socket);
        }
    }

    public void Close() => acceptor.Close();

    private void Receive(Socket socket)
    {
        // A client that has gone again already is nobody.
        if (SocketTuning.RemoteAddress(socket) is not { } peer) socket.Dispose();
        else if (!AddressRanges.Contain(From, peer)) TurnAway(socket, peer, "its address is not in \"from\"");
        else if (admission.TryEnter(peer)) LetIn(socket, peer);
        else TurnAway(socket, peer, $"it has {limits.ConnectionsPerPeerMax} already (\"limits.connectionsPerPeerMax\")");
    }

    private void LetIn(Socket socket, IPAddress peer)
    {
        Worker worker = workers.Next();
        if (worker.Loop == loop) _ = ServeAsync(worker, socket, peer);
        else worker.Loop.Post(() => _ = ServeAsync(worker, socket, peer));
    }

    private async Task ServeAsync(Worker worker, Socket socket, IPAddress peer)
    {
        try
        {
            await worker.ServeAsync(socket, policies, Encoding.ASCII.GetBytes(peer.ToString()));
        }
        finally
        {
            // Whatever became of it: a place that is not given back is one that the gate has less for ever.
            if (worker.Loop == loop) admission.Leave(peer);
            else loop.Post(() => admission.Leave(peer));
        }
    }

    private void TurnAway(Socket socket, IPAddress peer, string why)
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
