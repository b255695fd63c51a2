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

    /// <summary>The figures of the tables as numbers, for the targets and the record.</summary>
    public List<SubjectFigure> Figures { get; } = [];

    /// <summary>Further files of the record, such as BenchmarkDotNet's: name and text.</summary>
    public List<(string Name, string Text)> Files { get; } = [];

    /// <summary>The time that the gate adds to an exchange, if this part measures it.</summary>
    public List<Added> Added { get; } = [];

    public void Add(string figure, string subject, double value) =>
        Figures.Add(new SubjectFigure(figure, subject, value));
}

/// <summary>One figure of one subject.</summary>
/// <param name="Name">What was measured, with its unit.</param>
/// <param name="Subject">Name of the subject.</param>
/// <param name="Value">The figure.</param>
internal sealed record SubjectFigure(string Name, string Subject, double Value);
