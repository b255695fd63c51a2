using System.Text.Json;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>Reads the text and JSON of other programs, as much as is valid, without ever failing; unlike
/// <see cref="StrictJson"/>, which reads all of a document or nothing.</summary>
internal static class ResponseText
{
    /// <summary>The text on one line: without control characters, and cut to a number of characters.</summary>
    public static string OneLine(string text, int lengthMax)
    {
        string line = string.Concat(text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length <= lengthMax ? line : string.Concat(line.AsSpan(0, lengthMax - 1), "…");
    }

    /// <summary>The text as JSON; undefined if it is not JSON.</summary>
    public static JsonElement Json(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // An undefined element has no members, which is what the caller sees.
            return default;
        }
    }

    /// <summary>The element at a path of member names and indexes; undefined if it does not exist.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<object> path)
    {
        foreach (object step in path)
        {
            element = step switch
            {
                string name => Member(element, name),
                int index when element.ValueKind == JsonValueKind.Array && index < element.GetArrayLength() => element[
                    index
                ],
                _ => default,
            };
        }
        return element;
    }

    /// <summary>The value of a string; null for anything else.</summary>
    public static string? Text(this JsonElement element)
    {
        try
        {
            return StrictJson.Text(element);
        }
        catch (InvalidOperationException)
        {
            // An escape such as \uD800, which is half of a character, or bytes that are not UTF-8.
            return null;
        }
    }

    /// <summary>The elements of an array; none for anything else.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    private static JsonElement Member(JsonElement element, string name)
    {
        try
        {
            return StrictJson.At(element, name);
        }
        catch (InvalidOperationException)
        {
            // The name of another member has such an escape.
            return default;
        }
    }
}
