using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FastGate.Config;

/// <summary>
/// Reads JSON (RFC 8259) with comments and trailing commas into values that know where they stand. The only file that
/// knows System.Text.Json.
/// </summary>
internal sealed class JsonText
{
    private static readonly JsonReaderOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly string _source;
    private readonly byte[] _bytes;
    private int _at;
    private int _line = 1;
    private int _column = 1;

    private JsonText(string source, byte[] bytes)
    {
        _source = source;
        _bytes = bytes;
    }

    /// <summary>The value that is the whole text; null when it is no JSON, and then a problem says where.</summary>
    /// <param name="source">The file's name, for the places.</param>
    /// <param name="text">UTF-8, with or without a byte order mark.</param>
    /// <param name="problems">Where a problem is added.</param>
    public static JsonValue? Parse(string source, ReadOnlySpan<byte> text, List<Problem> problems)
    {
        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        return new JsonText(source, text.StartsWith(mark) ? text[mark.Length..].ToArray() : text.ToArray()).Parse(
            problems
        );
    }

    private JsonValue? Parse(List<Problem> problems)
    {
        if (!Utf8.IsValid(_bytes))
        {
            problems.Add(new Problem(new SourceLocation(_source, 1, 1), "the file is not UTF-8: save it as UTF-8"));
            return null;
        }
        try
        {
            Utf8JsonReader reader = new(_bytes, Options);
            reader.Read();
            JsonValue value = ReadValue(ref reader, "");
            // Whatever follows is a fault that only reading on finds.
            reader.Read();
            return value;
        }
        catch (JsonException fault)
        {
            // Not JSON: the reader knows the line and what it had expected there.
            problems.Add(new Problem(PlaceOf(fault), JsonFaults.Explain(fault.Message, _bytes)));
        }
        catch (InvalidOperationException)
        {
            // Thrown for an escape such as \uD800, which names one half of a character.
            problems.Add(
                new Problem(
                    new SourceLocation(_source, 1, 1),
                    "an escape \\u… names half a character: write the character itself"
                )
            );
        }
        return null;
    }

    private JsonValue ReadValue(ref Utf8JsonReader reader, string path)
    {
        SourceLocation place = PlaceOf(ref reader, path);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => new JsonValue(JsonKind.Object, place)
            {
                Members = ReadMembers(ref reader, path),
            },
            JsonTokenType.StartArray => new JsonValue(JsonKind.Array, place) { Items = ReadItems(ref reader, path) },
            JsonTokenType.String => new JsonValue(JsonKind.String, place) { Text = reader.GetString()! },
            JsonTokenType.Null => new JsonValue(JsonKind.Null, place),
            JsonTokenType.Number => new JsonValue(JsonKind.Number, place)
            {
                Text = Encoding.UTF8.GetString(reader.ValueSpan),
            },
            _ => new JsonValue(JsonKind.Boolean, place) { Text = Encoding.UTF8.GetString(reader.ValueSpan) },
        };
    }

    private List<JsonMember> ReadMembers(ref Utf8JsonReader reader, string path)
    {
        List<JsonMember> members = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            string inner = path.Length == 0 ? name : $"{path}.{name}";
            SourceLocation place = PlaceOf(ref reader, inner);
            reader.Read();
            members.Add(new JsonMember(name, place, ReadValue(ref reader, inner)));
        }
        return members;
    }

    private List<JsonValue> ReadItems(ref Utf8JsonReader reader, string path)
    {
        List<JsonValue> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue(ref reader, $"{path}[{items.Count}]"));
        return items;
    }

    // Tokens come in their order, so only what lies between two of them is looked at: a file of one long line stays
    // linear.
    private SourceLocation PlaceOf(ref Utf8JsonReader reader, string path)
    {
        ReadOnlySpan<byte> between = _bytes.AsSpan(_at..(int)reader.TokenStartIndex);
        _at = (int)reader.TokenStartIndex;
        int feeds = between.Count((byte)'\n');
        if (feeds > 0)
            _column = 1;
        _line += feeds;
        _column += Encoding.UTF8.GetCharCount(between[(between.LastIndexOf((byte)'\n') + 1)..]);
        return new SourceLocation(_source, _line, _column, path) { IsVerbatim = !reader.ValueIsEscaped };
    }

    // Counted from 0 there, and in bytes, which are characters in nearly every line.
    private SourceLocation PlaceOf(JsonException fault) =>
        new(_source, (int)(fault.LineNumber ?? 0) + 1, (int)(fault.BytePositionInLine ?? 0) + 1);
}

/// <summary>A member of a JSON object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place">Where the name stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record JsonMember(string Name, SourceLocation Place, JsonValue Value);

/// <summary>Says for people what a JSON reader has found wrong.</summary>
internal static class JsonFaults
{
    /// <param name="message">The reader's own words, which end in a line number.</param>
    /// <param name="text">The whole text.</param>
    public static string Explain(string message, ReadOnlySpan<byte> text)
    {
        if (IsBlank(text))
            return "the file is empty: write {} for the defaults, or remove it";
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
            return "this is not JSON: it ends while a { or [ is open: add the } or ] that is missing";
        int numbers = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string words = (numbers < 0 ? message : message[..numbers]).TrimEnd('.');
        return $"this is not JSON: {words}";
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(text));
}
