using System.Text;

namespace FastGate.Test.Proxy.Wire;

/// <summary>
/// Random heads whose elements are about as long as a scanner's blocks and contain mostly bytes that end an element.
/// Repeatable by seed.
/// </summary>
internal sealed class BlockTexts(int seed)
{
    private const string NameBytes = "aZ09-_~!";
    private const string ValueBytes = "az09 \t:;,/=\x80\xFF";
    private const string PathBytes = "aaaaz09-_~!/.:";
    private const string Breakers = "\r\n: \t\0\x1F\x7F\x80?#%/.\\@";

    private static readonly int[] lengths =
    [
        1,
        2,
        3,
        14,
        15,
        16,
        17,
        31,
        32,
        33,
        47,
        61,
        62,
        63,
        64,
        65,
        66,
        127,
        128,
        129,
    ];

    private static readonly string[] knownLines =
    [
        "Host: a\r\n",
        "host:\t[::1]:80 \r\n",
        "Connection: x, close\r\n",
        "Content-Length: 5\r\n",
        "Expect: 100-continue\r\n",
        "Cost: 5\r\n",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A request with random fields and a nearly always valid request line.</summary>
    public string RequestWithFields() => Broken($"GET /{Of("a", Length() % 60)} HTTP/1.1\r\nHost: a\r\n", Fields());

    /// <summary>A request with a random request line.</summary>
    public string RequestWithLine()
    {
        string method = _random.Next(3) == 0 ? Of("GET", Length()) : "GET";
        string path = Of(PathBytes, _random.Next(2) == 0 ? _random.Next(50) : Length() % 70);
        string query = _random.Next(3) == 0 ? "?" + Of("a/?=&", _random.Next(70)) : "";
        string end = _random.Next(8) == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
        string line = $"{method} /{path}{query}{end}";
        string rest = _random.Next(4) == 0 ? "\r\n" : $"Host: a\r\nX: {Of(ValueBytes, Length())}\r\n\r\n";
        return _random.Next(2) == 0 ? line + rest : Broken("", line) + rest;
    }

    public string Response() => Broken("HTTP/1.1 200 OK\r\n", Fields());

    private string Fields()
    {
        if (_random.Next(6) == 0)
            return Of("\r\n: \taZ", _random.Next(200)); // only delimiters
        var fields = new StringBuilder();
        for (int lines = _random.Next(8); lines > 0; lines--)
        {
            fields.Append(
                _random.Next(6) == 0
                    ? knownLines[_random.Next(knownLines.Length)]
                    : $"{Of(NameBytes, Length())}:{Of(ValueBytes, Length() - 1)}\r\n"
            );
        }

        return fields.Append("\r\n").ToString();
    }

    /// <summary>Replaces one byte of the text, half of the time.</summary>
    private string Broken(string before, string text)
    {
        if (text.Length == 0 || _random.Next(2) == 0)
            return before + text;
        int at = _random.Next(text.Length);
        return $"{before}{text[..at]}{Breakers[_random.Next(Breakers.Length)]}{text[(at + 1)..]}";
    }

    private int Length() => lengths[_random.Next(lengths.Length)];

    private string Of(string bytes, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => bytes[_random.Next(bytes.Length)]));
}
