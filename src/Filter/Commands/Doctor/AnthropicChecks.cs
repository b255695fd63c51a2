using System.Text.Json;

namespace FastGate.Commands.Doctor;

/// <summary>The Anthropic-compatible API through the gate, whole and streamed.</summary>
internal sealed class AnthropicChecks(DoctorContext patient)
{
    private const Needs Working = Needs.AnthropicTests | Needs.ModelTests | Needs.Gate | Needs.Upstream | Needs.Model;

    private readonly ApiCall _call = new(patient);

    private string Model => patient.Model!;

    public IEnumerable<DoctorCheck> All() =>
        [
            // First, since it needs no model: an Ollama that is too old is told once.
            new(
                "anthropic-missing-model",
                CheckGroup.Anthropic,
                "a missing model",
                visit => _call.MissingModelAsync(visit, Requests.Messages, Requests.MessagesOf(Requests.NoModel))
            )
            {
                Needs = Needs.AnthropicTests | Needs.Gate | Needs.Ollama,
            },
            Slow("anthropic-messages", "messages", visit => AskAsync(visit, Requests.MessagesOf(Model))),
            Slow("anthropic-stream", "messages, streamed", visit => StreamAsync(visit, Sequence)),
            Slow("anthropic-usage", "usage in the stream", visit => StreamAsync(visit, Usage)),
            Slow("anthropic-system", "a system prompt", visit => AskAsync(visit, Requests.MessagesWithSystem(Model))),
            Slow("anthropic-turns", "several turns", visit => AskAsync(visit, Requests.MessagesOfTwoTurns(Model))),
        ];

    /// <summary>
    /// What is wrong with the events of a message; null if nothing: message_start, blocks of one start, deltas and one
    /// stop, message_delta, message_stop; a ping anywhere.
    /// </summary>
    internal static string? Sequence(IReadOnlyList<StreamEvent> events)
    {
        string[] names = [.. events.Select(each => each.Name).Where(name => name != "ping")];
        if (names is not ["message_start", ..])
            return "the first event is not message_start";
        if (names is not [.., "message_delta", "message_stop"])
            return "the last events are not message_delta and message_stop";
        bool isInBlock = false;
        foreach (string name in names[1..^2])
        {
            bool fits = name switch
            {
                "content_block_start" => !isInBlock,
                "content_block_delta" or "content_block_stop" => isInBlock,
                _ => false,
            };
            if (!fits)
                return $"{name} stands where it cannot";
            isInBlock = name != "content_block_stop";
        }
        return isInBlock ? "the last block has no end"
            : names.Contains("content_block_delta") ? null
            : "no event has a delta";
    }

    /// <summary>What is wrong with the counts of a message's events; null if nothing.</summary>
    internal static string? Usage(IReadOnlyList<StreamEvent> events)
    {
        JsonElement Of(string name) =>
            new ProbeResponse { Content = events.FirstOrDefault(each => each.Name == name).Data ?? "" }.Json;
        return Of("message_start").At("message", "usage", "input_tokens").ValueKind != JsonValueKind.Number
                ? "message_start has no input_tokens"
            : Of("message_delta").At("usage", "output_tokens").ValueKind != JsonValueKind.Number
                ? "message_delta has no output_tokens"
            : null;
    }

    private static DoctorCheck Slow(string id, string title, Func<CheckContext, Task<CheckResult>> run) =>
        new(id, CheckGroup.Anthropic, title, run) { Needs = Working, Longest = ApiCall.ModelLongest };

    private Task<CheckResult> AskAsync(CheckContext visit, string json) =>
        _call.AskAsync(visit, "POST", Requests.Messages, json, Message);

    private Task<CheckResult> StreamAsync(CheckContext visit, Func<IReadOnlyList<StreamEvent>, string?> look) =>
        _call.StreamAsync(visit, Requests.Messages, Requests.MessagesOf(Model, stream: true), look);

    private static (string? Wrong, string Good) Message(ProbeResponse heard)
    {
        JsonElement message = heard.Json;
        if (message.At("type").Text() != "message" || message.At("role").Text() != "assistant")
            return ("it is no message of the assistant", "");
        if (message.At("content").ValueKind != JsonValueKind.Array)
            return ("it has no content", "");
        if (message.At("usage", "output_tokens").ValueKind != JsonValueKind.Number)
            return ("it has no usage", "");
        string text = string.Concat(message.At("content").Elements().Select(block => block.At("text").Text()));
        return (null, $"\"{Texts.OneLine(text, 40)}\", {message.At("stop_reason").Text()}");
    }
}
