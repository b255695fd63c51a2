namespace FastGate.Bench.Children;

/// <summary>What the configuration that FastGate replaces lets through.</summary>
internal static class Allowlist
{
    public static IReadOnlyList<string> Prefixes { get; } =
    ["/v1/chat/completions", "/v1/models", "/v1/responses", "/v1/messages"];

    public static IReadOnlyList<string> Paths { get; } = ["/api/version", "/api/tags", "/api/show"];
}
