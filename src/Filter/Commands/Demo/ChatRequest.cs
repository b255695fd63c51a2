using System.Text.Json;

namespace FastGate.Commands.Demo;

/// <summary>What the stand-in needs to know of the content of a chat request.</summary>
/// <param name="Model">The model's name; the stand-in's own if the client named none.</param>
/// <param name="Stream">Null if the client did not say.</param>
internal readonly record struct ChatRequest(string Model, bool? Stream)
{
    /// <returns>False when the content is not a JSON object.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> content, out ChatRequest request)
    {
        request = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return false;
            request = new ChatRequest(ModelIn(root), StreamIn(root));
            return true;
        }
        catch (JsonException)
        {
            // Whoever tries things by hand mistypes: the answer says so.
            return false;
        }
    }

    private static string ModelIn(JsonElement root) =>
        root.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.String
            ? model.GetString()!
            : StandInRoutes.Model;

    private static bool? StreamIn(JsonElement root) =>
        root.TryGetProperty("stream", out JsonElement stream)
        && stream.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? stream.GetBoolean()
            : null;
}
