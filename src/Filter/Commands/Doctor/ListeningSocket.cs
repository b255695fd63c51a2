using System.Net;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Doctor;

/// <summary>A listening TCP socket of this machine.</summary>
/// <param name="EndPoint">The address and port.</param>
/// <param name="Program">The program that listens on it; empty if the system does not show that to this user.</param>
/// <param name="ProcessId">Its process; 0 if the system does not show that to this user.</param>
/// <param name="Owner">The user that it belongs to; empty if unknown.</param>
internal sealed record ListeningSocket(IPEndPoint EndPoint, string Program, int ProcessId, string Owner)
{
    /// <summary>Whether the process may be killed: it is known, and not one of the system's.</summary>
    public bool CanBeKilled => ProcessId > 0 && Program.ToLowerInvariant() is ("ollama" or "fastgate" or "haproxy");

    public bool IsOllama => Program.Equals("ollama", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether Tailscale listens on it, for an entry of Serve.</summary>
    public bool IsTailscale =>
        Program is "tailscaled" or "IPNExtension" or "Tailscale" or "io.tailscale.ipn.macsys.network-extension";

    public bool IsOwnedByRoot => Owner is "root";

    /// <summary>Whether Docker's proxy listens on it for a program in a container, as root whatever the program's user
    /// is.</summary>
    public bool IsDocker => Program is "docker-proxy" or "com.docker.backend" or "com.docke";

    public bool IsLoopback =>
        IPAddress.IsLoopback(EndPoint.Address)
        || (EndPoint.Address.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(EndPoint.Address.MapToIPv4()));

    /// <summary>The address, program and process for people.</summary>
    public string Description =>
        Program.Length == 0 ? $"{EndPoint}" : $"{EndPoint} ({Program}{(ProcessId > 0 ? $", pid {ProcessId}" : "")})";

    /// <summary>Whether a connection to an address of this machine arrives here. An IPv6 wildcard usually takes IPv4 as
    /// well.</summary>
    public bool Takes(IPEndPoint to) =>
        to.Port == EndPoint.Port
        && (
            EndPoint.Address.Equals(to.Address)
            || EndPoint.Address.Equals(IPAddress.IPv6Any)
            || (EndPoint.Address.Equals(IPAddress.Any) && to.AddressFamily == EndPoint.AddressFamily)
        );
}

/// <summary>Lists the listening sockets of this machine: from /proc on Linux, from netstat and lsof on
/// macOS.</summary>
internal static class ListeningSockets
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <returns>Null if the system does not list them.</returns>
    public static async Task<IReadOnlyList<ListeningSocket>?> ReadAsync(bool isMac, ICommandRunner runner)
    {
        if (!isMac)
            return ProcNet.Read();
        // lsof shows the program, but only for this user's sockets; netstat shows all sockets, but no program.
        CommandResult named = await runner.RunAsync("lsof", ["-nP", "-iTCP", "-sTCP:LISTEN", "-FpcLn"], Timeout);
        CommandResult all = await runner.RunAsync("netstat", ["-anW", "-p", "tcp"], Timeout);
        return named.Output.Length == 0 && !named.Succeeded && !all.Succeeded
            ? null
            : Merge(LsofOutput.Parse(named.Output), NetstatOutput.Parse(all.Output));
    }

    /// <summary>The sockets whose program is known, and the others without one.</summary>
    internal static IReadOnlyList<ListeningSocket> Merge(
        IReadOnlyList<ListeningSocket> named,
        IReadOnlyList<IPEndPoint> all
    ) =>
        [
            .. named,
            .. all.Where(endPoint => !named.Any(socket => IsSame(socket.EndPoint, endPoint)))
                .Select(endPoint => new ListeningSocket(endPoint, "", 0, "")),
        ];

    // lsof prints *:PORT for a socket of both families; netstat may print it under either family.
    private static bool IsSame(IPEndPoint first, IPEndPoint second) =>
        first.Port == second.Port
        && (
            first.Address.Equals(second.Address)
            || (AddressRanges.IsUnspecified(first.Address) && AddressRanges.IsUnspecified(second.Address))
        );

    /// <summary>The socket that takes connections to an address and port; null if none listens there, or that is
    /// unknown.</summary>
    public static ListeningSocket? OwnerOf(this IReadOnlyList<ListeningSocket>? sockets, IPEndPoint endPoint) =>
        sockets
            ?.Where(socket => socket.Takes(endPoint))
            .OrderByDescending(socket => socket.EndPoint.Address.Equals(endPoint.Address))
            .FirstOrDefault();
}
