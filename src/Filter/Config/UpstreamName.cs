using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Config;

/// <summary>The configured upstream: an address or a host name, and a port. A host name is resolved when the gate
/// starts.</summary>
/// <param name="Host">The address or the host name.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="Address">Null if the host is a name.</param>
internal sealed record UpstreamName(string Host, int Port, IPAddress? Address)
{
    // RFC 1035 §2.3.4.
    private const int NameLengthMax = 253;

    /// <summary>The addresses that are known without a DNS lookup.</summary>
    public IReadOnlyList<IPAddress> KnownAddresses =>
        Address is not null ? [Address]
        : Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : [];

    public static UpstreamName Of(IPEndPoint endPoint) =>
        new(endPoint.Address.ToString(), endPoint.Port, endPoint.Address);

    /// <summary>Parses <c>HOST:PORT</c>; <paramref name="problem"/> says what to write instead.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out UpstreamName? name,
        [NotNullWhen(false)] out string? problem
    )
    {
        name = null;
        problem = ProblemOfForm(text);
        if (problem is not null)
            return false;

        int colon = text.LastIndexOf(':');
        string host = text[..colon];
        string digits = text[(colon + 1)..];
        if (
            !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is 0 or > ushort.MaxValue
        )
        {
            problem = $"\"{digits}\" is not a port; write a number from 1 to 65535, such as {host}:11434";
            return false;
        }

        bool bracketed = host is ['[', .., ']'];
        if (
            AddressLiteral.TryParse(bracketed ? host.AsSpan(1..^1) : host, out IPAddress? address)
            && bracketed == host.Contains(':', StringComparison.Ordinal)
        )
            name = new UpstreamName(address.ToString(), port, address);
        else if (IsName(host))
            name = new UpstreamName(host, port, null);
        else
            problem =
                $"\"{host}\" is neither an IP address nor a host name; write one such as 127.0.0.1:{port} "
                + $"or [::1]:{port}";

        if (name?.Address is { } any && AddressRanges.IsUnspecified(any))
        {
            problem = $"{any} is not an address to connect to; write Ollama's address, such as 127.0.0.1:{port}";
            name = null;
        }
        return name is not null;
    }

    /// <summary>Formats the name as <see cref="TryParse"/> parses it.</summary>
    public override string ToString() => Address is null ? $"{Host}:{Port}" : new IPEndPoint(Address, Port).ToString();

    private static string? ProblemOfForm(string text)
    {
        if (text.Length == 0)
            return "the value is empty; write 127.0.0.1:11434";
        if (text.Contains("://", StringComparison.Ordinal))
            return $"\"{text}\" is a URL; write only the host and the port, {HostOf(text)}";
        if (AddressLiteral.TryParse(text, out IPAddress? bare))
            return $"\"{text}\" lacks a port, or brackets around its address; write {new IPEndPoint(bare, 11434)}";
        if (!text.Contains(':', StringComparison.Ordinal) || text.EndsWith(']'))
            return $"\"{text}\" has no port; write {text}:11434";
        return null;
    }

    private static string HostOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? read) && read.Host.Length > 0
            ? $"{read.Host}:{read.Port}"
            : "127.0.0.1:11434";

    private static bool IsName(string host) =>
        host.Length is > 0 and <= NameLengthMax
        && host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
        // Digits and dots alone are a mistyped address.
        && host.Any(char.IsAsciiLetter);
}
