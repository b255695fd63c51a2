using System.Globalization;
using System.Net;
using FastGate.Launchd;

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
    public string Description =>
        Program.Length == 0 ? $"{EndPoint}" : $"{EndPoint} ({Program}{(ProcessId > 0 ? $", pid {ProcessId}" : "")})";
}

/// <summary>Reads what macOS's <c>netstat -anW -p tcp</c> says of listening sockets: all users' addresses, and nobody's
/// name.</summary>
internal static class NetstatOutput
{
    // Proto Recv-Q Send-Q Local Foreign (state)
    private const int LocalColumn = 3;
    private const int StateColumn = 5;

    public static IReadOnlyList<IPEndPoint> Parse(string text) =>
        [
            .. text.Split('\n')
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length > StateColumn && words[StateColumn] == "LISTEN")
                .Select(words => EndPointOf(words[0], words[LocalColumn]))
                .OfType<IPEndPoint>()
                .Distinct(),
        ];

    // The port stands behind the last dot: 127.0.0.1.11434, ::1.11434, *.11434; an interface may follow a %.
    private static IPEndPoint? EndPointOf(string protocol, string local)
    {
        int dot = local.LastIndexOf('.');
        if (
            dot < 0
            || !ushort.TryParse(local.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
        )
            return null;
        string host = local[..dot].Split('%')[0];
        return host == "*" ? new IPEndPoint(protocol == "tcp4" ? IPAddress.Any : IPAddress.IPv6Any, port)
            : IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port)
            : null;
    }
}

/// <summary>Finds out who listens on this machine, as its system tells it: /proc on Linux, netstat and lsof on
/// macOS.</summary>
internal static class ListeningSockets
{
    /// <returns>Null if the system does not tell.</returns>
    public static async Task<IReadOnlyList<ListeningSocket>?> ReadAsync(DoctorContext patient, CheckContext visit)
    {
        if (!patient.Site.Machine.IsMac)
            return ProcNet.Read();
        // lsof knows whose a socket is, but only of this user's; netstat knows all, but not whose.
        CommandResult named = await visit.RunAsync("lsof", "-nP", "-iTCP", "-sTCP:LISTEN", "-FpcLn");
        CommandResult all = await visit.RunAsync("netstat", "-anW", "-p", "tcp");
        return named.Output.Length == 0 && !named.Succeeded && !all.Succeeded
            ? null
            : Merge(LsofOutput.Parse(named.Output), NetstatOutput.Parse(all.Output));
    }

    /// <summary>Those whose owner is known, and those of others without a name.</summary>
    internal static IReadOnlyList<ListeningSocket> Merge(
        IReadOnlyList<ListeningSocket> named,
        IReadOnlyList<IPEndPoint> all
    ) =>
        [
            .. named,
            .. all.Where(each => !named.Any(known => IsSame(known.EndPoint, each)))
                .Select(each => new ListeningSocket(each, "", 0, "")),
        ];

    // One socket for both families is *:PORT to the one and may be of either family to the other.
    private static bool IsSame(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port
        && (one.Address.Equals(other.Address) || (IsWildcard(one.Address) && IsWildcard(other.Address)));

    private static bool IsWildcard(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>Who has an address and port; null if nobody, or nobody knows.</summary>
    public static ListeningSocket? Having(this IReadOnlyList<ListeningSocket>? sockets, IPEndPoint endPoint) =>
        sockets
            ?.Where(socket => socket.Takes(endPoint))
            .OrderByDescending(socket => socket.EndPoint.Address.Equals(endPoint.Address))
            .FirstOrDefault();
}
