using System.Net.Sockets;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>Opens and closes accept loops on the thread of the accepting loop. Any thread may call it.</summary>
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

    /// <param name="listener">A listening socket; it is closed with the accept loop, or here.</param>
    /// <param name="policies">The listener's policy.</param>
    /// <param name="from">The peers that may connect.</param>
    /// <returns>The accept loop and its end; null when the system has no room for it.</returns>
    public Task<(AcceptLoop Doorway, Task Accepting)?> OpenAsync(
        Socket listener,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from
    ) => loop.PostAsync(() => Open(listener, policies, from));

    public async Task CloseAsync(AcceptLoop doorway)
    {
        // A screen that is being opened must not find the socket closed.
        if (await await loop.PostAsync(doorway.BeginClose) is { } screen)
            await screen.CloseAsync();
        await loop.PostAsync(() =>
        {
            doorway.Close();
            return true;
        });
    }

    /// <summary>The connections that are open stay.</summary>
    public Task ChangeFromAsync(AcceptLoop doorway, IReadOnlyList<AddressRange> from) =>
        loop.PostAsync(() => doorway.From = from);

    /// <summary>Ends the thread of the flood screens, after all accept loops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_screenLoop is not { } screenLoop)
            return;
        screenLoop.Stop();
        await screenLoop.Stopped;
        screenLoop.Dispose();
    }

    private (AcceptLoop Doorway, Task Accepting)? Open(
        Socket listener,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from
    )
    {
        try
        {
            Descriptor descriptor = new(listener);
            Acceptor acceptor = new(loop, descriptor, log);
            AcceptLoop doorway = new(
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
            return (doorway, doorway.RunAsync());
        }
        catch (IOException)
        {
            // No room for another watch: the caller logs it, and tries again.
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
            // No descriptors for another loop: the accepting loop goes on by itself.
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
        loop.Reserve.LetGo();
        Loop? created = null;
        try
        {
            created = createLoop();
            created.Start();
            return created;
        }
        catch (IOException)
        {
            // A loop that does not run would keep whoever waits for it for ever.
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
            // No room for another watch.
            screenLoop.LogUnexpected(exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            311,
            LogLevel.Warning,
            "A flood of connections is accepted without a thread of its own ({Reason}), so other clients wait longer. It "
                + "is tried again every second."
        )]
        public static partial void NoScreen(ILogger logger, string reason);
    }
}
