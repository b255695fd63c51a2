using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Abuse;

/// <summary>Connections on which one thread sends the same bytes repeatedly until disposed.</summary>
internal sealed class Flood : IDisposable
{
    private const int PerPeer = 200;

    private readonly IPEndPoint _gate;
    private readonly FloodKind _kind;
    private readonly Socket[] _sockets;
    private readonly int[] _sent;
    private readonly byte[] _dropped = new byte[64 * 1024];
    private readonly Thread _thread;
    private volatile bool _isOver;

    private Flood(IPEndPoint gate, FloodKind kind, int count)
    {
        _gate = gate;
        _kind = kind;
        _sockets = [.. Enumerable.Range(0, count).Select(Connect)];
        _sent = new int[count];
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Response bytes received.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Connections that had to be reopened.</summary>
    public long Renewed { get; private set; }

    public static Flood Start(IPEndPoint gate, FloodKind kind, int count) => new(gate, kind, count);

    /// <summary>Stops sending, and leaves the connections open.</summary>
    public void Stop()
    {
        _isOver = true;
        _thread.Join();
    }

    public void Dispose()
    {
        Stop();
        foreach (Socket socket in _sockets)
            socket.Close(0);
    }

    private Socket Connect(int number)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(Peers.Number(20 + (number / PerPeer)), 0));
        try
        {
            socket.Connect(_gate);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Rejected before the call returned: the next round opens another connection.
            return socket;
        }
        socket.Blocking = false;
        if (_kind.First.Length > 0)
            socket.Send(_kind.First);
        return socket;
    }

    private void Run()
    {
        while (!_isOver)
        {
            bool isBusy = false;
            for (int i = 0; i < _sockets.Length && !_isOver; i++)
                isBusy |= Feed(i);
            if (!isBusy)
                Wait();
        }
    }

    // Every connection is blocked: this thread must not take processor time from the clients being measured.
    private void Wait()
    {
        List<Socket> readable = [.. _sockets];
        List<Socket>? writable = _kind.Pace == FloodPace.Always ? [.. _sockets] : null;
        Socket.Select(readable, writable, null, 10_000);
    }

    private bool Feed(int i)
    {
        int received = _sockets[i].Receive(_dropped, SocketFlags.None, out SocketError end);
        BytesReceived += received;
        bool isEnded =
            end is not (SocketError.WouldBlock or SocketError.Success) || (end == SocketError.Success && received == 0);
        bool mayAsk = _kind.Pace != FloodPace.AfterResponse || _sent[i] == 0 || received > 0;
        int taken =
            mayAsk && !isEnded
                ? _sockets[i].Send(_kind.Bytes.AsSpan(_sent[i] % _kind.Bytes.Length), SocketFlags.None, out _)
                : 0;
        _sent[i] = (_sent[i] % _kind.Bytes.Length) + taken;
        if (isEnded || _kind.Pace == FloodPace.OncePerConnection)
            Renew(i);
        return received > 0 || taken > 0;
    }

    private void Renew(int i)
    {
        // Reset, so that no port stays in TIME_WAIT.
        _sockets[i].Close(0);
        _sockets[i] = Connect(i);
        _sent[i] = 0;
        Renewed++;
    }
}
