using System.Text.Json;
using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>The smallest installed model that can chat.</summary>
/// <param name="Name">The model; null if none was found.</param>
/// <param name="Count">How many models are installed; null if that is unknown.</param>
/// <param name="Problem">The reason when no model was found.</param>
internal sealed record FoundModel(string? Name, int? Count, string Problem)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static Task<FoundModel> FindAsync(DoctorContext context, CheckProbe probe) =>
        probe.WithinAsync(
            Timeout,
            limited => FindWithinAsync(context, limited),
            () => new FoundModel(null, null, $"the list of models did not arrive within {Timeout.TotalSeconds:0} s")
        );

    private static async Task<FoundModel> FindWithinAsync(DoctorContext context, CheckProbe probe)
    {
        UpstreamKind kind = context.IsRemote ? UpstreamKind.None : (await context.UpstreamAsync(probe)).Kind;
        ProbeTarget? target =
            context.IsRemote ? (await context.GateAsync(probe)).Target
            : kind != UpstreamKind.None ? context.Ollama
            : null;
        if (target is null)
            return new FoundModel(
                null,
                null,
                context.IsRemote ? "FastGate does not respond" : "Ollama does not respond"
            );
        if (await ListAsync(probe, target, kind) is not { } list)
            return new FoundModel(null, null, "the list of models is not available");
        JsonElement[] models = [.. list.Elements().OrderBy(SizeOf)];
        if (models.Length == 0)
            return new FoundModel(null, 0, "no model is installed");
        foreach (JsonElement model in models)
        {
            if (NameOf(model) is { } name && await CanChatAsync(context, probe, kind, model, name))
                return new FoundModel(name, models.Length, "");
        }
        return new FoundModel(null, models.Length, "no installed model can chat");
    }

    private static async Task<JsonElement?> ListAsync(CheckProbe probe, ProbeTarget target, UpstreamKind kind)
    {
        if (kind is UpstreamKind.None or UpstreamKind.Ollama)
        {
            ProbeResponse native = await probe.SendAsync(target, "GET", "/api/tags");
            if (native.Status == 200)
                return native.Json.At("models");
        }
        ProbeResponse openAi = await probe.SendAsync(target, "GET", "/v1/models");
        return openAi.Status == 200 ? openAi.Json.At("data") : null;
    }

    // A model that runs elsewhere would cost money, and an embedding model does not chat.
    private static async Task<bool> CanChatAsync(
        DoctorContext context,
        CheckProbe probe,
        UpstreamKind kind,
        JsonElement model,
        string name
    )
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
        if (kind != UpstreamKind.Ollama || context.Ollama is not { } ollama)
            return true;
        ProbeResponse details = await probe.SendAsync(ollama, "POST", "/api/show", Requests.Show(name));
        string[] capabilities =
        [
            .. details.Json.At("capabilities").Elements().Select(item => item.Text()).OfType<string>(),
        ];
        return capabilities.Length == 0 || capabilities.Contains("completion");
    }

    private static string? NameOf(JsonElement model) => model.At("name").Text() ?? model.At("id").Text();

    private static long SizeOf(JsonElement model) =>
        model.At("size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt64(out long bytes)
            ? bytes
            : long.MaxValue;
}
