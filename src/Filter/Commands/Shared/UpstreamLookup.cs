using System.Net;
using FastGate.Config;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Shared;

/// <summary>Resolves the host name of Ollama. Called before the loops start, because the lookup may block.</summary>
internal static class UpstreamLookup
{
    /// <returns>The address, or null and an error that says what to do.</returns>
    public static async Task<(IPEndPoint? EndPoint, string Problem)> FindAsync(
        GatePlan plan,
        IReadOnlyList<InterfaceAddress> interfaces
    )
    {
        UpstreamName name = plan.Upstream;
        if (name.Address is { } known)
            return (new IPEndPoint(known, name.Port), "");
        if (await NameLookup.FindAsync(name.Host) is not [var first, ..])
            return (
                null,
                $"The upstream host \"{name.Host}\" does not resolve: correct the name, or use an IP address."
            );
        IPEndPoint found = new(first, name.Port);
        Overlaps overlaps = new(interfaces);
        return plan.Listeners.FirstOrDefault(listener => overlaps.Reaches(found, listener.Options.Address)) is { } own
            ? (
                null,
                $"The upstream {name} resolves to {found}, which is the gate's own "
                    + $"listener {own.Options.Address}: use another port."
            )
            : (found, "");
    }
}
