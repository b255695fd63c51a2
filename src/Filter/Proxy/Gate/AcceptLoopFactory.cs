using System.Net.Sockets;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>Opens and closes accept loops on the accepting loop's thread. Any thread may call it.</summary>
/// <param name="loop">The accepting loop.</param>
/// <param name="admission">Counts the connections of all accept loops.</param>
/// <param name="ring">Serves the connections.</param>
/// <param name="limits">The limits of the gate.</param>
/// <param name="log">The operational log.</param>
/// <param name="createLoop">Makes the loop of the flood screens, which is started by the first flood.</param>
internal sealed partial class AcceptLoopFactory(
    Loop loop,
    Admission admission,
    WorkerRing ring,
    GateLimits limits,
    ILogger log,
    Func<Loop> createLoop
) : IAsyncDisposable
{
    private Loop? _screenLoop;
    private bool _isShortLogged;

    /// <param name="listener">A listening socket; closed together with the accept loop, or here on failure.</param>
    /// <param name="policies">The listener's policy.</param>
    /// <param name="from">The peers that may connect.</param>
    /// <returns>The accept loop, and the task that completes with it; null if the system cannot watch another
    /// socket.</returns>
    public Task<(AcceptLoop AcceptLoop, Task Accepting)?> OpenAsync(
        Socket listener,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from
    ) => loop.PostAsync(() => Open(listener, policies, from));

    public async Task CloseAsync(AcceptLoop acceptLoop)
    {
        // A screen that is being opened must not find the socket closed.
        if (await await loop.PostAsync(acceptLoop.BeginClose) is { } screen)
            await screen.CloseAsync();
        await loop.PostAsync(acceptLoop.Close);
    }

    /// <summary>Changes who may connect; open connections stay open.</summary>
    public Task ChangeFromAsync(AcceptLoop acceptLoop, IReadOnlyList<AddressRange> from) =>
        loop.PostAsync(() => acceptLoop.From = from);

    /// <summary>Ends the thread of the flood screens, after all accept loops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_screenLoop is not { } screenLoop)
            return;
        screenLoop.Stop();
        await screenLoop.Stopped;
        screenLoop.Dispose();
    }

    private (AcceptLoop AcceptLoop, Task Accepting)? Open(
        Socket listener,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from
    )
    {
        try
        {
            Descriptor descriptor = new(listener);
            Acceptor acceptor = new(loop, descriptor, log);
            AcceptLoop acceptLoop = new(
                acceptor,
                loop,
                admission,
                ring,
                policies,
                from,
                limits,
                log,
                owner => OpenScreenAsync(descriptor, owner)
            );
            return (acceptLoop, acceptLoop.RunAsync());
        }
        catch (IOException)
        {
            // The system cannot watch another socket. The caller logs it and retries.
            listener.Dispose();
            return null;
        }
    }

    // On the accepting loop's thread, where the result is awaited as well.
    private Task<FloodScreen?> OpenScreenAsync(Descriptor listener, AcceptLoop owner)
    {
        TaskCompletionSource<FloodScreen?> opened = new();
        try
        {
            _screenLoop ??= StartLoop();
            _isShortLogged = false;
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            // No descriptors for another loop: the accepting loop continues without a screen.
            if (!_isShortLogged)
                Log.NoScreen(log, exception.Message);
            _isShortLogged = true;
            return Task.FromResult<FloodScreen?>(null);
        }
        Loop screenLoop = _screenLoop;
        screenLoop.Post(() =>
        {
            FloodScreen? screen = TryStart(screenLoop, listener, owner);
            loop.Post(() => opened.SetResult(screen));
        });
        return opened.Task;
    }

    private Loop StartLoop()
    {
        // A flood often takes all descriptors, and starting a thread needs some.
        loop.Reserve.Release();
        Loop? created = null;
        try
        {
            created = createLoop();
            created.Start();
            return created;
        }
        catch (IOException)
        {
            // A loop that does not run would block its callers forever.
            created?.Dispose();
            throw;
        }
        finally
        {
            // Otherwise the next accept tries, and pauses.
            loop.Reserve.TryKeep();
        }
    }

    private FloodScreen? TryStart(Loop screenLoop, Descriptor listener, AcceptLoop owner)
    {
        try
        {
            Acceptor acceptor = new(screenLoop, listener, log, ownsListener: false);
            return FloodScreen.Start(screenLoop, loop, owner, admission, acceptor);
        }
        catch (IOException exception)
        {
            // The system cannot watch another socket.
            screenLoop.LogUnexpected(exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            311,
            LogLevel.Warning,
            "A flood of connections is accepted without its own thread ({Reason}), so other clients wait longer. "
                + "Starting one is retried every second."
        )]
        public static partial void NoScreen(ILogger logger, string reason);
    }
}

/// <summary>Distributes new connections to the loops in turn. Belongs to the accepting loop's thread.</summary>
internal sealed class WorkerRing(IReadOnlyList<Worker> workers)
{
    private int _next;

    public Worker Next()
    {
        Worker worker = workers[_next];
        _next = (_next + 1) % workers.Count;
        return worker;
    }
}
