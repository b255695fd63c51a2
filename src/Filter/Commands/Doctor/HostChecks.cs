namespace FastGate.Commands.Doctor;

/// <summary>Whether the gate answers to its own names, and to no others.</summary>
internal sealed class HostChecks(DoctorContext patient)
{
    private const string Foreign = "fastgate-doctor.example.com";
    private const string OriginsVariable = "OLLAMA_ORIGINS";

    // What Ollama allows if nothing is set, and what it does not: a page elsewhere, and a browser's extension.
    private static readonly string[] Origins =
    [
        "http://localhost:3000",
        "https://fastgate-doctor.example.com",
        "chrome-extension://fastgatedoctor",
    ];

    public IEnumerable<DoctorCheck> All() =>
        [
            Own("host-address", "by address", visit => Task.FromResult<string?>(patient.Gate!.EndPoint.ToString())),
            .. patient.IsRemote
                ?
                [
                    Own(
                        "host-target",
                        "by the name you gave",
                        _ => Task.FromResult<string?>(patient.Options.Target!.ToString())
                    ),
                ]
                : Local(),
            Own("host-tailnet", "by a MagicDNS name", TailnetAsync),
            new("host-foreign", CheckGroup.HostNames, "by a foreign name", ForeignAsync) { Needs = Needs.Gate },
            .. IsForBrowsers
                ?
                [
                    new("browser-origin", CheckGroup.HostNames, "by pages in a browser", OriginsAsync)
                    {
                        Needs = Needs.Gate | Needs.Ollama,
                    },
                ]
                : (DoctorCheck[])[],
        ];

    /// <summary>A browser asks with OPTIONS before it posts.</summary>
    private bool IsForBrowsers =>
        !patient.IsRemote
        && patient.Rules is not null
        && (patient.MayAllow("OPTIONS", "/v1/chat/completions") || patient.MayAllow("OPTIONS", "/api/chat"));

    private DoctorCheck[] Local() =>
        [
            Own(
                "host-short",
                "by a short name",
                _ =>
                    Task.FromResult<string?>($"{patient.Site.Machine.Name.Split('.')[0]}:{patient.Gate!.EndPoint.Port}")
            ),
            .. patient
                .Plan.Hosts.Skip(1)
                .Where(host => host != "*")
                .Select(
                    (host, n) =>
                        Own(
                            $"host-configured-{n + 1}",
                            $"by {host}",
                            _ =>
                                Task.FromResult<string?>(
                                    $"{host.Replace("*", "any", StringComparison.Ordinal)}:{patient.Gate!.EndPoint.Port}"
                                )
                        )
                ),
        ];

    private DoctorCheck Own(string id, string title, Func<CheckContext, Task<string?>> name) =>
        new(
            id,
            CheckGroup.HostNames,
            title,
            async visit =>
                await name(visit) is { } host ? await OwnAsync(visit, host) : CheckResult.Skip("there is no such name")
        )
        {
            Needs = Needs.Gate | Needs.Upstream,
        };

    private async Task<string?> TailnetAsync(CheckContext visit)
    {
        string name = patient.IsRemote ? "" : (await patient.TailscaleTool.StatusAsync(visit)).Status?.Name ?? "";
        return $"{(name.Length > 0 ? name : "machine.tailnet.ts.net")}:{patient.Gate!.EndPoint.Port}";
    }

    private async Task<CheckResult> OwnAsync(CheckContext visit, string host)
    {
        (string Method, string Path)? asked = Requests.Looking(patient);
        if (asked is not { } request)
            return CheckResult.Skip("the allowlist opens no request that only looks");
        ProbeResponse heard = await visit.AskAsync(patient.Gate! with { Host = host }, request.Method, request.Path);
        if (heard.Status == 403 && heard.IsGates && !heard.IsPolicy)
            return CheckResult.Fail(
                $"FastGate does not take {host} for its own: add it to \"hosts\"",
                patient.Remedies.EditConfig
            );
        if (heard.IsHostGuard)
            return new Explanation(patient).HostGuard($"Ollama refuses Host: {host} (403 without a word)");
        return new Explanation(patient).Of(heard, request.Method, request.Path)
            ?? CheckResult.Pass($"{host} is answered");
    }

    /// <summary>Ollama answers an origin that it does not know as it answers a name in Host: 403 without a
    /// word.</summary>
    private async Task<CheckResult> OriginsAsync(CheckContext visit)
    {
        (string Method, string Path)? asked = Requests.Looking(patient);
        if (asked is not { } request)
            return CheckResult.Skip("the allowlist opens no request that only looks");
        List<string> refused = [];
        foreach (string origin in Origins)
        {
            ProbeResponse heard = await visit.SendAsync(
                patient.Gate!,
                $"{request.Method} {request.Path} "
                    + $"HTTP/1.1\r\nHost: {patient.Gate!.Host}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n"
            );
            if (heard.IsHostGuard)
                refused.Add(origin);
            else if (new Explanation(patient).Of(heard, request.Method, request.Path) is { } bad)
                return bad;
        }
        if (refused.Contains(Origins[0]))
            return CheckResult.Fail(
                $"Ollama refuses pages of {Origins[0]} (403 without a word): add the origins of your "
                    + $"pages to {OriginsVariable}",
                patient.Remedies.SetOrigins(Origins[0])
            );
        return CheckResult.Pass(
            refused.Count > 0
                ? $"pages of {Origins[0]} are answered; Ollama refuses {string.Join(", ", refused)} (403 "
                    + $"without a word) until {OriginsVariable} lists them"
                : $"pages of any origin are answered, since Ollama's {OriginsVariable} allows all: "
                    + $"whoever opens a stranger's page lets it ask"
        );
    }

    private async Task<CheckResult> ForeignAsync(CheckContext visit)
    {
        if (patient.Plan.Hosts.Contains("*") && !patient.IsRemote)
            return CheckResult.Fail(
                "\"*\" in \"hosts\" takes every name, so a web page can reach Ollama by DNS rebinding: remove it",
                patient.Remedies.EditConfig
            );
        (string Method, string Path)? asked = Requests.Looking(patient);
        if (asked is not { } request)
            return CheckResult.Skip("the allowlist opens no request that only looks");
        ProbeResponse heard = await visit.AskAsync(patient.Gate! with { Host = Foreign }, request.Method, request.Path);
        if (heard.Status == 403 && !heard.IsPolicy)
            return CheckResult.Pass($"{Foreign} is refused{(heard.IsGates ? "" : ", by Ollama")}");
        return heard.IsPolicy
            ? CheckResult.Skip($"the allowlist there closes {request.Method} {request.Path}")
            : CheckResult.Fail(
                $"{Foreign} is answered, so a web page can reach Ollama by DNS rebinding: {heard.Description}",
                patient.Remedies.EditConfig
            );
    }
}
