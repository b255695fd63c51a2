using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastGate.Test.Abuse;

/// <summary>
/// Clients that send a head of which a byte comes each second, and come again when they are told that it took too long.
/// </summary>
internal sealed class SlowHeads : IDisposable
{
    private const int SlicesASecond = 50;

    private static readonly byte[] Head = Encoding.ASCII.GetBytes($"GET /api/version?{new string('a', 4096)}");

    private readonly IPEndPoint gate;
    private readonly Socket[] sockets;
    private readonly int[] sent;
    private readonly PeriodicTimer ticks = new(TimeSpan.FromSeconds(1.0 / SlicesASecond));
    private readonly Task dripping;
    private int sentOff;

    private SlowHeads(IPEndPoint gate, int count)
    {
        this.gate = gate;
        sockets = [.. Enumerable.Range(0, count).Select(Connect)];
        sent = new int[count];
        for (int i = 0; i < count; i++) Drip(i);
        dripping = Task.Run(DripAsync);
    }

    /// <summary>How often one was told by the gate that it took too long, or was closed.</summary>
    public int SentOff => Volatile.Read(ref sentOff);

    public static SlowHeads Start(IPEndPoint gate, int count) => new(gate, count);

    public void Dispose()
    {
        ticks.Dispose();
        dripping.Wait();
        foreach (Socket socket in sockets) socket.Dispose();
    }

    private Socket Connect(int number)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        // 100 an address, well below what one peer may have.
        socket.Bind(new IPEndPoint(Peers.Number(number / 100), 0));
        socket.Connect(gate);
        return socket;
    }

    private async Task DripAsync()
    {
        for (int slice = 0; await ticks.WaitForNextTickAsync(); slice = (slice + 1) % SlicesASecond)
        {
            for (int i = slice; i < sockets.Length; i += SlicesASecond) Drip(i);
        }
    }

    private void Drip(int i)
    {
        try
        {
            if (!sockets[i].Poll(0, SelectMode.SelectRead))
            {
                sockets[i].Send(Head, sent[i]++, 1, SocketFlags.None);
                return;
            }
        }
        catch (SocketException)
        {
            // Closed by the gate with bytes on their way.
        }
        Interlocked.Increment(ref sentOff);
        sockets[i].Dispose();
        sockets[i] = Connect(i);
        sent[i] = 0;
    }
}
