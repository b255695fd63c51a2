using System.Globalization;

namespace FastGate.Commands.Demo;

/// <summary>The response format of one chat API, whole or as a stream of events.</summary>
internal interface IChatFormat
{
    /// <summary>Whether to stream when the request has no <c>stream</c> member.</summary>
    bool StreamsByDefault { get; }

    /// <summary>The Content-Type of a stream.</summary>
    string StreamType { get; }

    /// <param name="model">The model's name, escaped for JSON.</param>
    /// <param name="at">Time of the response.</param>
    string Whole(string model, DateTimeOffset at);

    /// <summary>Returns the events of a stream, each with its terminator; the sender adds a timestamp to their
    /// JSON.</summary>
    /// <param name="model">The model's name, escaped for JSON.</param>
    /// <param name="at">Time of the response.</param>
    IReadOnlyList<string> Events(string model, DateTimeOffset at);
}

/// <summary><c>POST /v1/chat/completions</c>: server-sent events that end with <c>[DONE]</c>.</summary>
internal sealed class OpenAiFormat : IChatFormat
{
    public bool StreamsByDefault => false;

    public string StreamType => "text/event-stream";

    public string Whole(string model, DateTimeOffset at) =>
        """{"id":"chatcmpl-1","object":"chat.completion","created":"""
        + $$$"""{{{at.ToUnixTimeSeconds()}}},"model":"{{{model}}}","system_fingerprint":"fp_ollama","choices":"""
        + """[{"index":0,"message":"""
        + $$$"""{"role":"assistant","content":"{{{Tokens.Text}}}"},"finish_reason":"stop"}],"usage":"""
        + """{"prompt_tokens":0,"completion_tokens":"""
        + $$$"""{{{Tokens.All.Count}}},"total_tokens":{{{Tokens.All.Count}}}}}""";

    public IReadOnlyList<string> Events(string model, DateTimeOffset at) =>
        [
            .. Tokens.All.Select(token => Chunk(model, at, $$"""{"role":"assistant","content":"{{token}}"}""", "null")),
            Chunk(model, at, "{}", "\"stop\""),
            "data: [DONE]\n\n",
        ];

    private static string Chunk(string model, DateTimeOffset at, string delta, string finish) =>
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":"""
        + $$"""{{at.ToUnixTimeSeconds()}},"model":"{{model}}","system_fingerprint":"fp_ollama","choices":"""
        + $$"""[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}"""
        + "\n\n";
}

/// <summary><c>POST /api/chat</c>: one line of JSON per event; streams unless the request says otherwise.</summary>
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

/// <summary><c>POST /v1/messages</c>: named server-sent events, from <c>message_start</c> to
/// <c>message_stop</c>.</summary>
internal sealed class AnthropicFormat : IChatFormat
{
    public bool StreamsByDefault => false;

    public string StreamType => "text/event-stream";

    public string Whole(string model, DateTimeOffset at) =>
        Message(model, $$"""{"type":"text","text":"{{Tokens.Text}}"}""", "\"end_turn\"", Tokens.All.Count);

    public IReadOnlyList<string> Events(string model, DateTimeOffset at) =>
        [
            Event(
                "message_start",
                $$"""{"type":"message_start","message":{{Message(model, "", "null", outputTokens: 0)}}}"""
            ),
            Event(
                "content_block_start",
                """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""
            ),
            .. Tokens.All.Select(token =>
                Event(
                    "content_block_delta",
                    $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{token}}}"}}"""
                )
            ),
            Event("content_block_stop", """{"type":"content_block_stop","index":0}"""),
            Event(
                "message_delta",
                """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":"""
                    + $$$"""{"output_tokens":{{{Tokens.All.Count}}}}}"""
            ),
            Event("message_stop", """{"type":"message_stop"}"""),
        ];

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";

    private static string Message(string model, string block, string stopReason, int outputTokens) =>
        $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"{{{model}}}","content":"""
        + $$$"""[{{{block}}}],"stop_reason":{{{stopReason}}},"stop_sequence":null,"usage":"""
        + $$$"""{"input_tokens":0,"output_tokens":{{{outputTokens}}}}}""";
}

/// <summary>The text of the stand-in's model, token by token. It needs no escaping in JSON.</summary>
internal static class Tokens
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Each",
        " tok",
        "en",
        " is",
        " sh",
        "own",
        " the",
        " mom",
        "ent",
        " it",
        " arrives",
        ";",
        " none",
        " is",
        " held",
        " back",
        ".",
    ];

    public static string Text { get; } = string.Concat(All);
}
