namespace FastGate.Test.Bypass;

/// <summary>A stream of the Markdown corpus, and its expected outcome.</summary>
/// <param name="Section">The heading above it: its class.</param>
/// <param name="Written">Its text in the file.</param>
/// <param name="Parts">The bytes to send (Latin-1); the client waits for a response between two parts.</param>
/// <param name="Expected">The expected outcome.</param>
/// <param name="IsAfterAllowedRequest">Whether it follows an allowed request, which the expected outcome includes.</param>
internal sealed record CorpusStream(
    string Section,
    string Written,
    IReadOnlyList<string> Parts,
    CorpusOutcome Expected,
    bool IsAfterAllowedRequest = false
)
{
    /// <summary>The same stream after an allowed request with content, on the same connection.</summary>
    public CorpusStream AfterAllowedRequest() =>
        this with
        {
            // A client that waits must not mistake the first response for the one it waits for.
            Parts = Parts.Count > 1 ? [CorpusOutcome.First, .. Parts] : [CorpusOutcome.First + Parts[0]],
            Expected = Expected.AfterAllowedRequest(),
            IsAfterAllowedRequest = true,
        };

    public override string ToString() => $"{Section}: {Written}";
}
