using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>Which lines of the access log somebody wants to see.</summary>
internal sealed record LogFilter
{
    /// <summary>Only what the gate refused.</summary>
    public bool RefusedOnly { get; init; }

    /// <summary>Only what took so many milliseconds or more, from its first byte to its end.</summary>
    public double? SlowMilliseconds { get; init; }

    /// <summary>Only what began then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only of this peer.</summary>
    public PeerChoice? Peer { get; init; }

    /// <summary>Some requests are left out by what they are, not by when they were.</summary>
    public bool IsSelective => RefusedOnly || SlowMilliseconds is not null || Peer is not null;

    public bool Accepts(LogLine line)
    {
        if (line.Time < Since)
            return false;
        // What is missing is missing from every selection.
        if (line.Dropped > 0)
            return true;
        return (!RefusedOnly || line.IsRefused)
            && (SlowMilliseconds is not { } slow || line.DurationMilliseconds >= slow)
            && (Peer is null || Peer.Accepts(line.Peer));
    }

    /// <summary>Whether no line further to the front of the log can be accepted: lines stand in the order of their
    /// ends.</summary>
    public bool IsPast(LogLine line) => line.End < Since;
}
