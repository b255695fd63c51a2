namespace FastGate.Proxy.AccessLog;

/// <summary>The sizes and times of the access log, each with the reason for its default.</summary>
internal sealed record AccessLogOptions
{
    /// <summary>Size of each of the two buffers: some 900 lines, many times what 100 ms of a busy Ollama
    /// bring.</summary>
    public int BufferBytes { get; init; } = 256 * 1024;

    /// <summary>How long lines gather before they are written: a person with <c>tail -f</c> does not notice.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to wait before what the sink refused is offered again.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for a sink that hangs: well below the drain time of 30 s.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A file that would grow beyond this is rotated: some 200 000 lines.</summary>
    public long FileBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Rotated files that are kept (<c>access.log.1</c> is the newest), so that the disk use has a
    /// limit.</summary>
    public int RotatedFilesMax { get; init; } = 4;
}
