namespace FastGate.Config;

/// <summary>One entry of <c>listen</c>, as it was said. What is null is not said.</summary>
internal sealed record ListenerSection
{
    /// <summary>Where to listen: <c>tailscale:11434</c>.</summary>
    public required Sourced<string> On { get; init; }

    /// <summary>Rules of its own, in place of the file's.</summary>
    public Sourced<IReadOnlyList<Sourced<string>>>? Allow { get; init; }

    /// <summary>Peers of its own, in place of the file's.</summary>
    public Sourced<IReadOnlyList<Sourced<string>>>? From { get; init; }

    /// <summary>What becomes of content with GET and its like, in place of what the file says.</summary>
    public Sourced<string>? GetContent { get; init; }
}
