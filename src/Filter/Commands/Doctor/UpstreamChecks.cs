using FastGate.Host;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>What responds as the upstream, its process, and the rules that open its management routes.</summary>
internal sealed class UpstreamChecks(DoctorContext context)
{
    private Fixes Fixes => context.Fixes;

    private int Port => context.Plan.Upstream.Port;

    public IEnumerable<DoctorCheck> All() =>
        [
            Responds(),
            new("ollama-owner", CheckGroup.Service, "Ollama's process", OwnerAsync),
            new("rules", CheckGroup.Isolation, "rules", RulesAsync),
        ];

    public DoctorCheck Responds() => new("ollama-answers", CheckGroup.Service, "Ollama", RespondsAsync);

    private async Task<CheckResult> RespondsAsync(CheckProbe probe)
    {
        if (context.Ollama is not { } ollama)
            return CheckResult.Skip($"{context.Plan.Upstream} is a host name; this check needs an address");
        FoundUpstream upstream = await context.UpstreamAsync(probe);
        ProbeResponse response = upstream.Response;
        if (upstream.Kind == UpstreamKind.Ollama)
            return CheckResult.Pass(
                $"version {upstream.Version} responds at {ollama}",
                Fact.Of("version", upstream.Version),
                Fact.Of("tookMs", response.Took.TotalMilliseconds)
            );
        if (upstream.IsLate)
            return CheckResult.Fail($"{ollama}: {response.Problem}", Fixes.ShowListeners(Port));
        if (response.IsAccepted)
            return CheckResult.Fail(
                $"the program at {ollama} is not Ollama: it closes the connection without an HTTP response",
                Fixes.ShowListeners(Port)
            );
        if (response.Status == 0)
            return CheckResult.Fail(
                $"nothing responds at {ollama}: {response.Problem}",
                await Fixes.StartOllamaAsync(probe)
            );
        if (response.IsFromGate)
            return CheckResult.Fail($"{ollama} is a FastGate, not Ollama", Fixes.EditConfig);
        return upstream.IsOther
            ? Other(upstream.Kind, ollama)
            : CheckResult.Fail(
                $"the program at {ollama} is not Ollama: {response.Description}",
                Fixes.ShowListeners(Port)
            );
    }

    // The gate keeps connections ready, and llama.cpp's server gives each a thread, whether or not it is used.
    private CheckResult Other(UpstreamKind kind, ProbeTarget target) =>
        kind == UpstreamKind.LlamaCpp && context.Plan.Ollama.ReadyConnections > 1
            ? CheckResult.Fail(
                $"llama.cpp's server responds at {target}, and {context.Plan.Ollama.ReadyConnections} ready "
                    + $"connections can use all of its threads: set \"readyConnections\": 1",
                Fixes.EditConfig
            )
            : CheckResult.Pass(
                $"{Upstreams.Name(kind)} responds at {target}, not Ollama; checks of Ollama's own API are skipped",
                Fact.Of("upstream", kind == UpstreamKind.LlamaCpp ? "llama.cpp" : "openai")
            );

    private async Task<CheckResult> OwnerAsync(CheckProbe probe)
    {
        if (await context.SocketsAsync(probe) is not { } sockets)
            return CheckResult.Skip("this system does not list listening sockets");
        // Not any process of that name: an Ollama on another port is not the upstream.
        ListeningSocket? socket = sockets.FirstOrDefault(socket =>
            context.Ollama is { } ollama ? socket.Takes(ollama.EndPoint) : socket.IsOllama
        );
        if (socket is null)
            return CheckResult.Skip($"nothing listens on port {Port}");
        if (socket.IsDocker)
            return CheckResult.Skip("Ollama runs in a container, whose user is not visible from here");
        if (!socket.IsOwnedByRoot)
            return CheckResult.Pass(
                $"{socket.Description} runs as {(socket.Owner.Length > 0 ? socket.Owner : "an unknown user")}"
            );
        return context.Host.UserId == 0
            ? CheckResult.Skip($"{socket.Description} runs as root, and so do you")
            : CheckResult.Fail(
                $"{socket.Description} runs as root, so a flaw in it gives an attacker the whole machine",
                context.Host.Machine.IsMac
                    ? $"sudo launchctl list | grep -i ollama ; {Fixes.Install}"
                    : "sudo systemctl edit ollama"
            );
    }

    private async Task<CheckResult> RulesAsync(CheckProbe probe)
    {
        if (!(await context.UpstreamAsync(probe)).IsOther)
            return OllamaRules();
        string[] opened =
        [
            .. context
                .Plan.Listeners.SelectMany(listener => Upstreams.OpeningManagement(listener.Options.Policy.Rules))
                .Distinct(),
        ];
        if (opened.Length > 0)
            return CheckResult.Fail(
                $"{string.Join(", ", opened)} in \"allow\" opens management routes of llama.cpp's server: remove it",
                Fixes.EditConfig
            );
        if ((await context.GateAsync(probe)).Target is { } gate && await Upstreams.OpenAsync(probe, gate) is { } open)
            return CheckResult.Fail(open, $"{Fixes.CheckConfig} && {Fixes.RestartGate}");
        return OllamaRules();
    }

    private CheckResult OllamaRules()
    {
        string[] opened =
        [
            .. context
                .Plan.Listeners.SelectMany(listener => listener.Options.Policy.Rules.Items)
                .Where(rule => OllamaRoutes.ManagementOpenedBy(rule).Any())
                .Select(rule => rule.ToString())
                .Distinct(),
        ];
        return opened.Length == 0
            ? CheckResult.Pass("no rule opens a route that manages models, keys or the server")
            : CheckResult.Fail(
                $"\"{string.Join("\", \"", opened)}\" in \"allow\" opens routes that manage models, keys or the "
                    + $"server: remove it",
                Fixes.EditConfig
            );
    }
}
