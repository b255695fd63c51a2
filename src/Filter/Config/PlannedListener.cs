using FastGate.Proxy.Gate;
using FastGate.Proxy.Rules;

namespace FastGate.Config;

/// <summary>One listener of a plan, and how its rules came to be.</summary>
/// <param name="Options">What the gate is given.</param>
/// <param name="Allow">The rules, and which line each comes from.</param>
/// <param name="Lines">The lines of <c>allow</c>, as they were said.</param>
/// <param name="Place">Where the listener was said.</param>
internal sealed record PlannedListener(
    ListenerOptions Options,
    AllowList Allow,
    IReadOnlyList<Sourced<string>> Lines,
    SourceLocation Place
)
{
    /// <summary>Where a rule comes from: a profile's name, a line of the file, or a flag.</summary>
    public string OriginOf(int ruleIndex)
    {
        Sourced<string> line = Lines[Allow.LineOf(ruleIndex)];
        if (Allow.IsFromProfile(ruleIndex))
            return line.Value.Trim();
        return line.Place.Line > 0 ? $"line {line.Place.Line}" : line.Place.Source;
    }
}
