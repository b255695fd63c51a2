using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FastGate.Commands.Logs;

/// <summary>The flags of <c>logs</c>, but for those that say where the log is.</summary>
internal sealed class LogsFlags
{
    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Go on with each request that comes, until Ctrl-C",
    };

    private readonly Option<int?> _lines = new("--lines", "-n")
    {
        HelpName = "N",
        Description = "The last N lines; the default is 50, or all with --since",
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

    private readonly Option<bool> _refused = new("--refused") { Description = "Only what the gate refused" };

    private readonly Option<string?> _peer = new("--peer")
    {
        HelpName = "PEER",
        Description = "Only of an address, a range such as 100.64.0.0/10, or a machine's name in the tailnet",
    };

    private readonly Option<double?> _slow = new("--slow")
    {
        HelpName = "MS",
        Description = "Only what took so many milliseconds or more",
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

    private readonly Option<string?> _since = new("--since")
    {
        HelpName = "TIME",
        Description = "Only from then on: 30m, 2h, 7d, 2026-11-20 or 2026-11-20T18:30",
    };

    private readonly Option<bool> _json = new("--json") { Description = "The lines as they were written" };

    private readonly Option<bool> _learn = new("--learn")
    {
        Description =
            "The requests seen, and the smallest allowlist for them, in all of the log and what was rotated away",
    };

    private readonly Option<bool> _withUnknown = new("--with-unknown")
    {
        Description = "With --learn: propose rules also for what Ollama does not have",
    };

    public void AddTo(Command verb)
    {
        foreach (
            Option flag in (Option[])[_follow, _lines, _refused, _peer, _slow, _since, _json, _learn, _withUnknown]
        )
            verb.Add(flag);
    }

    public bool Follow(ParseResult parsed) => parsed.GetValue(_follow);

    public int? Lines(ParseResult parsed) => parsed.GetValue(_lines);

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    public bool Learn(ParseResult parsed) => parsed.GetValue(_learn);

    public bool WithUnknown(ParseResult parsed) => parsed.GetValue(_withUnknown);

    /// <summary>What cannot be had together, or null.</summary>
    public string? Contradiction(ParseResult parsed)
    {
        if (!Learn(parsed))
            return WithUnknown(parsed) ? "--with-unknown goes with --learn" : null;
        Option? other = ((Option[])[_follow, _lines, _json, _refused, _slow]).FirstOrDefault(flag =>
            parsed.GetResult(flag) is { Implicit: false }
        );
        return other is null ? null : $"--learn looks at all requests and ends: it does not go with {other.Name}";
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
        if (parsed.GetValue(_peer) is { } who && !PeerChoice.TryParse(who, names, out choice, out problem))
            problem = $"--peer: {problem}";
        else if (choice is { IsName: true } && !names.CanAsk)
            problem = "--peer: there is no program tailscale here to ask for names: write the address";
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
