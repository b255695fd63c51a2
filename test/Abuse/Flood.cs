using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Abuse;

/// <summary>Connections that one thread keeps busy with the same bytes for as long as it lives.</summary>
internal sealed class Flood : IDisposable
{
    private const int PerPeer = 200;

    private readonly IPEndPoint gate;
    private readonly FloodKind kind;
    private readonly Socket[] sockets;
    private readonly int[] sent;
    private readonly byte[] dropped = new byte[64 * 1024];
    private readonly Thread thread;
    private volatile bool isOver;

    private Flood(IPEndPoint gate, FloodKind kind, int count)
    {
        this.gate = gate;
        this.kind = kind;
        sockets = [.. Enumerable.Range(0, count).Select(Connect)];
        sent = new int[count];
        thread = new Thread(Run) { IsBackground = true };
        thread.Start();
    }

    /// <summary>Bytes of answers that came back.</summary>
    public long Answered { get; private set; }

    /// <summary>Connections that had to be made anew.</summary>
    public long Renewed { get; private set; }

    public static Flood Start(IPEndPoint gate, FloodKind kind, int count) => new(gate, kind, count);

    public void Dispose()
    {
        isOver = true;
        thread.Join();
        foreach (Socket socket in sockets) socket.Close(0);
    }

    private Socket Connect(int number)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(Peers.Number(20 + (number / PerPeer)), 0));
        socket.Connect(gate);
        socket.Blocking = false;
        if (kind.First.Length > 0) socket.Send(kind.First);
        return socket;
    }

    private void Run()
    {
        while (!isOver)
        {
            bool isBusy = false;
            for (int i = 0; i < sockets.Length && !isOver; i++) isBusy |= Feed(i);
            if (!isBusy) Wait();
        }
    }

    // Everything is full: the gate takes its time, and this thread must not take the processor from those that are measured.
    private void Wait()
    {
        List<Socket> readable = [.. sockets];
        List<Socket>? writable = kind.Pace == FloodPace.Always ? [.. sockets] : null;
        Socket.Select(readable, writable, null, 10_000);
    }

    private bool Feed(int i)
    {
        int received = sockets[i].Receive(dropped, SocketFlags.None, out SocketError end);
        Answered += received;
        bool isEnded = end is not (SocketError.WouldBlock or SocketError.Success) || (end == SocketError.Success && received == 0);
        bool mayAsk = kind.Pace != FloodPace.AfterAnswer || sent[i] == 0 || received > 0;
        int taken = mayAsk && !isEnded ? sockets[i].Send(kind.Bytes.AsSpan(sent[i] % kind.Bytes.Length), SocketFlags.None, out _) : 0;
        sent[i] = (sent[i] % kind.Bytes.Length) + taken;
        if (isEnded || kind.Pace == FloodPace.OncePerConnection) Renew(i);
        return received > 0 || taken > 0;
    }

    private void Renew(int i)
    {
        // With a reset, so that no port is left in TIME_WAIT.
        sockets[i].Close(0);
        sockets[i] = Connect(i);
        sent[i] = 0;
        Renewed++;
    }
}
