namespace FastGate.Config;

/// <summary>What reading a config came to: a plan, or problems; and warnings in either case.</summary>
internal sealed record ConfigResult
{
    /// <summary>The file that was looked for.</summary>
    public required ConfigPath Path { get; init; }

    /// <summary>The file was there.</summary>
    public required bool IsThere { get; init; }

    /// <summary>What it means; null when there are problems.</summary>
    public GatePlan? Plan { get; init; }

    /// <summary>All that is wrong, in the order of the file.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>What is odd but allowed.</summary>
    public required IReadOnlyList<Problem> Warnings { get; init; }
}
