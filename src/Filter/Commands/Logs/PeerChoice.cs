using System.Diagnostics.CodeAnalysis;
using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Logs;

/// <summary>Which peers are meant: an address, a range of addresses, or a name in the tailnet.</summary>
internal sealed class PeerChoice
{
    private readonly AddressRange _range;
    private readonly string? _name;
    private readonly PeerNames _names;

    private PeerChoice(AddressRange range, string? name, PeerNames names) =>
        (_range, _name, _names) = (range, name, names);

    public bool IsName => _name is not null;

    /// <summary>The problem says what to write instead.</summary>
    /// <param name="text">As it was said.</param>
    /// <param name="names">Asked for the name of an address, if a name was said.</param>
    /// <param name="choice">Who is meant.</param>
    /// <param name="problem">What is wrong.</param>
    public static bool TryParse(
        string text,
        PeerNames names,
        [NotNullWhen(true)] out PeerChoice? choice,
        [NotNullWhen(false)] out string? problem
    )
    {
        choice =
            AddressRange.TryParse(text, out AddressRange range, out _) ? new PeerChoice(range, null, names)
            : PeerNames.IsName(text) && text.Any(char.IsAsciiLetter) ? new PeerChoice(default, text, names)
            : null;
        problem = choice is null
            ? $"\"{text}\" is neither an address, a range nor a name: write one such as 100.101.102.103, "
                + $"100.64.0.0/10 or laptop"
            : null;
        return choice is not null;
    }

    /// <summary>A name is asked for, and waited for.</summary>
    public bool Accepts(string peer)
    {
        // A link-local peer is logged with its interface (fe80::1%4), which nobody asks for.
        int zone = peer.IndexOf('%', StringComparison.Ordinal);
        if (!AddressLiteral.TryParse(zone < 0 ? peer : peer.AsSpan(..zone), out IPAddress? address))
            return false;
        return _name is null ? _range.Contains(address) : IsMeant(_names.FindAsync(peer).GetAwaiter().GetResult());
    }

    private bool IsMeant(string? found) => string.Equals(found, _name, StringComparison.OrdinalIgnoreCase);
}
