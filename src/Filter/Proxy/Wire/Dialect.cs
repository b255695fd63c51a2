namespace FastGate.Proxy.Wire;

/// <summary>The API whose error format a client understands.</summary>
internal enum Dialect
{
    Ollama,
    OpenAi,
    Anthropic,
}

/// <summary>Chooses a dialect by the request's path.</summary>
internal static class Dialects
{
    /// <remarks>
    /// A wrong base URL puts segments, possibly empty, before or between those of the route: <c>/v1/v1/messages</c>,
    /// <c>//v1/messages</c>, <c>/ollama/v1/messages</c>. Its user most needs to understand the refusal.
    /// </remarks>
    public static Dialect Of(ReadOnlySpan<byte> path)
    {
        Dialect found = path.IndexOf("/chat/completions"u8) < 0 ? Dialect.Ollama : Dialect.OpenAi;
        bool followsVersion = false;
        bool isFirst = true;
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> segment = path[range];
            if (segment.IsEmpty)
                continue;
            // The client's base URL lacks /v1.
            if (isFirst && found == Dialect.Ollama)
                found = OfFirst(segment);
            if (followsVersion && segment.SequenceEqual("messages"u8))
                return Dialect.Anthropic;
            followsVersion = segment.SequenceEqual("v1"u8);
            if (followsVersion)
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
        bool isOpenAi =
            segment.SequenceEqual("completions"u8)
            || segment.SequenceEqual("responses"u8)
            || segment.SequenceEqual("models"u8)
            || segment.SequenceEqual("v1beta"u8);
        return isOpenAi ? Dialect.OpenAi : Dialect.Ollama;
    }
}
