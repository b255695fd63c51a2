namespace FastGate.Test.Differential;

/// <summary>What a run of streams has shown.</summary>
internal sealed class Tally
{
    private readonly List<Finding> _findings = [];

    public int Streams { get; private set; }

    /// <summary>Requests that arrived at Ollama.</summary>
    public int Arrived { get; private set; }

    public IReadOnlyList<Finding> Findings => _findings;

    public void Add(int streams, int arrived, IEnumerable<Finding> found)
    {
        Streams += streams;
        Arrived += arrived;
        _findings.AddRange(found);
    }

    public int Count(FindingKind kind) => _findings.Count(finding => finding.Kind == kind);

    public override string ToString() =>
        $"{Streams} streams, {Count(FindingKind.Forbidden)} forbidden seen, {Count(FindingKind.Altered)} altered, "
        + $"{Count(FindingKind.Hung)} hung, {Count(FindingKind.WronglyRefused)} wrongly refused";
}
