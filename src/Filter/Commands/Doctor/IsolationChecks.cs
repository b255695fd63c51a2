using System.Net;
using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>Whether other machines can reach the upstream without the gate.</summary>
internal sealed class IsolationChecks(DoctorContext context)
{
    private readonly ServeChecks _serve = new(context);

    private Fixes Fixes => context.Fixes;

    private int Port => context.Plan.Upstream.Port;

    public IEnumerable<DoctorCheck> All() =>
        [new("ollama-loopback", CheckGroup.Isolation, "listening sockets", LoopbackAsync), Unreachable()];

    public DoctorCheck Unreachable() =>
        new("ollama-unreachable", CheckGroup.Isolation, "other addresses", UnreachableAsync)
        {
            Timeout = TimeSpan.FromSeconds(60),
        };

    private async Task<CheckResult> LoopbackAsync(CheckProbe probe)
    {
        if (await context.SocketsAsync(probe) is not { } sockets)
            return CheckResult.Skip("this system does not list listening sockets");
        HashSet<IPEndPoint> gates = [.. context.GatePoints.Select(point => point.EndPoint)];
        ListeningSocket[] open =
        [
            .. sockets.Where(socket =>
                !socket.IsLoopback
                && !gates.Contains(socket.EndPoint)
                && (socket.IsOllama || (socket.EndPoint.Port == Port && socket.Program != "fastgate"))
            ),
        ];
        if (open.FirstOrDefault(socket => socket.IsDocker) is { } published)
            return CheckResult.Fail(
                $"a container publishes Ollama's port to other machines: {published.Description}; publish it with "
                    + $"-p {context.Plan.Upstream}:{Port}",
                $"docker ps --filter publish={Port}"
            );
        foreach (ListeningSocket socket in open)
        {
            if (await _serve.HolderAsync(probe, socket.EndPoint) is { } held)
                return held;
        }
        if (open.Length > 0)
            return CheckResult.Fail(
                $"Ollama's port is open to other machines: "
                    + string.Join(", ", open.Select(socket => socket.Description)),
                await Fixes.BindOllamaAsync(probe, open[0])
            );
        ListeningSocket[] own =
        [
            .. sockets.Where(socket => socket.IsLoopback && (socket.EndPoint.Port == Port || socket.IsOllama)),
        ];
        return own.Length == 0
            ? CheckResult.Skip($"nothing listens on port {Port}")
            : CheckResult.Pass($"only on loopback: {string.Join(", ", own.Select(socket => socket.Description))}");
    }

    private async Task<CheckResult> UnreachableAsync(CheckProbe probe)
    {
        if (context.Ollama is { } ollama && !IPAddress.IsLoopback(ollama.EndPoint.Address))
            return CheckResult.Fail(
                $"\"upstream\" is {ollama}, which is not loopback: other machines can reach it without the gate",
                Fixes.EditConfig
            );
        IPEndPoint[] others = ExposedUpstream.Others(context.Host.Machine.Interfaces, Port, []);
        FoundUpstream upstream = await context.UpstreamAsync(probe);
        IPEndPoint? open = await ExposedUpstream.FindAsync(
            others,
            async endPoint => (await context.IdentityAsync(probe, endPoint)).Responder,
            upstream.IsOther ? [Responder.Ollama, Responder.Other] : [Responder.Ollama]
        );
        if (open is null)
            return CheckResult.Pass(
                others.Length == 0
                    ? "this machine has no other address"
                    : $"Ollama does not respond at {string.Join(", ", others.Select(other => other.Address))}"
            );
        if ((await context.IdentityAsync(probe, open)).Responder == Responder.Other)
            return CheckResult.Fail(
                $"{Upstreams.Name(upstream.Kind)} responds at {open}, past the gate: start it with --host 127.0.0.1",
                Fixes.ShowListeners(Port)
            );
        return await _serve.HolderAsync(probe, open)
            ?? CheckResult.Fail($"Ollama responds at {open}, past the gate", await Fixes.BindOllamaAsync(probe));
    }
}
