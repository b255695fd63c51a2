namespace FastGate.Commands.Demo;

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
                $$$"""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":{{{Tokens.All.Count}}}}}"""
            ),
            Event("message_stop", """{"type":"message_stop"}"""),
        ];

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";

    private static string Message(string model, string block, string stopReason, int outputTokens) =>
        $$$"""
            {"id":"msg_1","type":"message","role":"assistant","model":"{{{model}}}","content":[{{{block}}}],"stop_reason":{{{stopReason}}},"stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":{{{outputTokens}}}}}
            """;
}
