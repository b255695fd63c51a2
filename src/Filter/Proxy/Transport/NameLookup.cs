using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>Asks the system what addresses a host name stands for; a name without any is a value, not an
/// exception.</summary>
internal static class NameLookup
{
    /// <summary>The addresses, IPv4 first since Ollama listens there; none when the name is not known. Not for a
    /// loop.</summary>
    public static async Task<IReadOnlyList<IPAddress>> FindAsync(string host)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(host);
            return [.. found.OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)];
        }
        catch (SocketException)
        {
            // No such name, or nobody to ask: both mean that there is no address now.
            return [];
        }
    }
}
