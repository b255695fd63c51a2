using System.Globalization;
using System.Net;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>An address where HAProxy accepts connections.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Text">The address, as written.</param>
/// <param name="Port">Its port, or the first of a range.</param>
internal sealed record Bind(ConfigLine Line, string Text, int Port)
{
    /// <summary>Null for every address, for a name and for a variable.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary><c>*</c>, nothing, 0.0.0.0 or ::.</summary>
    public bool IsEvery { get; private init; }

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
        bool isVariable = host.Contains(Words.Unknown) || host.StartsWith('$');
        IPAddress? address =
            !isVariable && IPAddress.TryParse(host, out IPAddress? literal) ? literal
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : null;
        bool isEvery = host is "" or "*" || IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address);
        int at = parameters.ToList().IndexOf("interface");
        return new Bind(line, text.Replace(Words.Unknown, '$'), port)
        {
            Address = isEvery ? null : address,
            IsEvery = isEvery,
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
