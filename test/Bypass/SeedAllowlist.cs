namespace FastGate.Test.Bypass;

/// <summary>
/// A second, minimal implementation of the profile <c>@seed</c>, independent of the gate's code: which requests may
/// arrive at Ollama, by the method and decoded path that its server reports.
/// </summary>
internal static class SeedAllowlist
{
    private const string ModelPrefix = "/v1/models/";

    private static readonly HashSet<string> Exact =
    [
        "POST /v1/chat/completions",
        "POST /v1/responses",
        "POST /v1/messages",
        "POST /api/show",
        "GET /v1/models",
        "HEAD /v1/models",
        "GET /api/version",
        "HEAD /api/version",
        "GET /api/tags",
        "HEAD /api/tags",
    ];

    public static bool Allows(string method, string path) =>
        Exact.Contains($"{method} {path}") || IsModel(method, path);

    private static bool IsModel(string method, string path) =>
        method is "GET" or "HEAD"
        && path.StartsWith(ModelPrefix, StringComparison.Ordinal)
        && path[ModelPrefix.Length..] is not ("" or "." or "..") and var name
        && name.All(c => c is >= ' ' and <= '~' and not ('/' or '\\'));
}
