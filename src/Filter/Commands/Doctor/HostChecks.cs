using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>Whether the gate accepts its own host names and refuses others.</summary>
internal sealed class HostChecks(DoctorContext context)
{
    private const string Foreign = "fastgate-doctor.example.com";
    private const string OriginsVariable = "OLLAMA_ORIGINS";

    // One that Ollama allows by default, and two that it refuses: a page elsewhere, and a browser extension.
    private static readonly string[] Origins =
    [
        "http://localhost:3000",
        "https://fastgate-doctor.example.com",
        "chrome-extension://fastgatedoctor",
    ];

    public IEnumerable<DoctorCheck> All() =>
        [
            Own("host-address", "by address", gate => gate.EndPoint.ToString()),
            .. context.IsRemote
                ? [Own("host-target", "by the name you gave", _ => context.Options.Target!.ToString())]
                : Local(),
            Check("host-tailnet", "by a MagicDNS name", TailnetAsync, Needs.Gate | Needs.Upstream),
            Check("host-foreign", "by a foreign name", ForeignAsync),
            .. IsForBrowsers
                ? [Check("browser-origin", "by pages in a browser", OriginsAsync, Needs.Gate | Needs.Ollama)]
                : (DoctorCheck[])[],
        ];

    // A browser sends OPTIONS before POST.
    private bool IsForBrowsers =>
        context.ConfiguredRules is { } rules
        && (
            DoctorContext.Allows(rules, "OPTIONS", Requests.Chat) || DoctorContext.Allows(rules, "OPTIONS", "/api/chat")
        );

    private IEnumerable<DoctorCheck> Local() =>
        [
            Own(
                "host-short",
                "by a short name",
                gate => $"{context.Host.Machine.Name.Split('.')[0]}:{gate.EndPoint.Port}"
            ),
            .. context
                .Plan.Hosts.Skip(1)
                .Where(host => host != "*")
                .Select(
                    (host, n) =>
                        Own(
                            $"host-configured-{n + 1}",
                            $"by {host}",
                            gate => $"{host.Replace("*", "any", StringComparison.Ordinal)}:{gate.EndPoint.Port}"
                        )
                ),
        ];

    private static DoctorCheck Check(
        string id,
        string title,
        Func<CheckProbe, Task<CheckResult>> runAsync,
        Needs needs = Needs.Gate
    ) => new(id, CheckGroup.HostNames, title, runAsync) { Needs = needs };

    private DoctorCheck Own(string id, string title, Func<ProbeTarget, string> hostOf) =>
        Check(
            id,
            title,
            async probe => await OwnAsync(probe, hostOf((await context.GateAsync(probe)).Target!)),
            Needs.Gate | Needs.Upstream
        );

    private async Task<CheckResult> TailnetAsync(CheckProbe probe)
    {
        TailscaleReading? tailscale = context.IsRemote ? null : await context.Tailscale.StatusAsync(probe);
        string name = tailscale?.Status is { Name.Length: > 0 } status ? status.Name : "machine.tailnet.ts.net";
        return await OwnAsync(probe, $"{name}:{(await context.GateAsync(probe)).Target!.EndPoint.Port}");
    }

    private async Task<CheckResult> OwnAsync(CheckProbe probe, string host)
    {
        if (await Requests.ReadOnlyAsync(context, probe) is not var (method, path))
            return CheckResult.Skip(Requests.NoReadOnly);
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        ProbeResponse response = await probe.SendAsync(gate with { Host = host }, method, path);
        if (response is { Status: 403, IsFromGate: true, IsPolicy: false })
            return CheckResult.Fail(
                $"FastGate does not recognize {host} as one of its own names: add it to \"hosts\"",
                context.Fixes.EditConfig
            );
        Explanation explanation = new(context);
        if (response.IsHostGuard)
            return explanation.HostGuard($"Ollama refuses the name {host} (403 without content)");
        return await explanation.OfAsync(probe, response, method, path, reportsRoute: false)
            ?? CheckResult.Pass($"{host} is accepted");
    }

    /// <summary>Ollama refuses an origin that it does not allow in the same way as a host name: 403 without
    /// content.</summary>
    private async Task<CheckResult> OriginsAsync(CheckProbe probe)
    {
        if (await Requests.ReadOnlyAsync(context, probe) is not var (method, path))
            return CheckResult.Skip(Requests.NoReadOnly);
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        List<string> refused = [];
        foreach (string origin in Origins)
        {
            ProbeResponse response = await probe.SendRawAsync(
                gate,
                $"{method} {path} HTTP/1.1\r\nHost: {gate.Host}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n"
            );
            if (response.IsHostGuard)
                refused.Add(origin);
            else if (
                await new Explanation(context).OfAsync(probe, response, method, path, reportsRoute: false) is
                { } failure
            )
                return failure;
        }
        if (refused.Contains(Origins[0]))
            return CheckResult.Fail(
                $"Ollama refuses pages from {Origins[0]} (403 without content): add the origins of your pages to "
                    + OriginsVariable,
                await context.Fixes.SetOriginsAsync(probe, Origins[0])
            );
        return CheckResult.Pass(
            refused.Count > 0
                ? $"pages from {Origins[0]} are accepted; Ollama refuses {string.Join(", ", refused)} (403 without "
                    + $"content) until {OriginsVariable} lists them"
                : $"pages from any origin are accepted, because Ollama's {OriginsVariable} allows all of them: any web "
                    + $"page that you open can send requests to it"
        );
    }

    private async Task<CheckResult> ForeignAsync(CheckProbe probe)
    {
        if (context.Plan.Hosts.Contains("*") && !context.IsRemote)
            return CheckResult.Fail(
                "\"*\" in \"hosts\" accepts every name, so a web page can reach Ollama by DNS rebinding: remove it",
                context.Fixes.EditConfig
            );
        if (await Requests.ReadOnlyAsync(context, probe) is not var (method, path))
            return CheckResult.Skip(Requests.NoReadOnly);
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        ProbeResponse response = await probe.SendAsync(gate with { Host = Foreign }, method, path);
        if (response.Status == 403 && !response.IsPolicy)
            return CheckResult.Pass($"{Foreign} is refused{(response.IsFromGate ? "" : ", by Ollama")}");
        return response.IsPolicy
            ? CheckResult.Skip($"the allowlist there excludes {method} {path}")
            : CheckResult.Fail(
                $"{Foreign} is accepted, so a web page can reach Ollama by DNS rebinding: {response.Description}",
                context.Fixes.EditConfig
            );
    }
}
