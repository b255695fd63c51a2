using System.Globalization;
using System.Net;

namespace FastGate.Commands.Doctor;

/// <summary>Reads what <c>lsof -FpcLn</c> says: a line a field, its first letter says which (lsof(8), "Output for other
/// programs").</summary>
internal static class LsofOutput
{
    public static IReadOnlyList<ListeningSocket> Parse(string text)
    {
        List<ListeningSocket> sockets = [];
        (int process, string program, string owner) = (0, "", "");
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string value = line[1..].Trim();
            switch (line[0])
            {
                case 'p':
                    _ = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out process);
                    (program, owner) = ("", "");
                    break;
                case 'c':
                    program = value;
                    break;
                case 'L':
                    owner = value;
                    break;
                case 'n':
                    if (
                        EndPointOf(value) is { } endPoint
                        && !sockets.Any(known => known.ProcessId == process && known.EndPoint.Equals(endPoint))
                    )
                        sockets.Add(new ListeningSocket(endPoint, program, process, owner));
                    break;
            }
        }
        return sockets;
    }

    // "*:11434" stands for both families, since a socket for IPv6 takes IPv4 as well.
    private static IPEndPoint? EndPointOf(string name)
    {
        int colon = name.LastIndexOf(':');
        if (
            colon < 0
            || !ushort.TryParse(
                name.AsSpan(colon + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out ushort port
            )
        )
            return null;
        string host = name[..colon].Trim('[', ']');
        return host == "*" ? new IPEndPoint(IPAddress.IPv6Any, port)
            : IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port)
            : null;
    }
}
