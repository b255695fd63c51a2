using System.Net;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

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
