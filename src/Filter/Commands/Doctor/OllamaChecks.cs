using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>Ollama's own API through the gate, the model that the checks use, and the routes that the allowlist
/// closes.</summary>
internal sealed class OllamaChecks(DoctorContext context)
{
    private readonly ApiCall _call = new(context);

    public IEnumerable<DoctorCheck> All() =>
        [
            new(
                "ollama-version",
                CheckGroup.Ollama,
                "GET /api/version",
                async probe =>
                {
                    string? version = context.IsRemote ? null : (await context.UpstreamAsync(probe)).Version;
                    return await _call.SendAsync(
                        probe,
                        "GET",
                        "/api/version",
                        null,
                        response => Version(response, version)
                    );
                }
            )
            {
                Needs = Needs.Gate | Needs.Ollama,
            },
            new(
                "ollama-tags",
                CheckGroup.Ollama,
                "GET /api/tags",
                probe => _call.SendAsync(probe, "GET", "/api/tags", null, response => Count(response, "models"))
            )
            {
                Needs = Needs.Gate | Needs.Ollama,
            },
            new("model", CheckGroup.Ollama, "model for the checks", ModelAsync),
            new(
                "ollama-show",
                CheckGroup.Ollama,
                "POST /api/show",
                async probe =>
                    await _call.SendAsync(
                        probe,
                        "POST",
                        "/api/show",
                        Requests.Show((await context.ModelAsync(probe)).Name!),
                        Show
                    )
            )
            {
                Needs = Needs.Gate | Needs.Ollama | Needs.Model,
            },
            .. context.IsRemote
                ? []
                : (DoctorCheck[])
                    [new("closed-routes", CheckGroup.Ollama, "excluded routes", ClosedAsync) { Needs = Needs.Ollama }],
        ];

    /// <summary>The number of models in a list.</summary>
    public static (string? Problem, string Summary) Count(ProbeResponse response, string member) =>
        response.Json.At(member) is { ValueKind: JsonValueKind.Array } list
            ? (null, TextFormat.Count(list.GetArrayLength(), "model"))
            : ("the response is not a list of models", "");

    private static (string? Problem, string Summary) Version(ProbeResponse response, string? direct)
    {
        if (response.Json.At("version").Text() is not { } version)
            return ("the response has no version", "");
        return direct is null || direct == version
            ? (null, version)
            : ($"the version is {version} through the gate, but {direct} without it", "");
    }

    private static (string? Problem, string Summary) Show(ProbeResponse response) =>
        response.Json.At("details").ValueKind == JsonValueKind.Object
            ? (null, "model details")
            : ("the response has no details", "");

    private async Task<CheckResult> ModelAsync(CheckProbe probe)
    {
        FoundModel model = await context.ModelAsync(probe);
        return model switch
        {
            { Name: { } name, Count: { } count } => CheckResult.Pass(
                $"{name}, the smallest model that can chat (of {count})",
                Fact.Of("model", name),
                Fact.Of("models", count)
            ),
            { Count: not null } => CheckResult.Skip(
                $"{model.Problem}, so checks that need one are skipped",
                context.Fixes.Warm
            ),
            _ => CheckResult.Skip(model.Problem),
        };
    }

    // Sends a method that no route has: Ollama responds 405 for a route and 404 for none, and does nothing.
    private async Task<CheckResult> ClosedAsync(CheckProbe probe)
    {
        const string UnusedMethod = "PATCH";
        if ((await probe.SendAsync(context.Ollama!, UnusedMethod, "/api/version")).Status != 405)
            return CheckResult.Skip("this Ollama does not show which routes it has");
        RuleSet? rules = (await context.GateAsync(probe)).Rules;
        List<(OllamaRoute Route, string Method)> closed = [];
        foreach (OllamaRoute route in OllamaRoutes.All)
        {
            string path = string.Join(
                '/',
                route
                    .Rule.Segments.Select(segment => segment.Kind == SegmentKind.Literal ? segment.Text : "x")
                    .Prepend(route.Rule.Segments.Count == 0 ? "/" : "")
            );
            string? method = route.Rule.Methods.FirstOrDefault(name => !DoctorContext.Allows(rules, name, path));
            if (method is null)
                continue;
            if ((await probe.SendAsync(context.Ollama!, UnusedMethod, path)).Status is 405 or 200 or 301)
                closed.Add((route, method));
        }
        return Closed(closed);
    }

    // Management routes are closed for good reason; a client may need the others.
    private static CheckResult Closed(List<(OllamaRoute Route, string Method)> closed)
    {
        string[] plain =
        [
            .. closed.Where(item => !item.Route.IsManagement).Select(item => item.Route.Rule.Path).Distinct(),
        ];
        int managing = closed.Count(item => item.Route.IsManagement);
        string message =
            closed.Count == 0
                ? "the allowlist includes every route of this Ollama"
                : $"the allowlist excludes {TextFormat.Count(managing, "management route")} of this Ollama, "
                    + $"and {(plain.Length == 0 ? "no others" : string.Join(", ", plain))}";
        return CheckResult.Pass(
            message,
            Fact.Of("closed", string.Join(", ", closed.Select(item => $"{item.Method} {item.Route.Rule.Path}"))),
            Fact.Of("count", closed.Count)
        );
    }
}
