namespace FastGate.Proxy.Admin;

/// <summary>What is put a limit on where numbers are told. Whoever reaches the limits harms other scrapers
/// only.</summary>
internal sealed record AdminLimits
{
    /// <summary>Connections that are served at a time, of the socket and of each address; one more ends the
    /// oldest.</summary>
    public int ConnectionsMax { get; init; } = 8;

    /// <summary>Bytes of a request head: Prometheus sends some 300.</summary>
    public int HeadBytesMax { get; init; } = 4096;

    /// <summary>From the accept to the end of a connection. Prometheus gives up after 10 s by default.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(5);
}
