using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>Cuts what arrives into server-sent events (WHATWG HTML §9.2.6), each with the moment at which it was whole.</summary>
internal sealed class EventReader
{
    // A test's stream has some tens of events; with a line of the shortest, a response of 1 MiB could have half a million.
    private const int EventsMax = 10_000;

    private readonly List<StreamEvent> events = [];
    private readonly StringBuilder line = new();
    private readonly StringBuilder data = new();
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private string name = "";
    private bool hasData;

    public IReadOnlyList<StreamEvent> Events => events;

    /// <exception cref="ResponseTooLongException">A line is too long, or there are too many events.</exception>
    public void Add(ReadOnlySpan<byte> bytes, TimeSpan at)
    {
        char[] text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int length = decoder.GetChars(bytes, text, flush: false);
        foreach (char letter in text.AsSpan(0, length))
        {
            if (letter == '\n') EndLine(at);
            else if (letter != '\r') line.Append(letter);
            if (line.Length > BoundedHttp.LineBytesMax || events.Count > EventsMax) throw new ResponseTooLongException();
        }
    }

    private void EndLine(TimeSpan at)
    {
        string whole = line.ToString();
        line.Clear();
        if (whole.Length == 0) EndEvent(at);
        else if (ValueOf(whole, "event:") is { } said) name = said;
        else if (ValueOf(whole, "data:") is { } more)
        {
            if (hasData) data.Append('\n');
            data.Append(more);
            hasData = true;
        }
    }

    private void EndEvent(TimeSpan at)
    {
        if (hasData) events.Add(new StreamEvent(name, data.ToString(), at));
        data.Clear();
        (name, hasData) = ("", false);
    }

    private static string? ValueOf(string line, string field)
    {
        if (!line.StartsWith(field, StringComparison.Ordinal)) return null;
        string value = line[field.Length..];
        return value.StartsWith(' ') ? value[1..] : value;
    }
}
