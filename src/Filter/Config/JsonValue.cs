namespace FastGate.Config;

/// <summary>One JSON value, and where it stands.</summary>
internal sealed record JsonValue(JsonKind Kind, SourceLocation Place)
{
    /// <summary>The content of a string, or a number or a boolean as it is spelled.</summary>
    public string Text { get; init; } = "";

    /// <summary>The values of an array.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>The members of an object in their order; a name can be there twice.</summary>
    public IReadOnlyList<JsonMember> Members { get; init; } = [];

    /// <summary>What it is, for people.</summary>
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
