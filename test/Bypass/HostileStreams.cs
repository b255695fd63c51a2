namespace FastGate.Test.Bypass;

/// <summary>Every hostile or odd stream, by subject.</summary>
internal static class HostileStreams
{
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<HostileStream>> BySubject =
        new Dictionary<string, IReadOnlyList<HostileStream>>
        {
            [nameof(SecondRequests)] = [.. SecondRequests.All()],
            [nameof(OddTargets)] = [.. OddTargets.All()],
            [nameof(OddRequestLines)] = [.. OddRequestLines.All()],
            [nameof(LineEnds)] = [.. LineEnds.All()],
            [nameof(Lengths)] = [.. Lengths.All()],
            [nameof(TransferEncodings)] = [.. TransferEncodings.All()],
            [nameof(Http10Framing)] = [.. Http10Framing.All()],
            [nameof(ChunkTricks)] = [.. ChunkTricks.All()],
            [nameof(UnexpectedContent)] = [.. UnexpectedContent.All()],
            [nameof(OtherProtocols)] = [.. OtherProtocols.All()],
            [nameof(ConnectionEnds)] = [.. ConnectionEnds.All()],
            [nameof(OddFields)] = [.. OddFields.All()],
        };
}
