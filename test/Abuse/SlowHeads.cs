using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastGate.Test.Abuse;

/// <summary>
/// Clients that send a request head at one byte per second, and reconnect when the gate rejects it as too slow.
/// </summary>
internal sealed class SlowHeads : IDisposable
{
    private const int SlicesASecond = 50;

    private static readonly byte[] Head = Encoding.ASCII.GetBytes($"GET /api/version?{new string('a', 4096)}");

    private readonly IPEndPoint _gate;
    private readonly Socket[] _sockets;
    private readonly int[] _sent;
    private readonly PeriodicTimer _ticks = new(TimeSpan.FromSeconds(1.0 / SlicesASecond));
    private readonly Task _dripping;
    private int _rejected;

    private SlowHeads(IPEndPoint gate, int count)
    {
        _gate = gate;
        _sockets = [.. Enumerable.Range(0, count).Select(Connect)];
        _sent = new int[count];
        for (int i = 0; i < count; i++)
            Drip(i);
        _dripping = Task.Run(DripAsync);
    }

    /// <summary>How often the gate rejected or closed a connection.</summary>
    public int Rejected => Volatile.Read(ref _rejected);

    public static SlowHeads Start(IPEndPoint gate, int count) => new(gate, count);

    public void Dispose()
    {
        _ticks.Dispose();
        _dripping.Wait();
        foreach (Socket socket in _sockets)
            socket.Dispose();
    }

    private Socket Connect(int number)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        // 100 per address, well below the limit per peer.
        socket.Bind(new IPEndPoint(Peers.Number(number / 100), 0));
        socket.Connect(_gate);
        return socket;
    }

    private async Task DripAsync()
    {
        for (int slice = 0; await _ticks.WaitForNextTickAsync(); slice = (slice + 1) % SlicesASecond)
        {
            for (int i = slice; i < _sockets.Length; i += SlicesASecond)
                Drip(i);
        }
    }

    private void Drip(int i)
    {
        try
        {
            if (!_sockets[i].Poll(0, SelectMode.SelectRead))
            {
                _sockets[i].Send(Head, _sent[i]++, 1, SocketFlags.None);
                return;
            }
        }
        catch (SocketException)
        {
            // Closed by the gate with bytes on their way.
        }
        Interlocked.Increment(ref _rejected);
        _sockets[i].Dispose();
        _sockets[i] = Connect(i);
        _sent[i] = 0;
    }
}
