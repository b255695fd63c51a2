using System.Diagnostics;
using System.Net.Sockets;
using FastGate.Bench.Children;
using FastGate.Bench.Load;

namespace FastGate.Bench.Workloads;

/// <summary>One client that goes before its answer comes.</summary>
internal sealed class AbortTrial
{
    private readonly Socket _socket;
    private long _gone;

    private AbortTrial(string subject, bool isFin, Socket socket)
    {
        Subject = subject;
        IsFin = isFin;
        _socket = socket;
    }

    public string Subject { get; }

    /// <summary>It closes as a program that ends; otherwise it resets.</summary>
    public bool IsFin { get; }

    /// <summary>The upstream has said what it saw.</summary>
    public bool IsReported { get; private set; }

    /// <summary>After what time the upstream saw the end; null when it did not.</summary>
    public TimeSpan? Seen { get; private set; }

    public static AbortTrial Begin(Subject subject, bool isFin, long id, int silenceMilliseconds)
    {
        Socket socket = KeptClient.Connect(subject.EndPoint);
        socket.Send(Requests.Silence(silenceMilliseconds, id));
        return new AbortTrial(subject.Name, isFin, socket);
    }

    public void Go()
    {
        if (!IsFin)
            _socket.LingerState = new LingerOption(true, 0);
        _gone = Stopwatch.GetTimestamp();
        _socket.Dispose();
    }

    /// <param name="seen">When the upstream saw it, or 0.</param>
    public void Report(long seen)
    {
        IsReported = true;
        Seen = seen == 0 ? null : Stopwatch.GetElapsedTime(_gone, seen);
    }
}
