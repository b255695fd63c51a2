using FastGate.Transport;

namespace FastGate.Scrape;

/// <summary>Takes the connections of one listening socket, so many at a time, until it is canceled.</summary>
internal sealed class ScrapeDoor(AsyncListener listener, ScrapeSession session, ScrapeLimits limits)
{
    private readonly SemaphoreSlim places = new(limits.ConnectionsMax);

    /// <summary>Ends when all connections have ended, which they do at once.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using (listener)
        using (places)
        {
            while (await EnterAsync(stopping))
            {
                if (await listener.AcceptAsync(stopping) is not { } connection)
                {
                    places.Release();
                    break;
                }
                _ = ServeAsync(connection, stopping);
            }
            // Whoever has all the places has seen everybody off.
            for (int i = 0; i < limits.ConnectionsMax; i++) await places.WaitAsync(CancellationToken.None);
        }
    }

    private async Task<bool> EnterAsync(CancellationToken stopping)
    {
        try
        {
            await places.WaitAsync(stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            // It is to end.
            return false;
        }
    }

    private async Task ServeAsync(AsyncConnection connection, CancellationToken stopping)
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
