using System.Net;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Accepts in place of an <see cref="AcceptLoop"/> while a peer floods it with connections: closes the connections it
/// has no time for, and hands over the rest. Runs on its own loop, so that the flood takes no time from the loops that
/// serve connections.
/// </summary>
/// <remarks>
/// 40 000 connections a second cost the accepting loop half of a processor. The system then let that loop wait behind
/// other threads, and every connection on it with it: 2 to 4 ms at the 99th percentile, against 0.1 ms beside the
/// screen. Accepting less would not help: new clients wait in the same backlog as the flood.
/// </remarks>
internal sealed class FloodScreen
{
    /// <summary>The most connections that are on their way to the accepting loop; beyond that, the others wait in the
    /// backlog.</summary>
    internal const int HandedOverMax = 256;

    /// <summary>The flood is over when nothing was dropped for this long.</summary>
    internal static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly Loop _loop;
    private readonly Loop _accepting;
    private readonly AcceptLoop _owner;
    private readonly Admission _admission;
    private readonly Acceptor _acceptor;
    private readonly Deadline _report;
    private readonly TaskCompletionSource _ended = new();
    private TaskCompletionSource? _room;
    private int _handedOver;
    private int _isWaiting;
    private long _droppedAt;
    private int _dropped;
    private IPAddress? _lastDropped;

    private FloodScreen(Loop loop, Loop accepting, AcceptLoop owner, Admission admission, Acceptor acceptor)
    {
        _loop = loop;
        _accepting = accepting;
        _owner = owner;
        _admission = admission;
        _acceptor = acceptor;
        _report = loop.CreateDeadline(Report);
        _droppedAt = loop.Now;
    }

    /// <summary>Completes on the accepting loop's thread when the flood is over or the screen was closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts to accept. The screen's thread.</summary>
    /// <param name="loop">The screen's loop.</param>
    /// <param name="accepting">The loop of <paramref name="owner"/>.</param>
    /// <param name="owner">Takes what is handed over.</param>
    /// <param name="admission">Knows the useless peers.</param>
    /// <param name="acceptor">A second acceptor on the owner's listening socket.</param>
    public static FloodScreen Start(Loop loop, Loop accepting, AcceptLoop owner, Admission admission, Acceptor acceptor)
    {
        FloodScreen screen = new(loop, accepting, owner, admission, acceptor);
        _ = screen.RunAsync();
        return screen;
    }

    /// <summary>Stops accepting. Any thread.</summary>
    /// <returns>Completes when the listening socket is no longer used.</returns>
    public Task CloseAsync() => _loop.PostAsync(_acceptor.Close);

    private async Task RunAsync()
    {
        try
        {
            while (await _acceptor.AcceptAsync() is { } socket)
            {
                HandOverOrDrop(socket);
                if (IsFloodOver)
                    break;
                await WaitForRoomAsync();
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The accepting loop accepts again.
            _loop.LogUnexpected(exception);
        }
        _acceptor.Close();
        _report.Remove();
        Report();
        _accepting.Post(_ended.SetResult);
    }

    private bool IsFloodOver => _loop.Time.GetElapsedTime(_droppedAt, _loop.Now) > Calm;

    private void HandOverOrDrop(Descriptor socket)
    {
        if (_owner.IsHoldFull && socket.Peer is { } peer && _admission.IsUseless(peer, _loop.Now))
            Drop(socket);
        else
            HandOver(socket);
    }

    private void HandOver(Descriptor socket)
    {
        Interlocked.Increment(ref _handedOver);
        _accepting.Post(() => _ = TakeAsync(socket));
    }

    private void Drop(Descriptor socket)
    {
        socket.Dispose();
        _lastDropped = socket.Peer;
        _droppedAt = _loop.Now;
        if (_dropped++ == 0)
            _report.Set(ReportInterval);
    }

    // The accepting loop owns the counters. Waking it for each connection would cost it what the screen saves.
    private void Report()
    {
        if (_dropped == 0)
            return;
        int dropped = _dropped;
        IPAddress peer = _lastDropped!;
        _dropped = 0;
        _accepting.Post(() => _owner.CountFlood(peer, dropped));
    }

    // On the accepting loop's thread.
    private async Task TakeAsync(Descriptor socket)
    {
        await _owner.TakeAsync(socket);
        Interlocked.Decrement(ref _handedOver);
        if (Interlocked.Exchange(ref _isWaiting, 0) == 1)
            _loop.Post(Resume);
    }

    private ValueTask WaitForRoomAsync()
    {
        if (Volatile.Read(ref _handedOver) < HandedOverMax)
            return ValueTask.CompletedTask;
        _room = new TaskCompletionSource();
        Task room = _room.Task;
        // Set before the count is read again: a connection that leaves in between is either counted or wakes the
        // screen.
        Interlocked.Exchange(ref _isWaiting, 1);
        if (Volatile.Read(ref _handedOver) < HandedOverMax && Interlocked.Exchange(ref _isWaiting, 0) == 1)
            Resume();
        return new ValueTask(room);
    }

    private void Resume() => _room?.TrySetResult();
}
