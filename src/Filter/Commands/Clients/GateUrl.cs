using System.Net;
using FastGate.Config;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Clients;

/// <summary>A URL at which clients reach the gate.</summary>
/// <param name="Listener">The listener's position in the config, from 0.</param>
/// <param name="Host">A name, or an address as it stands in a URL.</param>
/// <param name="IsLocal">Only programs on this machine can use it.</param>
internal sealed record GateUrl(int Listener, string Host, int Port, bool IsLocal = false)
{
    public string Authority => $"{Host}:{Port}";

    public override string ToString() => $"http://{Authority}";

    /// <summary>All URLs, the one to prefer first: the MagicDNS name, then addresses, then what is local.</summary>
    /// <param name="plan">The gate's plan.</param>
    /// <param name="machine">This machine.</param>
    /// <param name="tailscale">Tailscale's status; null if unknown.</param>
    public static IReadOnlyList<GateUrl> Of(GatePlan plan, Machine machine, TailscaleStatus? tailscale) =>
        [
            .. plan
                .Listeners.SelectMany((listener, index) => Of(listener.Options.Address, index, machine, tailscale))
                .Distinct()
                .OrderBy(url => url.IsLocal),
        ];

    private static IEnumerable<GateUrl> Of(ListenAddress listen, int index, Machine machine, TailscaleStatus? tailscale)
    {
        IPAddress[] addresses =
        [
            .. ListenPlan
                .Endpoints(listen, machine.Interfaces)
                .SelectMany(endPoint => Reachable(endPoint.Address, machine)),
        ];
        // Only a name that leads to one of these addresses.
        if (
            tailscale is { HasMagicDns: true, Name.Length: > 0 }
            && addresses.Any(address => TailscaleAddresses.Find(machine.Interfaces).Contains(address))
        )
            yield return new GateUrl(index, tailscale.Name, listen.Port);
        foreach (IPAddress address in addresses)
            yield return new GateUrl(index, HostOf(address), listen.Port, IsLocal: IPAddress.IsLoopback(address));
    }

    // The unspecified address listens on every other one.
    private static IEnumerable<IPAddress> Reachable(IPAddress address, Machine machine) =>
        AddressRanges.IsUnspecified(address)
            ? machine
                .Interfaces.Select(item => item.Address)
                .Where(own => own.AddressFamily == address.AddressFamily && !own.IsIPv6LinkLocal)
            : [address];

    private static string HostOf(IPAddress address) => new IPEndPoint(address, 0).ToString()[..^2];
}
