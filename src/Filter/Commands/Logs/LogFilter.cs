using System.Diagnostics.CodeAnalysis;
using System.Net;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Logs;

/// <summary>Selects lines of the access log.</summary>
internal sealed record LogFilter
{
    /// <summary>Selects only refused requests.</summary>
    public bool RefusedOnly { get; init; }

    /// <summary>Selects only requests that took at least this long, from the first byte to the end.</summary>
    public double? SlowMilliseconds { get; init; }

    /// <summary>Selects only requests that began at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Also selects requests of <c>doctor</c> and <c>install</c>.</summary>
    public bool WithProbes { get; init; }

    /// <summary>Selects only requests of these peers.</summary>
    public PeerChoice? Peer { get; init; }

    /// <summary>Whether the filter excludes requests for another reason than their time.</summary>
    public bool IsSelective => RefusedOnly || SlowMilliseconds is not null || Peer is not null;

    public bool Accepts(LogLine line)
    {
        if (line.Time < Since)
            return false;
        // Dropped lines could have matched any filter.
        if (line.Dropped > 0)
            return true;
        return (WithProbes || !line.IsProbe)
            && (!RefusedOnly || line.IsRefused)
            && (SlowMilliseconds is not { } slow || line.DurationMilliseconds >= slow)
            && (Peer is null || Peer.Accepts(line.Peer));
    }

    /// <summary>Whether all lines before this one are too old, since the log is ordered by the end of the
    /// requests.</summary>
    public bool IsPast(LogLine line) => line.End < Since;
}

/// <summary>The peers to select: an address, a range of addresses, or a machine name in the tailnet.</summary>
internal sealed class PeerChoice
{
    private readonly AddressRange _range;
    private readonly string? _name;
    private readonly PeerNames _names;

    private PeerChoice(AddressRange range, string? name, PeerNames names) =>
        (_range, _name, _names) = (range, name, names);

    public bool IsName => _name is not null;

    /// <param name="text">An address, a range or a name.</param>
    /// <param name="names">Finds the name of an address, if <paramref name="text"/> is a name.</param>
    /// <param name="choice">The peers.</param>
    /// <param name="problem">What is wrong, and what to write instead.</param>
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
            ? $"\"{text}\" is not an address, a range or a machine name: write one such as 100.101.102.103, "
                + $"100.64.0.0/10 or laptop"
            : null;
        return choice is not null;
    }

    /// <summary>Whether a peer is selected. Blocks while the peer's name is looked up.</summary>
    public bool Accepts(string peer)
    {
        // A link-local peer is logged with its interface (fe80::1%4), which is not part of the address.
        int zone = peer.IndexOf('%', StringComparison.Ordinal);
        if (!AddressLiteral.TryParse(zone < 0 ? peer : peer.AsSpan(..zone), out IPAddress? address))
            return false;
        return _name is null ? _range.Contains(address) : HasName(_names.FindAsync(peer).GetAwaiter().GetResult());
    }

    private bool HasName(string? found) => string.Equals(found, _name, StringComparison.OrdinalIgnoreCase);
}
