using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace FastGate.Proxy.Listening;

/// <summary>Where to listen, as written in the config; <see cref="ListenPlan"/> finds the addresses that it means
/// now.</summary>
internal sealed record ListenAddress
{
    private const string Tailscale = "tailscale";
    private const string Forms = "write tailscale:11434, 127.0.0.1:11434, [::1]:11434 or en0:11434";

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("[]:/ \t\r\n");

    private ListenAddress(ListenKind kind, int port) => (Kind, Port) = (kind, port);

    public ListenKind Kind { get; }

    public int Port { get; }

    /// <summary>Only for <see cref="ListenKind.Address"/>.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>Only for <see cref="ListenKind.Interface"/>.</summary>
    public string? Interface { get; private init; }

    /// <summary>Every address of the machine; requires <c>"public": true</c>.</summary>
    public bool IsUnspecified => AddressRanges.IsUnspecified(Address);

    /// <summary>One address and port; port 0 lets the system choose.</summary>
    public static ListenAddress Of(IPEndPoint endPoint) =>
        new(ListenKind.Address, endPoint.Port) { Address = endPoint.Address };

    /// <summary>Reads the text; on failure, <paramref name="problem"/> says what to write instead.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out ListenAddress? address,
        [NotNullWhen(false)] out string? problem
    )
    {
        address = null;
        problem = ProblemOfTheWhole(text);
        if (problem is not null)
            return false;

        int colon = text.LastIndexOf(':');
        string host = text[..colon];
        if (TryParseAddress(host, out IPAddress? local) && local.IsIPv6LinkLocal)
        {
            problem =
                $"{local} is a link-local address, which needs its interface: write another address of "
                + $"that interface, or the interface, such as en0:11434";
            return false;
        }
        ReadOnlySpan<char> digits = text.AsSpan(colon + 1);
        if (
            !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is 0 or > ushort.MaxValue
            || digits[0] == '0'
        )
        {
            problem = $"\"{digits}\" is not a port: write a number from 1 to 65535, such as {host}:11434";
            return false;
        }

        if (host == Tailscale)
            address = new ListenAddress(ListenKind.Tailscale, port);
        else if (TryParseAddress(host, out IPAddress? literal))
            address = new ListenAddress(ListenKind.Address, port) { Address = literal };
        else if ((problem = ProblemOfInterface(host, port)) is null)
            address = new ListenAddress(ListenKind.Interface, port) { Interface = host };
        return address is not null;
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() =>
        Kind switch
        {
            ListenKind.Tailscale => $"{Tailscale}:{Port}",
            ListenKind.Address => new IPEndPoint(Address!, Port).ToString(),
            _ => $"{Interface}:{Port}",
        };

    private static bool TryParseAddress(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        bool bracketed = host is ['[', .., ']'];
        return AddressLiteral.TryParse(bracketed ? host.AsSpan(1..^1) : host, out address)
            && bracketed == host.Contains(':', StringComparison.Ordinal);
    }

    private static string? ProblemOfTheWhole(string text)
    {
        if (text.Contains("//", StringComparison.Ordinal))
            return $"\"{text}\" is a URL: write only the address and the port, such as tailscale:11434";
        if (AddressLiteral.TryParse(text, out IPAddress? bare))
            return $"\"{text}\" has no port, or its address has no brackets: write {new IPEndPoint(bare, 11434)}";
        if (text is "" or [':', ..] || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return $"\"{text}\" has no address: {Forms}";
        if (!text.Contains(':', StringComparison.Ordinal) || text.EndsWith(']'))
            return $"\"{text}\" has no port: write {text}:11434";
        return null;
    }

    private static string? ProblemOfInterface(string host, int port)
    {
        if (host.Equals(Tailscale, StringComparison.OrdinalIgnoreCase))
            return $"\"{host}\": write {Tailscale}:{port}";
        if (host is "*")
            return $"\"*\" is not an address: write 0.0.0.0:{port}, and \"public\": true beside it, to listen "
                + $"everywhere";
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return $"\"{host}\" can mean two addresses: write 127.0.0.1:{port} or [::1]:{port}";
        if (AddressLiteral.TryParse(host, out IPAddress? bare))
            return $"An IPv6 address needs brackets: write {new IPEndPoint(bare, port)}";
        if (host.Contains('%', StringComparison.Ordinal))
            return $"\"{host}\" has a zone: write the interface instead, such as en0:{port}";
        if (host.AsSpan().ContainsAny(NotInNames) || host.All(c => char.IsAsciiDigit(c) || c == '.'))
            return $"\"{host}\" is not an address: {Forms}";
        if (IsLikeHostName(host))
            return $"\"{host}\" looks like a host name: write the address that it stands for, or an interface "
                + $"such as en0:{port}";
        return null;
    }

    /// <summary>A dot in an interface's name can only precede a VLAN number (<c>eth0.100</c>).</summary>
    private static bool IsLikeHostName(string host)
    {
        int dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot >= 0 && host.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9');
    }
}

/// <summary>The three forms of a <see cref="ListenAddress"/>.</summary>
internal enum ListenKind
{
    /// <summary><c>tailscale:11434</c></summary>
    Tailscale,

    /// <summary><c>127.0.0.1:11434</c>, <c>[::1]:11434</c></summary>
    Address,

    /// <summary><c>en0:11434</c></summary>
    Interface,
}

/// <summary>Reads an address strictly: text with a second meaning is refused.</summary>
internal static class AddressLiteral
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>
    /// Accepts four decimal numbers or RFC 4291 text, without zone and brackets. An IPv4-mapped IPv6 address becomes
    /// the IPv4 address.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        // IPAddress also accepts brackets with a port, zones, and "1", "0x7f.1" or "010.0.0.1" (which is octal).
        if (text.ContainsAnyExcept(Characters) || !IPAddress.TryParse(text, out address))
        {
            address = null;
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        else if (!text.Contains(':') && !text.SequenceEqual(address.ToString()))
            address = null;
        return address is not null;
    }
}
