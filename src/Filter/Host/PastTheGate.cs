using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Host;

/// <summary>Finds an Ollama that other machines reach without the gate.</summary>
internal static class PastTheGate
{
    /// <summary>The addresses of this machine at which others could reach Ollama's port: all but loopback and the
    /// gate's own.</summary>
    public static IPEndPoint[] Others(
        IReadOnlyList<InterfaceAddress> interfaces,
        int port,
        IReadOnlyCollection<IPEndPoint> gates
    ) =>
        [
            .. interfaces
                .Select(each => each.Address)
                .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
                .Distinct()
                .Select(address => new IPEndPoint(address, port))
                .Except(gates),
        ];

    /// <summary>The first of them where Ollama itself answers; null if it answers at none.</summary>
    public static async Task<IPEndPoint?> FindOllamaAsync(IProbe probe, IEnumerable<IPEndPoint> others)
    {
        foreach (IPEndPoint other in others)
        {
            if (
                await probe.AskAsync(other, "GET", "/api/version") is { Status: 200 } answer
                && answer.Content.Contains("\"version\"", StringComparison.Ordinal)
            )
                return other;
        }
        return null;
    }
}
