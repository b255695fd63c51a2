using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>A listening socket for connections that may be slow and belong to no loop. One caller at a time.</summary>
/// <remarks>
/// A TCP socket is accepted on a small loop of its own, since <see cref="Socket.AcceptAsync(CancellationToken)"/> can end
/// the process: macOS has no address for a peer that has already reset its IPv6 connection, and .NET then throws on a pool
/// thread, where nothing can catch it (dotnet/runtime issue 121848). Unix sockets have no such peers.
/// </remarks>
internal sealed class AsyncListener : IDisposable
{
    // No descriptor left is the usual reason, and looking again at once would only burn the processor.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Socket socket;
    private readonly TimeProvider time;
    private readonly Loop? loop;
    private readonly Acceptor? acceptor;

    /// <param name="socket">A listening socket, non-blocking unless it is a Unix one; the listener closes it.</param>
    /// <param name="time">The clock of its pauses.</param>
    /// <param name="log">Where trouble with accepting is logged.</param>
    /// <exception cref="IOException">The system has no room for another loop; the socket stays the caller's.</exception>
    public AsyncListener(Socket socket, TimeProvider time, ILogger log)
    {
        this.socket = socket;
        this.time = time;
        if (socket.AddressFamily == AddressFamily.Unix) return;
        loop = new Loop(Backends.Create("auto", log), time, log, "metrics port");
        try
        {
            acceptor = new Acceptor(loop, new Descriptor(socket), log);
        }
        catch
        {
            // No room for another watch.
            loop.Dispose();
            throw;
        }
        loop.Start();
    }

    /// <summary>The next connection; null when it is canceled, after which there are no more.</summary>
    public Task<AsyncConnection?> AcceptAsync(CancellationToken stopping) =>
        loop is null ? AcceptUnixAsync(stopping) : AcceptOnLoopAsync(stopping);

    public void Dispose()
    {
        if (loop is null)
        {
            socket.Dispose();
            return;
        }
        loop.Post(acceptor!.Close);
        loop.Stop();
        loop.Stopped.Wait();
        loop.Dispose();
    }

    private async Task<AsyncConnection?> AcceptOnLoopAsync(CancellationToken stopping)
    {
        await using CancellationTokenRegistration registration = stopping.Register(() => loop!.Post(acceptor!.Close));
        while (true)
        {
            Task<Descriptor?> next = loop!.PostAsync(() => acceptor!.AcceptAsync().AsTask()).Unwrap();
            Descriptor? accepted = await next;
            // The loop's thread has come here. What follows may be slow, and may wait for that thread to end.
            await Task.Yield();
            if (accepted is null) return null;
            if (AsyncConnection.TryTake(accepted) is { } connection) return connection;
        }
    }

    private async Task<AsyncConnection?> AcceptUnixAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return new AsyncConnection(await socket.AcceptAsync(stopping));
            }
            catch (SocketException)
            {
                // A client that gave up, or a shortage: whatever it is, accepting goes on after a pause.
                await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // It is to end.
                return null;
            }
        }
    }
}
