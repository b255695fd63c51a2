using System.Collections.Frozen;
using System.Globalization;
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

/// <summary><c>POST /v1/chat/completions</c>: server-sent events that end with <c>[DONE]</c>.</summary>
internal sealed class OpenAiFormat : IChatFormat
{
    public bool StreamsByDefault => false;

    public string StreamType => "text/event-stream";

    public string Whole(string model, DateTimeOffset at) =>
        $$$"""
            {"id":"chatcmpl-1","object":"chat.completion","created":{{{at.ToUnixTimeSeconds()}}},"model":"{{{model}}}","system_fingerprint":"fp_ollama","choices":[{"index":0,"message":{"role":"assistant","content":"{{{Tokens.Text}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":0,"completion_tokens":{{{Tokens.All.Count}}},"total_tokens":{{{Tokens.All.Count}}}}}
            """;

    public IReadOnlyList<string> Events(string model, DateTimeOffset at) =>
        [
            .. Tokens.All.Select(token => Chunk(model, at, $$"""{"role":"assistant","content":"{{token}}"}""", "null")),
            Chunk(model, at, "{}", "\"stop\""),
            "data: [DONE]\n\n",
        ];

    private static string Chunk(string model, DateTimeOffset at, string delta, string finish) =>
        $$"""
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":{{at.ToUnixTimeSeconds()}},"model":"{{model}}","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}
            """ + "\n\n";
}

/// <summary><c>POST /api/chat</c>: a line of JSON for each event, which is what a client gets unless it
/// declines.</summary>
internal sealed class OllamaFormat : IChatFormat
{
    public bool StreamsByDefault => true;

    public string StreamType => "application/x-ndjson";

    public string Whole(string model, DateTimeOffset at) => Line(model, at, Tokens.Text, done: true);

    public IReadOnlyList<string> Events(string model, DateTimeOffset at) =>
        [
            .. Tokens.All.Select(token => Line(model, at, token, done: false) + "\n"),
            Line(model, at, "", done: true) + "\n",
        ];

    private static string Line(string model, DateTimeOffset at, string text, bool done) =>
        $$"""
            {"model":"{{model}}","created_at":"{{at.UtcDateTime.ToString(
                "O",
                CultureInfo.InvariantCulture
            )}}","message":{"role":"assistant","content":"{{text}}"},{{(done ? Ending : "\"done\":false")}}}
            """;

    private static string Ending =>
        $"\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":0,\"eval_count\":{Tokens.All.Count}";
}
