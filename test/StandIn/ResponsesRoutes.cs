using static FastGate.Test.StandIn.Json;

namespace FastGate.Test.StandIn;

/// <summary>Ollama's <c>/v1/responses</c>, complete and as the event sequence that OpenAI's SDKs expect.</summary>
internal static class ResponsesRoutes
{
    public static void AddTo(RouteTable routes) =>
        routes.Map(
            "POST",
            "/v1/responses",
            OpenAiRoutes.IfThere(exchange =>
                exchange.Streams(byDefault: false)
                    ? exchange.StreamAsync(EventStream, Number(Events(exchange.Model)))
                    : exchange.JsonAsync(200, Response(exchange.Model, "completed", Item("completed", Part(Reply))))
            )
        );

    private static IEnumerable<(bool IsToken, string Name, string Members)> Events(string model)
    {
        const string Place = "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,";
        yield return (false, "response.created", "\"response\":" + Response(model, "in_progress", ""));
        yield return (false, "response.in_progress", "\"response\":" + Response(model, "in_progress", ""));
        yield return (false, "response.output_item.added", "\"output_index\":0,\"item\":" + Item("in_progress", ""));
        yield return (false, "response.content_part.added", Place + "\"part\":" + Part(""));
        foreach (var token in Tokens)
            yield return (true, "response.output_text.delta", Place + $"\"delta\":\"{token}\",\"logprobs\":[]");
        yield return (false, "response.output_text.done", Place + $"\"text\":\"{Reply}\",\"logprobs\":[]");
        yield return (false, "response.content_part.done", Place + "\"part\":" + Part(Reply));
        yield return (
            false,
            "response.output_item.done",
            "\"output_index\":0,\"item\":" + Item("completed", Part(Reply))
        );
        yield return (
            false,
            "response.completed",
            "\"response\":" + Response(model, "completed", Item("completed", Part(Reply)))
        );
    }

    private static IEnumerable<(bool IsToken, string Text)> Number(
        IEnumerable<(bool IsToken, string Name, string Members)> events
    ) => events.Select((one, number) => Event(one.Name, $"\"sequence_number\":{number},{one.Members}", one.IsToken));

    private static string Part(string text) =>
        $$"""{"type":"output_text","text":"{{text}}","annotations":[],"logprobs":[]}""";

    private static string Item(string status, string part) =>
        $$"""{"id":"msg_1","type":"message","status":"{{status}}","role":"assistant","content":[{{part}}]}""";

    private static string Response(string model, string status, string item) =>
        $$$"""
            {"id":"resp_1","object":"response","created_at":1785585600,"status":"{{{status}}}","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":"{{{Escape(
                model
            )}}}","output":[{{{item}}}],"parallel_tool_calls":true,"previous_response_id":null,"temperature":1,"top_p":1,"tool_choice":"auto","tools":[],"truncation":"disabled","metadata":{},"usage":{"input_tokens":4,"input_tokens_details":{"cached_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":9}}
            """.Trim();
}
