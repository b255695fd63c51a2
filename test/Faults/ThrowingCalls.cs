using System.Net;
using System.Net.Sockets;
using FastGate.Transport;

namespace FastGate.Test.Faults;

/// <summary>The system's calls, of which each receive throws what nobody foresaw while it is told to. Any thread.</summary>
internal sealed class ThrowingCalls : ISocketCalls
{
    private readonly SocketCalls real = new();
    private volatile bool throws;

    public bool Throws
    {
        get => throws;
        set => throws = value;
    }

    public Socket? Accept(Socket listener, out SocketError error) => real.Accept(listener, out error);

    public SocketError Connect(Socket socket, IPEndPoint endPoint) => real.Connect(socket, endPoint);

    public int Receive(Socket socket, Span<byte> into, out SocketError error) =>
        throws ? throw new InvalidOperationException("Nobody foresaw this.") : real.Receive(socket, into, out error);

    public int Send(Socket socket, ReadOnlySpan<byte> from, out SocketError error) => real.Send(socket, from, out error);
}
