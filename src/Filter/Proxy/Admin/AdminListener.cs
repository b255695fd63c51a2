using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Admin;

/// <summary>
/// Accepts the connections of one listening socket until canceled, up to a limit at a time. At the limit, a new one
/// ends the oldest: a scrape takes milliseconds, so the oldest is one that sends or reads nothing.
/// </summary>
internal sealed class AdminListener(AsyncListener listener, AdminSession session, AdminLimits limits)
{
    // The oldest first. Guarded by itself, since sessions end on any thread.
    private readonly LinkedList<CancellationTokenSource> _open = [];

    /// <summary>Completes after cancellation, when all connections have ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using AsyncListener listening = listener;
        using SemaphoreSlim places = new(limits.ConnectionsMax);
        while (await listening.AcceptAsync(cancellationToken) is { } connection)
        {
            if (!places.Wait(0, CancellationToken.None))
                await EvictAsync(places);
            _ = ServeAsync(connection, places, cancellationToken);
        }
        // Taking all places waits for all connections to end.
        for (int i = 0; i < limits.ConnectionsMax; i++)
            await places.WaitAsync(CancellationToken.None);
    }

    /// <summary>Ends the oldest connection, and waits for a free place.</summary>
    private Task EvictAsync(SemaphoreSlim places)
    {
        lock (_open)
        {
            if (_open.First is { } oldest)
            {
                _open.Remove(oldest);
                oldest.Value.Cancel();
            }
        }
        return places.WaitAsync(CancellationToken.None);
    }

    private async Task ServeAsync(AsyncConnection connection, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        LinkedListNode<CancellationTokenSource> place;
        lock (_open)
            place = _open.AddLast(ending);
        try
        {
            await session.RunAsync(connection, ending.Token);
        }
        finally
        {
            lock (_open)
            {
                if (place.List is not null)
                    _open.Remove(place);
            }
            connection.Dispose();
            places.Release();
        }
    }
}
