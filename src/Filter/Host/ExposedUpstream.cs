using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Host;

/// <summary>Finds an upstream that other machines reach without the gate.</summary>
internal static class ExposedUpstream
{
    /// <summary>The addresses at which other machines could reach a port of this machine: all but loopback, link-local
    /// and those of the gate.</summary>
    public static IPEndPoint[] Others(
        IReadOnlyList<InterfaceAddress> interfaces,
        int port,
        IReadOnlyCollection<IPEndPoint> gates
    ) =>
        [
            .. interfaces
                .Select(item => item.Address)
                .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
                .Distinct()
                .Select(address => new IPEndPoint(address, port))
                .Except(gates),
        ];

    /// <summary>The first endpoint where one of these responds; null if none responds.</summary>
    /// <param name="others">The endpoints to try.</param>
    /// <param name="identifyAsync">Identifies what responds at an endpoint.</param>
    /// <param name="upstreams">What must not respond there.</param>
    public static async Task<IPEndPoint?> FindAsync(
        IEnumerable<IPEndPoint> others,
        Func<IPEndPoint, Task<Responder>> identifyAsync,
        params Responder[] upstreams
    )
    {
        foreach (IPEndPoint other in others)
        {
            if (Array.IndexOf(upstreams, await identifyAsync(other)) >= 0)
                return other;
        }
        return null;
    }
}
