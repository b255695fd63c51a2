using System.Net;
using System.Text;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Upstream;

/// <summary>
/// Connections to Ollama that are ready and were never used. One that was taken is never given back: what a client could
/// do to a connection then stays its own. One pool a loop; belongs to the loop's thread.
/// </summary>
internal sealed partial class UpstreamPool
{
    private readonly Queue<SocketPipe> warm = [];
    private readonly Loop loop;
    private readonly UpstreamOptions options;
    private readonly ILogger log;
    private readonly Action refill;
    private readonly byte[] name;
    private int connecting;
    private bool refillPending;
    private bool silent;
    private bool closed;

    public UpstreamPool(Loop loop, UpstreamOptions options, ILogger log)
    {
        this.loop = loop;
        this.options = options;
        this.log = log;
        refill = Refill;
        name = Encoding.ASCII.GetBytes(options.EndPoint.ToString());
    }

    /// <summary>The upstream's address and port as text, for a refusal.</summary>
    public ReadOnlySpan<byte> Name => name;

    /// <summary>Connections that are ready; some may have died since.</summary>
    public int Warm => warm.Count;

    /// <summary>A ready connection, or null when there is none; the next is made after the present event.</summary>
    public SocketPipe? TryTake()
    {
        RefillSoon();
        while (warm.TryDequeue(out SocketPipe? pipe))
        {
            // Ollama has ended or restarted meanwhile, or has said something unasked.
            if (!pipe.IsStirred) return pipe;
            pipe.Close();
        }
        return null;
    }

    /// <summary>A fresh connection, or the reason why there is none.</summary>
    public async ValueTask<ConnectResult> ConnectAsync()
    {
        ConnectResult result = await Connector.ConnectAsync(loop, options.EndPoint, options.ConnectLimit);
        Tell(result);
        return result;
    }

    /// <summary>Begins to make as many connections as are missing.</summary>
    public void Refill()
    {
        refillPending = false;
        if (closed) return;
        // Counted before: a connect that fails at once (no descriptors left) is not to be tried for ever.
        int missing = options.Warm - warm.Count - connecting;
        for (int i = 0; i < missing; i++)
        {
            connecting++;
            _ = AddAsync();
        }
    }

    public void Close()
    {
        closed = true;
        while (warm.TryDequeue(out SocketPipe? pipe)) pipe.Close();
    }

    private void RefillSoon()
    {
        if (refillPending || closed) return;
        refillPending = true;
        loop.Defer(refill);
    }

    private async Task AddAsync()
    {
        try
        {
            ConnectResult result = await ConnectAsync();
            if (result.Pipe is null) return;
            if (closed) result.Pipe.Close();
            else warm.Enqueue(result.Pipe);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Nobody waits for this one, and nobody else would hear of it.
            loop.TellUnexpected(fault);
        }
        finally
        {
            // Else the pool would believe for ever that this one is on its way.
            connecting--;
        }
    }

    // One line when Ollama falls silent and one when it is back: a client that tries again each second says no more.
    private void Tell(ConnectResult result)
    {
        bool nowSilent = result.Pipe is null;
        if (nowSilent == silent) return;
        silent = nowSilent;
        if (silent && result.IsShortage) Log.Short(log, options.EndPoint, result.Reason);
        else if (silent) Log.Silent(log, options.EndPoint, result.Reason);
        else Log.Back(log, options.EndPoint);
    }

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Warning,
            "Ollama does not answer at {EndPoint} ({Reason}). Start it, or set \"upstream\"; each request tries again.")]
        public static partial void Silent(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(202, LogLevel.Warning,
            "No connection to Ollama at {EndPoint}: {Reason}. Raise the limit of open files (ulimit -n); each request tries again.")]
        public static partial void Short(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(201, LogLevel.Information, "Ollama answers at {EndPoint} again.")]
        public static partial void Back(ILogger logger, IPEndPoint endPoint);
    }
}
