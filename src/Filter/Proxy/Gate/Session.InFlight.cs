using System.Text;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Rules;

namespace FastGate.Proxy.Gate;

/// <summary>Describes the request in progress, for a snapshot.</summary>
internal sealed partial class Session
{
    /// <summary>When the request in progress began, as a timestamp of the clock; null if there is none.</summary>
    public long? RequestBegan => _exchange?.Began;

    /// <summary>How far the request in progress has come.</summary>
    public RequestPhase RequestPhase
    {
        get
        {
            // A response may begin before all content has arrived. An interim one (1xx) is not the response.
            if (_phase == SessionPhase.Replying || _exchange is { FirstByte: not 0, Status: 0 or >= 200 })
                return RequestPhase.Response;
            return _phase is SessionPhase.Connecting or SessionPhase.AwaitingResponse
                ? RequestPhase.Waiting
                : RequestPhase.Request;
        }
    }

    /// <summary>Describes the request in progress; the caller has checked that there is one.</summary>
    /// <param name="listeners">The names of the listeners.</param>
    /// <param name="now">A timestamp of the clock.</param>
    public RequestSnapshot DescribeRequest(IReadOnlyList<string> listeners, long now)
    {
        Rule? rule = _exchange!.MatchedRule;
        return new RequestSnapshot
        {
            Peer = Encoding.ASCII.GetString(_peer),
            Listener = listeners[_policies.Listener],
            Method = _exchange.Method.IsEmpty ? null : Encoding.ASCII.GetString(_exchange.Method),
            Route = rule?.Path,
            Rule = rule?.ToString(),
            AgeSeconds = _worker.Loop.Time.GetElapsedTime(_exchange.Began, now).TotalSeconds,
            Phase = RequestPhases.Word(RequestPhase),
            ReceivedBytes = _exchange.BytesUp,
            SentBytes = _exchange.BytesDown,
            // Ollama sends each token of a stream in a chunk of its own.
            Tokens = _exchange.Response.Chunks is > 0 and int chunks ? chunks : null,
        };
    }
}

/// <summary>What is under way for a request in progress, as seen by its client.</summary>
internal enum RequestPhase
{
    /// <summary>The client sends the request.</summary>
    Request,

    /// <summary>The request was sent; Ollama has not responded.</summary>
    Waiting,

    /// <summary>The response is sent to the client.</summary>
    Response,
}

/// <summary>The words of <see cref="RequestPhase"/>.</summary>
internal static class RequestPhases
{
    public static int Count { get; } = Enum.GetValues<RequestPhase>().Length;

    public static string Word(RequestPhase phase) =>
        phase switch
        {
            RequestPhase.Request => "request",
            RequestPhase.Waiting => "waiting",
            _ => "response",
        };
}
