using System.Globalization;
using System.Text.RegularExpressions;

namespace FastGate.Test.Replay;

/// <summary>A recorded request head, with generated content of the length it declares.</summary>
internal sealed partial record Capture(string Name, string Head)
{
    private const string Json = """{"model":"qwen2.5-coder:32b"}""";
    private const string JsonOfStream = """{"model":"qwen2.5-coder:32b","stream":true}""";
    private const string JsonOfWhole = """{"model":"qwen2.5-coder:32b","stream":false}""";

    public string Method => Head[..Head.IndexOf(' ', StringComparison.Ordinal)];

    public string Target => Head.Split(' ', 3)[1];

    /// <summary>Whether the client waits for an interim response before it sends its content.</summary>
    public bool Expects => Field("Expect") is not null;

    public bool HasContent => Length > 0 || IsChunked;

    /// <summary>The content without its framing: JSON that names a model, padded with spaces.</summary>
    public string Text =>
        IsChunked ? JsonOfWhole
        : Length < JsonOfWhole.Length ? Json.PadRight(Length)[..Length]
        : Full.PadRight(Length);

    /// <summary>The content as it follows the head.</summary>
    public string Content => IsChunked ? $"{Text.Length:x}\r\n{Text}\r\n0\r\n\r\n" : Text;

    private string Full => Field("Accept") == "text/event-stream" ? JsonOfStream : JsonOfWhole;

    private bool IsChunked => Field("Transfer-Encoding") is not null;

    private int Length => int.Parse(Field("Content-Length") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>
    /// The head with another value of Host and otherwise unchanged, including white space around the value.
    /// </summary>
    public string HeadWithHost(string host) => HostLine().Replace(Head, $"${{1}}{host}${{2}}", 1);

    public override string ToString() => Name;

    private string? Field(string name) =>
        Head.Split("\r\n")
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();

    [GeneratedRegex(@"^(host:[ \t]*)[^\r]*?([ \t]*\r\n)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex HostLine();
}
