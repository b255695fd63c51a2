using System.Globalization;
using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>A <c>server</c> line of a backend.</summary>
/// <param name="Line">The line of the configuration.</param>
/// <param name="Name">The name of the server in HAProxy.</param>
/// <param name="Text">The address, as written.</param>
internal sealed record Server(ConfigLine Line, string Name, string Text)
{
    /// <summary>A name, or an address without brackets; empty if it cannot be read.</summary>
    public string Host { get; private init; } = "";

    /// <summary>The port; 0 for the port that the client used.</summary>
    public int Port { get; private init; }

    /// <summary>Whether HAProxy connects to it over TLS.</summary>
    public bool IsTls { get; private init; }

    public bool IsBackup { get; private init; }

    public bool IsDisabled { get; private init; }

    /// <summary>Whether it receives PROXY protocol headers, which Ollama does not support.</summary>
    public bool GetsProxyHeader { get; private init; }

    /// <param name="line">The <c>server</c> line.</param>
    /// <param name="defaults">The words of the <c>default-server</c> lines before it.</param>
    public static Server? Parse(ConfigLine line, IReadOnlyList<string> defaults)
    {
        // "server NAME ADDRESS", or "server-template NAMES NUMBER ADDRESS" for several servers with the same address.
        int at = line.Keyword == "server-template" ? 3 : 2;
        if (line.Words.Length <= at)
            return null;
        string[] words = [.. defaults, .. line.Words.Skip(at + 1)];
        string text = WithoutFamily(line.Words[at]);
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

    /// <summary>Whether it is on this machine.</summary>
    public bool IsLocal(IReadOnlyList<IPAddress> machineAddresses) =>
        IsLocalName(Host)
        || (
            IPAddress.TryParse(Host, out IPAddress? address)
            && (
                IPAddress.IsLoopback(address)
                || machineAddresses.Contains(address)
                // HAProxy connects to its own machine for this address.
                || AddressRanges.IsUnspecified(address)
            )
        );

    /// <summary>The address in the form of FastGate's config.</summary>
    /// <param name="defaultPort">The port that clients use, for a server without a port.</param>
    public string ToUpstream(int defaultPort)
    {
        int port = Port > 0 ? Port : defaultPort;
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

    /// <summary>An address without a family prefix such as <c>ipv4@</c>.</summary>
    public static string WithoutFamily(string text)
    {
        foreach (string family in (string[])["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@"])
            if (text.StartsWith(family, StringComparison.Ordinal))
                text = text[family.Length..];
        return text;
    }

    private static bool IsLocalName(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    // An IPv6 address may have no brackets; its port then follows the last colon.
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
/// <param name="Line">The line of the configuration.</param>
/// <param name="Text">The address, as written.</param>
/// <param name="Port">The port, or the first of a range.</param>
internal sealed record Bind(ConfigLine Line, string Text, int Port)
{
    /// <summary>Null for every address, for a name and for a variable.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary><c>*</c>, nothing, 0.0.0.0 or ::.</summary>
    public bool IsEveryAddress { get; private init; }

    /// <summary>The interface that it is limited to; null if none.</summary>
    public string? Interface { get; private init; }

    /// <summary>Whether clients use TLS.</summary>
    public bool IsTls { get; private init; }

    /// <summary>Whether it contains a variable whose value is unknown.</summary>
    public bool IsVariable { get; private init; }

    /// <summary>The last port of a range; 0 if there is only one port.</summary>
    public int LastPort { get; private init; }

    /// <summary>Reads the comma-separated addresses of a line.</summary>
    /// <param name="line">A <c>bind</c> line, or the heading of the old form <c>listen NAME ADDRESS:PORT</c>.</param>
    /// <param name="addresses">The word with the addresses.</param>
    /// <param name="parameters">The words after it.</param>
    /// <param name="notUnderstood">Receives what is not a TCP address.</param>
    public static IEnumerable<Bind> Parse(
        ConfigLine line,
        string addresses,
        IReadOnlyList<string> parameters,
        List<string> notUnderstood
    )
    {
        List<Bind> binds = [];
        foreach (string written in addresses.Split(','))
        {
            if (ParseOne(line, written, parameters) is { } bind)
                binds.Add(bind);
            else
                notUnderstood.Add($"{line} (not a TCP address)");
        }
        return binds;
    }

    private static Bind? ParseOne(ConfigLine line, string written, IReadOnlyList<string> parameters)
    {
        string text = Server.WithoutFamily(written);
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
        bool isEvery = host is "" or "*" || AddressRanges.IsUnspecified(address);
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
