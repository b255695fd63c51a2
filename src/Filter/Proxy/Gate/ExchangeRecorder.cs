using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Metrics;

namespace FastGate.Proxy.Gate;

/// <summary>Counts a finished exchange and writes its line to the access log.</summary>
internal static class ExchangeRecorder
{
    /// <param name="worker">Provides the tally, the log and the clock.</param>
    /// <param name="listener">The index of the listener that accepted the connection.</param>
    /// <param name="peer">The client's address as text.</param>
    /// <param name="isProbe">The client is doctor or install, whose requests are in the log only.</param>
    /// <param name="exchange">A finished exchange.</param>
    public static void Write(Worker worker, int listener, byte[] peer, bool isProbe, Exchange exchange)
    {
        TimeProvider time = worker.Loop.Time;
        double perMicrosecond = time.TimestampFrequency / 1_000_000.0;
        bool answered = exchange.FirstByte != 0;
        bool whole = exchange.Verdict.Kind != VerdictKind.None;
        if (isProbe)
            worker.Tally.AddProbe(exchange.CloseReason);
        else
            Count(worker, listener, exchange, perMicrosecond);
        if (worker.AccessLog is null)
            return;
        worker.AccessLog.Write(
            new AccessLogEntry
            {
                Time = exchange.BeganAt,
                Peer = peer,
                Method = exchange.Method,
                Path = exchange.Path,
                Rule = exchange.MatchedRule is { } rule ? rule.Utf8.Span : default,
                Verdict = Replies.WordOf(exchange),
                Host = exchange.Host,
                Status = exchange.Status,
                BytesReceived = exchange.BytesUp,
                BytesSent = exchange.BytesDown,
                FirstByteMicroseconds = answered ? (long)((exchange.FirstByte - exchange.Began) / perMicrosecond) : -1,
                DurationMicroseconds = (long)((time.GetTimestamp() - exchange.Began) / perMicrosecond),
                GateMicroseconds = whole ? (long)(exchange.Held / perMicrosecond) : -1,
                Close = exchange.CloseReason,
                IsProbe = isProbe,
            }
        );
    }

    private static void Count(Worker worker, int listener, Exchange exchange, double perMicrosecond)
    {
        worker.History?.Advance(worker.Loop.Now);
        if (exchange.Verdict.Kind is VerdictKind.Path or VerdictKind.Method or VerdictKind.Upgrade)
            worker.Refused.Add(listener, exchange.Method, exchange.Path);
        worker.Tally.Add(
            new ExchangeMetrics
            {
                Listener = listener,
                Verdict = (int)exchange.Verdict.Kind,
                Rule = exchange.RuleTally,
                Status = exchange.Status,
                BytesReceived = exchange.BytesUp,
                BytesSent = exchange.BytesDown,
                // A refusal takes microseconds, and would hide how long the upstream takes.
                FirstByteNanoseconds = exchange.IsFromUpstream
                    ? (long)((exchange.FirstByte - exchange.Began) / perMicrosecond * 1000)
                    : -1,
                GateNanoseconds =
                    exchange.Verdict.Kind == VerdictKind.None ? -1 : (long)(exchange.Held / perMicrosecond * 1000),
                Close = exchange.CloseReason,
            }
        );
    }
}
