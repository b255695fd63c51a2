namespace FastGate.Test.Bypass;

/// <summary>
/// The hostile streams that are made by crossing one list with another, by subject. Each class has its plain cases, and
/// the classes that need no crossing have all of theirs, in <c>test/Corpus/bypass</c>.
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
