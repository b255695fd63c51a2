using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Admin;

/// <summary>
/// Takes the connections of one listening socket until it is canceled, so many at a time. One more ends the oldest: a
/// scraper is done in milliseconds, so the oldest is one that sends nothing, or reads nothing.
/// </summary>
internal sealed class ScrapeDoor(AsyncListener listener, ScrapeSession session, ScrapeLimits limits)
{
    // The oldest first. Its own lock, since sessions end on any thread.
    private readonly LinkedList<CancellationTokenSource> open = [];

    /// <summary>Ends when all connections have ended, which they do at once.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using AsyncListener listening = listener;
        using SemaphoreSlim places = new(limits.ConnectionsMax);
        while (await listening.AcceptAsync(stopping) is { } connection)
        {
            if (!places.Wait(0, CancellationToken.None)) await EvictAsync(places);
            _ = ServeAsync(connection, places, stopping);
        }
        // Whoever has all the places has seen everybody off.
        for (int i = 0; i < limits.ConnectionsMax; i++) await places.WaitAsync(CancellationToken.None);
    }

    /// <summary>Ends the oldest and waits for its place, or for any that is free sooner.</summary>
    private Task EvictAsync(SemaphoreSlim places)
    {
        lock (open)
        {
            if (open.First is { } oldest)
            {
                open.Remove(oldest);
                oldest.Value.Cancel();
            }
        }
        return places.WaitAsync(CancellationToken.None);
    }

    private async Task ServeAsync(AsyncConnection connection, SemaphoreSlim places, CancellationToken stopping)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        LinkedListNode<CancellationTokenSource> place;
        lock (open) place = open.AddLast(ending);
        try
        {
            await session.RunAsync(connection, ending.Token);
        }
        finally
        {
            lock (open)
            {
                if (place.List is not null) open.Remove(place);
            }
            connection.Dispose();
            places.Release();
        }
    }
}
