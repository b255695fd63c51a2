namespace FastGate.Commands.Demo;

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
