using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>A listening socket for connections that may be slow and belong to no loop. One caller at a time.</summary>
/// <remarks>
/// A TCP socket is accepted on a small loop of its own, since <see cref="Socket.AcceptAsync(CancellationToken)"/> can
/// end the process: macOS has no address for a peer that has already reset its IPv6 connection, and .NET then throws on
/// a pool thread, where nothing can catch it (dotnet/runtime issue 121848). Unix sockets have no such peers.
/// </remarks>
internal sealed class AsyncListener : IDisposable
{
    // No descriptor left is the usual reason, and looking again at once would only burn the processor.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly Loop? _loop;
    private readonly Acceptor? _acceptor;

    /// <param name="socket">A listening socket, non-blocking unless it is a Unix one; the listener closes it.</param>
    /// <param name="time">The clock of its pauses.</param>
    /// <param name="log">Where trouble with accepting is logged.</param>
    /// <exception cref="IOException">The system has no room for another loop; the socket stays the
    /// caller's.</exception>
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
        }
        catch
        {
            // No room for another watch.
            _loop.Dispose();
            throw;
        }
        _loop.Start();
    }

    /// <summary>The next connection; null when it is canceled, after which there are no more.</summary>
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
            // The loop's thread has come here. What follows may be slow, and may wait for that thread to end.
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
                // A client that gave up, or a shortage: whatever it is, accepting goes on after a pause.
                await Task.Delay(Pause, _time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // It is to end.
                return null;
            }
        }
    }
}

/// <summary>A connection that no loop owns, for what may be slow. Errors are values; one caller at a time.</summary>
/// <param name="socket">An accepted or connected socket; the connection closes it.</param>
internal sealed class AsyncConnection(Socket socket) : IDisposable
{
    /// <summary>Takes over what a loop has accepted; null when the connection is gone already.</summary>
    public static AsyncConnection? TryTake(Descriptor accepted)
    {
        if (accepted.Socket is { } socket)
            return new AsyncConnection(socket);
        SafeSocketHandle handle = new(accepted.Number, ownsHandle: true);
        try
        {
            return new AsyncConnection(new Socket(handle));
        }
        catch (Exception end) when (end is SocketException or ArgumentException)
        {
            // A system may answer no more questions about such a socket.
            handle.Dispose();
            return null;
        }
    }

    /// <summary>How many bytes came; 0 at the end, whichever kind of end, and when the time is over.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> room, CancellationToken late)
    {
        try
        {
            return await socket.ReceiveAsync(room, late);
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            // The other side is gone, or took too long: there is nothing to read either way.
            return 0;
        }
    }

    /// <returns>False when the other side takes no more, or not in time.</returns>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken late)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await socket.SendAsync(bytes, late)..];
            return true;
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            // The same as for receiving.
            return false;
        }
    }

    /// <summary>Sends a FIN; the other direction stays open.</summary>
    public void FinishSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other side was quicker.
        }
    }

    public void Dispose() => socket.Dispose();
}
