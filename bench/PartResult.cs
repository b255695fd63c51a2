using FastGate.Bench.Report;

namespace FastGate.Bench;

/// <summary>What a part found.</summary>
internal sealed class PartResult
{
    /// <summary>Answers that were looked at.</summary>
    public long Checked { get; set; }

    /// <summary>Those of them that were not as they must be.</summary>
    public long Wrong { get; set; }

    public List<ResultTable> Tables { get; } = [];

    public List<Chart> Charts { get; } = [];

    public List<RawLatencies> Raw { get; } = [];

    /// <summary>What the figures need to be understood.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Files of BenchmarkDotNet: name and text.</summary>
    public List<(string Name, string Text)> Files { get; } = [];

    /// <summary>What the gate adds to an exchange, wherever it was measured.</summary>
    public List<Added> Added { get; } = [];
}
