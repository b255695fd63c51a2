using System.CommandLine;
using System.Net;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary><c>fastgate doctor</c>: checks a live installation, and prints a command for each fault.</summary>
internal static class DoctorVerb
{
    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        Option<string?> target = new("--target")
        {
            HelpName = "HOST:PORT",
            Description = "Check a gate on another machine, as a client sees it",
        };
        Option<bool> skipModels = new("--skip-model-tests") { Description = "Skip checks that run a model" };
        Option<bool> skipAnthropic = new("--skip-anthropic-tests") { Description = "Skip the /v1/messages checks" };
        Option<bool> verbose = new("--verbose", "-v")
        {
            Description = "Show every request and command, with its result and time",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object, for programs" };
        Verb verb = new(
            "doctor",
            "Check a live installation end to end, and print a command that fixes each fault.",
            new Example("fastgate doctor", "Check this machine. Changes nothing."),
            new Example("fastgate doctor --skip-model-tests", "Check it in a few seconds, without running a model."),
            new Example(
                "fastgate doctor --target mac.example.ts.net:11434",
                "Check the gate on another machine from a client."
            )
        )
        {
            target,
            skipModels,
            skipAnthropic,
            verbose,
            json,
        };
        flags.AddTo(verb);
        verb.SetAction(
            async (parsed, _) =>
            {
                DoctorOptions options = new()
                {
                    Program = ProgramWord(),
                    SkipModelTests = parsed.GetValue(skipModels),
                    SkipAnthropicTests = parsed.GetValue(skipAnthropic),
                };
                if (parsed.GetValue(target) is { } text)
                {
                    if (!UpstreamName.TryParse(text, out UpstreamName? name, out string? problem))
                        return CouldNot(terminal, $"--target: {problem}");
                    options = options with { Target = name };
                }
                using HttpProbe probe = new();
                (HostEnvironment? host, string unsupported) = await HostEnvironmentReader.ReadAsync(probe);
                if (host is null)
                    return CouldNot(terminal, unsupported);
                return await RunAsync(
                    host,
                    flags.PathOf(parsed, host.Machine),
                    flags.Read(parsed),
                    options,
                    new DoctorScreen(terminal, parsed.GetValue(json), parsed.GetValue(verbose))
                );
            }
        );
        return verb;

        static int CouldNot(Terminal to, string problem) => UsageError.CouldNot(to.Error, "doctor", problem);
    }

    /// <summary>Runs the verb on any machine.</summary>
    public static async Task<int> RunAsync(
        HostEnvironment host,
        ConfigPath path,
        GateFile flags,
        DoctorOptions options,
        DoctorScreen screen
    )
    {
        ConfigResult config = ConfigLoader.Load(path, flags, host.Machine);
        // An invalid file is a failed check. With an invalid flag, or without the file that is named, doctor cannot
        // start.
        ConfigResult without = ConfigLoader.Load(path with { Path = Nowhere, IsExplicit = false }, flags, host.Machine);
        if (without.Plan is null || (path.IsExplicit && !config.FileExists))
            return screen.CouldNot(without.Plan is null ? without : config);
        GatePlan plan = config.Plan ?? without.Plan;
        IPEndPoint? endPoint = await AddressOfAsync(options.Target ?? plan.Upstream);
        DoctorContext context = new(host, config, plan, options, endPoint);
        using ProbeAnnouncer announcer = new(host.Probe, plan.MetricsSocket);
        using StopSignals signals = new();
        try
        {
            return await screen.ShowAsync(
                context,
                new CheckRunner(context).RunAsync(CheckList.Of(context), signals.Token)
            )
                ? ExitCodes.Yes
                : ExitCodes.No;
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C or SIGTERM: not every check has run.
            return ExitCodes.CouldNot;
        }
    }

    private const string Nowhere = "/nonexistent/fastgate.json";

    private static async Task<IPEndPoint?> AddressOfAsync(UpstreamName name) =>
        name.Address is { } known ? new IPEndPoint(known, name.Port)
        : await NameLookup.FindAsync(name.Host) is [var first, ..] ? new IPEndPoint(first, name.Port)
        : null;

    // The printed commands have to work if the program is not on the PATH.
    private static string ProgramWord() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, "fastgate")))
        || Path.GetFileName(Environment.ProcessPath) != "fastgate"
            ? "fastgate"
            : ShellWords.Quote(Environment.ProcessPath!);
}
