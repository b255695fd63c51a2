using System.Net;
using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>
/// The system calls that a loop makes on its sockets once they are there. Everything that can go wrong with a connection
/// comes through here, so that a test can make each single one of them fail. Belongs to the loop's thread.
/// </summary>
internal interface ISocketCalls
{
    /// <returns>The next connection; null with an <paramref name="error"/>, such as WouldBlock when there is none.</returns>
    Socket? Accept(Socket listener, out SocketError error);

    /// <returns>WouldBlock when the connect is under way.</returns>
    SocketError Connect(Socket socket, IPEndPoint endPoint);

    /// <returns>How many bytes came; 0 without an <paramref name="error"/> is the peer's end.</returns>
    int Receive(Socket socket, Span<byte> into, out SocketError error);

    /// <returns>How many bytes were taken, which may be fewer than all.</returns>
    int Send(Socket socket, ReadOnlySpan<byte> from, out SocketError error);
}
