using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary><c>fastgate logs</c>: the access log for people, and what can be learned from it.</summary>
internal static class LogsVerb
{
    private const int LinesUsual = 50;

    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        LogsFlags logs = new();
        Verb verb = new(
            "logs",
            "Show the access log, follow it, or learn from it the allowlist that is needed.",
            new Example("fastgate logs -f", "The last requests, and each that comes."),
            new Example("fastgate logs --refused --since 2h", "What was refused in the last two hours?"),
            new Example("fastgate logs --slow 60000 --peer laptop", "What took this machine a minute or longer?"),
            new Example(
                "fastgate logs --learn",
                "Which requests were there, and which is the smallest allowlist for them?"
            )
        );
        logs.AddTo(verb);
        flags.AddLogTo(verb);
        verb.SetAction((parsed, _) => RunAsync(parsed, flags, logs, terminal));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ConfigFlags flags, LogsFlags logs, Terminal terminal)
    {
        Machine machine = Machine.Read();
        ConfigResult config = ConfigLoader.Load(flags.PathOf(parsed, machine), flags.Read(parsed), machine);
        if (config.Plan is null)
        {
            ProblemList.Write(terminal.Error, config);
            return ExitCodes.CouldNot;
        }
        if (!TryFindLog(config, out string? path, out string? problem))
            return CouldNot(terminal, problem);
        PeerNames names = PeerNames.Usual(Environment.GetEnvironmentVariable("PATH") ?? "", TimeProvider.System);
        if (!logs.TryReadFilter(parsed, names, DateTimeOffset.Now, out LogFilter? filter, out problem))
            return CouldNot(terminal, problem);
        if (logs.Contradiction(parsed) is { } contradiction)
            return CouldNot(terminal, contradiction);
        if (OthersOf(path) is { Length: > 0 } others)
            terminal.Error.WriteLine(
                $"fastgate logs: other gates write {string.Join(", ", others)} as well: read one with "
                    + $"--access-log {others[0]}"
            );
        if (!logs.Follow(parsed) && !IsThere(path))
            return CouldNot(terminal, Absence(path));
        try
        {
            if (logs.Learn(parsed))
                return LearnScreen.Show(terminal, path, filter, config.Plan, logs.WithUnknown(parsed));
            // Who says since when wants all of it.
            int? linesMax = logs.Lines(parsed) ?? (filter.Since is null ? LinesUsual : null);
            return await new LogsRun(
                terminal,
                names,
                new LogsOptions(path, filter, linesMax, logs.Follow(parsed), logs.Json(parsed))
            ).RunAsync();
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return CouldNot(terminal, $"{path} cannot be read: {unreadable.Message}");
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
            null => $"there is no access log: it is \"off\" in {config.Path.Path}. Set \"accessLog\" to "
                + $"\"auto\" there and restart the gate.",
            "-" => "the access log goes to the gate's standard output, which keeps nothing to look at. Set "
                + "\"accessLog\" to \"auto\" and restart the gate, "
                + "or name a file that it was written to: --access-log FILE",
            _ => null,
        };
        return problem is null;
    }

    /// <summary>Where gates write that found the name taken, as far as they have lately.</summary>
    private static string[] OthersOf(string path) =>
        [
            .. Enumerable
                .Range(2, LogFile.NamesMax - 1)
                .Select(number => LogFile.Numbered(path, number))
                .TakeWhile(File.Exists)
                .Where(other => DateTime.UtcNow - File.GetLastWriteTimeUtc(other) < Lately),
        ];

    private static bool IsThere(string path) => File.Exists(path) || File.Exists(path + ".1") || Directory.Exists(path);

    private static string Absence(string path) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"there is no {path} yet. A gate that this user runs writes it from its first request on; "
                + $"-f waits for it, and --access-log FILE reads another."
        );

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "logs", problem);
}
