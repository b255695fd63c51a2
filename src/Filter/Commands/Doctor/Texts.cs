using System.Text.Json;

namespace FastGate.Commands.Doctor;

/// <summary>Small readings of text and JSON that many checks share.</summary>
internal static class Texts
{
    /// <summary>Without line ends and control characters, and no longer than so many characters.</summary>
    public static string OneLine(string text, int lengthMax)
    {
        string line = string.Concat(text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length <= lengthMax ? line : string.Concat(line.AsSpan(0, lengthMax - 1), "…");
    }

    /// <summary>One thing, or several.</summary>
    public static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    /// <summary>Follows members and, by numbers, elements; undefined where there is no such thing.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<object> way)
    {
        foreach (object step in way)
        {
            element = step switch
            {
                string name
                    when element.ValueKind == JsonValueKind.Object
                        && element.TryGetProperty(name, out JsonElement member) => member,
                int index when element.ValueKind == JsonValueKind.Array && index < element.GetArrayLength() => element[
                    index
                ],
                _ => default,
            };
        }
        return element;
    }

    /// <summary>A string's text; null if it is none.</summary>
    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // An escape such as \uD800, which names half of a character, or bytes that are not UTF-8.
            return null;
        }
    }

    /// <summary>The elements of an array; none if it is none.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];
}
