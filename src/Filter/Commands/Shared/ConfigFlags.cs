using System.CommandLine;
using System.Globalization;
using FastGate.Config;
using FastGate.Proxy.Gate;

namespace FastGate.Commands.Shared;

/// <summary>The flags that say which config holds, and what stands over it. Shared by the verbs that need a
/// config.</summary>
internal sealed class ConfigFlags
{
    private readonly Option<string?> _config = new("--config")
    {
        HelpName = "FILE",
        Description = "The config file, in place of ~/.config/fastgate/fastgate.json",
    };

    private readonly Option<string[]> _listen = new("--listen")
    {
        HelpName = "ADDRESS:PORT",
        Description =
            "Where to listen, such as tailscale:11434 (the default), 127.0.0.1:11435 or en0:11434; can be repeated",
    };

    private readonly Option<string?> _upstream = new("--upstream")
    {
        HelpName = "HOST:PORT",
        Description = "Where Ollama is; the default is 127.0.0.1:11434",
    };

    private readonly Option<string[]> _allow = new("--allow")
    {
        HelpName = "RULE-or-@profile",
        Description = "What to let through, such as @seed (the default), @clients or \"GET /api/ps\"; can be repeated",
    };

    private readonly Option<string?> _accessLog = new("--access-log")
    {
        HelpName = "FILE",
        Description = "Where each request is logged: a file, - for standard output, or off",
    };

    private readonly Option<int?> _loops = WholeNumber("--loops", "Threads that serve connections; the default is 1");

    private readonly Option<string?> _backend = new("--backend")
    {
        HelpName = "NAME",
        Description = $"How they wait for sockets: {string.Join(", ", GateOptions.BackendNames)}",
    };

    private readonly Option<string?> _metricsSocket = new("--metrics-socket")
    {
        HelpName = "PATH",
        Description = "Where the gate tells its numbers, for status: a Unix socket, or off",
    };

    private readonly Option<int?> _metricsPort = WholeNumber(
        "--metrics-port",
        "The same for Prometheus, on 127.0.0.1 and ::1 only; the default is none"
    );

    public void AddTo(Command verb)
    {
        foreach (
            Option flag in (Option[])
                [_config, _listen, _upstream, _allow, _accessLog, _metricsSocket, _metricsPort, _loops, _backend]
        )
            verb.Add(flag);
    }

    /// <summary>Only the file, and what it says about the access log: for a verb that reads that.</summary>
    public void AddLogTo(Command verb)
    {
        _accessLog.Description = "The access log to read, in place of the config's";
        verb.Add(_config);
        verb.Add(_accessLog);
    }

    /// <summary>Only the file, and where Ollama is: for a verb that speaks to it.</summary>
    public void AddUpstreamTo(Command verb)
    {
        verb.Add(_config);
        verb.Add(_upstream);
    }

    public ConfigPath PathOf(ParseResult parsed, Machine machine) => ConfigPath.Find(parsed.GetValue(_config), machine);

    /// <summary>What the flags say, in the form of a file.</summary>
    public GateFile Read(ParseResult parsed) =>
        new()
        {
            Listen = parsed.GetResult(_listen) is null
                ? null
                : new(
                    [
                        .. parsed
                            .GetValue(_listen)!
                            .Select(on => new ListenerSection { On = new Sourced<string>(on, PlaceOf(_listen)) }),
                    ],
                    PlaceOf(_listen)
                ),
            Allow = parsed.GetResult(_allow) is null
                ? null
                : new(
                    [.. parsed.GetValue(_allow)!.Select(rule => new Sourced<string>(rule, PlaceOf(_allow)))],
                    PlaceOf(_allow)
                ),
            Upstream = Read(parsed, _upstream),
            AccessLog = Read(parsed, _accessLog) is { } said ? said with { Value = WholePath(said.Value) } : null,
            Backend = Read(parsed, _backend),
            MetricsSocket = Read(parsed, _metricsSocket) is { } path
                ? path with
                {
                    Value = WholePath(path.Value),
                }
                : null,
            Numbers = new[] { ("loops", _loops), ("metrics.port", _metricsPort) }
                .Where(flag => parsed.GetValue(flag.Item2) is not null)
                .ToDictionary(
                    flag => flag.Item1,
                    flag => new Sourced<double>(parsed.GetValue(flag.Item2)!.Value, PlaceOf(flag.Item2))
                ),
        };

    private static Option<int?> WholeNumber(string name, string description) =>
        new(name)
        {
            HelpName = "N",
            Description = description,
            CustomParser = result =>
            {
                if (
                    int.TryParse(
                        result.Tokens[0].Value,
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out int number
                    )
                )
                    return number;
                result.AddError($"{name}: \"{result.Tokens[0].Value}\" is not a whole number");
                return null;
            },
        };

    private static Sourced<string>? Read(ParseResult parsed, Option<string?> flag) =>
        parsed.GetValue(flag) is { } value ? new Sourced<string>(value, PlaceOf(flag)) : null;

    private static SourceLocation PlaceOf(Option flag) => new(flag.Name);

    // On the command line a path is seen from the present directory; in the file there is no such thing.
    private static string WholePath(string value) =>
        value is "" or "-" or "off" or "auto" || value.StartsWith('~') ? value : Path.GetFullPath(value);
}
