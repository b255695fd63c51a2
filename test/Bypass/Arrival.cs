namespace FastGate.Test.Bypass;

/// <summary>A request that arrived at Ollama: complete, or intentionally left unread there.</summary>
internal readonly record struct Arrival(string Method, string Target, string ContentSha256)
{
    public string Path => Target.Split('?')[0];

    public override string ToString() => $"{Method} {Target} (content {ContentSha256})";
}
