using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Host.Servers;

/// <summary>
/// The address on which an Ollama server listens, parsed from <c>OLLAMA_HOST</c> exactly as Ollama does:
/// <c>envconfig.Host</c>, and then Go's <c>net.Listen</c>, for which an empty host is every address. Pure.
/// </summary>
/// <param name="Scheme"><c>http</c> when none is given; Ollama listens without TLS for any of them.</param>
/// <param name="Host">A name or an address without brackets; empty is every address.</param>
/// <param name="Port">As written; 11434, 80 or 443 when it is missing or out of range.</param>
internal sealed record OllamaHost(string Scheme, string Host, string Port)
{
    public const string Variable = "OLLAMA_HOST";

    private const int PortMax = 65535;

    /// <summary>Only this machine can reach the server. A name other than localhost is not resolved, and counts as
    /// open.</summary>
    public bool IsLoopbackOnly =>
        Host.TrimEnd('.').Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? !Host.EndsWith("..", StringComparison.Ordinal)
            : AddressOf(Host, allowsZone: true) is { } address && IPAddress.IsLoopback(address);

    /// <summary>The server listens on every address of the machine.</summary>
    public bool IsEveryAddress =>
        Host.Length == 0
        || (
            AddressOf(Host, allowsZone: true) is { } address
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        );

    /// <summary>Whether only this machine can reach a server with this value.</summary>
    public static bool IsLoopback(string value) => Parse(value).IsLoopbackOnly;

    /// <summary>Parses any value: like Ollama, it rejects none.</summary>
    public static OllamaHost Parse(string value)
    {
        // Var trims blanks and then quotes, which a shell or a property list may have left; Host trims blanks again.
        string text = value.Trim().Trim('"', '\'').Trim();
        int at = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = at < 0 ? "http" : text[..at];
        string hostAndPort = at < 0 ? text : text[(at + 3)..];
        if (at < 0 && text == "ollama.com")
            (scheme, hostAndPort) = ("https", "ollama.com:443");
        string usualPort =
            at < 0
                ? "11434"
                : scheme switch
                {
                    "http" => "80",
                    "https" => "443",
                    _ => "11434",
                };

        hostAndPort = hostAndPort.Split('/')[0];
        if (SplitHostPort(hostAndPort) is not var (host, port))
        {
            port = usualPort;
            host =
                AddressOf(hostAndPort.Trim('[', ']'), allowsZone: false) is { } address ? address.ToString()
                : hostAndPort.Length > 0 ? hostAndPort
                : "127.0.0.1";
        }
        if (
            !int.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            || number is < 0 or > PortMax
        )
            port = usualPort;

        // net.Listen splits what Host has joined, so "[]" without a port loses its brackets and means every address.
        string joined = host.AsSpan().IndexOfAny(':', '%') >= 0 ? $"[{host}]:{port}" : $"{host}:{port}";
        return new OllamaHost(scheme, SplitHostPort(joined)?.Host ?? host, port);
    }

    // Go's net.SplitHostPort; null where that is an error.
    private static (string Host, string Port)? SplitHostPort(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0)
            return null;
        string host = text[..colon];
        string rest = text;
        if (text[0] == '[')
        {
            int end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || end + 1 != colon)
                return null;
            host = text[1..end];
            rest = string.Concat(host, text.AsSpan(end + 1));
        }
        else if (host.Contains(':', StringComparison.Ordinal))
            return null;
        return rest.AsSpan().IndexOfAny('[', ']') >= 0 ? null : (host, text[(colon + 1)..]);
    }

    // Go's net.ParseIP. .NET also takes "127.1", "0x7f.1" and "[::1]:80", which are names or errors to Go.
    private static IPAddress? AddressOf(string text, bool allowsZone)
    {
        int zone = text.IndexOf('%', StringComparison.Ordinal);
        if (zone >= 0 && (!allowsZone || zone + 1 == text.Length || !text.Contains(':', StringComparison.Ordinal)))
            return null;
        string bare = zone < 0 ? text : text[..zone];
        string dotted = bare[(bare.LastIndexOf(':') + 1)..];
        if (bare.Any(letter => !char.IsAsciiHexDigit(letter) && letter is not (':' or '.')))
            return null;
        if (dotted.Contains('.', StringComparison.Ordinal) && !IsFourOctets(dotted))
            return null;
        if (!bare.AsSpan().ContainsAny(':', '.') || !IPAddress.TryParse(bare, out IPAddress? address))
            return null;
        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6
            ? address.MapToIPv4()
            : address;
    }

    private static bool IsFourOctets(string text)
    {
        string[] octets = text.Split('.');
        return octets.Length == 4
            && octets.All(octet =>
                octet.Length is 1 or 2 or 3
                && octet.All(char.IsAsciiDigit)
                && (octet.Length == 1 || octet[0] != '0')
                && int.Parse(octet, CultureInfo.InvariantCulture) <= byte.MaxValue
            );
    }
}

/// <summary><c>OLLAMA_NO_CLOUD</c>: without it, clients of Ollama may also use its owner's account at
/// ollama.com.</summary>
internal static class OllamaCloud
{
    public const string Variable = "OLLAMA_NO_CLOUD";

    /// <summary>The value that <c>install</c> writes.</summary>
    public const string Off = "1";

    // envconfig.Bool: what strconv.ParseBool reads as false, and the empty string; anything else is true.
    private static readonly string[] False = ["", "0", "f", "F", "FALSE", "false", "False"];

    /// <summary>Whether a server with this value has no cloud models and no web search.</summary>
    public static bool IsOff(string? value) => value is not null && !False.Contains(value.Trim().Trim('"', '\''));
}
