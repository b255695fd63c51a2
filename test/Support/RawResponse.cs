using System.Text;

namespace FastGate.Test.Support;

/// <summary>One HTTP response as received: status, field lines in order, content without its framing.</summary>
internal sealed record RawResponse(int Status, IReadOnlyList<(string Name, string Value)> Fields, byte[] Content)
{
    public string Text => Encoding.UTF8.GetString(Content);

    /// <summary>Whether the response has "Connection: close".</summary>
    public bool Closes => string.Equals(Field("Connection"), "close", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of the only field line of this name, or null.</summary>
    public string? Field(string name) =>
        Fields.SingleOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
