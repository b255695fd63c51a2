using System.Text.Json;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>A response to a probe, or the reason why none arrived.</summary>
/// <param name="Status">0 if no response arrived.</param>
/// <param name="Content">As UTF-8; of a raw request as Latin-1.</param>
/// <param name="Took">From the request to the end of the response.</param>
internal sealed record ProbeResponse(int Status = 0, string Content = "", TimeSpan Took = default)
{
    /// <summary>How many responses arrived on the connection; this is the last of them.</summary>
    public int Responses { get; init; } = 1;

    public string ContentType { get; init; } = "";

    /// <summary>The <c>Server</c> field; empty without one.</summary>
    public string Server { get; init; } = "";

    /// <summary>The reason why no response arrived.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The server accepted the connection, but sent no response.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>The response exceeds the limits of <see cref="BoundedHttp"/>.</summary>
    public bool IsTooLong => Problem == BoundedHttp.TooLong;

    /// <summary>Whether FastGate itself wrote the response: each of its replies contains its name.</summary>
    public bool IsFromGate => Status >= 400 && Content.Contains("FastGate", StringComparison.Ordinal);

    /// <summary>FastGate's refusal of a request that is not on the allowlist.</summary>
    public bool IsPolicy =>
        Status == 403 && IsFromGate && Content.Contains("not on the allowlist", StringComparison.Ordinal);

    /// <summary>Ollama's refusal of a host name or an origin that it does not allow: a 403 without content.</summary>
    public bool IsHostGuard => Status == 403 && Content.Length == 0;

    /// <summary>The response of Gin, Ollama's web framework, for a route that does not exist.</summary>
    public bool IsMissingRoute => Status == 404 && Content.StartsWith("404 page not found", StringComparison.Ordinal);

    /// <summary>One line for people.</summary>
    public string Description =>
        Status == 0 ? Problem
        : Content.Length == 0 ? $"{Status}, without content"
        : $"{Status} {ResponseText.OneLine(Content, 160)}";

    /// <summary>The content as JSON; undefined if it is not JSON.</summary>
    public JsonElement Json => ResponseText.Json(Content);
}

/// <summary>A streamed response: its events, and when they arrived.</summary>
/// <param name="Response">Status and type, and the whole content.</param>
/// <param name="Events">In the order of their arrival.</param>
internal sealed record ProbeStream(ProbeResponse Response, IReadOnlyList<StreamEvent> Events)
{
    public bool IsStream =>
        Response.Status == 200 && Response.ContentType.Contains("event-stream", StringComparison.Ordinal);

    /// <summary>The number of reads that returned events; events of one read arrived together.</summary>
    public int Arrivals => Events.Select(item => item.At).Distinct().Count();

    public TimeSpan LargestGap => Gaps.DefaultIfEmpty().Max();

    /// <summary>From the first event to the last.</summary>
    public TimeSpan Span => Events.Count == 0 ? default : Events[^1].At - Events[0].At;

    public TimeSpan FirstAt => Events.Count == 0 ? default : Events[0].At;

    private IEnumerable<TimeSpan> Gaps => Events.Zip(Events.Skip(1), (first, next) => next.At - first.At);
}
