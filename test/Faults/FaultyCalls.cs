using System.Net;
using System.Net.Sockets;
using FastGate.Transport;

namespace FastGate.Test.Faults;

/// <summary>The system's calls, of which one goes wrong. Armed by the test, called on the loop's thread.</summary>
internal sealed class FaultyCalls : ISocketCalls
{
    private readonly SocketCalls real = new();
    private readonly HashSet<Socket> upstreams = [];
    private readonly List<Socket> opened = [];
    private Anomaly? armed;
    private int left;

    /// <summary>It has happened.</summary>
    public bool Fired { get; private set; }

    /// <summary>Asked at the moment at which it happens.</summary>
    public Func<bool>? IsInExchange { get; set; }

    /// <summary>An exchange was under way when it happened.</summary>
    public bool FiredInExchange { get; private set; }

    /// <summary>Sockets that were accepted or connected, and that nobody has closed. Loop's thread.</summary>
    public int OpenSockets
    {
        get
        {
            opened.RemoveAll(socket => socket.SafeHandle.IsClosed);
            return opened.Count;
        }
    }

    /// <summary>From now on the <paramref name="number"/>-th call goes wrong. Loop's thread.</summary>
    public void Arm(Anomaly anomaly, int number)
    {
        armed = anomaly;
        left = number;
        Fired = FiredInExchange = false;
    }

    /// <summary>Nothing goes wrong any more. Loop's thread.</summary>
    public void Disarm() => armed = null;

    public Socket? Accept(Socket listener, out SocketError error)
    {
        if (Fails(SocketCall.Accept, out error)) return null;
        Socket? socket = real.Accept(listener, out error);
        if (socket is not null) opened.Add(socket);
        return socket;
    }

    public SocketError Connect(Socket socket, IPEndPoint endPoint)
    {
        opened.Add(socket);
        upstreams.Add(socket);
        return Fails(SocketCall.Connect, out SocketError error) ? error : real.Connect(socket, endPoint);
    }

    public int Receive(Socket socket, Span<byte> into, out SocketError error)
    {
        SocketCall call = upstreams.Contains(socket) ? SocketCall.ReceiveFromUpstream : SocketCall.ReceiveFromClient;
        if (Fails(call, out error)) return 0;
        return real.Receive(socket, IsShort(call) ? into[..1] : into, out error);
    }

    public int Send(Socket socket, ReadOnlySpan<byte> from, out SocketError error)
    {
        SocketCall call = upstreams.Contains(socket) ? SocketCall.SendToUpstream : SocketCall.SendToClient;
        if (Fails(call, out error)) return 0;
        return real.Send(socket, IsShort(call) ? from[..1] : from, out error);
    }

    private bool Fails(SocketCall call, out SocketError error)
    {
        error = SocketError.Success;
        if (armed is not { IsShort: false } || !IsItsTurn(call)) return false;
        if (armed.Throws) throw new InvalidOperationException("Nobody foresaw this.");
        error = armed.Error;
        return true;
    }

    private bool IsShort(SocketCall call) => armed is { IsShort: true } && IsItsTurn(call);

    private bool IsItsTurn(SocketCall call)
    {
        if (armed!.Call != call || --left != 0) return false;
        Fired = true;
        FiredInExchange = IsInExchange?.Invoke() ?? false;
        return true;
    }
}
