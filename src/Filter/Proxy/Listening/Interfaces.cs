using System.Net.NetworkInformation;

namespace FastGate.Proxy.Listening;

/// <summary>This machine's network interfaces, asked of the system at each call.</summary>
internal static class Interfaces
{
    /// <summary>
    /// All addresses. An interface that is not up is not left out: a tunnel's state is "unknown" on Linux, and an
    /// address can be bound in any state. Takes a millisecond or more, so not for a loop thread.
    /// </summary>
    /// <exception cref="NetworkInformationException">The system did not say; the caller keeps what it knew.</exception>
    public static IReadOnlyList<InterfaceAddress> Read() =>
        [
            .. from each in NetworkInterface.GetAllNetworkInterfaces()
            from unicast in each.GetIPProperties().UnicastAddresses
            select new InterfaceAddress(each.Name, unicast.Address),
        ];
}
