namespace FastGate.Test.Differential;

/// <summary>The responses that the Go program gives on request (<c>test/go/answers.go</c>).</summary>
internal static class RequestedResponses
{
    /// <summary>Those after which the connection goes on.</summary>
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
