using System.Net;
using System.Net.NetworkInformation;

namespace FastGate.Proxy.Listening;

/// <summary>This machine's network interfaces, read from the system at each call.</summary>
internal static class Interfaces
{
    /// <summary>
    /// All addresses, also of interfaces that are not up: a tunnel's state is "unknown" on Linux, and an address can be
    /// bound in any state. Takes a millisecond or more, so do not call it on a loop's thread.
    /// </summary>
    /// <exception cref="NetworkInformationException">The system did not report them.</exception>
    public static IReadOnlyList<InterfaceAddress> Read() =>
        [
            .. from networkInterface in NetworkInterface.GetAllNetworkInterfaces()
            from unicast in networkInterface.GetIPProperties().UnicastAddresses
            select new InterfaceAddress(networkInterface.Name, unicast.Address),
        ];
}

/// <summary>One address of one of this machine's network interfaces; an interface with two addresses is listed
/// twice.</summary>
internal readonly record struct InterfaceAddress(string Interface, IPAddress Address)
{
    /// <summary>Tailscale's daemon reports the address as its own (<see cref="TailscaleAddresses.Mark"/>).</summary>
    public bool IsTailscale { get; init; }
}
