using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace FastGate.Proxy.Admin;

/// <summary>The resource that announces a connection, by its two ends:
/// <c>/probes/127.0.0.1/50000/127.0.0.1/11434</c>.</summary>
internal static class ProbePath
{
    public const string Prefix = "/probes/";

    public static Uri Of(IPEndPoint local, IPEndPoint remote) =>
        new($"http://localhost{Prefix}{Text(local)}/{Text(remote)}");

    /// <summary>Parses the path of a request.</summary>
    public static bool TryParse(
        string path,
        [NotNullWhen(true)] out IPEndPoint? client,
        [NotNullWhen(true)] out IPEndPoint? gate
    )
    {
        client = gate = null;
        return path.StartsWith(Prefix, StringComparison.Ordinal)
            && path[Prefix.Length..].Split('/') is [var address, var port, var gateAddress, var gatePort]
            && TryParse(address, port, out client)
            && TryParse(gateAddress, gatePort, out gate);
    }

    // Without the number of an interface, which only this machine knows.
    private static string Text(IPEndPoint endPoint) =>
        $"{(endPoint.Address.IsIPv6LinkLocal ? new IPAddress(endPoint.Address.GetAddressBytes()) : endPoint.Address)}"
        + $"/{endPoint.Port}";

    private static bool TryParse(string address, string port, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        bool isValid =
            IPAddress.TryParse(address, out IPAddress? parsed)
            & ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number);
        endPoint = isValid ? new IPEndPoint(parsed!, number) : null;
        return isValid;
    }
}

/// <summary>What became of the announcement of a connection.</summary>
internal enum ProbeAnnouncement
{
    Accepted,

    /// <summary>The gate does not listen at the other end, or does not respond.</summary>
    Rejected,

    /// <summary>No gate can be reached.</summary>
    NoGate,
}
