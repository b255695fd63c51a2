using System.Net;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Commands.Doctor;

/// <summary>Whether the gate listens where it should, and writes its access log.</summary>
internal sealed class GateChecks(DoctorContext context)
{
    private Fixes Fixes => context.Fixes;

    public IEnumerable<DoctorCheck> All() =>
        [.. Listening(), new("access-log", CheckGroup.Service, "access log", AccessLogAsync)];

    /// <summary>A check for each listener of the config.</summary>
    public IEnumerable<DoctorCheck> Listening() =>
        context.Plan.Listeners.Select(
            (listener, n) =>
                new DoctorCheck(
                    n == 0 ? "gate-listens" : $"gate-listens-{n + 1}",
                    CheckGroup.Service,
                    listener.Options.Address.ToString(),
                    probe => ListensAsync(probe, n, listener)
                )
                {
                    Listener = n,
                }
        );

    /// <summary>The only check of the service that a client machine can make.</summary>
    public DoctorCheck Remote() => new("gate-answers", CheckGroup.Service, "gate", RemoteAsync);

    private async Task<CheckResult> RemoteAsync(CheckProbe probe)
    {
        UpstreamName name = context.Options.Target!;
        if (context.RemoteGate is not { } target)
            return CheckResult.Fail($"the name {name.Host} has no address", "tailscale status");
        (Responder responder, ProbeResponse response) = await context.IdentityAsync(probe, target.EndPoint);
        return responder switch
        {
            Responder.FastGate => CheckResult.Pass($"FastGate responds at {name}"),
            // The machine is up, and nothing listens: only the machine itself can show why.
            Responder.None when response.Problem == SocketErrorText.Refused => CheckResult.Fail(
                $"nothing responds at {name}: {response.Problem}",
                Fixes.GateLog
            ),
            Responder.None => CheckResult.Fail(
                $"nothing responds at {name}: {response.Problem}",
                $"tailscale ping {ShellWords.Quote(name.Host)}"
            ),
            Responder.Other when response.Status == 0 => CheckResult.Fail(
                $"{name} accepts the connection and sends nothing ({response.Description}): if FastGate runs there, "
                    + $"its \"from\" does not list this machine",
                Fixes.EditConfig
            ),
            Responder.Ollama => CheckResult.Fail(
                $"{name} is Ollama itself, without a gate in front of it",
                $"ssh {ShellWords.Quote(name.Host)} fastgate install"
            ),
            _ => CheckResult.Fail($"{name} is neither FastGate nor Ollama: {response.Description}", Fixes.GateLog),
        };
    }

    private async Task<CheckResult> ListensAsync(CheckProbe probe, int listener, PlannedListener planned)
    {
        ListenPoint[] points = [.. context.GatePoints.Where(point => point.Listener == listener)];
        if (points.Length == 0)
            return await NoAddressAsync(probe, planned.Options.Address);
        IReadOnlyList<ListeningSocket>? sockets = await context.SocketsAsync(probe);
        List<string> listening = [];
        HashSet<string> processes = [];
        CheckResult? failure = null;
        CheckResult? excluded = null;
        foreach (ListenPoint point in points)
        {
            IPEndPoint endPoint = FoundGate.Dialable(point.EndPoint);
            Identity identity = await context.IdentityAsync(probe, endPoint);
            ListeningSocket? owner = sockets.OwnerOf(endPoint);
            if (
                FoundGate.IsClosed(identity)
                && context.IsExcluded(point)
                && (owner?.Program ?? "") is ("" or "fastgate" or "dotnet")
            )
            {
                excluded ??= Excluded(endPoint);
                continue;
            }
            if (identity.Responder != Responder.FastGate)
                failure ??=
                    await new ServeChecks(context).HolderAsync(probe, endPoint)
                    ?? await NotTheGateAsync(probe, identity, endPoint, owner);
            listening.Add(endPoint.ToString());
            if (owner is { Program.Length: > 0 })
                processes.Add($"{owner.Program}, pid {owner.ProcessId}");
        }
        return failure
            ?? (listening.Count == 0 ? excluded : null)
            ?? CheckResult.Pass(
                $"FastGate responds at {string.Join(" and ", listening)}"
                    + (processes.Count > 0 ? $" ({string.Join("; ", processes)})" : "")
            );
    }

    // This is what the config says, but no check can reach the gate from here.
    private CheckResult Excluded(IPEndPoint endPoint) =>
        CheckResult.Skip(
            $"the gate closes this machine's own connections to {endPoint}, because \"from\" does not list "
                + $"{endPoint.Address}; no check can reach it from here",
            Fixes.EditConfig
        );

    private async Task<CheckResult> NoAddressAsync(CheckProbe probe, ListenAddress listen)
    {
        if (listen.Kind != ListenKind.Tailscale)
            return CheckResult.Fail($"this machine has no address for {listen}", Fixes.EditConfig);
        TailscaleReading tailscale = await context.Tailscale.StatusAsync(probe);
        return CheckResult.Fail(
            tailscale.Status?.Kind == TailscaleState.Userspace
                ? "Tailscale has no network interface here (userspace networking), so no address to listen on exists"
                : "this machine has no Tailscale address yet; FastGate waits for one",
            Fixes.BringTailscale(tailscale)
        );
    }

    private async Task<CheckResult> NotTheGateAsync(
        CheckProbe probe,
        Identity identity,
        IPEndPoint endPoint,
        ListeningSocket? owner
    )
    {
        string process = owner is { Program.Length: > 0 } ? $" ({owner.Program}, pid {owner.ProcessId})" : "";
        return identity.Responder switch
        {
            Responder.None => CheckResult.Fail($"nothing listens on {endPoint}", await Fixes.LoadGateAsync(probe)),
            Responder.Ollama => CheckResult.Fail(
                $"Ollama itself responds at {endPoint}{process}, in place of the gate",
                await Fixes.BindOllamaAsync(probe, owner)
            ),
            _ => CheckResult.Fail(
                $"another program uses {endPoint}{process}: {identity.Response.Description}",
                Fixes.ShowListeners(endPoint.Port)
            ),
        };
    }

    // A gate that responds has written to its log, unless it cannot.
    private async Task<CheckResult> AccessLogAsync(CheckProbe probe)
    {
        if (context.Config.Plan is null)
            return CheckResult.Skip("the config is invalid, so the path is unknown");
        if (context.Plan.AccessLog is not { } path || path == "-")
            return CheckResult.Skip("requests are not logged to a file");
        string shown = context.Paths.Short(path);
        if (!File.Exists(path))
        {
            return (await context.GateAsync(probe)).Target is null
                ? CheckResult.Skip($"{shown} does not exist: FastGate has not run yet")
                : CheckResult.Fail(
                    $"FastGate responds, but {shown} does not exist",
                    $"mkdir -p {ShellWords.Quote(Path.GetDirectoryName(path)!)} && {Fixes.RestartGate}"
                );
        }
        try
        {
            using SafeFileHandle file = RegularFile.Open(path);
            long bytes = RandomAccess.GetLength(file);
            return CheckResult.Pass($"{shown}, {bytes / 1024.0:0} KiB", Fact.Of("bytes", bytes));
        }
        catch (UnauthorizedAccessException exception)
        {
            // It belongs to another user, such as after a run with sudo.
            return CheckResult.Fail(
                $"{shown}: {ResponseText.OneLine(exception.Message, 120)}",
                $"sudo chown $(id -un) {ShellWords.Quote(shown)}"
            );
        }
    }
}
