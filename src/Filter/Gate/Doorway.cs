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
    // A peer that is turned away tries again; once a minute is said often enough.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Acceptor acceptor;
    private readonly Admission admission;
    private readonly WorkerRing workers;
    private readonly PolicySlot policies;
    private readonly Loop loop;
    private readonly ILogger log;
    private long quietUntil;

    public Doorway(
        Acceptor acceptor, Loop loop, Admission admission, WorkerRing workers, PolicySlot policies,
        IReadOnlyList<AddressRange> from, ILogger log)
    {
        this.acceptor = acceptor;
        this.loop = loop;
        this.admission = admission;
        this.workers = workers;
        this.policies = policies;
        From = from;
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
            await admission.WhenRoomAsync();
            if (await acceptor.AcceptAsync() is not { } socket) return;
            IPAddress peer = PeerOf(socket);
            if (!AddressRanges.Contain(From, peer)) TurnAway(socket, peer, "its address is not in \"from\"");
            else if (!admission.TryEnter(peer)) TurnAway(socket, peer, "it has as many connections as one peer may have");
            else _ = LetInAsync(socket, peer);
        }
    }

    public void Close() => acceptor.Close();

    private static IPAddress PeerOf(Socket socket)
    {
        IPAddress address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private async Task LetInAsync(Socket socket, IPAddress peer)
    {
        byte[] name = Encoding.ASCII.GetBytes(peer.ToString());
        Worker worker = workers.Next();
        if (worker.Loop == loop)
        {
            await worker.ServeAsync(socket, policies, name);
            admission.Leave(peer);
            return;
        }
        worker.Loop.Post(async () =>
        {
            await worker.ServeAsync(socket, policies, name);
            loop.Post(() => admission.Leave(peer));
        });
    }

    private void TurnAway(Socket socket, IPAddress peer, string why)
    {
        socket.Dispose();
        TurnedAway++;
        if (loop.Now < quietUntil) return;
        quietUntil = loop.Now + (long)(Quiet.TotalSeconds * loop.Time.TimestampFrequency);
        Log.TurnedAway(log, peer, why, TurnedAway);
    }

    private static partial class Log
    {
        [LoggerMessage(310, LogLevel.Warning, "A connection from {Peer} was closed: {Why} ({Count} so far).")]
        public static partial void TurnedAway(ILogger logger, IPAddress peer, string why, long count);
    }
}
