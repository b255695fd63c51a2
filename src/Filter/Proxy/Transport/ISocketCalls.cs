using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The system calls that a loop makes on its sockets. Everything that can go wrong with a connection comes through
/// here, so that a test can make each single one of them fail. Belongs to the loop's thread.
/// </summary>
internal interface ISocketCalls
{
    /// <returns>
    /// The next connection, non-blocking and tuned; null with an <paramref name="error"/>, such as WouldBlock when
    /// there is none.
    /// </returns>
    Descriptor? Accept(Descriptor listener, out SocketError error);

    /// <returns>A socket that is to be connected, non-blocking and tuned; null with an
    /// <paramref name="error"/>.</returns>
    Descriptor? Open(IPEndPoint endPoint, out SocketError error);

    /// <returns>WouldBlock when the connect is under way.</returns>
    SocketError Connect(Descriptor socket, IPEndPoint endPoint);

    /// <summary>
    /// Whether a connected socket is its own peer: with nobody listening on a port of the range that clients get theirs
    /// from, TCP can connect a socket to itself, which then keeps the port from whoever wants to listen (RFC 9293
    /// §3.5).
    /// </summary>
    bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint);

    /// <returns>How many bytes came; 0 without an <paramref name="error"/> is the peer's end.</returns>
    int Receive(Descriptor socket, Span<byte> into, out SocketError error);

    /// <returns>How many bytes were taken, which may be fewer than all.</returns>
    int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error);

    /// <summary>Tells the peer that no more will come (FIN); a connection that is gone already is left alone.</summary>
    void ShutdownSend(Descriptor socket);

    /// <summary>Makes the coming close a reset; a connection that is gone already is left alone.</summary>
    void ResetOnClose(Descriptor socket);

    /// <summary>What has befallen a connection since it was last asked (SO_ERROR); asking clears it.</summary>
    SocketError ErrorOf(Descriptor socket);
}
