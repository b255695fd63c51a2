namespace FastGate.Proxy.Wire;

/// <summary>Which API's way of writing errors a client understands.</summary>
internal enum Dialect
{
    Ollama,
    OpenAi,
    Anthropic,
}

/// <summary>Chooses a dialect by the path that was asked for.</summary>
internal static class Dialects
{
    /// <remarks>
    /// A mistaken base URL puts segments, or empty ones, before or between those of the route: <c>/v1/v1/messages</c>,
    /// <c>//v1/messages</c>, <c>/ollama/v1/messages</c>. Its user is the one to understand the answer.
    /// </remarks>
    public static Dialect Of(ReadOnlySpan<byte> path)
    {
        Dialect found = path.IndexOf("/chat/completions"u8) < 0 ? Dialect.Ollama : Dialect.OpenAi;
        bool isBehindVersion = false;
        bool isFirst = true;
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> segment = path[range];
            if (segment.IsEmpty)
                continue;
            // Clients whose base URL lacks /v1.
            if (isFirst && found == Dialect.Ollama)
                found = OfFirst(segment);
            if (isBehindVersion && segment.SequenceEqual("messages"u8))
                return Dialect.Anthropic;
            isBehindVersion = segment.SequenceEqual("v1"u8);
            if (isBehindVersion)
                found = Dialect.OpenAi;
            isFirst = false;
            if (found == Dialect.Anthropic)
                break;
        }

        return found;
    }

    private static Dialect OfFirst(ReadOnlySpan<byte> segment)
    {
        if (segment.SequenceEqual("messages"u8))
            return Dialect.Anthropic;
        bool isOpenAis =
            segment.SequenceEqual("completions"u8)
            || segment.SequenceEqual("responses"u8)
            || segment.SequenceEqual("models"u8)
            || segment.SequenceEqual("v1beta"u8);
        return isOpenAis ? Dialect.OpenAi : Dialect.Ollama;
    }
}
