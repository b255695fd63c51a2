using System.Text;

namespace FastGate.Test.Proxy.Wire;

/// <summary>Makes invalid heads out of valid ones. Repeatable by seed.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] pieces =
    [
        "\r\n",
        "\r",
        "\n",
        "\r\n\r\n",
        " ",
        "\t",
        "\0",
        ":",
        "/",
        "//",
        "/.",
        "/..",
        "%",
        "%2e",
        "%2F",
        "%25",
        "%41",
        "%zz",
        "?",
        "#",
        "\\",
        "\x7F",
        "\x80",
        "\xFF",
        "\x16",
        "*",
        ",",
        ";",
        "a",
        "9",
        "-",
        "_",
        "[::1]",
        "HTTP/1.1",
        "HTTP/1.0",
        "HTTP/1.2",
        "PRI * ",
        "\r\n ",
        "Host: a\r\n",
        "Host:\r\n",
        "Host: [::1]:80\r\n",
        "Host : a\r\n",
        "Content-Length: 5\r\n",
        "content-length: 1234567890123456789\r\n",
        "Content-Length: 5, 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "transfer-encoding: GZIP , chunked\r\n",
        "Transfer-Encoding:\r\n",
        "Connection: close\r\n",
        "connection: x,\tClose , y\r\n",
        "Connection: keep-alive\r\n",
        "Expect: 100-continue\r\n",
        ": x\r\n",
        "x\r\n",
        " folded\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ];

    private readonly Random _random = new(seed);

    public string Mutate(string text)
    {
        var mutated = new StringBuilder(text);
        for (int rounds = _random.Next(1, 4); rounds > 0; rounds--)
            MutateOnce(mutated);
        return mutated.ToString();
    }

    private void MutateOnce(StringBuilder text)
    {
        // Half of the time in the request line, to which most rules apply.
        int at = _random.Next(_random.Next(2) == 0 ? int.Min(48, text.Length) : text.Length);
        switch (_random.Next(6))
        {
            case 0:
                text.Insert(at, pieces[_random.Next(pieces.Length)]);
                break;
            case 1:
                text.Remove(at, int.Min(_random.Next(1, 5), text.Length - at));
                break;
            case 2 when at < text.Length:
                text[at] = (char)_random.Next(256);
                break;
            case 3 when at < text.Length:
                text[at] = char.IsAsciiLetterLower(text[at])
                    ? char.ToUpperInvariant(text[at])
                    : (char)(text[at] ^ 0x20);
                break;
            case 4:
                InsertAtLineStart(text, at);
                break;
            default:
                text.Insert(at, text.ToString(at, int.Min(_random.Next(1, 30), text.Length - at)));
                break;
        }
    }

    private void InsertAtLineStart(StringBuilder text, int at)
    {
        int line = text.ToString().IndexOf("\r\n", at, StringComparison.Ordinal);
        if (line >= 0)
            text.Insert(line + 2, pieces[_random.Next(pieces.Length)]);
    }
}
