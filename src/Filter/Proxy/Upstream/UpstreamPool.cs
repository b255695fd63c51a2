using System.Net;
using System.Text;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Upstream;

/// <summary>
/// Connections to Ollama that are ready and were never used. One that was taken is never given back: what a client
/// could do to a connection then stays its own. One pool a loop; belongs to the loop's thread.
/// </summary>
internal sealed partial class UpstreamPool
{
    private readonly Queue<SocketPipe> _warm = [];
    private readonly Loop _loop;
    private readonly UpstreamOptions _options;
    private readonly ILogger _log;
    private readonly Action _refill;
    private readonly byte[] _name;
    private int _connecting;
    private bool _refillPending;
    private bool _silent;
    private bool _closed;

    public UpstreamPool(Loop loop, UpstreamOptions options, ILogger log)
    {
        _loop = loop;
        _options = options;
        _log = log;
        _refill = Refill;
        _name = Encoding.ASCII.GetBytes(options.EndPoint.ToString());
    }

    /// <summary>The upstream's address and port as text, for a refusal.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>Connections that are ready; some may have died since.</summary>
    public int ReadyConnections => _warm.Count;

    /// <summary>A ready connection, or null when there is none; the next is made after the present event.</summary>
    public SocketPipe? TryTake()
    {
        RefillSoon();
        while (_warm.TryDequeue(out SocketPipe? pipe))
        {
            // Ollama has ended or restarted meanwhile, or has said something unasked.
            if (!pipe.HasPendingInput)
                return pipe;
            pipe.Close();
        }
        return null;
    }

    /// <summary>A fresh connection, or the reason why there is none.</summary>
    public async ValueTask<ConnectResult> ConnectAsync()
    {
        ConnectResult result = await Connector.ConnectAsync(_loop, _options.EndPoint, _options.ConnectLimit);
        LogResult(result);
        return result;
    }

    /// <summary>Begins to make as many connections as are missing.</summary>
    public void Refill()
    {
        _refillPending = false;
        if (_closed)
            return;
        // Counted before: a connect that fails at once (no descriptors left) is not to be tried for ever.
        int missing = _options.ReadyConnections - _warm.Count - _connecting;
        for (int i = 0; i < missing; i++)
        {
            _connecting++;
            _ = AddAsync();
        }
    }

    public void Close()
    {
        _closed = true;
        while (_warm.TryDequeue(out SocketPipe? pipe))
            pipe.Close();
    }

    private void RefillSoon()
    {
        if (_refillPending || _closed)
            return;
        _refillPending = true;
        _loop.Defer(_refill);
    }

    private async Task AddAsync()
    {
        try
        {
            ConnectResult result = await ConnectAsync();
            if (result.Pipe is null)
                return;
            if (_closed)
                result.Pipe.Close();
            else
                _warm.Enqueue(result.Pipe);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Nobody waits for this one, and nobody else would hear of it.
            _loop.LogUnexpected(fault);
        }
        finally
        {
            // Else the pool would believe for ever that this one is on its way.
            _connecting--;
        }
    }

    // One line when Ollama falls silent and one when it is back: a client that tries again each second says no more.
    private void LogResult(ConnectResult result)
    {
        bool nowSilent = result.Pipe is null;
        if (nowSilent == _silent)
            return;
        _silent = nowSilent;
        if (_silent && result.IsShortage)
            Log.Short(_log, _options.EndPoint, result.Reason);
        else if (_silent)
            Log.Silent(_log, _options.EndPoint, result.Reason);
        else
            Log.Back(_log, _options.EndPoint);
    }

    private static partial class Log
    {
        [LoggerMessage(
            200,
            LogLevel.Warning,
            "Ollama does not answer at {EndPoint} ({Reason}). Start it, or set \"upstream\"; each request tries again."
        )]
        public static partial void Silent(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(
            202,
            LogLevel.Warning,
            "No connection to Ollama at {EndPoint}: {Reason}. Raise the limit of open files (ulimit "
                + "-n); each request tries again."
        )]
        public static partial void Short(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(201, LogLevel.Information, "Ollama answers at {EndPoint} again.")]
        public static partial void Back(ILogger logger, IPEndPoint endPoint);
    }
}

/// <summary>Where Ollama is, and how connections to it are made.</summary>
internal sealed record UpstreamOptions
{
    /// <summary>Ollama's own default address and port (<c>OLLAMA_HOST</c> unset).</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 11434);

    /// <summary>
    /// Connected and unused sockets that each loop keeps ready, so that a connect is off the path of a request. 4
    /// covers what a client opens at once (browsers 6, SDKs 1 to 4); an idle one costs Ollama a goroutine.
    /// </summary>
    public int ReadyConnections { get; init; } = 4;

    /// <summary>A connect on loopback takes microseconds; 2 s is past one lost SYN (retransmitted after 1 s).</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(2);
}
