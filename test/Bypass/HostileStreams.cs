namespace FastGate.Test.Bypass;

/// <summary>
/// The hostile streams that combine two lists, by subject. The basic cases of each class, and all cases of classes
/// without combinations, are in <c>test/Corpus/bypass</c>.
/// </summary>
internal static class HostileStreams
{
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<HostileStream>> BySubject = new Dictionary<
        string,
        IReadOnlyList<HostileStream>
    >
    {
        [nameof(SecondRequests)] = [.. SecondRequests.All()],
        [nameof(Lengths)] = [.. Lengths.All()],
        [nameof(TransferEncodings)] = [.. TransferEncodings.All()],
        [nameof(Http10Framing)] = [.. Http10Framing.All()],
        [nameof(ChunkTricks)] = [.. ChunkTricks.All()],
        [nameof(UnexpectedContent)] = [.. UnexpectedContent.All()],
        [nameof(ConnectionEnds)] = [.. ConnectionEnds.All()],
    };
}
