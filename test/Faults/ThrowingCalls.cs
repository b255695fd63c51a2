using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>The system's calls, of which each receive throws what nobody foresaw while it is told to. Any thread.</summary>
internal sealed class ThrowingCalls(Way way) : ISocketCalls
{
    private readonly ISocketCalls real = RealCalls.Of(way);
    private volatile bool throws;

    public bool Throws
    {
        get => throws;
        set => throws = value;
    }

    public Descriptor? Accept(Descriptor listener, out SocketError error) => real.Accept(listener, out error);

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error) => real.Open(endPoint, out error);

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint) => real.Connect(socket, endPoint);

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint) => real.IsOwnPeer(socket, endPoint);

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error) =>
        throws ? throw new InvalidOperationException("Nobody foresaw this.") : real.Receive(socket, into, out error);

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error) => real.Send(socket, from, out error);

    public void ShutdownSend(Descriptor socket) => real.ShutdownSend(socket);

    public void ResetOnClose(Descriptor socket) => real.ResetOnClose(socket);

    public SocketError ErrorOf(Descriptor socket) => real.ErrorOf(socket);
}
