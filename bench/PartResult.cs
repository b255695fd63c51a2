using FastGate.Bench.Report;

namespace FastGate.Bench;

/// <summary>The result of a part.</summary>
internal sealed class PartResult
{
    /// <summary>Number of responses checked.</summary>
    public long Checked { get; set; }

    /// <summary>Number of wrong responses.</summary>
    public long Wrong { get; set; }

    public List<ResultTable> Tables { get; } = [];

    public List<Chart> Charts { get; } = [];

    public List<RawLatencies> Raw { get; } = [];

    /// <summary>Notes that explain the figures.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Output files of BenchmarkDotNet: name and text.</summary>
    public List<(string Name, string Text)> Files { get; } = [];

    /// <summary>The time that the gate adds to an exchange, if this part measures it.</summary>
    public List<Added> Added { get; } = [];
}
