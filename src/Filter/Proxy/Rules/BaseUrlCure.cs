namespace FastGate.Proxy.Rules;

/// <summary>
/// Finds a route at the end of an unknown path, behind part of a wrong base URL, and writes how to correct that URL.
/// Allocates nothing.
/// </summary>
internal static class BaseUrlCure
{
    // Typical prefixes are /ollama, /proxy/ollama and /v1/chat/completions. Each depth costs a match.
    private const int DepthMax = 8;

    /// <param name="to">Receives the clause.</param>
    /// <param name="path">The decoded path.</param>
    /// <param name="sent">The path as sent, so spelled like the base URL.</param>
    /// <returns>False if the path does not end in a route.</returns>
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
        if (!Find(path, versionless: true, out start, out Cure? cure))
            return false;
        WriteReplacement(ref to, Before(path, start, sent), cure!.Name);
        return true;
    }

    // A valid path has no encoded slash, so both spellings have the same segments.
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
        to.Add("Ollama has no route at this path; if the client's base URL ends in "u8);
        to.Add(path);
        to.Add(", remove "u8);
        to.Add(path);
        to.Add(" from it"u8);
        return true;
    }

    // From the left, so that the prefix to remove is as short as possible.
    private static bool Find(ReadOnlySpan<byte> path, bool versionless, out int start, out Cure? cure)
    {
        start = 0;
        for (int depth = 0; depth < DepthMax; depth++)
        {
            int next = path[(start + 1)..].IndexOf((byte)'/');
            if (next < 0)
                break;
            start += next + 1;
            cure = KnownCures.OfPath(path[start..], out _);
            if (cure is null || cure.Kind is CureKind.Llama)
                continue;
            if (cure.Kind == CureKind.Versionless == versionless)
                return true;
        }
        cure = null;
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
        // /v1/chat/completions/chat/completions: the base URL has the right version, and more behind it.
        if (prefix.StartsWith(version) && prefix.Length > version.Length && prefix[version.Length] == '/')
        {
            WriteRemoval(ref to, prefix[version.Length..]);
            return;
        }
        to.Next();
        to.Add("the client's base URL must end in "u8);
        to.Add(version);
        to.Add(": replace "u8);
        to.AddQuoted(prefix);
        to.Add(" with "u8);
        to.Add(version);
    }

    // Gemini's own OpenAI-compatible routes are below /v1beta/openai, a prefix like any other.
    private static bool TryWriteGemini(ref CureWriter to, scoped ReadOnlySpan<byte> path)
    {
        if (!path.StartsWith("/v1beta/"u8) || path.StartsWith("/v1beta/openai/"u8))
            return false;
        to.Next();
        to.Add("this is Google's Gemini API, which Ollama does not support: "u8);
        to.Add("configure the client for OpenAI, with a base URL that ends in /v1"u8);
        return true;
    }

    private static bool TryWriteModelWithSlash(ref CureWriter to, scoped ReadOnlySpan<byte> path)
    {
        if (!path.StartsWith("/v1/models/"u8))
            return false;
        to.Next();
        to.Add("Ollama's GET /v1/models/{model} does not accept a name with a slash: "u8);
        to.Add("use GET /v1/models for the list, or POST /api/show for one model"u8);
        return true;
    }
}
