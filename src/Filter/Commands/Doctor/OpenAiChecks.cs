using System.Text.Json;

namespace FastGate.Commands.Doctor;

/// <summary>The OpenAI-compatible API through the gate, whole and streamed.</summary>
internal sealed class OpenAiChecks(DoctorContext patient)
{
    private const Needs Working = Needs.ModelTests | Needs.Gate | Needs.Upstream | Needs.Model;

    private readonly ApiCall _call = new(patient);

    private string Model => patient.Model!;

    public IEnumerable<DoctorCheck> All() =>
        [
            new(
                "openai-models",
                CheckGroup.OpenAi,
                "models",
                visit => _call.AskAsync(visit, "GET", "/v1/models", null, heard => OllamaChecks.Count(heard, "data"))
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
                visit => _call.AskAsync(visit, "POST", Requests.Chat, Requests.ChatOf(Model), Chat)
            ),
            Slow(
                "openai-chat-stream",
                "chat, streamed",
                visit => _call.StreamAsync(visit, Requests.Chat, Requests.ChatOf(Model, stream: true), ChatSequence)
            ),
            Slow(
                "openai-chat-json",
                "chat, as JSON",
                visit => _call.AskAsync(visit, "POST", Requests.Chat, Requests.ChatAsJson(Model), ChatAsJson)
            ),
            Slow(
                "openai-responses",
                "responses",
                visit => _call.AskAsync(visit, "POST", Requests.Responses, Requests.ResponsesOf(Model), Response)
            ),
            Slow(
                "openai-responses-stream",
                "responses, streamed",
                visit =>
                    _call.StreamAsync(
                        visit,
                        Requests.Responses,
                        Requests.ResponsesOf(Model, stream: true),
                        ResponseSequence
                    )
            ),
            new(
                "openai-missing-model",
                CheckGroup.OpenAi,
                "a missing model",
                visit => _call.MissingModelAsync(visit, Requests.Chat, Requests.ChatOf(Requests.NoModel))
            )
            {
                Needs = Needs.Gate | Needs.Ollama,
            },
        ];

    /// <summary>What is wrong with the events of a chat; null if nothing.</summary>
    internal static string? ChatSequence(IReadOnlyList<StreamEvent> events)
    {
        if (events is not [.., { Data: "[DONE]" }])
            return "the stream does not end with [DONE]";
        JsonElement[] chunks = [.. events.SkipLast(1).Select(each => new ProbeResponse { Content = each.Data }.Json)];
        if (chunks.Any(chunk => chunk.At("object").Text() != "chat.completion.chunk"))
            return "an event is no chat.completion.chunk";
        return !chunks.Any(chunk => chunk.At("choices", 0, "delta").ValueKind == JsonValueKind.Object)
                ? "no event has a delta"
            : !chunks.Any(chunk => chunk.At("choices", 0, "finish_reason").Text() is not null)
                ? "no event says why it ended"
            : null;
    }

    /// <summary>What is wrong with the events of a response; null if nothing.</summary>
    internal static string? ResponseSequence(IReadOnlyList<StreamEvent> events)
    {
        string[] types =
        [
            .. events.Select(each =>
                new ProbeResponse { Content = each.Data }
                    .Json.At("type")
                    .Text()
                ?? each.Name
            ),
        ];
        return types is not ["response.created", ..] ? "the first event is not response.created"
            : types is not [.., "response.completed" or "response.incomplete"]
                ? "the last event is not response.completed"
            : null;
    }

    private static DoctorCheck Slow(string id, string title, Func<CheckContext, Task<CheckResult>> run) =>
        new(id, CheckGroup.OpenAi, title, run) { Needs = Working, Longest = ApiCall.ModelLongest };

    // A model's name can have a slash, which no single segment holds.
    private Task<CheckResult> ModelAsync(CheckContext visit) =>
        Model.Contains('/', StringComparison.Ordinal)
            ? Task.FromResult(CheckResult.Skip($"{Model} has a slash, which the route cannot hold"))
            : _call.AskAsync(
                visit,
                "GET",
                $"/v1/models/{Uri.EscapeDataString(Model)}",
                null,
                heard => heard.Json.At("id").Text() == Model ? (null, Model) : ("it is not the model", "")
            );

    private static (string? Wrong, string Good) Chat(ProbeResponse heard)
    {
        JsonElement message = heard.Json.At("choices", 0, "message");
        return message.ValueKind == JsonValueKind.Object
            ? (null, $"\"{Texts.OneLine(message.At("content").Text() ?? "", 40)}\"")
            : ("it has no message", "");
    }

    private static (string? Wrong, string Good) ChatAsJson(ProbeResponse heard)
    {
        string content = heard.Json.At("choices", 0, "message", "content").Text() ?? "";
        if (
            new ProbeResponse { Content = content }
                .Json
                .ValueKind == JsonValueKind.Object
        )
            return (null, Texts.OneLine(content, 40));
        // The model's affair: it was still thinking.
        return heard.Json.At("choices", 0, "finish_reason").Text() == "length"
            ? (null, "it is cut off before its end, as asked")
            : ("the message is no JSON object", "");
    }

    private static (string? Wrong, string Good) Response(ProbeResponse heard) =>
        heard.Json.At("object").Text() == "response" && heard.Json.At("output").ValueKind == JsonValueKind.Array
            ? (null, heard.Json.At("status").Text() ?? "")
            : ("it is no response", "");
}
