using System.Net;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>Sends single requests to find out what responds at an address. Any thread.</summary>
internal interface IProbe
{
    /// <summary>Called for each new connection, before anything is sent on it; null for nothing.</summary>
    ConnectionNotice? Connected { get; set; }

    /// <summary>Sends a request as clients do, on a connection that stays open, and reads the whole response.</summary>
    /// <param name="target">The server.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, without anything that needs escaping.</param>
    /// <param name="json">The content; null for none.</param>
    /// <param name="cancellationToken">Ends the request; it has no other time limit.</param>
    /// <returns>Status 0 with a <see cref="ProbeResponse.Problem"/> if no response arrives.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    Task<ProbeResponse> SendAsync(
        ProbeTarget target,
        string method,
        string path,
        string? json,
        CancellationToken cancellationToken
    );

    /// <summary>Posts JSON and reads the response as a stream of server-sent events.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    Task<ProbeStream> StreamAsync(ProbeTarget target, string path, string json, CancellationToken cancellationToken);

    /// <summary>Sends bytes unchanged on a connection of their own, and reads until the other side closes it or five
    /// seconds have passed.</summary>
    /// <param name="target">The server; its <see cref="ProbeTarget.Host"/> is not used.</param>
    /// <param name="bytes">The request, each character one byte (Latin-1).</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The last response on the connection, and how many there were.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    Task<ProbeResponse> SendRawAsync(ProbeTarget target, string bytes, CancellationToken cancellationToken);
}

/// <summary>Where a probe connects, and the host name it sends.</summary>
/// <param name="EndPoint">The address to connect to.</param>
/// <param name="Host">The value of the <c>Host</c> field.</param>
internal sealed record ProbeTarget(IPEndPoint EndPoint, string Host)
{
    public static ProbeTarget At(IPEndPoint endPoint) => new(endPoint, endPoint.ToString());

    public override string ToString() => EndPoint.ToString();
}

/// <summary>Requests that need a quick response.</summary>
internal static class QuickProbe
{
    // No request sent this way runs a model.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <returns>Null if no response arrives within two seconds; status 0 if it is too long to be read.</returns>
    public static async Task<ProbeResponse?> SendAsync(
        this IProbe probe,
        IPEndPoint endPoint,
        string method,
        string path
    )
    {
        using CancellationTokenSource timeout = new(Timeout);
        try
        {
            ProbeResponse response = await probe.SendAsync(
                ProbeTarget.At(endPoint),
                method,
                path,
                json: null,
                timeout.Token
            );
            return response.Status > 0 || response.IsTooLong ? response : null;
        }
        catch (OperationCanceledException)
        {
            // Too slow counts as no response.
            return null;
        }
    }
}
