using System.Net;

namespace FastGate.Commands.Install;

/// <summary>Asks one HTTP request, to see who answers.</summary>
internal interface IProbe
{
    /// <summary>The status, the content and the time that it took; null if nobody answered.</summary>
    Task<ProbeAnswer?> AskAsync(IPEndPoint endPoint, string method, string path);
}
