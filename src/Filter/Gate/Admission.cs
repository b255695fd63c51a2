using System.Net;

namespace FastGate.Gate;

/// <summary>
/// Counts the open connections, all and by peer, against the limits. Belongs to the accepting loop's thread.
/// </summary>
internal sealed class Admission(GateLimits limits)
{
    private readonly Dictionary<IPAddress, int> peers = [];
    private TaskCompletionSource? room;

    public int Count { get; private set; }

    /// <summary>Completes as soon as one more connection may be accepted; until then clients wait in the backlog.</summary>
    public ValueTask WhenRoomAsync()
    {
        if (Count < limits.ConnectionsMax) return ValueTask.CompletedTask;
        room ??= new TaskCompletionSource();
        return new ValueTask(room.Task);
    }

    /// <returns>False when this peer has as many as one may have.</returns>
    public bool TryEnter(IPAddress peer)
    {
        int present = peers.GetValueOrDefault(peer);
        if (present >= limits.ConnectionsPerPeerMax) return false;
        peers[peer] = present + 1;
        Count++;
        return true;
    }

    public void Leave(IPAddress peer)
    {
        Count--;
        int left = peers[peer] - 1;
        if (left == 0) peers.Remove(peer);
        else peers[peer] = left;
        TaskCompletionSource? waiter = room;
        room = null;
        waiter?.SetResult();
    }
}
