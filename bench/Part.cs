namespace FastGate.Bench;

/// <summary>One thing that is measured.</summary>
/// <param name="Name">For <c>--only</c>.</param>
/// <param name="Summary">For <c>--list</c>.</param>
/// <param name="Measure">Measures, and gives what was found.</param>
internal sealed record Part(string Name, string Summary, Func<Setting, PartResult> Measure);
