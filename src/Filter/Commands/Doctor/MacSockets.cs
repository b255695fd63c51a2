using System.Globalization;
using System.Net;

namespace FastGate.Commands.Doctor;

/// <summary>Parses the output of <c>lsof -FpcLn</c>: one field per line, named by its first letter (lsof(8), "Output
/// for other programs").</summary>
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
                        && !sockets.Any(socket => socket.ProcessId == process && socket.EndPoint.Equals(endPoint))
                    )
                        sockets.Add(new ListeningSocket(endPoint, program, process, owner));
                    break;
            }
        }
        return sockets;
    }

    // "*:11434" is a socket of both families: one for IPv6 takes IPv4 as well.
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

/// <summary>Parses the output of macOS's <c>netstat -anW -p tcp</c>, which lists the sockets of all users without their
/// programs.</summary>
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

    // The port follows the last dot: 127.0.0.1.11434, ::1.11434, *.11434; an interface can follow a %.
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
