using System.Text;
using System.Text.Json;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Reads a JSON document of another program completely or not at all: one string that is not valid Unicode makes the
/// whole document invalid. Any thread.
/// </summary>
internal static class StrictJson
{
    /// <param name="json">The text, which may be something else, such as the error of a program that failed with
    /// exit code 0.</param>
    /// <param name="read">Reads the root; returns null if it is something else.</param>
    /// <returns>Null if the text is not JSON or not valid Unicode, or if <paramref name="read"/> returns
    /// null.</returns>
    public static T? Parse<T>(string json, Func<JsonElement, T?> read)
        where T : class => Parse(Encoding.UTF8.GetBytes(json), read);

    /// <inheritdoc cref="Parse{T}(string, Func{JsonElement, T})"/>
    public static T? Parse<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // System.Text.Json throws InvalidOperationException for an escape such as \uD800, which is half of a
            // character, and for bytes that are not UTF-8.
            return null;
        }
    }

    /// <summary>A member of an object; undefined if there is no such object or member.</summary>
    /// <exception cref="InvalidOperationException">A name in the object is not valid Unicode.</exception>
    public static JsonElement At(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member)
            ? member
            : default;

    /// <summary>The value of a string; null for anything else.</summary>
    /// <exception cref="InvalidOperationException">The string is not valid Unicode.</exception>
    public static string? Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString() : null;
}
