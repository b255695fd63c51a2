using System.Collections.Frozen;
using System.Text.Json;

namespace FastGate.Commands.Demo;

/// <summary>
/// Which request gets which answer, as in Ollama. What manages models is answered with 200, so that a request that
/// should never have come here is seen at its client. Pure.
/// </summary>
internal static class StandInRoutes
{
    /// <summary>The one model that there is.</summary>
    public const string Model = "demo:latest";

    private const string Json = "application/json; charset=utf-8";
    private const string Plain = "text/plain; charset=utf-8";

    // Gin's words for a route that it does not have.
    private static readonly StandInReply NotFound = StandInReply.Whole(404, Plain, "404 page not found");

    private static readonly StandInReply BadContent = StandInReply.Whole(
        400,
        Json,
        """{"error":"the content must be a JSON object"}"""
    );

    private static readonly FrozenDictionary<string, StandInReply> Fixed = new Dictionary<string, StandInReply>([
        .. Readable("/", Plain, "Ollama is running"),
        .. Readable("/api/version", Json, """{"version":"0.12.0-demo"}"""),
        .. Readable(
            "/api/tags",
            Json,
            $$$"""{"models":[{"name":"{{{Model}}}","model":"{{{Model}}}","modified_at":"2026-01-01T00:00:00Z","size":0,"digest":"","details":{"format":"gguf","family":"demo","parameter_size":"0","quantization_level":""}}]}"""
        ),
        .. Readable(
            "/v1/models",
            Json,
            $$"""{"object":"list","data":[{"id":"{{Model}}","object":"model","created":1767225600,"owned_by":"library"}]}"""
        ),
        .. (
            (string[])
                [
                    "POST /api/pull",
                    "POST /api/push",
                    "POST /api/create",
                    "POST /api/copy",
                    "DELETE /api/delete",
                    "POST /api/signout",
                    "POST /api/me",
                    "POST /api/experimental/web_search",
                    "POST /api/experimental/web_fetch",
                ]
        ).Select(route => KeyValuePair.Create(route, StandInReply.Whole(200, Json, """{"status":"success"}"""))),
    ]).ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, IChatFormat> Chats = new Dictionary<string, IChatFormat>
    {
        ["POST /v1/chat/completions"] = new OpenAiFormat(),
        ["POST /api/chat"] = new OllamaFormat(),
        ["POST /v1/messages"] = new AnthropicFormat(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="route">The method, a space, and the path, percent-decoded as Go's server does before it looks for a
    /// route.</param>
    /// <param name="content">The content, without framing.</param>
    /// <param name="streamable">The client's version of HTTP knows chunks.</param>
    /// <param name="at">Now.</param>
    public static StandInReply Answer(string route, ReadOnlyMemory<byte> content, bool streamable, DateTimeOffset at)
    {
        if (Fixed.TryGetValue(route, out StandInReply reply))
            return reply;
        if (!Chats.TryGetValue(route, out IChatFormat? format))
            return NotFound;
        if (!ChatRequest.TryParse(content, out ChatRequest request))
            return BadContent;

        string model = JsonEncodedText.Encode(request.Model).ToString();
        return streamable && (request.Stream ?? format.StreamsByDefault)
            ? StandInReply.Stream(format.StreamType, format.Events(model, at))
            : StandInReply.Whole(200, Json, format.Whole(model, at));
    }

    private static IEnumerable<KeyValuePair<string, StandInReply>> Readable(string path, string type, string content) =>
        [
            KeyValuePair.Create($"GET {path}", StandInReply.Whole(200, type, content)),
            KeyValuePair.Create($"HEAD {path}", StandInReply.HeadOnly(type, content)),
        ];
}
