using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary><c>fastgate doctor</c>: every check of a live installation, each bad one with its cure.</summary>
internal static class DoctorVerb
{
    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        Option<string?> target = new("--target")
        {
            HelpName = "HOST:PORT",
            Description = "A gate on another machine: what can be seen from a client",
        };
        Option<bool> skipModels = new("--skip-model-tests") { Description = "Nothing that makes a model work" };
        Option<bool> skipAnthropic = new("--skip-anthropic-tests") { Description = "Nothing of /v1/messages" };
        Option<bool> verbose = new("--verbose", "-v")
        {
            Description = "Every request and command, its answer and its time",
        };
        Option<bool> json = new("--json") { Description = "One JSON object, for programs" };
        Verb verb = new(
            "doctor",
            "Check a live installation from end to end, with the cure for each fault.",
            new Example("fastgate doctor", "Is everything as it should be on this machine? Nothing is changed."),
            new Example("fastgate doctor --skip-model-tests", "The same in a few seconds, without a model."),
            new Example(
                "fastgate doctor --target mac.example.ts.net:11434",
                "From a client: does the gate there do what it should?"
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
                    if (!UpstreamName.TryParse(text, out UpstreamName? name, out string? wrong))
                        return CouldNot(terminal, $"--target: {wrong}");
                    options = options with { Target = name };
                }
                using HttpProbe probe = new();
                (HostEnvironment? site, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                if (site is null)
                    return CouldNot(terminal, problem);
                return await RunAsync(
                    site,
                    flags.PathOf(parsed, site.Machine),
                    flags.Read(parsed),
                    options,
                    new DoctorScreen(terminal, parsed.GetValue(json), parsed.GetValue(verbose))
                );
            }
        );
        return verb;

        static int CouldNot(Terminal to, string problem) => UsageError.CouldNot(to.Error, "doctor", problem);
    }

    /// <summary>The verb on any site.</summary>
    public static async Task<int> RunAsync(
        HostEnvironment site,
        ConfigPath path,
        GateFile flags,
        DoctorOptions options,
        DoctorScreen screen
    )
    {
        ConfigResult config = ConfigLoader.Load(path, flags, site.Machine);
        // A broken file is a finding; a broken flag, or a file that is named and not there, is nothing to begin with.
        ConfigResult without = ConfigLoader.Load(path with { Path = Nowhere, IsExplicit = false }, flags, site.Machine);
        if (without.Plan is null || (path.IsExplicit && !config.FileExists))
            return screen.CouldNot(without.Plan is null ? without : config);
        GatePlan plan = config.Plan ?? without.Plan;
        (DoctorContext patient, IReadOnlyList<DoctorCheck> checks) = await PrepareAsync(site, config, plan, options);
        using CancellationTokenSource stopping = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT,
            signal =>
            {
                signal.Cancel = true;
                stopping.Cancel();
            }
        );
        try
        {
            return await screen.ShowAsync(patient, new CheckRunner(patient).RunAsync(checks, stopping.Token))
                ? ExitCodes.Yes
                : ExitCodes.No;
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: who wanted to know has no answer.
            return ExitCodes.CouldNot;
        }
    }

    private const string Nowhere = "/nonexistent/fastgate.json";

    private static async Task<(DoctorContext Patient, IReadOnlyList<DoctorCheck> Checks)> PrepareAsync(
        HostEnvironment site,
        ConfigResult config,
        GatePlan plan,
        DoctorOptions options
    )
    {
        if (options.Target is not { } target)
        {
            DoctorContext patient = new(site, config, plan, options, await AddressOfAsync(plan.Upstream));
            return (patient, CheckList.Of(patient));
        }
        DoctorContext remote = new(site, config, plan, options, ollama: null);
        DoctorTarget? door = await AddressOfAsync(target) is { } endPoint
            ? new DoctorTarget(endPoint, target.ToString())
            : null;
        return (remote, CheckList.OfTarget(remote, door, $"the name {target.Host} has no address"));
    }

    private static async Task<IPEndPoint?> AddressOfAsync(UpstreamName name) =>
        name.Address is { } known ? new IPEndPoint(known, name.Port)
        : await NameLookup.FindAsync(name.Host) is [var first, ..] ? new IPEndPoint(first, name.Port)
        : null;

    // A cure has to work where the program is not on the PATH, too.
    private static string ProgramWord() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, "fastgate")))
        || Path.GetFileName(Environment.ProcessPath) != "fastgate"
            ? "fastgate"
            : Shell.Word(Environment.ProcessPath!);
}
