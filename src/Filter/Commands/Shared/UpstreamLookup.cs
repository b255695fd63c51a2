using System.Net;
using FastGate.Config;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Shared;

/// <summary>Finds the address of Ollama behind its name, before there is a loop that it could hold up.</summary>
internal static class UpstreamLookup
{
    /// <summary>The address, or null and a sentence that says what to do.</summary>
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
                $"The upstream \"{name.Host}\" has no address: correct the name, or write the address itself."
            );
        IPEndPoint found = new(first, name.Port);
        Overlaps overlaps = new(interfaces);
        return plan.Listeners.FirstOrDefault(listener => overlaps.Reaches(found, listener.Options.Address)) is { } loop
            ? (
                null,
                $"The upstream {name} is {found}, which is the gate's own "
                    + $"listener {loop.Options.Address}: take another port."
            )
            : (found, "");
    }
}
