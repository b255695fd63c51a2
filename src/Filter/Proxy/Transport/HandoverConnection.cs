using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A connection between a gate and its successor: sockets go one way, single bytes both ways. A lost connection is a
/// value. One reader and one writer at a time.
/// </summary>
internal sealed class HandoverConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _byte = new byte[1];

    private HandoverConnection(Socket socket) => _socket = socket;

    /// <summary>Connects to a gate.</summary>
    /// <param name="path">Its socket.</param>
    /// <returns>Null if no gate listens there.</returns>
    public static HandoverConnection? TryConnect(string path)
    {
        if (!File.Exists(path) || !OwnerSocket.Fits(path))
            return null;
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new HandoverConnection(socket);
        }
        catch (SocketException)
        {
            // A gate that died has left its socket, or another user owns it.
            socket.Dispose();
            return null;
        }
    }

    /// <summary>The next successor that connects.</summary>
    /// <returns>Null once canceled, or if the system can accept none.</returns>
    public static async Task<HandoverConnection?> AcceptAsync(OwnerSocket listener, CancellationToken cancellationToken)
    {
        try
        {
            return new HandoverConnection(await listener.Socket.AcceptAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends listening sockets, and a byte with them.</summary>
    public bool TrySend(IReadOnlyList<Socket> sockets, byte with) => SocketPassing.TrySend(_socket, sockets, with);

    /// <summary>Sends a byte.</summary>
    public bool TrySend(byte value) => TrySend([], value);

    /// <summary>Waits for listening sockets.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="with">The byte that came with them.</param>
    /// <returns>Null if the gate is gone, or sends nothing in time.</returns>
    public IReadOnlyList<ListenResult>? TryReceiveSockets(TimeSpan timeout, out byte with)
    {
        with = 0;
        return _socket.Poll(timeout, SelectMode.SelectRead) ? SocketPassing.TryReceive(_socket, out with) : null;
    }

    /// <summary>Waits for a byte; null if the other side is gone, or canceled.</summary>
    public async Task<byte?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(_byte, cancellationToken) == 1 ? _byte[0] : null;
        }
        catch (Exception exception)
            when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();
}
