using System.Collections.Frozen;
using System.Text.Json;

namespace FastGate.Commands.Demo;

/// <summary>
/// The stand-in's routes and their responses, as in Ollama. Routes that manage models return 200, so that a client
/// notices when such a request gets past the gate. Pure.
/// </summary>
internal static class StandInRoutes
{
    /// <summary>The only model.</summary>
    public const string Model = "demo:latest";

    private const string Json = "application/json; charset=utf-8";
    private const string Plain = "text/plain; charset=utf-8";

    // Gin's response for an unknown route.
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
            $$$"""{"models":[{"name":"{{{Model}}}","model":"{{{Model}}}","modified_at":"2026-01-01T00:00:00Z","size":"""
                + """0,"digest":"","details":{"format":"gguf","family":"demo","parameter_size":"""
                + "\"0\",\"quantization_level\":\"\"}}]}"
        ),
        .. Readable(
            "/v1/models",
            Json,
            $$"""{"object":"list","data":[{"id":"{{Model}}","object":"model","created":"""
                + """1767225600,"owned_by":"library"}]}"""
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

    /// <param name="route">The method, a space, and the path, percent-decoded as Go's server does before
    /// routing.</param>
    /// <param name="content">The content, without framing.</param>
    /// <param name="streamable">The client's HTTP version supports chunked content.</param>
    /// <param name="at">The current time.</param>
    public static StandInReply Respond(string route, ReadOnlyMemory<byte> content, bool streamable, DateTimeOffset at)
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
