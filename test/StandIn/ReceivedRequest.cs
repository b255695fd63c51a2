namespace FastGate.Test.StandIn;

/// <summary>One request as the stand-in received it, recorded when its head arrived.</summary>
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
    /// <summary>Method and target, for assertion messages.</summary>
    public string Line => $"{Method} {Target}";
}
