namespace FastGate.Test.Differential;

/// <summary>The kinds of response that a request can select from the Go program (<c>test/go/answers.go</c>).</summary>
internal static class RequestedResponses
{
    /// <summary>The responses after which the connection stays open.</summary>
    public static readonly string[] KeepingOpen = ["none", "same", "interim", "trailers"];

    public static readonly string[] All =
    [
        .. KeepingOpen,
        "early",
        "prompt",
        "prompt",
        "switch",
        "bye",
        "old",
        "open",
        "half",
        "drop",
        "surplus",
    ];
}
