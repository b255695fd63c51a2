namespace FastGate.Proxy.Gate;

/// <summary>The limits of a gate. Each default has its source beside it.</summary>
internal sealed record GateLimits
{
    /// <summary>Open client connections. One more closes the longest-idle connection of the peer with the most, or
    /// waits. launchd allows 8192 descriptors, and each connection takes two.</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>Open connections of one peer, an address or an IPv6 /64: a quarter of all, so that one peer cannot keep
    /// the others out.</summary>
    public int ConnectionsPerPeerMax { get; init; } = 256;

    /// <summary>Bytes of a request head. The largest recorded one has 900 (Claude Code); common servers take 8 to 32
    /// KiB.</summary>
    public int HeadBytesMax { get; init; } = 32 * 1024;

    /// <summary>From the first byte of a head to its last: recorded clients send a head in one packet.</summary>
    public TimeSpan HeadTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection without a request: longer than the keep-alive of every recorded client, so they close
    /// first.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Between two bytes of request content: twice the usual 30 s of Go and nginx, for slow uplinks.</summary>
    public TimeSpan ContentTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Request content must arrive at this rate, measured over a minute and only while the gate waits for it; 0 for no
    /// minimum. Kestrel's minimum is 240 bytes a second; the slowest mobile link sends ten times as much.
    /// </summary>
    public int ContentBytesPerMinute { get; init; } = 240 * 60;

    /// <summary>
    /// A client that reads nothing of a response for this long is disconnected; zero means never. Five times nginx's
    /// <c>send_timeout</c>, so that a machine can continue after a short sleep.
    /// </summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After SIGTERM, for responses in flight. The agent's ExitTimeOut is longer.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After the last response of a connection, so that the client can read it (RFC 9112 §9.6): how long the client
    /// may send nothing. Any byte restarts it, since many clients send all of their content before they read a
    /// response.
    /// </summary>
    public TimeSpan LingerTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>All of that together: 20 MB, an image in a request, at 3 Mbit/s. It ends a client that
    /// trickles.</summary>
    public TimeSpan LingerTotalTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Bytes that are read and discarded meanwhile: three times the largest recorded request (images in base64, 5 to
    /// 20 MB), and about 50 ms of this program's time.
    /// </summary>
    public int LingerBytesMax { get; init; } = 64 * 1024 * 1024;
}
