using System.Text.Json;

namespace FastGate.Test.StandIn;

/// <summary>JSON-escaped texts, and frames of the two stream formats.</summary>
internal static class Json
{
    public const string NdJson = "application/x-ndjson";
    public const string EventStream = "text/event-stream";

    /// <summary>The reply of every model.</summary>
    public static readonly string[] Tokens = ["Hello", " from", " the", " stand-in", "."];

    public static string Reply => string.Concat(Tokens);

    public static string Escape(string text) => JsonEncodedText.Encode(text).ToString();

    public static (bool IsToken, string Text) Line(string json, bool isToken = false) => (isToken, json + "\n");

    public static (bool IsToken, string Text) Data(string json, bool isToken = false) => (isToken, $"data: {json}\n\n");

    /// <summary>A named event whose data repeats its name as its type.</summary>
    public static (bool IsToken, string Text) Event(string name, string members, bool isToken = false) =>
        (
            isToken,
            $$"""
            event: {{name}}
            data: {"type":"{{name}}"{{(members.Length == 0 ? "" : "," + members)}}}


            """
        );
}
