using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>Connects one socket outside any loop, for probes. Any thread.</summary>
internal static class Dial
{
    /// <param name="to">The address and port.</param>
    /// <param name="timeout">Fails with <see cref="SocketError.TimedOut"/> after this long.</param>
    /// <param name="cancellationToken">Cancels the connect.</param>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public static async Task<DialResult> ConnectAsync(
        IPEndPoint to,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SocketError error;
        try
        {
            error = await ConnectAsync(socket, to, timeout, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
        if (error == SocketError.Success && SocketTuning.IsOwnPeer(socket, to))
        {
            socket.LingerState = new LingerOption(true, 0);
            error = SocketError.ConnectionRefused;
        }
        if (error == SocketError.Success)
            return new DialResult(new NetworkStream(socket, ownsSocket: true), error);
        socket.Dispose();
        return new DialResult(null, error);
    }

    // Most probes are refused. The method that returns a task reports that by an exception with a stack trace, and the
    // first one costs a native process 0.7 MB for the names of its methods.
    private static async Task<SocketError> ConnectAsync(
        Socket socket,
        IPEndPoint to,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        TaskCompletionSource<SocketError> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SocketAsyncEventArgs connect = new() { RemoteEndPoint = to };
        connect.Completed += (_, done) => ended.SetResult(done.SocketError);
        if (!socket.ConnectAsync(connect))
            return connect.SocketError;
        using CancellationTokenSource timeoutSource = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken
        );
        timeoutSource.CancelAfter(timeout);
        SocketError error;
        await using (timeoutSource.Token.Register(() => Socket.CancelConnectAsync(connect)))
            error = await ended.Task;
        cancellationToken.ThrowIfCancellationRequested();
        // Canceling closes the socket, even if it has connected meanwhile.
        return timeoutSource.IsCancellationRequested ? SocketError.TimedOut : error;
    }
}

/// <summary>Receives the addresses of a connection that has just been made, before anything is sent on it.</summary>
/// <param name="local">The address and port of this side.</param>
/// <param name="remote">Those of the server.</param>
/// <param name="cancellationToken">Ends the request that the connection is made for.</param>
internal delegate Task ConnectionNotice(IPEndPoint local, IPEndPoint remote, CancellationToken cancellationToken);

/// <summary>The result of a <see cref="Dial"/>: a stream over the connected socket, or the error.</summary>
/// <param name="Stream">The connection, which owns its socket; null after an error.</param>
/// <param name="Failure">The system's error; <see cref="SocketError.Success"/> if connected.</param>
internal readonly record struct DialResult(NetworkStream? Stream, SocketError Failure)
{
    /// <summary>The error in words.</summary>
    public string Reason => SocketErrorText.OfConnect(Failure);

    /// <summary>Passes the addresses of the connection on.</summary>
    public Task NotifyAsync(ConnectionNotice? connected, CancellationToken cancellationToken) =>
        NotifyAsync(Stream!.Socket, connected, cancellationToken);

    /// <summary>Passes the addresses of a connected socket on.</summary>
    public static Task NotifyAsync(Socket socket, ConnectionNotice? connected, CancellationToken cancellationToken) =>
        connected is not null
        && SocketTuning.LocalEndPoint(socket) is { } local
        && SocketTuning.RemoteEndPoint(socket) is { } remote
            ? connected(local, remote, cancellationToken)
            : Task.CompletedTask;
}
