using System.IO.Pipelines;
using System.Net.Sockets;
using Pipelines.Sockets.Unofficial;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A connection that belongs to no loop, for work that may be slow: a duplex pipe by Pipelines.Sockets.Unofficial on
/// the thread pool. One caller at a time.
/// </summary>
/// <remarks>Completing <see cref="Output"/> sends what was written, and then a FIN. A lost connection is an exception
/// (<see cref="IsEnd"/>).</remarks>
internal sealed class AsyncConnection : IDuplexPipe, IDisposable
{
    // A test's or a host's synchronization context has no part in it.
    private static readonly PipeOptions Options = new(useSynchronizationContext: false);

    private readonly SocketConnection _connection;

    /// <param name="socket">An accepted or connected socket; the connection closes it.</param>
    public AsyncConnection(Socket socket) =>
        // Zero-length reads: no buffer while nothing arrives.
        _connection = SocketConnection.Create(socket, Options, SocketConnectionOptions.ZeroLengthReads);

    public PipeReader Input => _connection.Input;

    public PipeWriter Output => _connection.Output;

    /// <summary>Takes ownership of a connection that a loop accepted; null if it is already gone.</summary>
    public static AsyncConnection? TryTake(Descriptor accepted)
    {
        if (accepted.Socket is { } socket)
            return new AsyncConnection(socket);
        SafeSocketHandle handle = new(accepted.Number, ownsHandle: true);
        try
        {
            return new AsyncConnection(new Socket(handle));
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            // Some systems return no information about a reset socket.
            handle.Dispose();
            return null;
        }
    }

    /// <summary>Whether an exception of <see cref="Input"/> or <see cref="Output"/> means that the peer is gone, or
    /// that the call was canceled.</summary>
    public static bool IsEnd(Exception exception) => exception is IOException or OperationCanceledException;

    public void Dispose()
    {
        // Returns the buffers to their pool.
        Input.Complete();
        Output.Complete();
        _connection.Dispose();
    }
}
