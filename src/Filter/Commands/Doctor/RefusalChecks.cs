using FastGate.Host;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>
/// Sends requests that the gate must refuse, in plain and in odd spellings: only where FastGate responds, and only in
/// forms that change nothing in an Ollama that receives them.
/// </summary>
internal sealed class RefusalChecks(DoctorContext context)
{
    // The method and path to send for each route. Signing out and deleting a key need no content, so their paths are
    // sent with a method that Ollama does not have for them; the rules are checked for the real one.
    private static readonly (string Route, string Method, string Path)[] Sent =
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
            Forwards(),
            Unknown(),
            .. Management().Select(item => item.Check),
            new("refuses-second", CheckGroup.Refusals, "a second request", SecondAsync)
            {
                Needs = Needs.Gate | Needs.Upstream,
            },
            new("refuses-hidden", CheckGroup.Refusals, "a hidden request", HiddenAsync) { Needs = Needs.Gate },
        ];

    /// <summary>The one check that the gate refuses a management route, among those that its allowlist does not open;
    /// that of an unknown path if it opens all.</summary>
    public DoctorCheck Refused() =>
        Management()
            .Where(item =>
                context.ConfiguredRules is null
                || !DoctorContext.Allows(context.ConfiguredRules, item.Method, item.Path)
            )
            .Select(item => item.Check)
            .FirstOrDefault(Unknown());

    /// <summary>Checks that the gate forwards an allowed request.</summary>
    public DoctorCheck Forwards() =>
        new("forwards-allowed", CheckGroup.Refusals, "an allowed request", ForwardsAsync)
        {
            Needs = Needs.Gate | Needs.Upstream,
        };

    private DoctorCheck Unknown() =>
        new("refuses-unknown", CheckGroup.Refusals, "an unknown path", UnknownAsync) { Needs = Needs.Gate };

    private IEnumerable<(DoctorCheck Check, string Method, string Path)> Management() =>
        from route in OllamaRoutes.All
        where route.IsManagement
        let sent = Sent.Single(item => item.Route == route.Rule.ToString())
        select (OfRoute(route, sent.Method, sent.Path), sent.Method, sent.Path);

    private DoctorCheck OfRoute(OllamaRoute route, string method, string path)
    {
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
            probe => RouteAsync(probe, route, method, path)
        )
        {
            Needs = Needs.Gate,
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    private static string TitleOf(OllamaRoute route) =>
        route
            .Rule.Path.Replace("/api/", "", StringComparison.Ordinal)
            .Replace("experimental/", "", StringComparison.Ordinal)
            .Replace("{profile...}", "…", StringComparison.Ordinal);

    private async Task<CheckResult> ForwardsAsync(CheckProbe probe)
    {
        if (await Requests.ReadOnlyAsync(context, probe) is not var (method, path))
            return CheckResult.Skip(Requests.NoReadOnly);
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        ProbeResponse response = await probe.SendAsync(gate, method, path);
        return await new Explanation(context).OfAsync(probe, response, method, path)
            ?? CheckResult.Pass(
                $"{method} {path} is forwarded at {gate}: {ResponseText.OneLine(response.Content, 60)}",
                Fact.Of("tookMs", response.Took.TotalMilliseconds)
            );
    }

    private Task<CheckResult> UnknownAsync(CheckProbe probe) =>
        RefusesAsync(
            probe,
            "unknown paths are refused",
            [
                "GET /fastgate-doctor HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "POST /v1/fastgate-doctor HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + "0\r\nConnection: close\r\n\r\n",
                "TRACE /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "CONNECT localhost:11434 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            ]
        );

    private async Task<CheckResult> RouteAsync(CheckProbe probe, OllamaRoute route, string method, string path)
    {
        RuleSet? rules = (await context.GateAsync(probe)).Rules;
        string? open = route.Rule.Methods.FirstOrDefault(name =>
            rules is not null && DoctorContext.Allows(rules, name, path)
        );
        if (open is not null)
            return CheckResult.Fail(
                $"the allowlist includes {open} {path}: remove that rule from \"allow\"",
                context.Fixes.EditConfig
            );
        return await RefusesAsync(probe, $"{method} {path} is refused", OddSpellings.Of(method, path));
    }

    private async Task<CheckResult> SecondAsync(CheckProbe probe)
    {
        FoundGate gate = await context.GateAsync(probe);
        if (await Requests.ReadOnlyAsync(context, probe) is not { } first || Closed(gate.Rules) is not { } closed)
            return CheckResult.Skip("the rules allow everything or nothing");
        string request = OddSpellings.Second(first.Method, first.Path, closed.Method, closed.Path);
        ProbeResponse response = await probe.SendRawAsync(gate.Target!, request);
        string name = $"{closed.Method} {closed.Path} after {first.Method} {first.Path}";
        // A single response is that to the first request: the connection was closed after it.
        return response.IsFromGate || response.Responses == 1
            ? CheckResult.Pass($"{name} is refused")
            : CheckResult.Fail($"FastGate does not refuse {name}: {response.Description}", Cure);
    }

    private async Task<CheckResult> HiddenAsync(CheckProbe probe) =>
        Closed((await context.GateAsync(probe)).Rules) is { } closed
            ? await RefusesAsync(probe, "hidden requests are refused", OddSpellings.Hidden(closed.Method, closed.Path))
            : CheckResult.Skip("the rules allow everything");

    private static (string Method, string Path)? Closed(RuleSet? rules)
    {
        foreach ((string route, string method, string path) in Sent)
        {
            if (route != "POST /api/signout" && (rules is null || !DoctorContext.Allows(rules, method, path)))
                return (method, path);
        }
        return null;
    }

    private async Task<CheckResult> RefusesAsync(CheckProbe probe, string message, IEnumerable<string> requests)
    {
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        int count = 0;
        foreach (string request in requests)
        {
            count++;
            ProbeResponse response = await probe.SendRawAsync(gate, request);
            if (!response.IsFromGate)
                return CheckResult.Fail(
                    $"FastGate does not refuse {RequestLine(request)}: {response.Description}",
                    Cure
                );
        }
        return CheckResult.Pass($"{message} at {gate}, in {count} spellings", Fact.Of("spellings", count));
    }

    // The rules of the config refuse the request, so the gate is running with other rules.
    private string Cure =>
        context.IsRemote ? context.Fixes.EditConfig : $"{context.Fixes.CheckConfig} && {context.Fixes.RestartGate}";

    private static string RequestLine(string request)
    {
        string last = request.TrimEnd().Split("HTTP/1.")[^2];
        return ResponseText.OneLine(last.Split('\n')[^1], 80);
    }
}
