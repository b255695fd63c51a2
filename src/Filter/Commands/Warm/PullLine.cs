using System.Text.Json;

namespace FastGate.Commands.Warm;

/// <summary>One line of what Ollama tells while it pulls (its api.ProgressResponse).</summary>
/// <param name="Status">What it does; "success" is the last one.</param>
/// <param name="Digest">Of the layer that is being pulled, or empty.</param>
/// <param name="Total">The layer's bytes.</param>
/// <param name="Completed">Those of them that are here.</param>
/// <param name="Error">Why it ended, or null.</param>
internal sealed record PullLine(string Status, string Digest, long Total, long Completed, string? Error)
{
    // 256 TiB: no layer has more, and the sum of all that are counted stays a number.
    private const long BytesMax = 1L << 48;

    public bool IsSuccess => Status == "success";

    /// <summary>Null for what is no such line.</summary>
    public static PullLine? Read(string json)
    {
        try
        {
            using JsonDocument line = JsonDocument.Parse(json);
            if (line.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            return new PullLine(
                Text(line.RootElement, "status") ?? "",
                Text(line.RootElement, "digest") ?? "",
                Number(line.RootElement, "total"),
                Number(line.RootElement, "completed"),
                Text(line.RootElement, "error")
            );
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Another server's words, or half a line.
            return null;
        }
    }

    private static string? Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private static long Number(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement number)
        && number.ValueKind == JsonValueKind.Number
        && number.TryGetInt64(out long value)
            ? Math.Clamp(value, 0, BytesMax)
            : 0;
}
