using static FastGate.Test.StandIn.Json;

namespace FastGate.Test.StandIn;

/// <summary>Ollama's own API, without model management.</summary>
internal static class NativeRoutes
{
    private const string Details = """
        {"parent_model":"","format":"gguf","family":"qwen2","families":["qwen2"],"parameter_size":"32.8B","quantization_level":"Q4_K_M"}
        """;

    public static void AddTo(RouteTable routes)
    {
        routes.Map(
            "GET,HEAD",
            "/",
            exchange => exchange.WholeAsync(200, "text/plain; charset=utf-8", "Ollama is running")
        );
        routes.Map("GET,HEAD", "/api/version", exchange => exchange.JsonAsync(200, """{"version":"0.21.0"}"""));
        routes.Map("GET,HEAD", "/api/tags", exchange => exchange.JsonAsync(200, List(exchange, Tag)));
        routes.Map("GET", "/api/ps", exchange => exchange.JsonAsync(200, List(exchange, Loaded)));
        routes.Map("POST", "/api/show", IfThere(exchange => exchange.JsonAsync(200, Show)));
        routes.Map("POST", "/api/chat", IfThere(exchange => RespondAsync(exchange, ChatPart)));
        routes.Map("POST", "/api/generate", IfThere(exchange => RespondAsync(exchange, GeneratePart)));
        routes.Map(
            "POST",
            "/api/embed",
            IfThere(exchange =>
                exchange.JsonAsync(
                    200,
                    $$"""
                    {"model":"{{Escape(
                        exchange.Model
                    )}}","embeddings":[[0.25,-0.5,1]],"total_duration":14143917,"prompt_eval_count":1}
                    """
                )
            )
        );
        routes.Map(
            "POST",
            "/api/embeddings",
            IfThere(exchange => exchange.JsonAsync(200, """{"embedding":[0.25,-0.5,1]}"""))
        );
    }

    private static Func<Exchange, Task> IfThere(Func<Exchange, Task> answer) =>
        exchange => exchange.HasModel(exchange.Model) ? answer(exchange) : Models.MissingNative(exchange);

    private static Task RespondAsync(Exchange exchange, Func<string, string> part)
    {
        var model = Escape(exchange.Model);
        if (!exchange.Streams(byDefault: true))
            return exchange.JsonAsync(200, Whole(model, part(Reply)));
        return exchange.StreamAsync(
            NdJson,
            [.. Tokens.Select(token => Line(Piece(model, part(token)), isToken: true)), Line(Whole(model, part("")))]
        );
    }

    private static string ChatPart(string text) => $$""" "message":{"role":"assistant","content":"{{text}}"} """.Trim();

    private static string GeneratePart(string text) => $"\"response\":\"{text}\"";

    private static string Piece(string model, string part) =>
        $$"""{"model":"{{model}}","created_at":"2026-08-01T12:00:00.000000Z",{{part}},"done":false}""";

    private static string Whole(string model, string part) =>
        $$"""{"model":"{{model}}","created_at":"2026-08-01T12:00:01.000000Z",{{part}},"done":true,"done_reason":"stop","""
        + """
            "total_duration":1000000,"load_duration":1000,"prompt_eval_count":4,"prompt_eval_duration":1000,"eval_count":5,"eval_duration":1000}
            """.Trim();

    private static string List(Exchange exchange, Func<string, long, string> entry) =>
        $$"""{"models":[{{string.Join(',', exchange.Installed.Select(model => entry(model.Name, model.Bytes)))}}]}""";

    private static string Tag(string model, long bytes) =>
        $$"""{{{Common(model, bytes)}},"modified_at":"2026-08-01T12:00:00Z"}""";

    private static string Loaded(string model, long bytes) =>
        $$"""{{{Common(model, bytes)}},"expires_at":"2026-08-01T12:05:00Z","size_vram":19851349856,"context_length":32768}""";

    private static string Common(string model, long bytes) =>
        $$"""
            "name":"{{model}}","model":"{{model}}","size":{{bytes}},"digest":"4bd6cbf2d094264457a17aab6bd6acd1ed7a72fb8f8be3cfb193f63c78dd56df","details":{{Details}}
            """;

    private const string Show = $$"""
        {"modelfile":"FROM qwen","template":"{{"{{ .Prompt }}"}}","details":{{Details}},"model_info":{"general.architecture":"qwen2","qwen2.context_length":32768},"capabilities":["completion","tools"],"modified_at":"2026-08-01T12:00:00Z"}
        """;
}
