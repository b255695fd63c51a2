using System.Runtime.InteropServices;
using static FastGate.Test.StandIn.Json;

namespace FastGate.Test.StandIn;

/// <summary>Ollama's OpenAI-compatible API: models, completions, embeddings.</summary>
internal static class OpenAiRoutes
{
    private const string Usage = """ "usage":{"prompt_tokens":4,"completion_tokens":5,"total_tokens":9} """;

    public static void AddTo(RouteTable routes)
    {
        routes.Map(
            "GET,HEAD",
            "/v1/models",
            exchange => exchange.JsonAsync(200, $$"""{"object":"list","data":[{{ModelList(exchange)}}]}""")
        );
        routes.Map(
            "GET,HEAD",
            "/v1/models/:",
            exchange =>
                exchange.HasModel(exchange.LastSegment)
                    ? exchange.JsonAsync(200, Model(exchange.LastSegment))
                    : Models.MissingOpenAi(exchange, exchange.LastSegment)
        );
        routes.Map(
            "POST",
            "/v1/chat/completions",
            IfThere(exchange => RespondAsync(exchange, "chat.completion", WholeChat, ChatDelta))
        );
        routes.Map(
            "POST",
            "/v1/completions",
            IfThere(exchange => RespondAsync(exchange, "text_completion", Completion, Completion))
        );
        routes.Map(
            "POST",
            "/v1/embeddings",
            IfThere(exchange =>
                exchange.JsonAsync(
                    200,
                    $$$"""
                    {"object":"list","data":[{"object":"embedding","embedding":{{{Embedding(
                        exchange
                    )}}},"index":0}],"model":"{{{Escape(
                        exchange.Model
                    )}}}","usage":{"prompt_tokens":1,"total_tokens":1}}
                    """
                )
            )
        );
    }

    public static Func<Exchange, Task> IfThere(Func<Exchange, Task> response) =>
        exchange =>
            exchange.HasModel(exchange.Model) ? response(exchange) : Models.MissingOpenAi(exchange, exchange.Model);

    private static Task RespondAsync(
        Exchange exchange,
        string kind,
        Func<string, string?, string> whole,
        Func<string, string?, string> delta
    )
    {
        if (!exchange.Streams(byDefault: false))
            return exchange.JsonAsync(
                200,
                Answer(kind, whole(exchange.WantsJson ? """{\"ok\":true}""" : Reply, "stop"), "," + Usage)
            );
        var chunk = kind == "chat.completion" ? kind + ".chunk" : kind;
        return exchange.StreamAsync(
            EventStream,
            [
                .. Tokens.Select(token => Data(Answer(chunk, delta(token, null)), isToken: true)),
                Data(Answer(chunk, delta("", "stop"))),
                Data("[DONE]"),
            ]
        );

        string Answer(string kind, string choice, string more = "") =>
            $$"""
                {"id":"chatcmpl-1","object":"{{kind}}","created":1785585600,"model":"{{Escape(
                    exchange.Model
                )}}","system_fingerprint":"fp_ollama","choices":[{"index":0,{{choice}}}]{{more}}}
                """;
    }

    private static string WholeChat(string text, string? reason) =>
        Choice($$""" "message":{"role":"assistant","content":"{{text}}"} """, reason);

    private static string ChatDelta(string text, string? reason) =>
        Choice($$""" "delta":{"role":"assistant","content":"{{text}}"} """, reason);

    private static string Completion(string text, string? reason) => Choice($"\"text\":\"{text}\"", reason);

    private static string Choice(string what, string? reason) =>
        $"{what.Trim()},\"finish_reason\":{(reason is null ? "null" : $"\"{reason}\"")}";

    private static string ModelList(Exchange exchange) =>
        string.Join(',', exchange.Installed.Select(model => Model(model.Name)));

    private static string Model(string id) =>
        $$"""{"id":"{{id}}","object":"model","created":1785585600,"owned_by":"library"}""";

    // OpenAI's SDKs request base64: little-endian 32-bit floats.
    private static string Embedding(Exchange exchange) =>
        exchange.Text("encoding_format") == "base64"
            ? $"\"{Convert.ToBase64String(MemoryMarshal.AsBytes<float>([0.25f, -0.5f, 1f]))}\""
            : "[0.25,-0.5,1]";
}
