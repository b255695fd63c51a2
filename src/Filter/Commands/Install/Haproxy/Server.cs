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
        if (line.Words.Length < 3)
            return null;
        string[] words = [.. defaults, .. line.Words.Skip(3)];
        string text = line.Words[2];
        foreach (string family in (string[])["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@"])
            if (text.StartsWith(family, StringComparison.Ordinal))
                text = text[family.Length..];
        (string host, int port) = SplitPort(text);
        bool isAddress =
            !text.StartsWith('/')
            && !text.Contains('@', StringComparison.Ordinal)
            && !text.Contains(LineSplitter.Unknown)
            && !text.StartsWith('$');
        return new Server(line, line.Words[1], text.Replace(LineSplitter.Unknown, '$'))
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

/// <summary>An address where HAProxy accepts connections.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Text">The address, as written.</param>
/// <param name="Port">Its port, or the first of a range.</param>
internal sealed record Bind(ConfigLine Line, string Text, int Port)
{
    /// <summary>Null for every address, for a name and for a variable.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary><c>*</c>, nothing, 0.0.0.0 or ::.</summary>
    public bool IsEveryAddress { get; private init; }

    /// <summary>Only connections of this interface.</summary>
    public string? Interface { get; private init; }

    /// <summary>Clients speak TLS to it.</summary>
    public bool IsTls { get; private init; }

    /// <summary>The value of a variable in it is unknown.</summary>
    public bool IsVariable { get; private init; }

    /// <summary>Every port from the first on; 0 if there is only one.</summary>
    public int LastPort { get; private init; }

    /// <summary>Reads a line's addresses, with commas between them.</summary>
    /// <param name="line">A <c>bind</c>, or a heading of the old form <c>listen NAME ADDRESS:PORT</c>.</param>
    /// <param name="addresses">The word with the addresses.</param>
    /// <param name="parameters">The words behind it.</param>
    /// <param name="odd">What is no address of TCP.</param>
    public static IEnumerable<Bind> Parse(
        ConfigLine line,
        string addresses,
        IReadOnlyList<string> parameters,
        List<string> odd
    )
    {
        List<Bind> binds = [];
        foreach (string written in addresses.Split(','))
        {
            if (ParseOne(line, written, parameters) is { } bind)
                binds.Add(bind);
            else
                odd.Add($"{line} (not a TCP address)");
        }
        return binds;
    }

    private static Bind? ParseOne(ConfigLine line, string written, IReadOnlyList<string> parameters)
    {
        string text = written;
        foreach (string family in (string[])["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@"])
            if (text.StartsWith(family, StringComparison.Ordinal))
                text = text[family.Length..];
        int colon = text.LastIndexOf(':');
        if (colon < 0 || text.StartsWith('/') || text.Contains('@', StringComparison.Ordinal))
            return null;
        string[] ports = text[(colon + 1)..].Split('-');
        if (!TryReadPort(ports[0], out int port))
            return null;
        string host = text[..colon].Trim('[', ']');
        bool isVariable = host.Contains(LineSplitter.Unknown) || host.StartsWith('$');
        IPAddress? address =
            !isVariable && IPAddress.TryParse(host, out IPAddress? literal) ? literal
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : null;
        bool isEvery = host is "" or "*" || IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address);
        int at = parameters.ToList().IndexOf("interface");
        return new Bind(line, text.Replace(LineSplitter.Unknown, '$'), port)
        {
            Address = isEvery ? null : address,
            IsEveryAddress = isEvery,
            Interface = at >= 0 && at + 1 < parameters.Count ? parameters[at + 1] : null,
            IsTls = parameters.Contains("ssl"),
            IsVariable = isVariable,
            LastPort = ports.Length > 1 && TryReadPort(ports[1], out int last) && last > port ? last : 0,
        };
    }

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is > 0 and <= ushort.MaxValue;
}
