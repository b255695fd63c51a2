using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FastGate.Config;

/// <summary>
/// Parses a config file's JSON (RFC 8259), with comments and trailing commas, into values with their locations. No
/// other file of Config uses System.Text.Json.
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

    /// <summary>Returns the root value, or null if the text is not valid JSON.</summary>
    /// <param name="source">The file's path, for locations.</param>
    /// <param name="text">UTF-8, with or without a byte order mark.</param>
    /// <param name="problems">Receives the syntax error, if any.</param>
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
            problems.Add(new Problem(new SourceLocation(_source, 1, 1), "the file is not UTF-8; save it as UTF-8"));
            return null;
        }
        try
        {
            Utf8JsonReader reader = new(_bytes, Options);
            reader.Read();
            JsonValue value = ReadValue(ref reader, "");
            // Throws if anything but comments follows the value.
            reader.Read();
            return value;
        }
        catch (JsonException exception)
        {
            problems.Add(new Problem(LocationOf(exception), JsonErrors.Explain(exception.Message, _bytes)));
        }
        catch (InvalidOperationException)
        {
            // Thrown for an escape such as \uD800, which names one half of a character.
            problems.Add(
                new Problem(
                    new SourceLocation(_source, 1, 1),
                    "an escape \\u… is half of a surrogate pair; write the character itself"
                )
            );
        }
        return null;
    }

    private JsonValue ReadValue(ref Utf8JsonReader reader, string path)
    {
        SourceLocation location = LocationOf(ref reader, path);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => new JsonValue(JsonKind.Object, location)
            {
                Members = ReadMembers(ref reader, path),
            },
            JsonTokenType.StartArray => new JsonValue(JsonKind.Array, location) { Items = ReadItems(ref reader, path) },
            JsonTokenType.String => new JsonValue(JsonKind.String, location) { Text = reader.GetString()! },
            JsonTokenType.Null => new JsonValue(JsonKind.Null, location),
            JsonTokenType.Number => new JsonValue(JsonKind.Number, location)
            {
                Text = Encoding.UTF8.GetString(reader.ValueSpan),
            },
            _ => new JsonValue(JsonKind.Boolean, location) { Text = Encoding.UTF8.GetString(reader.ValueSpan) },
        };
    }

    private List<JsonMember> ReadMembers(ref Utf8JsonReader reader, string path)
    {
        List<JsonMember> members = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            string inner = path.Length == 0 ? name : $"{path}.{name}";
            SourceLocation location = LocationOf(ref reader, inner);
            reader.Read();
            members.Add(new JsonMember(name, location, ReadValue(ref reader, inner)));
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

    // Counts only the bytes since the previous token, so that a file of one long line takes linear time.
    private SourceLocation LocationOf(ref Utf8JsonReader reader, string path)
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

    // JsonException counts from 0, and in bytes, which are characters in nearly every line.
    private SourceLocation LocationOf(JsonException exception) =>
        new(_source, (int)(exception.LineNumber ?? 0) + 1, (int)(exception.BytePositionInLine ?? 0) + 1);
}

/// <summary>A member of a JSON object.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Location">The location of the name.</param>
/// <param name="Value">The member's value.</param>
internal sealed record JsonMember(string Name, SourceLocation Location, JsonValue Value);

/// <summary>Words the syntax errors of System.Text.Json for people.</summary>
internal static class JsonErrors
{
    /// <param name="message">The exception's message, which ends in a line number.</param>
    /// <param name="text">The whole text.</param>
    public static string Explain(string message, ReadOnlySpan<byte> text)
    {
        if (IsBlank(text))
            return "the file is empty; write {} for the defaults, or remove it";
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
            return "invalid JSON: a { or [ is not closed; add the missing } or ]";
        int numbers = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string words = (numbers < 0 ? message : message[..numbers]).TrimEnd('.');
        return $"invalid JSON: {words}";
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(text));
}

/// <summary>One JSON value, and its location in the file.</summary>
internal sealed record JsonValue(JsonKind Kind, SourceLocation Location)
{
    /// <summary>The content of a string, or the spelling of a number or a boolean.</summary>
    public string Text { get; init; } = "";

    /// <summary>The values of an array.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>The members of an object in their order; a name can occur more than once.</summary>
    public IReadOnlyList<JsonMember> Members { get; init; } = [];

    /// <summary>The value's type, for messages.</summary>
    public string KindName =>
        Kind switch
        {
            JsonKind.Null => "null",
            JsonKind.Boolean => Text,
            JsonKind.Number => $"the number {Text}",
            JsonKind.String => $"the string \"{Text}\"",
            JsonKind.Array => "a list",
            _ => "an object",
        };
}

/// <summary>The type of a JSON value.</summary>
internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
