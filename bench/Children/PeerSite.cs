using System.Net;

namespace FastGate.Bench.Children;

/// <summary>Where a peer is to run.</summary>
/// <param name="Folder">Its own, for its files.</param>
/// <param name="Listen">Where clients reach it.</param>
/// <param name="Upstream">Where the answering server is.</param>
/// <param name="Cores">How many cores it may use.</param>
internal sealed record PeerSite(string Folder, IPEndPoint Listen, IPEndPoint Upstream, int Cores)
{
    /// <summary>Writes a file into the folder.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
