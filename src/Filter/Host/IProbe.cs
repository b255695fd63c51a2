using System.Net;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>Asks one HTTP request, to see who answers.</summary>
internal interface IProbe
{
    /// <summary>The status, the content and the time that it took; null if nobody answered.</summary>
    Task<ProbeAnswer?> AskAsync(IPEndPoint endPoint, string method, string path);
}

/// <summary>An answer to a probe.</summary>
/// <param name="Status">0 when the response was too long to be read.</param>
/// <param name="Content">As UTF-8.</param>
/// <param name="Took">From the request to the end of the response.</param>
internal sealed record ProbeAnswer(int Status, string Content, TimeSpan Took)
{
    /// <summary>The server's name for itself; empty if it says none.</summary>
    public string Server { get; init; } = "";

    /// <summary>It was over the limits of <see cref="BoundedHttp"/>.</summary>
    public bool IsTooLong { get; init; }
}
