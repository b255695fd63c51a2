using FastGate.Bench.Children;
using FastGate.Bench.Report;

namespace FastGate.Bench;

/// <summary>The settings of a run.</summary>
/// <param name="Quick">Checks every response, but measures too little for figures.</param>
/// <param name="Screen">Shows progress.</param>
/// <param name="Peers">The peers to measure, FastGate first.</param>
internal sealed record Setting(bool Quick, Screen Screen, IReadOnlyList<Peer> Peers)
{
    /// <summary>Chooses a count for a full or a quick run.</summary>
    public int Count(int full, int quick) => Quick ? quick : full;
}

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    /// <summary>Names of the parts to run; empty for all.</summary>
    public required IReadOnlyCollection<string> Only { get; init; }

    public required bool Quick { get; init; }

    public required bool Record { get; init; }

    /// <summary>The native program to measure; null to publish it.</summary>
    public required string? Native { get; init; }

    /// <summary>Words of <see cref="Children.Gates.Variants"/>.</summary>
    public required IReadOnlyList<string> Also { get; init; }

    /// <summary>Further builds of FastGate.</summary>
    public required IReadOnlyList<(GateVariant Variant, string Program)> Gates { get; init; }
}
