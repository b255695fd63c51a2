using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>The system's socket calls, one of which fails. Armed by the test; called on the loop's thread.</summary>
internal sealed class FaultyCalls(Way way) : ISocketCalls
{
    private readonly ISocketCalls _real = RealCalls.Of(way);
    private readonly HashSet<Descriptor> _upstreams = [];
    private readonly List<Descriptor> _opened = [];
    private Anomaly? _armed;
    private int _left;

    /// <summary>Whether the fault has been injected.</summary>
    public bool Fired { get; private set; }

    /// <summary>Evaluated when the fault is injected.</summary>
    public Func<bool>? IsInExchange { get; set; }

    /// <summary>Whether an exchange was in progress when the fault was injected.</summary>
    public bool FiredInExchange { get; private set; }

    /// <summary>Sockets that were accepted or connected and are still open. Loop's thread.</summary>
    public int OpenSockets
    {
        get
        {
            _opened.RemoveAll(socket => socket.IsClosed);
            return _opened.Count;
        }
    }

    /// <summary>From now on the <paramref name="number"/>-th call fails. Loop's thread.</summary>
    public void Arm(Anomaly anomaly, int number)
    {
        _armed = anomaly;
        _left = number;
        Fired = FiredInExchange = false;
    }

    /// <summary>No more calls fail. Loop's thread.</summary>
    public void Disarm() => _armed = null;

    public Descriptor? Accept(Descriptor listener, out SocketError error)
    {
        if (Fails(SocketCall.Accept, out error))
            return null;
        Descriptor? socket = _real.Accept(listener, out error);
        if (socket is not null)
            _opened.Add(socket);
        return socket;
    }

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error)
    {
        if (Fails(SocketCall.Open, out error))
            return null;
        if (_real.Open(endPoint, out error) is not { } socket)
            return null;
        _opened.Add(socket);
        _upstreams.Add(socket);
        return socket;
    }

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint) =>
        Fails(SocketCall.Connect, out SocketError error) ? error : _real.Connect(socket, endPoint);

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint) => _real.IsOwnPeer(socket, endPoint);

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error)
    {
        SocketCall call = _upstreams.Contains(socket) ? SocketCall.ReceiveFromUpstream : SocketCall.ReceiveFromClient;
        if (Fails(call, out error))
            return 0;
        return _real.Receive(socket, IsShort(call) ? into[..1] : into, out error);
    }

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error)
    {
        SocketCall call = _upstreams.Contains(socket) ? SocketCall.SendToUpstream : SocketCall.SendToClient;
        if (Fails(call, out error))
            return 0;
        return _real.Send(socket, IsShort(call) ? from[..1] : from, out error);
    }

    public void ShutdownSend(Descriptor socket) => _real.ShutdownSend(socket);

    public void ResetOnClose(Descriptor socket) => _real.ResetOnClose(socket);

    public SocketError ErrorOf(Descriptor socket) => _real.ErrorOf(socket);

    private bool Fails(SocketCall call, out SocketError error)
    {
        error = SocketError.Success;
        if (_armed is not { IsShort: false } || !IsItsTurn(call))
            return false;
        if (_armed.Throws)
            throw new InvalidOperationException("An unexpected exception.");
        error = _armed.Error;
        return true;
    }

    private bool IsShort(SocketCall call) => _armed is { IsShort: true } && IsItsTurn(call);

    private bool IsItsTurn(SocketCall call)
    {
        if (_armed!.Call != call || --_left != 0)
            return false;
        Fired = true;
        FiredInExchange = IsInExchange?.Invoke() ?? false;
        return true;
    }
}
