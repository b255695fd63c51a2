using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>A request whose correct response is known in advance.</summary>
internal sealed record CheckedRequest(string Method, string Path, ResponsePlan Plan)
{
    private const string OwnHost = "gate";

    /// <summary>The request content.</summary>
    public byte[] Content { get; init; } = [];

    /// <summary>Bytes per chunk of the content; 0 for content framed by Content-Length.</summary>
    public int ChunkBytes { get; init; }

    public string Host { get; init; } = OwnHost;

    /// <summary>The expected status: 200, or the status of the gate's refusal.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Whether the gate may also refuse it, because its rules change meanwhile.</summary>
    public bool MayBeRefused { get; init; }

    /// <summary>The request as bytes on the wire.</summary>
    public byte[] Wire()
    {
        using MemoryStream wire = new();
        string framing =
            ChunkBytes > 0 ? "Transfer-Encoding: chunked\r\n"
            : Content.Length > 0 ? $"Content-Length: {Content.Length}\r\n"
            : "";
        wire.Write(Encoding.Latin1.GetBytes($"{Method} {Path}?{Plan} HTTP/1.1\r\nHost: {Host}\r\n{framing}\r\n"));
        if (ChunkBytes == 0)
        {
            wire.Write(Content);
            return wire.ToArray();
        }
        for (int at = 0; at < Content.Length; at += ChunkBytes)
        {
            int size = Math.Min(ChunkBytes, Content.Length - at);
            wire.Write(Encoding.ASCII.GetBytes($"{size:x}\r\n"));
            wire.Write(Content, at, size);
            wire.Write("\r\n"u8);
        }
        wire.Write("0\r\n\r\n"u8);
        return wire.ToArray();
    }

    /// <summary>Compares a response with the expected one.</summary>
    public ExchangeOutcome Classify(RawResponse response)
    {
        if (response.Status is 502 or 503 && Status == 200)
            return ExchangeOutcome.Interrupted;
        if (response.Status == 403 && MayBeRefused)
            return ExchangeOutcome.Correct;
        if (response.Status != Status)
            return ExchangeOutcome.Altered;
        if (Status == 403 && Host == OwnHost)
            return response.Text.Contains(Path, StringComparison.Ordinal)
                ? ExchangeOutcome.Correct
                : ExchangeOutcome.Crossed;
        if (Status != 200)
            return ExchangeOutcome.Correct;
        if (response.Content.AsSpan().SequenceEqual(TaggedResponse.Of(Plan, Method, Path, Content)))
            return ExchangeOutcome.Correct;
        return TaggedResponse.IdOf(response.Content) == Plan.Id ? ExchangeOutcome.Altered : ExchangeOutcome.Crossed;
    }
}
