using System.Text.Json;
using FastGate.Proxy.Transport;

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

    /// <summary>Parses a line; null if it is not a JSON object, such as another server's output or half a
    /// line.</summary>
    public static PullLine? Read(string json) => StrictJson.Parse(json, Of);

    private static PullLine? Of(JsonElement line) =>
        line.ValueKind != JsonValueKind.Object
            ? null
            : new PullLine(
                Text(line, "status") ?? "",
                Text(line, "digest") ?? "",
                Number(line, "total"),
                Number(line, "completed"),
                Text(line, "error")
            );

    private static string? Text(JsonElement line, string name) => StrictJson.Text(StrictJson.At(line, name));

    private static long Number(JsonElement line, string name) =>
        StrictJson.At(line, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value)
            ? Math.Clamp(value, 0, BytesMax)
            : 0;
}
