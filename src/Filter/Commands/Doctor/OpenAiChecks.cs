using System.Text.Json;
using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>The OpenAI-compatible API through the gate, with whole and streamed responses.</summary>
internal sealed class OpenAiChecks(DoctorContext context)
{
    private const Needs Working = Needs.ModelTests | Needs.Gate | Needs.Upstream | Needs.Model;

    private readonly ApiCall _call = new(context);

    public IEnumerable<DoctorCheck> All() =>
        [
            new(
                "openai-models",
                CheckGroup.OpenAi,
                "models",
                probe =>
                    _call.SendAsync(probe, "GET", "/v1/models", null, response => OllamaChecks.Count(response, "data"))
            )
            {
                Needs = Needs.Gate | Needs.Upstream,
            },
            new("openai-model", CheckGroup.OpenAi, "one model", ModelAsync)
            {
                Needs = Needs.Gate | Needs.Ollama | Needs.Model,
            },
            Slow(
                "openai-chat",
                "chat",
                probe => SendAsync(probe, Requests.Chat, model => Requests.ChatOf(model), Chat)
            ),
            Slow(
                "openai-chat-stream",
                "chat, streamed",
                probe => StreamAsync(probe, Requests.Chat, model => Requests.ChatOf(model, stream: true), ChatSequence)
            ),
            Slow(
                "openai-chat-json",
                "chat, as JSON",
                probe => SendAsync(probe, Requests.Chat, Requests.ChatAsJson, ChatAsJson)
            ),
            Slow(
                "openai-responses",
                "responses",
                probe =>
                    SendAsync(
                        probe,
                        Requests.Responses,
                        model => Requests.ResponsesOf(model),
                        Response,
                        reportsRoute: true
                    )
            ),
            Slow(
                "openai-responses-stream",
                "responses, streamed",
                probe =>
                    StreamAsync(
                        probe,
                        Requests.Responses,
                        model => Requests.ResponsesOf(model, stream: true),
                        ResponseSequence
                    )
            ),
            new(
                "openai-missing-model",
                CheckGroup.OpenAi,
                "a missing model",
                probe => _call.MissingModelAsync(probe, Requests.Chat)
            )
            {
                Needs = Needs.Gate | Needs.Ollama,
            },
        ];

    /// <summary>What is wrong with the events of a chat, or null.</summary>
    internal static string? ChatSequence(IReadOnlyList<StreamEvent> events)
    {
        if (events is not [.., { Data: "[DONE]" }])
            return "the stream does not end with [DONE]";
        JsonElement[] chunks = [.. events.SkipLast(1).Select(item => ResponseText.Json(item.Data))];
        if (chunks.Any(chunk => chunk.At("object").Text() != "chat.completion.chunk"))
            return "an event is not a chat.completion.chunk";
        return !chunks.Any(chunk => chunk.At("choices", 0, "delta").ValueKind == JsonValueKind.Object)
                ? "no event has a delta"
            : !chunks.Any(chunk => chunk.At("choices", 0, "finish_reason").Text() is not null)
                ? "no event has a finish_reason"
            : null;
    }

    /// <summary>What is wrong with the events of a response, or null.</summary>
    internal static string? ResponseSequence(IReadOnlyList<StreamEvent> events)
    {
        string[] types = [.. events.Select(item => ResponseText.Json(item.Data).At("type").Text() ?? item.Name)];
        return types is not ["response.created", ..] ? "the first event is not response.created"
            : types is not [.., "response.completed" or "response.incomplete"]
                ? "the last event is not response.completed"
            : null;
    }

    private static DoctorCheck Slow(string id, string title, Func<CheckProbe, Task<CheckResult>> runAsync) =>
        new(id, CheckGroup.OpenAi, title, runAsync) { Needs = Working, Timeout = ApiCall.ModelTimeout };

    private async Task<CheckResult> SendAsync(
        CheckProbe probe,
        string path,
        Func<string, string> requestOf,
        Func<ProbeResponse, (string? Problem, string Summary)> examine,
        bool reportsRoute = false
    ) =>
        await _call.SendAsync(
            probe,
            "POST",
            path,
            requestOf((await context.ModelAsync(probe)).Name!),
            examine,
            reportsRoute
        );

    private async Task<CheckResult> StreamAsync(
        CheckProbe probe,
        string path,
        Func<string, string> requestOf,
        Func<IReadOnlyList<StreamEvent>, string?> examine
    ) => await _call.StreamAsync(probe, path, requestOf((await context.ModelAsync(probe)).Name!), examine);

    private async Task<CheckResult> ModelAsync(CheckProbe probe)
    {
        string name = (await context.ModelAsync(probe)).Name!;
        // The route takes one path segment.
        if (name.Contains('/', StringComparison.Ordinal))
            return CheckResult.Skip($"the name {name} contains a slash, which the route does not take");
        return await _call.SendAsync(
            probe,
            "GET",
            $"/v1/models/{Uri.EscapeDataString(name)}",
            null,
            response =>
                response.Json.At("id").Text() == name ? (null, name) : ("the response describes another model", "")
        );
    }

    private static (string? Problem, string Summary) Chat(ProbeResponse response)
    {
        JsonElement message = response.Json.At("choices", 0, "message");
        return message.ValueKind == JsonValueKind.Object
            ? (null, $"\"{ResponseText.OneLine(message.At("content").Text() ?? "", 40)}\"")
            : ("the response has no message", "");
    }

    private static (string? Problem, string Summary) ChatAsJson(ProbeResponse response)
    {
        string content = response.Json.At("choices", 0, "message", "content").Text() ?? "";
        if (ResponseText.Json(content).ValueKind == JsonValueKind.Object)
            return (null, ResponseText.OneLine(content, 40));
        // A thinking model may reach max_tokens first, which is not a fault.
        return response.Json.At("choices", 0, "finish_reason").Text() == "length"
            ? (null, "cut off at max_tokens")
            : ("the message is not a JSON object", "");
    }

    private static (string? Problem, string Summary) Response(ProbeResponse response) =>
        response.Json.At("object").Text() == "response" && response.Json.At("output").ValueKind == JsonValueKind.Array
            ? (null, response.Json.At("status").Text() ?? "")
            : ("the response has no output", "");
}
