using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Offers the listening sockets of a running gate to a successor, on a Unix socket that only its owner can reach. So a
/// restart refuses no connection and loses no request: the successor accepts before this gate stops accepting.
/// </summary>
/// <remarks>
/// 1. A successor connects, and receives the listening sockets with <see cref="Offer"/>. Both gates accept now.
/// 2. It sends <see cref="Yield"/> once it serves: this gate stops accepting, and ends each connection after its next
/// response.
/// 3. This gate sends <see cref="Drained"/> when no connection is left. Something else stops its process then.
/// 4. If the connection ends before that, the successor has failed, and this gate accepts again.
/// </remarks>
internal sealed partial class Handover : IAsyncDisposable
{
    internal const byte Offer = (byte)'L';
    internal const byte Yield = (byte)'Y';
    internal const byte Drained = (byte)'D';

    /// <summary>How long a successor may take to start, before another one gets its turn.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    // A process that died releases its sockets in any order, so the first attempt to bind may be too early.
    private static readonly TimeSpan ResumePause = TimeSpan.FromMilliseconds(100);

    private const int ResumeAttempts = 50;

    private readonly GateServer _gate;
    private readonly OwnerSocket _socket;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _yielded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    private Handover(GateServer gate, OwnerSocket socket, TimeProvider time, ILogger log)
    {
        (_gate, _socket, _time, _log) = (gate, socket, time, log);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Completes when a successor accepts in place of this gate.</summary>
    public Task HasYielded => _yielded.Task;

    /// <summary>Completes when a successor accepts and this gate has no connection left.</summary>
    public Task HasDrained => _drained.Task;

    /// <summary>Starts to offer the sockets.</summary>
    /// <param name="gate">The running gate.</param>
    /// <param name="path">The path of the Unix socket.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The operational log.</param>
    /// <returns>Null if the socket cannot be opened, which the log explains: a restart then refuses connections for a
    /// moment.</returns>
    public static Handover? Start(GateServer gate, string path, TimeProvider time, ILogger log)
    {
        OwnerSocket? socket = OwnerSocket.TryOpen(path, out string problem);
        if (socket is not null)
            return new Handover(gate, socket, time, log);
        Log.NoSocket(log, path, problem);
        return null;
    }

    /// <summary>Ends the offer. Before the gate is stopped, which must not accept again when its successor
    /// ends.</summary>
    public async ValueTask DisposeAsync()
    {
        // Once: the next gate may already have a socket of that name.
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        await _running;
        _socket.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                using HandoverConnection? successor = await HandoverConnection.AcceptAsync(_socket, _stopping.Token);
                if (successor is not null)
                    await ServeAsync(successor);
                else
                    await Task.Delay(ResumePause, _time, _stopping.Token)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The gate is stopping.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The gate must not end because its handover fails.
            Log.Unexpected(_log, exception);
        }
    }

    private async Task ServeAsync(HandoverConnection successor)
    {
        if (!successor.TrySend(_gate.Sockets, Offer))
            return;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        late.CancelAfter(StartLimit);
        if (await successor.ReadAsync(late.Token) != Yield)
            return;
        Log.Yielding(_log);
        Task drained = _gate.YieldAsync();
        _yielded.TrySetResult();
        Task<byte?> gone = successor.ReadAsync(_stopping.Token);
        if (await Task.WhenAny(drained, gone) == drained)
        {
            successor.TrySend(Drained);
            _drained.TrySetResult();
            Log.Drained(_log);
            await gone;
        }
        if (!_stopping.IsCancellationRequested)
            await ResumeAsync();
    }

    private async Task ResumeAsync()
    {
        Log.Resuming(_log);
        // A gate whose loop has ended never resumes.
        for (int i = 0; i < ResumeAttempts && !await _gate.ResumeAsync().WaitAsync(_stopping.Token); i++)
            await Task.Delay(ResumePause, _time, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static partial class Log
    {
        [LoggerMessage(
            350,
            LogLevel.Information,
            "Offering the listening sockets to a successor on {Path} failed: {Problem}. The gate is unaffected, but a "
                + "restart refuses connections for a moment."
        )]
        public static partial void NoSocket(ILogger logger, string path, string problem);

        [LoggerMessage(
            351,
            LogLevel.Information,
            "A successor accepts new connections; each open connection ends after its next response."
        )]
        public static partial void Yielding(ILogger logger);

        [LoggerMessage(352, LogLevel.Information, "No connection is left.")]
        public static partial void Drained(ILogger logger);

        [LoggerMessage(353, LogLevel.Warning, "The successor is gone; accepting connections again.")]
        public static partial void Resuming(ILogger logger);

        [LoggerMessage(
            354,
            LogLevel.Error,
            "Offering the listening sockets stopped because of an unexpected error; the gate is unaffected."
        )]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}

/// <summary>The other side of a <see cref="Handover"/>: a gate that takes the listening sockets of a running
/// one. Disposal before the running gate has ended gives them back.</summary>
internal sealed class Takeover : IDisposable
{
    private static readonly TimeSpan OfferTimeout = TimeSpan.FromSeconds(5);

    private readonly HandoverConnection _connection;

    private Takeover(HandoverConnection connection, IReadOnlyList<ListenResult> sockets) =>
        (_connection, Sockets) = (connection, sockets);

    /// <summary>The listening sockets, which <see cref="GateServer.StartAsync"/> uses or closes.</summary>
    public IReadOnlyList<ListenResult> Sockets { get; }

    /// <summary>Takes the sockets of the gate that offers them.</summary>
    /// <param name="path">The path of its Unix socket.</param>
    /// <returns>Null if no gate offers any there.</returns>
    public static Takeover? TryBegin(string path)
    {
        if (HandoverConnection.TryConnect(path) is not { } connection)
            return null;
        if (
            connection.TryReceiveSockets(OfferTimeout, out byte with) is { } sockets
            && with == Handover.Offer
            && sockets.Count > 0
        )
            return new Takeover(connection, sockets);
        connection.Dispose();
        return null;
    }

    /// <summary>Tells the other gate that this one serves, so that it stops accepting.</summary>
    public bool TryFinish() => _connection.TrySend(Handover.Yield);

    /// <summary>Waits until the other gate has no connection left, or has ended.</summary>
    public async Task WaitUntilDrainedAsync(CancellationToken cancellationToken) =>
        await _connection.ReadAsync(cancellationToken);

    public void Dispose() => _connection.Dispose();
}
