using System.Text.Json;
using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>The Anthropic-compatible API through the gate, with whole and streamed responses.</summary>
internal sealed class AnthropicChecks(DoctorContext context)
{
    private const Needs Working = Needs.AnthropicTests | Needs.ModelTests | Needs.Gate | Needs.Upstream | Needs.Model;

    private readonly ApiCall _call = new(context);

    public IEnumerable<DoctorCheck> All() =>
        [
            new(
                "anthropic-missing-model",
                CheckGroup.Anthropic,
                "a missing model",
                probe => _call.MissingModelAsync(probe, Requests.Messages)
            )
            {
                Needs = Needs.AnthropicTests | Needs.Gate | Needs.Ollama,
            },
            Slow("anthropic-messages", "messages", probe => SendAsync(probe, model => Requests.MessagesOf(model))),
            Slow("anthropic-stream", "messages, streamed", probe => StreamAsync(probe, Sequence)),
            Slow("anthropic-usage", "usage in the stream", probe => StreamAsync(probe, Usage)),
            Slow("anthropic-system", "a system prompt", probe => SendAsync(probe, Requests.MessagesWithSystem)),
            Slow("anthropic-turns", "several turns", probe => SendAsync(probe, Requests.MessagesOfTwoTurns)),
        ];

    /// <summary>
    /// What is wrong with the events of a message, or null. In order: message_start, blocks of one start, deltas and
    /// one stop, message_delta, message_stop; a ping anywhere.
    /// </summary>
    internal static string? Sequence(IReadOnlyList<StreamEvent> events)
    {
        string[] names = [.. events.Select(item => item.Name).Where(name => name != "ping")];
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
                return $"{name} is out of order";
            isInBlock = name != "content_block_stop";
        }
        return isInBlock ? "the last block does not stop"
            : names.Contains("content_block_delta") ? null
            : "no event has a delta";
    }

    /// <summary>What is wrong with the token counts in the events of a message, or null.</summary>
    internal static string? Usage(IReadOnlyList<StreamEvent> events)
    {
        JsonElement Of(string name) => ResponseText.Json(events.FirstOrDefault(item => item.Name == name).Data ?? "");
        return Of("message_start").At("message", "usage", "input_tokens").ValueKind != JsonValueKind.Number
                ? "message_start has no input_tokens"
            : Of("message_delta").At("usage", "output_tokens").ValueKind != JsonValueKind.Number
                ? "message_delta has no output_tokens"
            : null;
    }

    private static DoctorCheck Slow(string id, string title, Func<CheckProbe, Task<CheckResult>> runAsync) =>
        new(id, CheckGroup.Anthropic, title, runAsync) { Needs = Working, Timeout = ApiCall.ModelTimeout };

    private async Task<CheckResult> SendAsync(CheckProbe probe, Func<string, string> requestOf) =>
        await _call.SendAsync(
            probe,
            "POST",
            Requests.Messages,
            requestOf((await context.ModelAsync(probe)).Name!),
            Message
        );

    private async Task<CheckResult> StreamAsync(CheckProbe probe, Func<IReadOnlyList<StreamEvent>, string?> examine) =>
        await _call.StreamAsync(
            probe,
            Requests.Messages,
            Requests.MessagesOf((await context.ModelAsync(probe)).Name!, stream: true),
            examine
        );

    private static (string? Problem, string Summary) Message(ProbeResponse response)
    {
        JsonElement message = response.Json;
        if (message.At("type").Text() != "message" || message.At("role").Text() != "assistant")
            return ("the response is not an assistant message", "");
        if (message.At("content").ValueKind != JsonValueKind.Array)
            return ("the message has no content", "");
        if (message.At("usage", "output_tokens").ValueKind != JsonValueKind.Number)
            return ("the message has no usage", "");
        string text = string.Concat(message.At("content").Elements().Select(block => block.At("text").Text()));
        return (null, $"\"{ResponseText.OneLine(text, 40)}\", {message.At("stop_reason").Text()}");
    }
}
