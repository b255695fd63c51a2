namespace FastGate.Test.Differential;

/// <summary>The results of a run of streams.</summary>
internal sealed class Tally
{
    private readonly List<Violation> _violations = [];

    public int Streams { get; private set; }

    /// <summary>Requests that arrived at Ollama.</summary>
    public int Arrived { get; private set; }

    public IReadOnlyList<Violation> Violations => _violations;

    public void Add(int streams, int arrived, IEnumerable<Violation> found)
    {
        Streams += streams;
        Arrived += arrived;
        _violations.AddRange(found);
    }

    public int Count(ViolationKind kind) => _violations.Count(violation => violation.Kind == kind);

    public override string ToString() =>
        $"{Streams} streams, {Count(ViolationKind.Forbidden)} forbidden, {Count(ViolationKind.Altered)} altered, "
        + $"{Count(ViolationKind.Hung)} hung, {Count(ViolationKind.WronglyRefused)} wrongly refused";
}
