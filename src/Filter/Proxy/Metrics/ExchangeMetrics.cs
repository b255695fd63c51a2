using FastGate.Proxy.AccessLog;

namespace FastGate.Proxy.Metrics;

/// <summary>What is counted of one exchange that is over. It lives on the stack only.</summary>
internal readonly ref struct ExchangeMetrics
{
    /// <summary>The listener, by its number.</summary>
    public required int Listener { get; init; }

    /// <summary>What became of it at the gate, by its number.</summary>
    public required int Verdict { get; init; }

    /// <summary>The rule that let it through; null if none did.</summary>
    public RuleTally? Rule { get; init; }

    /// <summary>The status that the client was sent; 0 if none was.</summary>
    public int Status { get; init; }

    public long BytesUp { get; init; }

    public long BytesDown { get; init; }

    /// <summary>-1 if it is not known.</summary>
    public long GateNanoseconds { get; init; }

    /// <summary>-1 if there was none.</summary>
    public long FirstByteNanoseconds { get; init; }

    /// <summary>Why the connection ends with it; <see cref="CloseReason.None"/> if it goes on.</summary>
    public CloseReason Close { get; init; }
}
