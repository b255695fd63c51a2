using System.Net;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>Whether Ollama is there, and for nobody but this machine.</summary>
internal sealed class IsolationChecks(DoctorContext patient)
{
    private readonly ServeChecks _serve = new(patient);

    private Fixes Remedies => patient.Remedies;

    private int Port => patient.Plan.Upstream.Port;

    public IEnumerable<DoctorCheck> OfOllama() =>
        [
            .. patient.Site.Machine.IsMac
                ? new AgentChecks(patient).OfOllama().Take(1)
                : new UnitChecks(patient).OfOllama().Take(1),
            new("ollama-answers", CheckGroup.Service, "Ollama", AnswersAsync)
            {
                Longest = TimeSpan.FromSeconds(5),
                LateCure = Remedies.WhoHas(Port),
            },
            new("ollama-owner", CheckGroup.Service, "its process", OwnerAsync),
        ];

    public IEnumerable<DoctorCheck> All() =>
        [
            new("ollama-loopback", CheckGroup.Isolation, "listening sockets", LoopbackAsync),
            new("ollama-unreachable", CheckGroup.Isolation, "other addresses", UnreachableAsync)
            {
                Longest = TimeSpan.FromSeconds(60),
            },
            .. patient.Site.Machine.IsMac
                ? new AgentChecks(patient).OfOllama().Skip(1)
                : new UnitChecks(patient).OfOllama().Skip(1),
            .. new CloudChecks(patient).All(),
            _serve.All(),
            new("rules", CheckGroup.Isolation, "rules", RulesAsync),
        ];

    private async Task<CheckResult> AnswersAsync(CheckContext visit)
    {
        if (patient.Ollama is not { } ollama)
            return CheckResult.Skip($"{patient.Plan.Upstream} is a name, which is not asked from here");
        ProbeResponse heard = await visit.AskAsync(ollama, "GET", "/api/version");
        if (heard.IsTaken)
            return CheckResult.Fail(
                $"what listens at {ollama} is not Ollama: it ends the connection without an answer in HTTP",
                Remedies.WhoHas(Port)
            );
        if (heard.Status == 0)
            return CheckResult.Fail($"nobody answers at {ollama}: {heard.Problem}", Remedies.StartOllama);
        if (heard.IsGates)
            return CheckResult.Fail($"{ollama} is a FastGate, not Ollama", Remedies.EditConfig);
        if (heard.Json.At("version").Text() is not { } version)
        {
            patient.Upstream = await Upstreams.FindAsync(visit, ollama, heard);
            return Other(ollama)
                ?? CheckResult.Fail(
                    $"what answers at {ollama} is not Ollama: {heard.Description}",
                    Remedies.WhoHas(Port)
                );
        }
        patient.Upstream = UpstreamKind.Ollama;
        patient.OllamaVersion = version;
        return CheckResult.Pass(
            $"version {version} answers at {ollama}",
            Fact.Of("version", version),
            Fact.Of("tookMs", heard.Took.TotalMilliseconds)
        );
    }

    // The gate keeps connections ready, and llama.cpp's server gives each a thread, whether or not it is used.
    private CheckResult? Other(DoctorTarget door) =>
        patient.Upstream switch
        {
            UpstreamKind.None => null,
            UpstreamKind.LlamaCpp when patient.Plan.Ollama.ReadyConnections > 1 => CheckResult.Fail(
                $"llama.cpp's server answers at {door}, and {patient.Plan.Ollama.ReadyConnections} ready "
                    + $"connections can take all of its threads: set \"readyConnections\": 1",
                Remedies.EditConfig
            ),
            _ => CheckResult.Pass(
                $"{Upstreams.Name(patient.Upstream)} answers at {door}, not Ollama; what only Ollama has is not tested",
                Fact.Of("upstream", patient.Upstream == UpstreamKind.LlamaCpp ? "llama.cpp" : "openai")
            ),
        };

    private async Task<CheckResult> OwnerAsync(CheckContext visit)
    {
        if (await OllamasAsync(visit) is not { } sockets)
            return CheckResult.Skip("this system does not tell who listens");
        if (sockets.FirstOrDefault() is not { } ollama)
            return CheckResult.Skip($"nobody listens on port {Port}");
        if (ollama.IsContainers)
            return CheckResult.Skip("Ollama runs in a container, whose user is not seen from here");
        string who = ollama.Owner.Length > 0 ? ollama.Owner : "an unknown user";
        if (!ollama.IsRoots)
            return CheckResult.Pass($"{ollama.Description} runs as {who}");
        return patient.Site.UserId == 0
            ? CheckResult.Skip($"{ollama.Description} runs as root, as you do")
            : CheckResult.Fail(
                $"{ollama.Description} runs as root: what it is tricked into, it does with all rights",
                patient.Site.Machine.IsMac
                    ? $"sudo launchctl list | grep -i ollama ; {Remedies.Install}"
                    : "sudo systemctl edit ollama"
            );
    }

