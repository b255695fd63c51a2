namespace FastGate.Wire;

/// <summary>Chooses a dialect by the path that was asked for.</summary>
internal static class Dialects
{
    public static Dialect Of(ReadOnlySpan<byte> path)
    {
        if (!Begins(path, "/v1"u8)) return Dialect.Ollama;
        // Claude Code with a base URL that ends in /v1 asks for /v1/v1/messages and is the one to understand the answer.
        ReadOnlySpan<byte> rest = path[3..];
        if (Begins(rest, "/v1"u8)) rest = rest[3..];
        return Begins(rest, "/messages"u8) ? Dialect.Anthropic : Dialect.OpenAi;
    }

    private static bool Begins(ReadOnlySpan<byte> path, ReadOnlySpan<byte> segment) =>
        path.StartsWith(segment) && (path.Length == segment.Length || path[segment.Length] == '/');
}
