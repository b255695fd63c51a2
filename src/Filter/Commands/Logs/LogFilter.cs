using System.Diagnostics.CodeAnalysis;
using System.Net;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Logs;

/// <summary>Which lines of the access log somebody wants to see.</summary>
internal sealed record LogFilter
{
    /// <summary>Only what the gate refused.</summary>
    public bool RefusedOnly { get; init; }

    /// <summary>Only what took so many milliseconds or more, from its first byte to its end.</summary>
    public double? SlowMilliseconds { get; init; }

    /// <summary>Only what began then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only of this peer.</summary>
    public PeerChoice? Peer { get; init; }

    /// <summary>Some requests are left out by what they are, not by when they were.</summary>
    public bool IsSelective => RefusedOnly || SlowMilliseconds is not null || Peer is not null;

    public bool Accepts(LogLine line)
    {
        if (line.Time < Since)
            return false;
        // What is missing is missing from every selection.
        if (line.Dropped > 0)
            return true;
        return (!RefusedOnly || line.IsRefused)
            && (SlowMilliseconds is not { } slow || line.DurationMilliseconds >= slow)
            && (Peer is null || Peer.Accepts(line.Peer));
    }

    /// <summary>Whether no line further to the front of the log can be accepted: lines stand in the order of their
    /// ends.</summary>
    public bool IsPast(LogLine line) => line.End < Since;
}

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
