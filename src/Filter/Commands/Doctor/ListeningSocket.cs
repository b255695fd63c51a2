using System.Net;

namespace FastGate.Commands.Doctor;

/// <summary>A socket of this machine on which somebody listens.</summary>
/// <param name="EndPoint">Where.</param>
/// <param name="Program">Whose it is; empty if the system does not tell this user.</param>
/// <param name="ProcessId">Its process; 0 if the system does not tell this user.</param>
/// <param name="Owner">The user that it belongs to; empty if it is not known.</param>
internal sealed record ListeningSocket(IPEndPoint EndPoint, string Program, int ProcessId, string Owner)
{
    /// <summary>It is known whose it is, and that it can be ended: nothing of the system's, and nothing that would be
    /// missed.</summary>
    public bool CanBeEnded => ProcessId > 0 && Program.ToLowerInvariant() is ("ollama" or "fastgate" or "haproxy");

    /// <summary>Tailscale holds it, for an entry of Serve.</summary>
    public bool IsTailscales =>
        Program is "tailscaled" or "IPNExtension" or "Tailscale" or "io.tailscale.ipn.macsys.network-extension";

    public bool IsRoots => Owner is "root";

    /// <summary>Docker's relay holds it for a program in a container (as root, whoever the program is).</summary>
    public bool IsContainers => Program is "docker-proxy" or "com.docker.backend" or "com.docke";

    public bool IsLoopback =>
        IPAddress.IsLoopback(EndPoint.Address)
        || (EndPoint.Address.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(EndPoint.Address.MapToIPv4()));

    /// <summary>Whether a connection to an address of this machine arrives here. A wildcard of IPv6 mostly takes IPv4
    /// as well.</summary>
    public bool Takes(IPEndPoint to) =>
        to.Port == EndPoint.Port
        && (
            EndPoint.Address.Equals(to.Address)
            || EndPoint.Address.Equals(IPAddress.IPv6Any)
            || (EndPoint.Address.Equals(IPAddress.Any) && to.AddressFamily == EndPoint.AddressFamily)
        );

    /// <summary>For people: where, and who.</summary>
    public string Says =>
        Program.Length == 0 ? $"{EndPoint}" : $"{EndPoint} ({Program}{(ProcessId > 0 ? $", pid {ProcessId}" : "")})";
}
