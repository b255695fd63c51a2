using System.Diagnostics;
using System.Net.Sockets;
using FastGate.Bench.Answering;

namespace FastGate.Bench.Load;

/// <summary>Reads one stream of events and notes when each came.</summary>
internal sealed class TokenReader(Socket socket)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int held;
    private int number;

    /// <summary>From the sending of each event to its arrival here.</summary>
    public Latencies Delays { get; } = new(1024);

    /// <summary>Receives that brought events.</summary>
    public int Reads { get; private set; }

    /// <summary>Events that were not the next one, or not whole.</summary>
    public int Wrong { get; private set; }

    /// <summary>Reads to the end of the answer.</summary>
    /// <returns>True when it was whole: so many events in their order, and the last chunk.</returns>
    public bool Read(int events)
    {
        bool ok = false;
        while (true)
        {
            int count = socket.Receive(buffer.AsSpan(held));
            long now = Stopwatch.GetTimestamp();
            if (count == 0) return false;
            held += count;
            ok |= buffer.AsSpan(0, held).StartsWith("HTTP/1.1 200 "u8);
            int before = number;
            bool last = TakeEvents(now);
            if (number > before) Reads++;
            if (last) return ok && number == events && Wrong == 0;
        }
    }

    private bool TakeEvents(long now)
    {
        int at;
        while ((at = buffer.AsSpan(0, held).IndexOf(EventText.Begin)) >= 0 && held - at >= EventText.Bytes)
        {
            if (EventText.TryRead(buffer.AsSpan(at, EventText.Bytes), number++, out long stamp)) Delays.Add(now - stamp);
            else Wrong++;
            at += EventText.Bytes;
            buffer.AsSpan(at, held - at).CopyTo(buffer);
            held -= at;
        }
        return buffer.AsSpan(0, held).EndsWith("\r\n0\r\n\r\n"u8);
    }
}
