using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>
/// Asks the gate for what it has to refuse, in plain and in odd spellings. Asked only when FastGate was found behind
/// the door, and only in forms that do nothing to an Ollama that would get them.
/// </summary>
internal sealed class RefusalChecks(DoctorContext patient)
{
    // The path to ask for, and by which method. Signing out needs no content, whatever the key: that path is asked with
    // a method that Ollama has not for it, and the rules are asked about the real one.
    private static readonly (string Route, string Method, string Path)[] Asked =
    [
        ("POST /api/pull", "POST", "/api/pull"),
        ("POST /api/push", "POST", "/api/push"),
        ("POST /api/create", "POST", "/api/create"),
        ("POST /api/copy", "POST", "/api/copy"),
        ("DELETE /api/delete", "DELETE", "/api/delete"),
        ("POST,HEAD /api/blobs/{digest}", "POST", "/api/blobs/no-digest"),
        ("POST /api/signout", "GET", "/api/signout"),
        ("DELETE /api/user/keys/{key}", "GET", "/api/user/keys/none"),
        ("POST /api/experimental/web_search", "POST", "/api/experimental/web_search"),
        ("POST /api/experimental/web_fetch", "POST", "/api/experimental/web_fetch"),
        ("GET,POST,DELETE /api/experimental/aliases", "GET", "/api/experimental/aliases"),
        ("POST /api/me", "GET", "/api/me"),
        ("GET,POST /debug/pprof", "GET", "/debug/pprof"),
        ("GET,POST /debug/pprof/{profile...}", "GET", "/debug/pprof/cmdline"),
    ];

    public IEnumerable<DoctorCheck> All() =>
        [
            new("forwards-allowed", CheckGroup.Refusals, "an allowed request", ForwardsAsync)
            {
                Needs = Needs.Gate | Needs.Upstream,
            },
            new("refuses-unknown", CheckGroup.Refusals, "an unknown path", UnknownAsync) { Needs = Needs.Gate },
            .. OllamaRoutes.All.Where(route => route.IsManagement).Select(OfRoute),
            new("refuses-second", CheckGroup.Refusals, "a second request", SecondAsync)
            {
                Needs = Needs.Gate | Needs.Upstream,
            },
            new("refuses-hidden", CheckGroup.Refusals, "a hidden request", HiddenAsync) { Needs = Needs.Gate },
        ];

    private DoctorCheck OfRoute(OllamaRoute route)
    {
        (_, string method, string path) = Asked.Single(asked => asked.Route == route.Rule.ToString());
        string word = route
            .Rule.Path.Replace("/{", "-", StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal)
            .Replace("...", "", StringComparison.Ordinal)
            .Trim('/')
            .Replace('/', '-')
            .Replace('_', '-');
        return new DoctorCheck(
            $"refuses-{word}",
            CheckGroup.Refusals,
            TitleOf(route),
            visit => RouteAsync(visit, route, method, path)
        )
        {
            Needs = Needs.Gate,
            Longest = TimeSpan.FromSeconds(60),
        };
    }

    private static string TitleOf(OllamaRoute route) =>
        route
            .Rule.Path.Replace("/api/", "", StringComparison.Ordinal)
            .Replace("experimental/", "", StringComparison.Ordinal)
            .Replace("{profile...}", "…", StringComparison.Ordinal);

    private async Task<CheckResult> ForwardsAsync(CheckContext visit)
    {
        if (Requests.Looking(patient) is not { } look)
            return CheckResult.Skip("the allowlist opens no request that only looks");
        (string method, string path) = look;
        ProbeResponse heard = await visit.AskAsync(patient.Gate!, method, path);
        return new Explanation(patient).Of(heard, method, path)
            ?? CheckResult.Pass(
                $"{method} {path} comes through: {Texts.OneLine(heard.Content, 60)}",
                Fact.Of("tookMs", heard.Took.TotalMilliseconds)
            );
    }

    private Task<CheckResult> UnknownAsync(CheckContext visit) =>
        AskAllAsync(
            visit,
            [
                "GET /fastgate-doctor HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "POST /v1/fastgate-doctor HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + "0\r\nConnection: close\r\n\r\n",
                "TRACE /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "CONNECT localhost:11434 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            ]
        );

    private async Task<CheckResult> RouteAsync(CheckContext visit, OllamaRoute route, string method, string path)
    {
        string? open = route.Rule.Methods.FirstOrDefault(each =>
            patient.Rules is not null && patient.MayAllow(each, path)
        );
        if (open is not null)
            return CheckResult.Fail(
                $"the allowlist opens {open} {path}: remove that rule from \"allow\"",
                patient.Remedies.EditConfig
            );
        return await AskAllAsync(visit, OddSpellings.Of(method, path));
    }

    private async Task<CheckResult> SecondAsync(CheckContext visit)
    {
        if (Requests.Looking(patient) is not { } look || Closed() is not { } closed)
            return CheckResult.Skip("the allowlist opens all or nothing");
        string request = OddSpellings.Second(look.Method, look.Path, closed.Method, closed.Path);
        ProbeResponse heard = await visit.SendAsync(patient.Gate!, request);
        // One answer is that to the first request: whoever ends the connection behind it lets nothing through.
        return heard.IsGates || heard.Answers == 1
            ? CheckResult.Pass($"{closed.Method} {closed.Path} behind {look.Method} {look.Path} is refused")
            : CheckResult.Fail(
                $"{closed.Method} {closed.Path} behind {look.Method} {look.Path} is not refused by "
                    + $"FastGate: {heard.Description}",
                CureOf()
            );
    }

    private Task<CheckResult> HiddenAsync(CheckContext visit) =>
        Closed() is { } closed
            ? AskAllAsync(visit, OddSpellings.Hidden(closed.Method, closed.Path))
            : Task.FromResult(CheckResult.Skip("the allowlist opens all"));

    private (string Method, string Path)? Closed()
    {
        foreach ((string route, string method, string path) in Asked)
        {
            if (route != "POST /api/signout" && (patient.Rules is null || !patient.MayAllow(method, path)))
                return (method, path);
        }
        return null;
    }

    private async Task<CheckResult> AskAllAsync(CheckContext visit, IEnumerable<string> requests)
    {
        int count = 0;
        foreach (string request in requests)
        {
            count++;
            ProbeResponse heard = await visit.SendAsync(patient.Gate!, request);
            if (heard.IsGates)
                continue;
            return CheckResult.Fail($"{Line(request)} is not refused by FastGate: {heard.Description}", CureOf());
        }
        return CheckResult.Pass($"refused in {count} spellings", Fact.Of("spellings", count));
    }

    // The rules of the config refuse it, so what runs has others.
    private string CureOf() =>
        patient.IsRemote
            ? patient.Remedies.EditConfig
            : $"{patient.Remedies.CheckConfig} && {patient.Remedies.RestartGate}";

    private static string Line(string request)
    {
        string last = request.TrimEnd().Split("HTTP/1.")[^2];
        return Texts.OneLine(last.Split('\n')[^1], 80);
    }
}
