using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The system calls that a loop makes on its sockets. Every error of a connection passes through here, so that a test
/// can make any single call fail. Belongs to the loop's thread.
/// </summary>
internal interface ISocketCalls
{
    /// <returns>
    /// The next connection, non-blocking and tuned; null with an <paramref name="error"/>, such as WouldBlock if there
    /// is none.
    /// </returns>
    Descriptor? Accept(Descriptor listener, out SocketError error);

    /// <returns>A new socket to connect, non-blocking and tuned; null with an <paramref name="error"/>.</returns>
    Descriptor? Open(IPEndPoint endPoint, out SocketError error);

    /// <returns>WouldBlock while the connect is in progress.</returns>
    SocketError Connect(Descriptor socket, IPEndPoint endPoint);

    /// <summary>
    /// Whether a connected socket is its own peer. If nothing listens on a port of the ephemeral range, TCP can connect
    /// a socket to itself, which then keeps a server from listening on that port (RFC 9293 §3.5).
    /// </summary>
    bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint);

    /// <returns>The number of bytes received; 0 without an <paramref name="error"/> is the peer's FIN.</returns>
    int Receive(Descriptor socket, Span<byte> into, out SocketError error);

    /// <summary>Sends. After WouldBlock, the next call must begin with the same bytes: some may be on their
    /// way.</summary>
    /// <returns>The number of bytes sent, possibly fewer than given.</returns>
    int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error);

    /// <summary>Sends bytes from two places in one call, where the system's call is known; otherwise only the
    /// first.</summary>
    /// <returns>The number of bytes sent, possibly fewer than given.</returns>
    int Send(Descriptor socket, ArraySegment<byte> first, ArraySegment<byte> second, out SocketError error) =>
        Send(socket, first, out error);

    /// <summary>Sends a FIN; does nothing if the connection is already gone.</summary>
    void ShutdownSend(Descriptor socket);

    /// <summary>Makes the next close send a reset; does nothing if the connection is already gone.</summary>
    void ResetOnClose(Descriptor socket);

    /// <summary>Returns the error of a connection since the last call (SO_ERROR) and clears it.</summary>
    SocketError ErrorOf(Descriptor socket);
}
