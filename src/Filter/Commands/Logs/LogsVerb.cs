using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary><c>fastgate logs</c>: shows the access log, and derives an allowlist from it.</summary>
internal static class LogsVerb
{
    private const int LinesDefault = 50;

    private static readonly TimeSpan RecentMax = TimeSpan.FromDays(1);

    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        LogsFlags logs = new();
        Verb verb = new(
            "logs",
            "Show or follow the access log, or derive the smallest allowlist from it.",
            new Example("fastgate logs -f", "Show the last requests, then new ones as they arrive."),
            new Example("fastgate logs --refused --since 2h", "Show what was refused in the last two hours."),
            new Example(
                "fastgate logs --slow 60000 --peer laptop",
                "Show requests from one machine that took a minute or longer."
            ),
            new Example("fastgate logs --learn", "List all requests and the smallest allowlist for them.")
        );
        logs.AddTo(verb);
        flags.AddLogTo(verb);
        verb.SetAction((parsed, _) => RunAsync(parsed, flags, logs, terminal));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ConfigFlags flags, LogsFlags logs, Terminal terminal)
    {
        Machine machine = Machine.Read();
        if (flags.Load(parsed, machine, terminal) is not { Plan: { } plan } config)
            return ExitCodes.CouldNot;
        if (!TryFindLog(config, out string? path, out string? problem))
            return CouldNot(terminal, problem);
        PeerNames names = PeerNames.OfSystem(Environment.GetEnvironmentVariable("PATH") ?? "", TimeProvider.System);
        if (!logs.TryReadFilter(parsed, names, DateTimeOffset.Now, out LogFilter? filter, out problem))
            return CouldNot(terminal, problem);
        if (logs.Contradiction(parsed) is { } contradiction)
            return CouldNot(terminal, contradiction);
        if (OthersOf(path) is { Length: > 0 } others)
            terminal.Error.WriteLine(
                $"fastgate logs: other gates write to {string.Join(", ", others)}; to read such a log, use "
                    + $"--access-log {others[0]}"
            );
        if (!logs.Follow(parsed) && !Exists(path))
            return CouldNot(terminal, NoLog(path));
        try
        {
            if (logs.Learn(parsed))
                return LearnScreen.Show(terminal, path, filter, plan, logs.WithUnknown(parsed));
            // --since without --lines shows everything since then.
            int? linesMax = logs.Lines(parsed) ?? (filter.Since is null ? LinesDefault : null);
            return await new LogsRun(
                terminal,
                names,
                new LogsOptions(path, filter, linesMax, logs.Follow(parsed), logs.Json(parsed))
            ).RunAsync();
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return CouldNot(terminal, $"cannot read {path}: {exception.Message}");
        }
    }

    private static bool TryFindLog(
        ConfigResult config,
        [NotNullWhen(true)] out string? path,
        [NotNullWhen(false)] out string? problem
    )
    {
        path = config.Plan!.AccessLog;
        problem = path switch
        {
            null => $"the access log is off in {config.Path.Path}: set \"accessLog\" to \"auto\" there and restart "
                + "the gate",
            "-" => "the access log goes to the gate's standard output, which is not stored: set \"accessLog\" to "
                + "\"auto\" and restart the gate, or use --access-log FILE if the output was redirected to a file",
            _ => null,
        };
        return problem is null;
    }

    /// <summary>Returns the logs, written within the last day, of gates that found this name in use.</summary>
    private static string[] OthersOf(string path) =>
        [
            .. Enumerable
                .Range(2, LogFile.NamesMax - 1)
                .Select(number => LogFile.Numbered(path, number))
                .TakeWhile(File.Exists)
                .Where(other => DateTime.UtcNow - File.GetLastWriteTimeUtc(other) < RecentMax),
        ];

    private static bool Exists(string path) => File.Exists(path) || File.Exists(path + ".1") || Directory.Exists(path);

    private static string NoLog(string path) =>
        $"{path} does not exist yet: a gate run by this user creates it at the first request. Use -f to wait for it, "
        + "or --access-log FILE to read another log";

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "logs", problem);
}
