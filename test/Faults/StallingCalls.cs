using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// The system's socket calls, except that sends to upstreams would block while <see cref="IsStalled"/>.
/// </summary>
internal sealed class StallingCalls(Way way) : ISocketCalls
{
    private readonly ISocketCalls _real = RealCalls.Of(way);
    private readonly HashSet<Descriptor> _upstreams = [];

    /// <summary>Set on the loop's thread.</summary>
    public bool IsStalled { get; set; }

    /// <summary>The number of delayed sends.</summary>
    public int Stalled { get; private set; }

    public Descriptor? Accept(Descriptor listener, out SocketError error) => _real.Accept(listener, out error);

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error)
    {
        Descriptor? socket = _real.Open(endPoint, out error);
        if (socket is not null)
            _upstreams.Add(socket);
        return socket;
    }

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint) => _real.Connect(socket, endPoint);

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error) =>
        _real.Receive(socket, into, out error);

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error)
    {
        if (!IsStalled || !_upstreams.Contains(socket))
            return _real.Send(socket, from, out error);
        error = SocketError.WouldBlock;
        Stalled++;
        return 0;
    }

    public void ShutdownSend(Descriptor socket) => _real.ShutdownSend(socket);

    public void ResetOnClose(Descriptor socket) => _real.ResetOnClose(socket);

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint) => _real.IsOwnPeer(socket, endPoint);

    public SocketError ErrorOf(Descriptor socket) => _real.ErrorOf(socket);
}
