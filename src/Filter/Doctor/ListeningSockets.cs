using System.Net;
using FastGate.Launchd;

namespace FastGate.Doctor;

/// <summary>Finds out who listens on this machine, as its system tells it: /proc on Linux, lsof on macOS.</summary>
internal static class ListeningSockets
{
    /// <returns>Null if the system does not tell.</returns>
    public static async Task<IReadOnlyList<ListeningSocket>?> ReadAsync(Patient patient, Visit visit)
    {
        if (!patient.Site.Machine.IsMac) return ProcNet.Read();
        // Its last word is an error when nobody listens at all.
        CommandResult result = await visit.RunAsync("lsof", "-nP", "-iTCP", "-sTCP:LISTEN", "-FpcLn");
        return result.Succeeded || result.Output.Length > 0 ? LsofOutput.Parse(result.Output) : null;
    }

    /// <summary>Who has an address and port; null if nobody, or nobody knows.</summary>
    public static ListeningSocket? Having(this IReadOnlyList<ListeningSocket>? sockets, IPEndPoint endPoint) =>
        sockets?.Where(socket => socket.Takes(endPoint)).OrderByDescending(socket => socket.EndPoint.Address.Equals(endPoint.Address)).FirstOrDefault();
}
