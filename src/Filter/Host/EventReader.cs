using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>One server-sent event.</summary>
/// <param name="Name">The value of its <c>event</c> line; empty without one.</param>
/// <param name="Data">The value of its <c>data</c> lines.</param>
/// <param name="At">When its last byte arrived, counted from the request.</param>
internal readonly record struct StreamEvent(string Name, string Data, TimeSpan At);

/// <summary>Splits a response into server-sent events (WHATWG HTML §9.2.6) and notes when each is complete.</summary>
internal sealed class EventReader
{
    // The stream of a check has tens of events; with the shortest lines, a response of 1 MiB could have half a million.
    private const int EventsMax = 10_000;

    private readonly List<StreamEvent> _events = [];
    private readonly StringBuilder _line = new();
    private readonly StringBuilder _data = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private string _name = "";
    private bool _hasData;

    public IReadOnlyList<StreamEvent> Events => _events;

    /// <exception cref="ResponseTooLongException">A line is too long, or there are too many events.</exception>
    public void Add(ReadOnlySpan<byte> bytes, TimeSpan at)
    {
        char[] text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int length = _decoder.GetChars(bytes, text, flush: false);
        foreach (char letter in text.AsSpan(0, length))
        {
            if (letter == '\n')
                EndLine(at);
            else if (letter != '\r')
                _line.Append(letter);
            if (_line.Length > BoundedHttp.LineBytesMax || _events.Count > EventsMax)
                throw new ResponseTooLongException();
        }
    }

    private void EndLine(TimeSpan at)
    {
        string whole = _line.ToString();
        _line.Clear();
        if (whole.Length == 0)
            EndEvent(at);
        else if (ValueOf(whole, "event:") is { } name)
            _name = name;
        else if (ValueOf(whole, "data:") is { } data)
        {
            if (_hasData)
                _data.Append('\n');
            _data.Append(data);
            _hasData = true;
        }
    }

    private void EndEvent(TimeSpan at)
    {
        if (_hasData)
            _events.Add(new StreamEvent(_name, _data.ToString(), at));
        _data.Clear();
        (_name, _hasData) = ("", false);
    }

    private static string? ValueOf(string line, string field)
    {
        if (!line.StartsWith(field, StringComparison.Ordinal))
            return null;
        string value = line[field.Length..];
        return value.StartsWith(' ') ? value[1..] : value;
    }
}
