namespace FastGate.Proxy.AccessLog;

/// <summary>The sizes and times of the access log, with the reasons for the defaults.</summary>
internal sealed record AccessLogOptions
{
    /// <summary>Size of each of the two buffers: about 900 lines, many times what a busy Ollama produces in
    /// 100 ms.</summary>
    public int BufferBytes { get; init; } = 256 * 1024;

    /// <summary>How long lines are collected before a write; too short to notice with <c>tail -f</c>.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to wait after a failed write.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a write takes before dropped lines are reported as its fault; a disk that spins up takes
    /// less.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long disposal waits for a hanging sink: well below the drain time of 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The size at which a file is rotated: about 200,000 lines.</summary>
    public long FileBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>The number of rotated files to keep (<c>access.log.1</c> is the newest), which limits disk
    /// use.</summary>
    public int RotatedFilesMax { get; init; } = 4;
}
