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
