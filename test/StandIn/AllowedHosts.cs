using System.Net;
using Microsoft.AspNetCore.Http;

namespace FastGate.Test.StandIn;

/// <summary>
/// Ollama's guard against DNS rebinding on loopback (allowedHostsMiddleware in its server/routes.go).
/// </summary>
internal static class AllowedHosts
{
    private static readonly string[] Suffixes = [".localhost", ".local", ".internal"];

    public static bool Allows(HostString host)
    {
        var name = host.Host.Trim('[', ']');
        if (IPAddress.TryParse(name, out var address))
            return IPAddress.IsLoopback(address) || IsPrivate(address);
        return IsName(name);
    }

    /// <summary>Whether the host is an accepted name rather than an address: OPTIONS gets 204 for names only.</summary>
    public static bool IsName(string name) =>
        name is ""
        || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.Equals(Dns.GetHostName(), StringComparison.OrdinalIgnoreCase)
        || Suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    private static bool IsPrivate(IPAddress address) =>
        address.GetAddressBytes() switch
        {
            [10, ..] or [192, 168, ..] or [0, 0, 0, 0] => true,
            [172, >= 16 and <= 31, ..] => true,
            [>= 0xfc and <= 0xfd, _, _, _, _, ..] => true,
            _ => false,
        };
}
