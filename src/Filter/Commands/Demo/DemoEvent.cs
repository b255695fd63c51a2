using System.Text.Json;

namespace FastGate.Commands.Demo;

/// <summary>One event of an OpenAI-style stream.</summary>
/// <param name="Token">The text in it; empty at the end.</param>
/// <param name="SentAt">When the stand-in sent it, on <see cref="DemoClock"/>; null for <c>[DONE]</c>.</param>
internal readonly record struct DemoEvent(string Token, long? SentAt)
{
    private const string Prefix = "data: ";

    /// <summary>The first whole event in bytes that also have the framing of chunks between events.</summary>
    /// <param name="bytes">What has come in behind the event before.</param>
    /// <param name="length">Up to the end of this event.</param>
    /// <returns>Null when there is none yet.</returns>
    public static DemoEvent? TryRead(ReadOnlyMemory<byte> bytes, out int length)
    {
        int start = bytes.Span.IndexOf("data: "u8);
        int end = start < 0 ? -1 : bytes.Span[start..].IndexOf("\n\n"u8);
        length = end < 0 ? 0 : start + end + 2;
        return end < 0 ? null : Parse(bytes.Slice(start + Prefix.Length, end - Prefix.Length));
    }

    private static DemoEvent Parse(ReadOnlyMemory<byte> data)
    {
        if (data.Span.SequenceEqual("[DONE]"u8))
            return new DemoEvent("", null);
        using JsonDocument document = JsonDocument.Parse(data);
        JsonElement delta = document.RootElement.GetProperty("choices")[0].GetProperty("delta");
        string token = delta.TryGetProperty("content", out JsonElement content) ? content.GetString() ?? "" : "";
        return new DemoEvent(token, document.RootElement.GetProperty("sent_ns").GetInt64());
    }
}
