using System.Globalization;
using System.Net;

namespace FastGate.Commands.Doctor;

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
