using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>A listening socket for connections that belong to no loop and may be slow. One caller at a time.</summary>
/// <remarks>
/// A TCP listener runs on a small loop of its own, because <see cref="Socket.AcceptAsync(CancellationToken)"/> can end
/// the process: macOS has no address for a peer that has already reset its IPv6 connection, and .NET then throws on a
/// pool thread, where nothing can catch it (dotnet/runtime issue 121848). Unix sockets have no such peers.
/// </remarks>
internal sealed class AsyncListener : IDisposable
{
    // Usually no descriptor is left, and an immediate retry would only burn processor time.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly Loop? _loop;
    private readonly Acceptor? _acceptor;

    /// <param name="socket">A listening socket, non-blocking unless it is a Unix socket; the listener closes
    /// it.</param>
    /// <param name="time">The clock for pauses.</param>
    /// <param name="log">Receives errors of accepting.</param>
    /// <exception cref="IOException">The system has no resources for another loop; the caller keeps the
    /// socket.</exception>
    public AsyncListener(Socket socket, TimeProvider time, ILogger log)
    {
        _socket = socket;
        _time = time;
        if (socket.AddressFamily == AddressFamily.Unix)
            return;
        _loop = new Loop(Backends.Create("auto", log), time, log, "metrics port");
        try
        {
            _acceptor = new Acceptor(_loop, new Descriptor(socket), log);
            _loop.Start();
        }
        catch
        {
            // The system cannot watch another socket or start another thread.
            _loop.Dispose();
            throw;
        }
    }

    /// <summary>Returns the next connection, or null once canceled; no more follow then.</summary>
    public Task<AsyncConnection?> AcceptAsync(CancellationToken cancellationToken) =>
        _loop is null ? AcceptUnixAsync(cancellationToken) : AcceptOnLoopAsync(cancellationToken);

    public void Dispose()
    {
        if (_loop is null)
        {
            _socket.Dispose();
            return;
        }
        _loop.Post(_acceptor!.Close);
        _loop.Stop();
        _loop.Stopped.Wait();
        _loop.Dispose();
    }

    private async Task<AsyncConnection?> AcceptOnLoopAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(() =>
            _loop!.Post(_acceptor!.Close)
        );
        while (true)
        {
            Task<Descriptor?> next = _loop!.PostAsync(() => _acceptor!.AcceptAsync().AsTask()).Unwrap();
            Descriptor? accepted = await next;
            // This runs on the loop's thread. What follows may be slow, and may wait for that thread to end.
            await Task.Yield();
            if (accepted is null)
                return null;
            if (AsyncConnection.TryTake(accepted) is { } connection)
                return connection;
        }
    }

    private async Task<AsyncConnection?> AcceptUnixAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new AsyncConnection(await _socket.AcceptAsync(cancellationToken));
            }
            catch (SocketException)
            {
                // A client that gave up, or a shortage: accepting resumes after a pause either way.
                await Task.Delay(Pause, _time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // Canceled.
                return null;
            }
        }
    }
}
