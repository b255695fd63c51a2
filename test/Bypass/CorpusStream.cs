namespace FastGate.Test.Bypass;

/// <summary>A stream of the readable corpus, and what must come of it.</summary>
/// <param name="Section">The heading that it stands under: its class.</param>
/// <param name="Written">As it stands in the file.</param>
/// <param name="Parts">As it is sent (Latin-1); between two parts the client waits for an answer.</param>
/// <param name="Expected">What comes of it.</param>
/// <param name="IsBehind">It stands behind an allowed request, which counts in all that is expected.</param>
internal sealed record CorpusStream(
    string Section,
    string Written,
    IReadOnlyList<string> Parts,
    CorpusOutcome Expected,
    bool IsBehind = false
)
{
    /// <summary>Behind an allowed request with content, on the same connection.</summary>
    public CorpusStream Behind() =>
        this with
        {
            // A client that waits must not take the first answer for the one that it waits for.
            Parts = Parts.Count > 1 ? [CorpusOutcome.First, .. Parts] : [CorpusOutcome.First + Parts[0]],
            Expected = Expected.Behind(),
            IsBehind = true,
        };

    public override string ToString() => $"{Section}: {Written}";
}
