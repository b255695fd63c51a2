using System.Diagnostics;
using System.Net.Sockets;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Load;

/// <summary>Reads one stream of events and records the arrival of each.</summary>
internal sealed class TokenReader(Socket socket)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _held;
    private int _number;

    /// <summary>Time from sending to arrival, for each event.</summary>
    public Latencies Delays { get; } = new(1024);

    /// <summary>Number of reads that returned events.</summary>
    public int Reads { get; private set; }

    /// <summary>Number of events that were out of order or incomplete.</summary>
    public int Wrong { get; private set; }

    /// <summary>Reads to the end of the response.</summary>
    /// <returns>Whether the response was complete: this many events in order, and the last chunk.</returns>
    public bool Read(int events)
    {
        bool ok = false;
        while (true)
        {
            int count = socket.Receive(_buffer.AsSpan(_held));
            long now = Stopwatch.GetTimestamp();
            if (count == 0)
                return false;
            _held += count;
            ok |= _buffer.AsSpan(0, _held).StartsWith("HTTP/1.1 200 "u8);
            int before = _number;
            bool last = TakeEvents(now);
            if (_number > before)
                Reads++;
            if (last)
                return ok && _number == events && Wrong == 0;
        }
    }

    private bool TakeEvents(long now)
    {
        int at;
        while ((at = _buffer.AsSpan(0, _held).IndexOf(EventText.Begin)) >= 0 && _held - at >= EventText.Bytes)
        {
            if (EventText.TryRead(_buffer.AsSpan(at, EventText.Bytes), _number++, out long stamp))
                Delays.Add(now - stamp);
            else
                Wrong++;
            at += EventText.Bytes;
            _buffer.AsSpan(at, _held - at).CopyTo(_buffer);
            _held -= at;
        }
        return _buffer.AsSpan(0, _held).EndsWith("\r\n0\r\n\r\n"u8);
    }
}
