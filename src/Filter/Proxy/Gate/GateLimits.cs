namespace FastGate.Proxy.Gate;

/// <summary>What the gate puts a limit on. Each default has its source beside it.</summary>
internal sealed record GateLimits
{
    /// <summary>Open client connections; for one more, the longest-idle of whoever has most is closed, or it waits.
    /// launchd gives 8192 descriptors, and each takes two.</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>Open connections of one peer, an address or an IPv6 /64: a quarter, so that one peer cannot keep the
    /// others out.</summary>
    public int ConnectionsPerPeerMax { get; init; } = 256;

    /// <summary>Bytes of a request head. The largest recorded one has 900 (Claude Code); common servers take 8 to 32
    /// KiB.</summary>
    public int HeadBytesMax { get; init; } = 32 * 1024;

    /// <summary>From the first byte of a head to its last: recorded clients send a head in one packet.</summary>
    public TimeSpan HeadTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection without a request: longer than the keep-alive of every recorded client, so they close
    /// first.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Request content of which not a byte comes: twice Go's and nginx's usual 30 s, for slow
    /// uplinks.</summary>
    public TimeSpan ContentTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Request content must come at this rate, measured over a minute and only while the gate waits for it; 0 for none.
    /// Kestrel's least rate, 240 bytes a second: the slowest mobile link sends ten times as much.
    /// </summary>
    public int ContentBytesPerMinute { get; init; } = 240 * 60;

    /// <summary>
    /// A client that takes none of a response for so long is closed; zero for never. Five times nginx's
    /// <c>send_timeout</c>: a machine that wakes from a short sleep goes on.
    /// </summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After SIGTERM, for answers in flight. The agent's ExitTimeOut is longer.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After the last answer of a connection, for the client to take it (RFC 9112 §9.6): as long nothing may come. It
    /// begins anew with whatever comes, since many clients send all of their content before they look for an answer.
    /// </summary>
    public TimeSpan LingerTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>All of that together: 20 MB, an image in a request, at 3 Mbit/s. A client that trickles is let go
    /// then.</summary>
    public TimeSpan LingerTotalTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Bytes that are read and thrown away meanwhile: three times the largest recorded request (images in base64, 5 to
    /// 20 MB), and some 50 ms of this program's time.
    /// </summary>
    public int LingerBytesMax { get; init; } = 64 * 1024 * 1024;
}
