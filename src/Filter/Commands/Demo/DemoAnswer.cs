using System.Text;
using System.Text.Json;

namespace FastGate.Commands.Demo;

/// <summary>A whole answer; its content is the client's memory, and good until that client asks again.</summary>
internal readonly record struct DemoAnswer(int Status, ReadOnlyMemory<byte> Content)
{
    public string Text => Encoding.UTF8.GetString(Content.Span);

    /// <summary>The sentence of a refusal outside of <c>/v1</c>: <c>{"error":"…"}</c>.</summary>
    public string Sentence()
    {
        using JsonDocument document = JsonDocument.Parse(Content);
        return document.RootElement.GetProperty("error").GetString() ?? "";
    }
}
