namespace FastGate.Proxy.Rules;

/// <summary>
/// Finds in a path that is not known the route that a client meant, with the end of a mistaken base URL before it, and
/// says what to remove or to write there. Allocates nothing.
/// </summary>
internal static class BaseUrlCure
{
    // What people put before a route: /ollama, /proxy/ollama, /v1/chat/completions. Each place costs a match.
    private const int DepthMax = 8;

    /// <param name="to">Takes the clause.</param>
    /// <param name="path">Decoded.</param>
    /// <param name="sent">As it was sent, so as the base URL is written.</param>
    /// <returns>False when no end of the path is a route.</returns>
    public static bool TryWrite(ref CureWriter to, scoped ReadOnlySpan<byte> path, scoped ReadOnlySpan<byte> sent)
    {
        if (TryWriteAlone(ref to, path))
            return true;
        if (path.SequenceEqual("/v1/v1"u8))
        {
            WriteRemoval(ref to, "/v1"u8);
            return true;
        }
        if (Find(path, versionless: false, out int start, out _))
        {
            WriteRemoval(ref to, Before(path, start, sent));
            return true;
        }
        if (TryWriteModelWithSlash(ref to, path) || TryWriteGemini(ref to, path))
            return true;
        if (!Find(path, versionless: true, out start, out Cure? meant))
            return false;
        WriteReplacement(ref to, Before(path, start, sent), meant!.Name);
        return true;
    }

    // A path that was found valid has no encoded slash: both spellings have the same segments.
    private static ReadOnlySpan<byte> Before(ReadOnlySpan<byte> path, int start, ReadOnlySpan<byte> sent)
    {
        int end = 0;
        for (int segments = path[..start].Count((byte)'/'); segments > 0; segments--)
            end += 1 + sent[(end + 1)..].IndexOf((byte)'/');
        return sent[..end];
    }

    private static bool TryWriteAlone(ref CureWriter to, scoped ReadOnlySpan<byte> path)
    {
        if (!path.SequenceEqual("/v1"u8) && !path.SequenceEqual("/api"u8))
            return false;
        to.Next();
        to.Add("Ollama has nothing at this path itself; if it is the end of the client's base URL, remove "u8);
        to.Add(path);
        to.Add(" from it"u8);
        return true;
    }

    // From the left, so that as little as possible is called mistaken.
    private static bool Find(ReadOnlySpan<byte> path, bool versionless, out int start, out Cure? meant)
    {
        start = 0;
        for (int depth = 0; depth < DepthMax; depth++)
        {
            int next = path[(start + 1)..].IndexOf((byte)'/');
            if (next < 0)
                break;
            start += next + 1;
            meant = KnownCures.OfPath(path[start..], out _);
            if (meant is null || meant.Kind is CureKind.Llama)
                continue;
            if (meant.Kind == CureKind.Versionless == versionless)
                return true;
        }
        meant = null;
        return false;
    }

    private static void WriteRemoval(ref CureWriter to, scoped ReadOnlySpan<byte> prefix)
    {
        to.Next();
        if (prefix.SequenceEqual("/v1"u8))
        {
            to.Add("the client's base URL must not end in /v1: remove /v1 from it"u8);
            return;
        }
        to.Add("remove "u8);
        to.AddQuoted(prefix);
        to.Add(" from the client's base URL"u8);
    }

    private static void WriteReplacement(
        ref CureWriter to,
        scoped ReadOnlySpan<byte> prefix,
        scoped ReadOnlySpan<byte> version
    )
    {
        // /v1/chat/completions and, from the client, /chat/completions: what follows the /v1 is too much.
        if (prefix.StartsWith(version) && prefix.Length > version.Length && prefix[version.Length] == '/')
        {
            WriteRemoval(ref to, prefix[version.Length..]);
            return;
        }
        to.Next();
        to.Add("the client's base URL must end in "u8);
        to.Add(version);
        to.Add(": write it in place of "u8);
        to.AddQuoted(prefix);
    }

    // Its own layer for OpenAI's clients is below /v1beta/openai, and is cured like any other base URL.
    private static bool TryWriteGemini(ref CureWriter to, scoped ReadOnlySpan<byte> path)
    {
        if (!path.StartsWith("/v1beta/"u8) || path.StartsWith("/v1beta/openai/"u8))
            return false;
        to.Next();
        to.Add("this is Google's API, which Ollama does not have: "u8);
        to.Add("set up the client for OpenAI, with a base URL that ends in /v1"u8);
        return true;
    }

    private static bool TryWriteModelWithSlash(ref CureWriter to, scoped ReadOnlySpan<byte> path)
    {
        if (!path.StartsWith("/v1/models/"u8))
            return false;
        to.Next();
        to.Add("Ollama's GET /v1/models/{model} takes no name with a slash: "u8);
        to.Add("ask for the list with GET /v1/models, or for one model with POST /api/show"u8);
        return true;
    }
}
