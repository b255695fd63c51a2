using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FastGate.Config;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Shared;

/// <summary>The flags that select the config file and override its members, for every verb that needs a
/// config.</summary>
internal sealed class ConfigFlags
{
    private readonly Option<string?> _config = new("--config")
    {
        HelpName = "FILE",
        Description = "Config file (default: ~/.config/fastgate/fastgate.json)",
    };

    private readonly Option<string[]> _listen = new("--listen")
    {
        HelpName = "ADDRESS:PORT",
        Description =
            "Address to listen on, such as tailscale:11434 (the default), 127.0.0.1:11435 or en0:11434; repeatable",
    };

    private readonly Option<string?> _upstream = new("--upstream")
    {
        HelpName = "HOST:PORT",
        Description = "Address of Ollama (default: 127.0.0.1:11434)",
    };

    private readonly Option<string[]> _allow = new("--allow")
    {
        HelpName = "RULE|@PROFILE",
        Description = "Requests to allow, such as @seed (the default), @clients or \"GET /api/ps\"; repeatable",
    };

    private readonly Option<string?> _accessLog = new("--access-log")
    {
        HelpName = "FILE",
        Description = "Access log: a file, - for standard output, or off",
    };

    private readonly Option<int?> _loops = WholeNumber("--loops", "Threads that serve connections (default: 1)");

    private readonly Option<string?> _backend = new("--backend")
    {
        HelpName = "NAME",
        Description = $"Socket backend: {string.Join(", ", GateOptions.BackendNames)}",
    };

    private readonly Option<string?> _poll = new("--poll")
    {
        HelpName = "TIME",
        Description = "Microseconds to poll the sockets before blocking, auto (the default) or off",
    };

    private readonly Option<string?> _metricsSocket = new("--metrics-socket")
    {
        HelpName = "PATH",
        Description = "Unix socket that serves metrics to fastgate status, or off",
    };

    private readonly Option<int?> _metricsPort = WholeNumber(
        "--metrics-port",
        "Port that serves Prometheus metrics, on 127.0.0.1 and ::1 only (default: none)"
    );

    public ConfigFlags()
    {
        _listen.CompletionSources.Add("tailscale:11434", "127.0.0.1:11435");
        _upstream.CompletionSources.Add("127.0.0.1:11434");
        _allow.CompletionSources.Add([.. Profiles.Names]);
        _backend.CompletionSources.Add([.. GateOptions.BackendNames]);
        _poll.CompletionSources.Add("auto", "off");
    }

    private Option[] All =>
        [_config, _listen, _upstream, _allow, _accessLog, _metricsSocket, _metricsPort, _loops, _backend, _poll];

    public void AddTo(Command verb)
    {
        foreach (Option flag in All)
            verb.Add(flag);
    }

    /// <summary>Adds only --config and --access-log, for a verb that reads the access log.</summary>
    public void AddLogTo(Command verb)
    {
        _accessLog.Description = "Access log to read (default: the one in the config)";
        verb.Add(_config);
        verb.Add(_accessLog);
    }

    /// <summary>Adds only --config and --upstream, for a verb that connects to Ollama.</summary>
    public void AddUpstreamTo(Command verb)
    {
        verb.Add(_config);
        verb.Add(_upstream);
    }

    /// <summary>Adds only --listen and --allow, for a verb that writes a config.</summary>
    public void AddNewTo(Command verb)
    {
        verb.Add(_listen);
        verb.Add(_allow);
    }

    /// <summary>Adds only --config, --listen and --allow, for a verb that asks what the rules allow where.</summary>
    public void AddRulesTo(Command verb)
    {
        verb.Add(_config);
        AddNewTo(verb);
    }

    public ConfigPath PathOf(ParseResult parsed, Machine machine) => ConfigPath.Find(parsed.GetValue(_config), machine);

    /// <summary>The flags as written, which identify what a gate serves beside its config file.</summary>
    public IEnumerable<string> Words(ParseResult parsed) =>
        parsed
            .CommandResult.Children.OfType<OptionResult>()
            .Where(result => !result.Implicit && result.Option != _config && All.Contains(result.Option))
            .SelectMany(result => result.Tokens.Select(token => $"{result.Option.Name} {token.Value}"))
            .Order(StringComparer.Ordinal);

    /// <summary>Loads the config, or prints its problems.</summary>
    /// <returns>Null when the config is invalid; exit with <see cref="ExitCodes.CouldNot"/>.</returns>
    public ConfigResult? Load(ParseResult parsed, Machine machine, Terminal terminal)
    {
        ConfigResult config = ConfigLoader.Load(PathOf(parsed, machine), Read(parsed), machine);
        if (config.Plan is not null)
            return config;
        ProblemList.Write(terminal.Error, config);
        return null;
    }

    /// <summary>Returns the flags in the form of a config file.</summary>
    public GateFile Read(ParseResult parsed) =>
        new()
        {
            Listen = parsed.GetResult(_listen) is null
                ? null
                : new(
                    [
                        .. parsed
                            .GetValue(_listen)!
                            .Select(on => new ListenerSection { On = new Sourced<string>(on, LocationOf(_listen)) }),
                    ],
                    LocationOf(_listen)
                ),
            Allow = parsed.GetResult(_allow) is null
                ? null
                : new(
                    [.. parsed.GetValue(_allow)!.Select(rule => new Sourced<string>(rule, LocationOf(_allow)))],
                    LocationOf(_allow)
                ),
            Upstream = Read(parsed, _upstream),
            AccessLog = Read(parsed, _accessLog) is { } log ? log with { Value = FullPath(log.Value) } : null,
            Backend = Read(parsed, _backend),
            Poll = Read(parsed, _poll),
            MetricsSocket = Read(parsed, _metricsSocket) is { } path
                ? path with
                {
                    Value = FullPath(path.Value),
                }
                : null,
            Numbers = new[] { ("loops", _loops), ("metrics.port", _metricsPort) }
                .Where(flag => parsed.GetValue(flag.Item2) is not null)
                .ToDictionary(
                    flag => flag.Item1,
                    flag => new Sourced<double>(parsed.GetValue(flag.Item2)!.Value, LocationOf(flag.Item2))
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
        parsed.GetValue(flag) is { } value ? new Sourced<string>(value, LocationOf(flag)) : null;

    private static SourceLocation LocationOf(Option flag) => new(flag.Name);

    // A path on the command line is relative to the current directory; the config file allows no relative path.
    private static string FullPath(string value) =>
        value is "" or "-" or "off" or "auto" || value.StartsWith('~') ? value : Path.GetFullPath(value);
}
