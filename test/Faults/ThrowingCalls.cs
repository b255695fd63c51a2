using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// The system's socket calls; while enabled, each receive throws an unexpected exception. Thread-safe.
/// </summary>
internal sealed class ThrowingCalls(Way way) : ISocketCalls
{
    private readonly ISocketCalls _real = RealCalls.Of(way);
    private volatile bool _throws;

    public bool Throws
    {
        get => _throws;
        set => _throws = value;
    }

    public Descriptor? Accept(Descriptor listener, out SocketError error) => _real.Accept(listener, out error);

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error) => _real.Open(endPoint, out error);

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint) => _real.Connect(socket, endPoint);

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint) => _real.IsOwnPeer(socket, endPoint);

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error) =>
        _throws
            ? throw new InvalidOperationException("An unexpected exception.")
            : _real.Receive(socket, into, out error);

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error) =>
        _real.Send(socket, from, out error);

    public void ShutdownSend(Descriptor socket) => _real.ShutdownSend(socket);

    public void ResetOnClose(Descriptor socket) => _real.ResetOnClose(socket);

    public SocketError ErrorOf(Descriptor socket) => _real.ErrorOf(socket);
}
