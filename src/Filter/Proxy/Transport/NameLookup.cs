using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>Resolves host names; a name without addresses is an empty list, not an exception. Any thread.</summary>
internal static class NameLookup
{
    /// <summary>Returns the addresses, IPv4 first because Ollama listens there; empty if the name is unknown. Must not
    /// be called on a loop.</summary>
    public static async Task<IReadOnlyList<IPAddress>> FindAsync(string host)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(host);
            return [.. found.OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)];
        }
        catch (SocketException)
        {
            // An unknown name or no name server: either way the address is unknown now.
            return [];
        }
    }
}
