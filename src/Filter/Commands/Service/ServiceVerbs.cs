using System.CommandLine;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Service;

/// <summary><c>fastgate start</c>, <c>stop</c>, <c>restart</c>, <c>enable</c> and <c>disable</c>: control the service
/// of the gate or of Ollama.</summary>
internal static class ServiceVerbs
{
    /// <summary>Creates the verbs, in the order in which the help lists them.</summary>
    public static IEnumerable<Command> Create(Terminal terminal) =>
        [
            Create(ServiceAction.Start, "Start the service, unless it is running.", terminal),
            Create(
                ServiceAction.Stop,
                "Stop the service until the next login or boot; responses in flight finish.",
                terminal
            ),
            Create(
                ServiceAction.Restart,
                "Restart the service; no connection is refused and no response cut off.",
                terminal,
                new Example("fastgate restart --ollama", "Restart Ollama.")
            ),
            Create(ServiceAction.Enable, "Start the service now and at every login or boot.", terminal),
            Create(ServiceAction.Disable, "Stop the service and keep it from starting by itself.", terminal),
        ];

    /// <summary>Runs a verb in the given environment.</summary>
    /// <returns>0 if the service reaches the requested state, 1 if it does not, 2 if it does not exist.</returns>
    public static async Task<int> RunAsync(ServiceAction action, bool ofOllama, HostEnvironment host, Terminal terminal)
    {
        string verb = NameOf(action);
        if (host.IsSudo)
            return CouldNot(terminal, verb, $"the service belongs to your own user: run fastgate {verb} without sudo");
        ServiceFinder finder = new(host);
        (ServiceTarget? target, string problem) = ofOllama
            ? await finder.FindOllamaAsync()
            : await finder.FindGateAsync();
        if (target is null)
            return CouldNot(terminal, verb, problem);
        ServiceControl control = new(host, target);
        if (await control.ObstacleAsync(action) is { } obstacle)
            return Failed(terminal, verb, obstacle);
        bool isDone = await control.IsDoneAsync(action);
        StepResult result = isDone ? StepResult.Done : await RunAsync();
        if (!result.Succeeded)
            return Failed(terminal, verb, result.Problem!);
        (bool isAsWanted, string state, string hint) = await control.ReadAsync(action);
        Say(isDone ? $"{target.Name} is already {ServiceControl.WordOf(action)}." : $"{PastOf(action)} {target.Name}.");
        Say($"State: {state}");
        if (!isAsWanted)
            return Failed(terminal, verb, $"{target.Name} is not {ServiceControl.WordOf(action)}: {hint}");
        if (hint.Length > 0)
            Say(hint);
        if (result.Note is { } note)
            Say(note);
        return ExitCodes.Yes;

        void Say(string text) => terminal.Paragraph(Terminal.Plain(TerminalText.Prose(text)));

        async Task<StepResult> RunAsync() =>
            action == ServiceAction.Restart && !ofOllama
                ? await new GateRestart(host, terminal).RunAsync(
                    () => control.RunAsync(action),
                    wasRunning: await control.IsDoneAsync(ServiceAction.Start)
                )
                : await control.RunAsync(action);
    }

    private static Verb Create(ServiceAction action, string summary, Terminal terminal, params Example[] examples)
    {
        Option<bool> ollama = new("--ollama") { Description = "The service that runs Ollama, not the gate's" };
        Verb verb = new(NameOf(action), summary, examples) { ollama };
        verb.SetAction(
            async (parsed, _) =>
            {
                using HttpProbe probe = new();
                (HostEnvironment? host, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                return host is null
                    ? CouldNot(terminal, verb.Name, problem)
                    : await RunAsync(action, parsed.GetValue(ollama), host, terminal);
            }
        );
        return verb;
    }

    private static string NameOf(ServiceAction action) =>
        action switch
        {
            ServiceAction.Start => "start",
            ServiceAction.Stop => "stop",
            ServiceAction.Restart => "restart",
            ServiceAction.Enable => "enable",
            _ => "disable",
        };

    private static string PastOf(ServiceAction action) =>
        action switch
        {
            ServiceAction.Start => "Started",
            ServiceAction.Stop => "Stopped",
            ServiceAction.Restart => "Restarted",
            ServiceAction.Enable => "Enabled",
            _ => "Disabled",
        };

    private static int Failed(Terminal terminal, string verb, string problem)
    {
        terminal.Error.WriteLine(TerminalText.Prose($"fastgate {verb}: {problem}"));
        return ExitCodes.No;
    }

    private static int CouldNot(Terminal terminal, string verb, string problem) =>
        UsageError.CouldNot(terminal.Error, verb, TerminalText.Prose(problem));
}

/// <summary>What a verb does to a service.</summary>
internal enum ServiceAction
{
    Start,

    /// <summary>Until the next login or boot.</summary>
    Stop,

    Restart,

    /// <summary>Start now, and at every login or boot.</summary>
    Enable,

    /// <summary>Stop now, and do not start by itself.</summary>
    Disable,
}
