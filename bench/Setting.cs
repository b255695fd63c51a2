using FastGate.Bench.Children;
using FastGate.Bench.Report;

namespace FastGate.Bench;

/// <summary>What a part needs to know of the run.</summary>
/// <param name="Quick">Every answer is checked, and no figure means anything.</param>
/// <param name="Screen">Where progress is shown.</param>
/// <param name="Peers">What is measured, FastGate first.</param>
internal sealed record Setting(bool Quick, Screen Screen, IReadOnlyList<Peer> Peers)
{
    /// <summary>How many, of a full run or of a quick one.</summary>
    public int Count(int full, int quick) => Quick ? quick : full;
}
