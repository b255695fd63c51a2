using System.Net;

namespace FastGate.Proxy.Listening;

/// <summary>One address of one of this machine's network interfaces; an interface with two addresses is listed
/// twice.</summary>
internal readonly record struct InterfaceAddress(string Interface, IPAddress Address)
{
    /// <summary>Tailscale's daemon says that the address is its own (<see cref="TailscaleAddresses.Mark"/>).</summary>
    public bool IsTailscale { get; init; }
}
