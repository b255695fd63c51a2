namespace FastGate.Bench;

/// <summary>One thing that is measured.</summary>
/// <param name="Name">For <c>--only</c>.</param>
/// <param name="Summary">For <c>--list</c>.</param>
/// <param name="Run">Measures, prints, and says whether every answer was right; true means a quick run.</param>
internal sealed record Part(string Name, string Summary, Func<bool, bool> Run);
