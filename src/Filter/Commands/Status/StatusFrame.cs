using FastGate.Commands.Install;
using FastGate.Proxy.Admin;

namespace FastGate.Commands.Status;

/// <summary>All that <c>status</c> knows at one moment.</summary>
internal sealed record StatusFrame
{
    /// <summary>Where the gate was asked.</summary>
    public required string Socket { get; init; }

    /// <summary>What it said.</summary>
    public required AdminResponse Answer { get; init; }

    /// <summary>Who keeps it.</summary>
    public required ServiceState Keeper { get; init; }

    /// <summary>What Ollama said; null when it did not, or there was nobody to say where it is.</summary>
    public ProbeAnswer? Ollama { get; init; }

    /// <summary>Requests a second since the frame before; null in the first one.</summary>
    public double? PerSecond { get; init; }

    public bool IsRunning => Answer.Snapshot is not null;
}
