using System.Net;

namespace FastGate.Install;

/// <summary>Reads what <c>OLLAMA_HOST</c> says, as Ollama does (its envconfig: a scheme and a port may be there or not).</summary>
internal static class OllamaHost
{
    public const string Variable = "OLLAMA_HOST";

    /// <summary>Ollama would be reached from this machine only.</summary>
    public static bool IsLoopback(string value)
    {
        string host = value.Trim().Trim('"', '\'');
        if (host.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0) host = host[(scheme + 3)..];
        host = host.Split('/')[0];
        if (host.StartsWith('[')) host = host[1..].Split(']')[0];
        else if (host.Count(letter => letter == ':') == 1) host = host.Split(':')[0];
        // Nothing said is 127.0.0.1.
        return host is "" or "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
    }
}
