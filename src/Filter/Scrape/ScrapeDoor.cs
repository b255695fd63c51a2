using FastGate.Transport;

namespace FastGate.Scrape;

/// <summary>Takes the connections of one listening socket, so many at a time, until it is canceled.</summary>
internal sealed class ScrapeDoor(AsyncListener listener, ScrapeSession session, ScrapeLimits limits)
{
    /// <summary>Ends when all connections have ended, which they do at once.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using AsyncListener listening = listener;
        using SemaphoreSlim places = new(limits.ConnectionsMax);
        bool goOn = true;
        while (goOn)
        {
            // Who comes meanwhile waits in the backlog; a place is free again after the longest time of a connection.
            await places.WaitAsync(CancellationToken.None);
            AsyncConnection? connection = await listening.AcceptAsync(stopping);
            goOn = connection is not null;
            if (connection is null) places.Release();
            else _ = ServeAsync(connection, places, stopping);
        }
        // Whoever has all the places has seen everybody off.
        for (int i = 0; i < limits.ConnectionsMax; i++) await places.WaitAsync(CancellationToken.None);
    }

    private async Task ServeAsync(AsyncConnection connection, SemaphoreSlim places, CancellationToken stopping)
    {
        try
        {
            await session.RunAsync(connection, stopping);
        }
        finally
        {
            connection.Dispose();
            places.Release();
        }
    }
}
