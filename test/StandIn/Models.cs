namespace FastGate.Test.StandIn;

/// <summary>
/// The models that the stand-in has at first, and Ollama's responses for a missing model, in the format of each API.
/// </summary>
internal static class Models
{
    public const string Coder = "qwen2.5-coder:32b";
    public const string Embedder = "nomic-embed-text:latest";

    public const long Bytes = 19_851_349_856;

    public static readonly string[] All = [Coder, Embedder];

    public static Task MissingNative(Exchange exchange) =>
        exchange.JsonAsync(404, $$"""{"error":"{{Sentence(exchange.Model)}}"}""");

    public static Task MissingOpenAi(Exchange exchange, string model) =>
        exchange.JsonAsync(
            404,
            $$$"""
            {"error":{"message":"{{{Sentence(model)}}}","type":"not_found_error","param":null,"code":null}}
            """
        );

    public static Task MissingAnthropic(Exchange exchange) =>
        exchange.JsonAsync(
            404,
            $$$"""
            {"type":"error","error":{"type":"not_found_error","message":"{{{Sentence(exchange.Model)}}}"}}
            """
        );

    private static string Sentence(string model) => $"model '{Json.Escape(model)}' not found";
}
