using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>Ollama's own API through the gate, the model that the tests use, and what this Ollama has beyond the
/// allowlist.</summary>
internal sealed class OllamaChecks(DoctorContext patient)
{
    private readonly ApiCall _call = new(patient);

    public IEnumerable<DoctorCheck> All() =>
        [
            new(
                "ollama-version",
                CheckGroup.Ollama,
                "GET /api/version",
                visit => _call.AskAsync(visit, "GET", "/api/version", null, Version)
            )
            {
                Needs = Needs.Gate | Needs.Ollama,
            },
            new(
                "ollama-tags",
                CheckGroup.Ollama,
                "GET /api/tags",
                visit => _call.AskAsync(visit, "GET", "/api/tags", null, heard => Count(heard, "models"))
            )
            {
                Needs = Needs.Gate | Needs.Ollama,
            },
            new("model", CheckGroup.Ollama, "a model to test with", ModelAsync),
            new(
                "ollama-show",
                CheckGroup.Ollama,
                "POST /api/show",
                visit => _call.AskAsync(visit, "POST", "/api/show", Requests.Show(patient.Model!), Show)
            )
            {
                Needs = Needs.Gate | Needs.Ollama | Needs.Model,
            },
            .. patient.IsRemote
                ? []
                : (DoctorCheck[])
                    [new("closed-routes", CheckGroup.Ollama, "closed routes", ClosedAsync) { Needs = Needs.Ollama }],
        ];

    /// <summary>Through any door: how many models there are.</summary>
    public static (string? Wrong, string Good) Count(ProbeResponse heard, string member) =>
        heard.Json.At(member) is { ValueKind: JsonValueKind.Array } list
            ? (null, TextFormat.Count(list.GetArrayLength(), "model"))
            : ("it is no list of models", "");

    private (string? Wrong, string Good) Version(ProbeResponse heard)
    {
        if (heard.Json.At("version").Text() is not { } version)
            return ("it has no version", "");
        if (patient.IsRemote)
            patient.OllamaVersion = version;
        return patient.OllamaVersion == version
            ? (null, version)
            : ($"it is {version}, and Ollama's own answer was {patient.OllamaVersion}", "");
    }

    private static (string? Wrong, string Good) Show(ProbeResponse heard) =>
        heard.Json.At("details").ValueKind == JsonValueKind.Object
            ? (null, "details of the model")
            : ("it has no details", "");

    private async Task<CheckResult> ModelAsync(CheckContext visit)
    {
        if (await TagsAsync(visit) is not { } tags)
            return CheckResult.Skip(patient.ModelProblem);
        JsonElement[] models = [.. tags.Elements().OrderBy(SizeOf)];
        if (models.Length == 0)
        {
            patient.ModelProblem = "there is no model";
            return CheckResult.Skip("there is no model, so nothing that needs one is tested", patient.Remedies.Warm);
        }
        foreach (JsonElement model in models)
        {
            if (NameOf(model) is { } name && await CanChatAsync(visit, model, name))
                patient.Model ??= name;
            if (patient.Model is not null)
                return CheckResult.Pass(
                    $"{patient.Model}, the smallest of {TextFormat.Count(models.Length, "model")}",
                    Fact.Of("model", patient.Model),
                    Fact.Of("models", models.Length)
                );
        }
        patient.ModelProblem = "no model here can chat";
        return CheckResult.Skip($"none of {TextFormat.Count(models.Length, "model")} can chat", patient.Remedies.Warm);
    }

    private async Task<JsonElement?> TagsAsync(CheckContext visit)
    {
        DoctorTarget? door =
            patient.IsRemote ? patient.Gate
            : patient.Upstream != UpstreamKind.None ? patient.Ollama
            : null;
        patient.ModelProblem = door is null
            ? (patient.IsRemote ? "FastGate does not answer" : "Ollama does not answer")
            : "the models are not told";
        if (door is null)
            return null;
        if (patient.Upstream is UpstreamKind.None or UpstreamKind.Ollama)
        {
            ProbeResponse native = await visit.AskAsync(door, "GET", "/api/tags");
            if (native.Status == 200)
                return native.Json.At("models");
        }
        ProbeResponse openAi = await visit.AskAsync(door, "GET", "/v1/models");
        return openAi.Status == 200 ? openAi.Json.At("data") : null;
    }

    // One that runs elsewhere would cost money, and one that embeds says nothing.
    private async Task<bool> CanChatAsync(CheckContext visit, JsonElement model, string name)
    {
        if (
            model.At("remote_host").Text() is { Length: > 0 }
            || name.EndsWith("-cloud", StringComparison.Ordinal)
            || name.EndsWith(":cloud", StringComparison.Ordinal)
        )
            return false;
        if (
            name.Contains("embed", StringComparison.OrdinalIgnoreCase)
            || (model.At("details", "family").Text() ?? "").Contains("bert", StringComparison.Ordinal)
        )
            return false;
        if (!patient.OllamaAnswers || patient.Ollama is not { } ollama)
            return true;
        string[] can =
        [
            .. (await visit.AskAsync(ollama, "POST", "/api/show", Requests.Show(name)))
                .Json.At("capabilities")
                .Elements()
                .Select(each => each.Text())
                .OfType<string>(),
        ];
        return can.Length == 0 || can.Contains("completion");
    }

    /// <summary>Asks with a method that no route has: 405 is a route, 404 is none, and nothing is done for
    /// either.</summary>
    private async Task<CheckResult> ClosedAsync(CheckContext visit)
    {
        const string Nobodys = "PATCH";
        if ((await visit.AskAsync(patient.Ollama!, Nobodys, "/api/version")).Status != 405)
            return CheckResult.Skip("this Ollama does not tell which routes it has");
        List<(OllamaRoute Route, string Method)> closed = [];
        foreach (OllamaRoute route in OllamaRoutes.All)
        {
            string path = string.Join(
                '/',
                route
                    .Rule.Segments.Select(segment => segment.Kind == SegmentKind.Literal ? segment.Text : "x")
                    .Prepend(route.Rule.Segments.Count == 0 ? "/" : "")
            );
            string? method = route.Rule.Methods.FirstOrDefault(each => !patient.MayAllow(each, path));
            if (method is null)
                continue;
            if ((await visit.AskAsync(patient.Ollama!, Nobodys, path)).Status is 405 or 200 or 301)
                closed.Add((route, method));
        }
        return Closed(closed);
    }

    // Those that manage something are closed for good reason; the others may be missed by a client.
    private static CheckResult Closed(List<(OllamaRoute Route, string Method)> closed)
    {
        string[] plain =
        [
            .. closed.Where(each => !each.Route.IsManagement).Select(each => each.Route.Rule.Path).Distinct(),
        ];
        int managing = closed.Count(each => each.Route.IsManagement);
        string says =
            closed.Count == 0
                ? "the allowlist opens all that this Ollama has"
                : $"of this Ollama's routes the allowlist closes {managing} that manage it, "
                    + $"and {(plain.Length == 0 ? "no others" : string.Join(", ", plain))}";
        return CheckResult.Pass(
            says,
            Fact.Of("closed", string.Join(", ", closed.Select(each => $"{each.Method} {each.Route.Rule.Path}"))),
            Fact.Of("count", closed.Count)
        );
    }

    private static string? NameOf(JsonElement model) => model.At("name").Text() ?? model.At("id").Text();

    private static long SizeOf(JsonElement model) =>
        model.At("size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt64(out long bytes)
            ? bytes
            : long.MaxValue;
}
