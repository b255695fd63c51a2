using System.Globalization;
using System.Net;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>A <c>server</c> line of a backend.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Name">HAProxy's name for it.</param>
/// <param name="Text">The address, as written.</param>
internal sealed record Server(ConfigLine Line, string Name, string Text)
{
    /// <summary>A name or an address without brackets; empty if it cannot be read.</summary>
    public string Host { get; private init; } = "";

    /// <summary>0 for the port that the client used.</summary>
    public int Port { get; private init; }

    /// <summary>HAProxy speaks TLS to it.</summary>
    public bool IsTls { get; private init; }

    public bool IsBackup { get; private init; }

    public bool IsDisabled { get; private init; }

    /// <summary>It gets PROXY headers, which Ollama does not understand.</summary>
    public bool GetsProxyHeader { get; private init; }

    /// <param name="line">The line.</param>
    /// <param name="defaults">The words of <c>default-server</c> lines before it.</param>
    public static Server? Parse(ConfigLine line, IReadOnlyList<string> defaults)
    {
        // server NAME ADDRESS, and server-template NAMES NUMBER ADDRESS: so many servers of one name and port.
        int at = line.Keyword == "server-template" ? 3 : 2;
        if (line.Words.Length <= at)
            return null;
        string[] words = [.. defaults, .. line.Words.Skip(at + 1)];
        string text = line.Words[at];
        foreach (string family in (string[])["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@"])
            if (text.StartsWith(family, StringComparison.Ordinal))
                text = text[family.Length..];
        (string host, int port) = SplitPort(text);
        bool isAddress =
            !text.StartsWith('/')
            && !text.Contains('@', StringComparison.Ordinal)
            && !text.Contains(Words.Unknown)
            && !text.StartsWith('$');
        return new Server(line, line.Words[1], text.Replace(Words.Unknown, '$'))
        {
            Host = isAddress ? host : "",
            Port = port,
            IsTls = words.Contains("ssl") && !line.Words.Contains("no-ssl"),
            IsBackup = words.Contains("backup") && !line.Words.Contains("no-backup"),
            IsDisabled = words.Contains("disabled") && !line.Words.Contains("enabled"),
            GetsProxyHeader = words.Any(word => word.StartsWith("send-proxy", StringComparison.Ordinal)),
        };
    }

    /// <summary>It is on this machine.</summary>
    public bool IsHere(IReadOnlyList<IPAddress> own) =>
        IsLocalName(Host)
        || (
            IPAddress.TryParse(Host, out IPAddress? address)
            && (
                IPAddress.IsLoopback(address)
                || own.Contains(address)
                // To HAProxy this is its own machine.
                || IPAddress.Any.Equals(address)
                || IPAddress.IPv6Any.Equals(address)
            )
        );

    /// <summary>As FastGate's config has it.</summary>
    /// <param name="usualPort">The port that clients use, for a server without one.</param>
    public string ToUpstream(int usualPort)
    {
        int port = Port > 0 ? Port : usualPort;
        if (IsLocalName(Host))
            return $"127.0.0.1:{port}";
        if (!IPAddress.TryParse(Host, out IPAddress? address))
            return $"{Host}:{port}";
        if (IPAddress.Any.Equals(address))
            address = IPAddress.Loopback;
        if (IPAddress.IPv6Any.Equals(address))
            address = IPAddress.IPv6Loopback;
        return new IPEndPoint(address, port).ToString();
    }

    private static bool IsLocalName(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    // An address of IPv6 may stand without brackets, and then has its port behind the last colon.
    private static (string Host, int Port) SplitPort(string text)
    {
        int colon = text.LastIndexOf(':');
        bool isBare =
            IPAddress.TryParse(text, out IPAddress? whole)
            && whole.ToString().Contains(':', StringComparison.Ordinal)
            && text.EndsWith(']');
        if (colon < 0 || isBare)
            return (text.Trim('[', ']'), 0);
        return int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            ? (text[..colon].Trim('[', ']'), port)
            : ("", 0);
    }
}