    private async Task<CheckResult> LoopbackAsync(CheckContext visit)
    {
        if (await ListeningSockets.ReadAsync(patient, visit) is not { } sockets)
            return CheckResult.Skip("this system does not tell who listens");
        HashSet<IPEndPoint> gates = [.. patient.GatePoints.Select(point => point.EndPoint)];
        ListeningSocket[] open =
        [
            .. sockets.Where(socket =>
                !socket.IsLoopback
                && !gates.Contains(socket.EndPoint)
                && (IsOllama(socket) || (socket.EndPoint.Port == Port && socket.Program != "fastgate"))
            ),
        ];
        if (open.FirstOrDefault(socket => socket.IsContainers) is { } published)
            return CheckResult.Fail(
                $"a container publishes Ollama's port to others: {published.Description}; publish it with "
                    + $"-p {patient.Plan.Upstream}:{Port}",
                $"docker ps --filter publish={Port}"
            );
        foreach (ListeningSocket socket in open)
        {
            if (await _serve.HolderAsync(visit, socket.EndPoint) is { } held)
                return held;
        }
        if (open.Length > 0)
            return CheckResult.Fail(
                $"Ollama's port is open to others: {string.Join(", ", open.Select(socket => socket.Description))}",
                Remedies.BindOllamaOf(open[0])
            );
        ListeningSocket[] own =
        [
            .. sockets.Where(socket => socket.IsLoopback && (socket.EndPoint.Port == Port || IsOllama(socket))),
        ];
        return own.Length == 0
            ? CheckResult.Skip($"nobody listens on port {Port}")
            : CheckResult.Pass($"on loopback only: {string.Join(", ", own.Select(socket => socket.Description))}");
    }

    private async Task<CheckResult> UnreachableAsync(CheckContext visit)
    {
        IPEndPoint[] others =
        [
            .. patient
                .Site.Machine.Interfaces.Select(each => each.Address)
                .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
                .Distinct()
                .Select(address => new IPEndPoint(address, Port)),
        ];
        foreach (IPEndPoint other in others)
        {
            if (other.Equals(patient.Ollama?.EndPoint))
                continue;
            (Responder who, _) = await Identity.AskAsync(visit, DoctorTarget.At(other));
            if (who == Responder.Ollama)
                return await _serve.HolderAsync(visit, other)
                    ?? CheckResult.Fail($"Ollama answers at {other}, past the gate", Remedies.BindOllama);
            if (who == Responder.Other && patient.Upstream is UpstreamKind.LlamaCpp or UpstreamKind.OpenAi)
                return CheckResult.Fail(
                    $"{Upstreams.Name(patient.Upstream)} answers at {other}, past the gate: start it "
                        + $"with --host 127.0.0.1",
                    Remedies.WhoHas(Port)
                );
        }
        if (patient.Ollama is { } ollama && !IPAddress.IsLoopback(ollama.EndPoint.Address))
            return CheckResult.Fail(
                $"\"upstream\" is {ollama}, which is not loopback: others reach it as the gate does",
                Remedies.EditConfig
            );
        return CheckResult.Pass(
            others.Length == 0
                ? "this machine has no other address"
                : $"no way past the gate (tried {string.Join(", ", others.Select(other => other.Address))})"
        );
    }

    private async Task<CheckResult> RulesAsync(CheckContext visit)
    {
        if (patient.Upstream is not (UpstreamKind.LlamaCpp or UpstreamKind.OpenAi))
            return Rules();
        string[] opened =
        [
            .. patient
                .Plan.Listeners.SelectMany(listener => Upstreams.OpeningManagement(listener.Options.Policy.Rules))
                .Distinct(),
        ];
        if (opened.Length > 0)
            return CheckResult.Fail(
                $"{string.Join(", ", opened)} in \"allow\" opens what manages llama.cpp's server: remove it",
                Remedies.EditConfig
            );
        if (patient.Gate is { } gate && await Upstreams.OpenAsync(visit, gate) is { } open)
            return CheckResult.Fail(open, $"{Remedies.CheckConfig} && {Remedies.RestartGate}");
        return Rules();
    }

    private CheckResult Rules()
    {
        string[] opened =
        [
            .. patient
                .Plan.Listeners.SelectMany(listener => listener.Options.Policy.Rules.Items)
                .Where(rule => OllamaRoutes.ManagementOpenedBy(rule).Any())
                .Select(rule => rule.ToString())
                .Distinct(),
        ];
        return opened.Length == 0
            ? CheckResult.Pass("none opens what manages models, keys or the server")
            : CheckResult.Fail(
                $"\"{string.Join("\", \"", opened)}\" in \"allow\" opens what manages models, keys or "
                    + $"the server: remove it",
                Remedies.EditConfig
            );
    }

    private async Task<ListeningSocket[]?> OllamasAsync(CheckContext visit) =>
        await ListeningSockets.ReadAsync(patient, visit) is not { } sockets
            ? null
            // Not any process of that name: another port's Ollama is not the upstream.
            :
            [
                .. sockets.Where(socket =>
                    patient.Ollama is { } ollama ? socket.Takes(ollama.EndPoint) : IsOllama(socket)
                ),
            ];

    private static bool IsOllama(ListeningSocket socket) =>
        socket.Program.Equals("ollama", StringComparison.OrdinalIgnoreCase);
}
