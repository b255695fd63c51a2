using System.Net;
using System.Text;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Upstream;

/// <summary>
/// Connections to Ollama that are ready and have never been used. One that was taken is never returned, so whatever a
/// client does to a connection affects only itself. One pool for each loop; belongs to the loop's thread.
/// </summary>
internal sealed partial class UpstreamPool
{
    private readonly Queue<SocketPipe> _ready = [];
    private readonly Loop _loop;
    private readonly UpstreamOptions _options;
    private readonly ILogger _log;
    private readonly Action _refill;
    private readonly byte[] _name;
    private int _connecting;
    private bool _refillPending;
    private volatile bool _isUnreachable;
    private bool _isClosed;
    private Task<bool> _check = Task.FromResult(false);

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

    /// <summary>The number of ready connections; some may have died since.</summary>
    public int ReadyConnections => _ready.Count;

    /// <summary>The last attempt to connect failed. Any thread.</summary>
    public bool IsUnreachable => _isUnreachable;

    /// <summary>
    /// Whether Ollama accepts connections. A ready connection that is still open proves it; otherwise this connects,
    /// so that a gate without traffic knows it as well, but only when this is called.
    /// </summary>
    public Task<bool> CheckAsync()
    {
        DropDead();
        if (_ready.Count > 0 || _isClosed)
            return Task.FromResult(!_isUnreachable);
        if (_check.IsCompleted)
            _check = ConnectForCheckAsync();
        return _check;
    }

    /// <summary>A ready connection, or null; the pool is refilled after the current event.</summary>
    public SocketPipe? TryTake()
    {
        RefillSoon();
        while (_ready.TryDequeue(out SocketPipe? pipe))
        {
            // Ollama has ended or restarted meanwhile, or has sent something unrequested.
            if (!pipe.HasPendingInput)
                return pipe;
            pipe.Close();
        }
        return null;
    }

    /// <summary>A new connection, or the reason of the failure.</summary>
    public async ValueTask<ConnectResult> ConnectAsync()
    {
        ConnectResult result = await Connector.ConnectAsync(_loop, _options.EndPoint, _options.ConnectLimit);
        LogResult(result);
        return result;
    }

    /// <summary>Starts as many connections as are missing.</summary>
    public void Refill()
    {
        _refillPending = false;
        if (_isClosed)
            return;
        // Counted before the loop: a connect that fails immediately (no descriptors left) must not repeat endlessly.
        int missing = _options.ReadyConnections - _ready.Count - _connecting;
        for (int i = 0; i < missing; i++)
        {
            _connecting++;
            _ = AddAsync();
        }
    }

    public void Close()
    {
        _isClosed = true;
        while (_ready.TryDequeue(out SocketPipe? pipe))
            pipe.Close();
    }

    private void RefillSoon()
    {
        if (_refillPending || _isClosed)
            return;
        _refillPending = true;
        _loop.Defer(_refill);
    }

    // Ollama has ended or restarted meanwhile, or has sent something unrequested.
    private void DropDead()
    {
        for (int left = _ready.Count; left > 0; left--)
        {
            SocketPipe pipe = _ready.Dequeue();
            if (pipe.HasPendingInput)
                pipe.Close();
            else
                _ready.Enqueue(pipe);
        }
    }

    private async Task<bool> ConnectForCheckAsync()
    {
        _connecting++;
        await AddAsync();
        RefillSoon();
        return !_isUnreachable;
    }

    private async Task AddAsync()
    {
        try
        {
            ConnectResult result = await ConnectAsync();
            if (result.Pipe is null)
                return;
            if (_isClosed || _ready.Count >= _options.ReadyConnections)
                result.Pipe.Close();
            else
                _ready.Enqueue(result.Pipe);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // No caller awaits this task, so the exception would be lost.
            _loop.LogUnexpected(exception);
        }
        finally
        {
            // Otherwise the pool would count this connection as in progress until a restart.
            _connecting--;
        }
    }

    // One line when Ollama becomes unreachable and one when it is back, however often clients retry.
    private void LogResult(ConnectResult result)
    {
        bool isUnreachable = result.Pipe is null;
        if (isUnreachable == _isUnreachable)
            return;
        _isUnreachable = isUnreachable;
        if (_isUnreachable && result.IsShortage)
            Log.Shortage(_log, _options.EndPoint, result.Reason);
        else if (_isUnreachable)
            Log.Unreachable(_log, _options.EndPoint, result.Reason);
        else
            Log.Back(_log, _options.EndPoint);
    }

    private static partial class Log
    {
        [LoggerMessage(
            200,
            LogLevel.Warning,
            "Ollama does not answer at {EndPoint} ({Reason}). Start it, or correct \"upstream\". "
                + "Every request tries again."
        )]
        public static partial void Unreachable(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(
            202,
            LogLevel.Warning,
            "Cannot connect to Ollama at {EndPoint}: {Reason}. Raise the limit of open files (ulimit -n). "
                + "Every request tries again."
        )]
        public static partial void Shortage(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(201, LogLevel.Information, "Ollama answers at {EndPoint} again.")]
        public static partial void Back(ILogger logger, IPEndPoint endPoint);
    }
}

/// <summary>Where Ollama is, and how to connect to it.</summary>
internal sealed record UpstreamOptions
{
    /// <summary>Ollama's own default address and port (<c>OLLAMA_HOST</c> unset).</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 11434);

    /// <summary>
    /// Connected, unused sockets that each loop keeps ready, so that no request waits for a connect. 4 covers what an
    /// SDK opens at once (1 to 4; browsers open 6); an idle connection costs Ollama a goroutine.
    /// </summary>
    public int ReadyConnections { get; init; } = 4;

    /// <summary>A connect on loopback takes microseconds; 2 s is past one lost SYN (retransmitted after 1 s).</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(2);
}
