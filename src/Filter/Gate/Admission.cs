using System.Net;
using FastGate.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Gate;

/// <summary>
/// Counts the open connections, all and by peer, against the limits. Belongs to the accepting loop's thread.
/// </summary>
internal sealed partial class Admission
{
    // Full, one leaves, full again is one bout: it is over when for so long nobody had to wait.
    internal static readonly TimeSpan BoutGap = TimeSpan.FromSeconds(10);

    private readonly GateLimits limits;
    private readonly Dictionary<IPAddress, int> peers = [];
    private readonly Queue<TaskCompletionSource> waiting = [];
    private readonly Loop loop;
    private readonly Deadline over;
    private readonly ILogger log;
    private bool isTold;

    /// <param name="limits">The limits of the gate.</param>
    /// <param name="loop">The loop that accepts.</param>
    /// <param name="log">Where it is told that all connections are taken.</param>
    public Admission(GateLimits limits, Loop loop, ILogger log)
    {
        this.limits = limits;
        this.loop = loop;
        this.log = log;
        over = loop.CreateDeadline(TellRoom);
    }

    public int Count { get; private set; }

    public bool IsFull => Count >= limits.ConnectionsMax;

    /// <summary>
    /// Completes when one more connection may be accepted; until then clients wait in the backlog. Others may have waited as
    /// well, so <see cref="IsFull"/> is to be asked again.
    /// </summary>
    public ValueTask WhenRoomAsync()
    {
        if (!IsFull) return ValueTask.CompletedTask;
        // Each its own: a task that two wait for lets them go on where the thread pool likes, and not on the loop's thread.
        TaskCompletionSource room = new();
        waiting.Enqueue(room);
        return new ValueTask(room.Task);
    }

    /// <returns>False when this peer has as many as one may have.</returns>
    public bool TryEnter(IPAddress peer)
    {
        int present = peers.GetValueOrDefault(peer);
        if (present >= limits.ConnectionsPerPeerMax) return false;
        peers[peer] = present + 1;
        Count++;
        if (IsFull) TellFull();
        return true;
    }

    public void Leave(IPAddress peer)
    {
        if (IsFull) over.Set(BoutGap);
        Count--;
        int left = peers[peer] - 1;
        if (left == 0) peers.Remove(peer);
        else peers[peer] = left;
        while (waiting.TryDequeue(out TaskCompletionSource? room)) loop.Defer(room.SetResult);
    }

    private void TellFull()
    {
        over.Clear();
        if (isTold) return;
        isTold = true;
        (IPAddress peer, int most) = peers.MaxBy(each => each.Value);
        Log.Full(log, Count, peer, most);
    }

    private void TellRoom()
    {
        isTold = false;
        Log.Room(log, Count, limits.ConnectionsMax);
    }

    private static partial class Log
    {
        [LoggerMessage(330, LogLevel.Warning,
            "All {Count} connections are taken (\"limits.connectionsMax\"), {Most} of them by {Peer}: new ones wait until one ends.")]
        public static partial void Full(ILogger logger, int count, IPAddress peer, int most);

        [LoggerMessage(331, LogLevel.Information, "There is room for new connections again: {Count} of {Max} are taken.")]
        public static partial void Room(ILogger logger, int count, int max);
    }
}
