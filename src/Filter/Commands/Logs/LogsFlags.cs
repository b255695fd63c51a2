using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FastGate.Commands.Logs;

/// <summary>The flags of <c>logs</c>, except those that locate the log.</summary>
internal sealed class LogsFlags
{
    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Print new requests as they arrive, until Ctrl-C",
    };

    private readonly Option<int?> _lines = new("--lines", "-n")
    {
        HelpName = "N",
        Description = "Show the last N lines (default: 50, or all with --since)",
        CustomParser = result =>
            Read(
                result,
                text =>
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                        ? number
                        : (int?)null,
                "a whole number"
            ),
    };

    private readonly Option<bool> _refused = new("--refused") { Description = "Show only refused requests" };

    private readonly Option<string?> _peer = new("--peer")
    {
        HelpName = "PEER",
        Description =
            "Show only requests of an address, a range such as 100.64.0.0/10, or a machine name in the tailnet",
    };

    private readonly Option<double?> _slow = new("--slow")
    {
        HelpName = "MS",
        Description = "Show only requests that took at least MS milliseconds",
        CustomParser = result =>
            Read(
                result,
                text =>
                    double.TryParse(
                        text,
                        NumberStyles.AllowDecimalPoint,
                        CultureInfo.InvariantCulture,
                        out double number
                    )
                        ? number
                        : (double?)null,
                "a number of milliseconds"
            ),
    };

    private readonly Option<bool> _probes = new("--probes")
    {
        Description = "Also show requests of doctor and install",
    };

    private readonly Option<string?> _since = new("--since")
    {
        HelpName = "TIME",
        Description = "Show only requests since TIME: 30m, 2h, 7d, 2026-11-20 or 2026-11-20T18:30",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the lines as they were written" };

    private readonly Option<bool> _learn = new("--learn")
    {
        Description = "List all requests in the log and its rotated files, and the smallest allowlist for them",
    };

    private readonly Option<bool> _withUnknown = new("--with-unknown")
    {
        Description = "With --learn: also propose rules for paths that Ollama does not have",
    };

    public void AddTo(Command verb)
    {
        foreach (
            Option flag in (Option[])
                [_follow, _lines, _refused, _peer, _slow, _since, _probes, _json, _learn, _withUnknown]
        )
            verb.Add(flag);
    }

    public bool Follow(ParseResult parsed) => parsed.GetValue(_follow);

    public int? Lines(ParseResult parsed) => parsed.GetValue(_lines);

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    public bool Learn(ParseResult parsed) => parsed.GetValue(_learn);

    public bool WithUnknown(ParseResult parsed) => parsed.GetValue(_withUnknown);

    /// <summary>Returns an error for flags that cannot be combined, or null.</summary>
    public string? Contradiction(ParseResult parsed)
    {
        if (!Learn(parsed))
            return WithUnknown(parsed) ? "--with-unknown requires --learn" : null;
        Option? other = ((Option[])[_follow, _lines, _json, _refused, _slow, _probes]).FirstOrDefault(flag =>
            parsed.GetResult(flag) is { Implicit: false }
        );
        return other is null ? null : $"--learn reads the whole log and exits: it cannot be combined with {other.Name}";
    }

    public bool TryReadFilter(
        ParseResult parsed,
        PeerNames names,
        DateTimeOffset now,
        [NotNullWhen(true)] out LogFilter? filter,
        [NotNullWhen(false)] out string? problem
    )
    {
        filter = null;
        problem = null;
        PeerChoice? choice = null;
        if (parsed.GetValue(_peer) is { } peer && !PeerChoice.TryParse(peer, names, out choice, out problem))
            problem = $"--peer: {problem}";
        else if (choice is { IsName: true } && !names.CanLookUp)
            problem = "--peer: a name needs the tailscale program, which is not installed: write the address instead";
        DateTimeOffset moment = default;
        bool hasSince =
            problem is null
            && parsed.GetValue(_since) is { } text
            && SinceText.TryParse(text, now, out moment, out problem);
        if (problem is not null)
            return false;
        filter = new LogFilter
        {
            RefusedOnly = parsed.GetValue(_refused),
            WithProbes = parsed.GetValue(_probes),
            SlowMilliseconds = parsed.GetValue(_slow),
            Since = hasSince ? moment : null,
            Peer = choice,
        };
        return true;
    }

    private static T? Read<T>(ArgumentResult result, Func<string, T?> read, string what)
        where T : struct
    {
        string text = result.Tokens[0].Value;
        if (read(text) is { } value)
            return value;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: \"{text}\" is not {what}");
        return null;
    }
}
