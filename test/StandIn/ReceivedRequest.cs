namespace FastGate.Test.StandIn;

/// <summary>One request as the stand-in saw it, noted when its head had arrived.</summary>
internal sealed record ReceivedRequest(
    string ConnectionId,
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Fields,
    long Timestamp,
    Task<ReceivedContent> Content,
    Task<long> Aborted
)
{
    /// <summary>Method and target, for asserts that are read by people.</summary>
    public string Line => $"{Method} {Target}";
}
