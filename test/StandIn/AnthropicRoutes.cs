using static FastGate.Test.StandIn.Json;

namespace FastGate.Test.StandIn;

/// <summary>Ollama's Anthropic-compatible API: messages, complete and as events, and token counting.</summary>
internal static class AnthropicRoutes
{
    public static void AddTo(RouteTable routes)
    {
        routes.Map(
            "POST",
            "/v1/messages",
            IfThere(exchange =>
                exchange.Streams(byDefault: false)
                    ? exchange.StreamAsync(EventStream, Events(exchange.Model))
                    : exchange.JsonAsync(
                        200,
                        Message(exchange.Model, $$"""{"type":"text","text":"{{Reply}}"}""", "\"end_turn\"", 5)
                    )
            )
        );
        routes.Map(
            "POST",
            "/v1/messages/count_tokens",
            IfThere(exchange => exchange.JsonAsync(200, """{"input_tokens":4}"""))
        );
    }

    private static Func<Exchange, Task> IfThere(Func<Exchange, Task> response) =>
        exchange => exchange.HasModel(exchange.Model) ? response(exchange) : Models.MissingAnthropic(exchange);

    private static IEnumerable<(bool IsToken, string Text)> Events(string model)
    {
        yield return Event("message_start", "\"message\":" + Message(model, "", "null", 0));
        yield return Event("content_block_start", """ "index":0,"content_block":{"type":"text","text":""} """.Trim());
        foreach (var token in Tokens)
            yield return Event(
                "content_block_delta",
                $$""" "index":0,"delta":{"type":"text_delta","text":"{{token}}"} """.Trim(),
                isToken: true
            );
        yield return Event("content_block_stop", "\"index\":0");
        yield return Event(
            "message_delta",
            """ "delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":4,"output_tokens":5} """.Trim()
        );
        yield return Event("message_stop", "");
    }

    private static string Message(string model, string block, string reason, int tokens) =>
        $$$"""
            {"id":"msg_1","type":"message","role":"assistant","model":"{{{Escape(
                model
            )}}}","content":[{{{block}}}],"stop_reason":{{{reason}}},"stop_sequence":null,"usage":{"input_tokens":4,"output_tokens":{{{tokens}}}}}
            """.Trim();
}
