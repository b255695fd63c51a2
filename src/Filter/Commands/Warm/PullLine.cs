using System.Text.Json;

namespace FastGate.Commands.Warm;

/// <summary>One progress line of a pull (Ollama's api.ProgressResponse).</summary>
/// <param name="Status">The current step; "success" is the last.</param>
/// <param name="Digest">Digest of the layer being pulled, or empty.</param>
/// <param name="Total">Size of the layer in bytes.</param>
/// <param name="Completed">Number of bytes pulled.</param>
/// <param name="Error">Why the pull failed, or null.</param>
internal sealed record PullLine(string Status, string Digest, long Total, long Completed, string? Error)
{
    // 256 TiB: no layer is larger, and the sum over all layers cannot overflow.
    private const long BytesMax = 1L << 48;

    public bool IsSuccess => Status == "success";

    /// <summary>Parses a line; null if it is not a JSON object.</summary>
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
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Another server's output, or half a line.
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
