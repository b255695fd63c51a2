using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>Cuts what arrives into server-sent events (WHATWG HTML §9.2.6), each with the moment at which it was
/// whole.</summary>
internal sealed class EventReader
{
    // A test's stream has some tens of events; with a line of the shortest, a response of 1 MiB could have half a
    // million.
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
        else if (ValueOf(whole, "event:") is { } said)
            _name = said;
        else if (ValueOf(whole, "data:") is { } more)
        {
            if (_hasData)
                _data.Append('\n');
            _data.Append(more);
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
