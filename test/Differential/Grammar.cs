using System.Globalization;
using System.Text;
using FastGate.Test.Bypass;

namespace FastGate.Test.Differential;

/// <summary>
/// Generates streams of a few requests, element by element. Each element is valid or, with the probability <c>odd</c>,
/// disguised. Each request has an id in its query, so that responses and reports can be matched to it.
/// </summary>
/// <param name="random">The source of all choices.</param>
/// <param name="index">The stream's number.</param>
/// <param name="odd">The probability that an element is disguised, from 0 to 1.</param>
internal sealed class Grammar(Random random, int index, double odd)
{
    private static readonly (string Method, string Path)[] Reads =
    [
        ("GET", "/api/tags"),
        ("GET", "/api/version"),
        ("HEAD", "/api/tags"),
        ("HEAD", "/api/version"),
        ("GET", "/v1/models"),
        ("GET", "/v1/models/a:b"),
        ("HEAD", "/v1/models/q"),
    ];

    private static readonly string[] Writes = ["/api/show", "/v1/chat/completions", "/v1/responses", "/v1/messages"];

    private static readonly string[] Forbidden = [Requests.Pull, Requests.Delete, Requests.Pprof];

    private readonly List<int> _ends = [];
    private int _number;

    /// <summary>
    /// The offsets where a client may wait for a response: after each request, and before content that the server does
    /// not await.
    /// </summary>
    public IReadOnlyList<int> Ends => _ends;

    public string Stream()
    {
        var text = new StringBuilder();
        int count = random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            string request = Request();
            // A response may arrive before the content; the rest must then still be read as content.
            int head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            bool isEarly =
                request.Contains("do=early", StringComparison.Ordinal)
                || request.Contains("do=prompt", StringComparison.Ordinal);
            if (isEarly && head > 4 && head < request.Length)
                _ends.Add(text.Length + head);
            text.Append(request);
            _ends.Add(text.Length);
        }
        if (odd > 0 && random.Next(5) > 0)
        {
            text.Append(Pick(Forbidden));
            _ends.Add(text.Length);
        }
        return text.Append(Tail(index)).ToString();
    }

    /// <summary>The tail request after each stream: its response shows that everything before it was handled.</summary>
    public static string Tail(int index) =>
        $"GET /api/version?i={Name(index, "end")} HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /// <summary>The id of a request in its query.</summary>
    public static string Name(int index, string request) => $"{index}.{request}";

    private string Request()
    {
        string response = Pick(odd > 0 ? RequestedResponses.All : RequestedResponses.KeepingOpen);
        string query =
            $"i={Name(index, _number++.ToString(CultureInfo.InvariantCulture))}"
            + Sometimes(0.05 + odd, $"&do={response}");
        bool writes = random.Next(2) == 0;
        var (method, path) = writes ? ("POST", Pick(Writes)) : Pick(Reads);
        string target = random.NextDouble() < odd ? Format(Pick(RequestLineTricks.Targets), query) : $"{path}?{query}";
        bool content = writes ? random.Next(8) > 0 : odd > 0 && random.Next(10) == 0;
        (string framing, string body) = content ? Framed(Content()) : ("", "");
        // HTTP/1.0 has no chunks.
        bool old = random.Next(12) == 0 && (odd > 0 || !framing.StartsWith("Transfer", StringComparison.Ordinal));
        return Or("", RequestLineTricks.BeforeLine)
            + Or(method, RequestLineTricks.Methods)
            + Or(" ", RequestLineTricks.Blanks)
            + target
            + Or(" ", RequestLineTricks.Blanks)
            + Or(old ? "HTTP/1.0" : "HTTP/1.1", RequestLineTricks.Versions)
            + Or("\r\n", FieldTricks.LineEnds)
            + Fields(framing)
            + Or("\r\n", FieldTricks.LineEnds)
            + body;
    }

    private string Fields(string framing)
    {
        List<string> lines = [Or("Host: localhost\r\n", FieldTricks.Hosts), framing];
        if (random.Next(3) == 0)
            lines.Add("User-Agent: x\r\n");
        if (random.NextDouble() < 0.1 + (odd / 2))
            lines.Add(Pick(FieldTricks.Turns));
        if (random.NextDouble() < odd)
            lines.Add(Pick(FieldTricks.Fields));
        if (random.NextDouble() < odd / 3)
            lines.Add(AtALimit());
        return string.Concat(lines.OrderBy(_ => random.Next()));
    }

    /// <summary>Field lines that bring the head to its limit of bytes or lines, or just past it.</summary>
    private string AtALimit() =>
        random.Next(3) switch
        {
            0 => string.Concat(Enumerable.Repeat($"X: {new string('a', 8100)}\r\n", 3))
                + $"X: {new string('a', 8459 - random.Next(60, 420))}\r\n",
            1 => $"X: {new string('a', 8187 + random.Next(-3, 5))}\r\n",
            _ => string.Concat(Enumerable.Repeat("X: a\r\n", random.Next(94, 103))),
        };

    /// <summary>Content that a desynchronized parser would read as a request.</summary>
    private string Content() =>
        random.Next(9) switch
        {
            0 => "",
            1 => "hello",
            2 or 7 or 8 => Pick(Forbidden),
            3 => $"0\r\n\r\n{Pick(Forbidden)}",
            4 => $"\r\n{Pick(Forbidden)}",
            5 => new string('x', random.Next(20) == 0 ? random.Next(60_000, 300_000) : random.Next(1, 9000)),
            _ => $"{{\"model\":\"a\"}}\r\n\r\n{Pick(Forbidden)}",
        };

    private (string Framing, string Body) Framed(string content)
    {
        if (random.Next(2) == 0)
        {
            string length = content.Length.ToString(CultureInfo.InvariantCulture);
            string value = random.NextDouble() < odd ? Format(Pick(FramingTricks.Lengths), length) : length;
            return (
                $"{Or("Content-Length", FramingTricks.LengthNames)}: {value}{Or("\r\n", FieldTricks.LineEnds)}",
                content
            );
        }
        string coding =
            $"{Or("Transfer-Encoding", FramingTricks.CodingNames)}: {Or("chunked", FramingTricks.Codings)}{Or("\r\n", FieldTricks.LineEnds)}";
        return (coding + Sometimes(odd, $"Content-Length: {random.Next(60)}\r\n"), Chunks(content));
    }

    private string Chunks(string content)
    {
        var text = new StringBuilder();
        for (int at = 0; at < content.Length; )
        {
            int size = Math.Min(random.Next(1, content.Length > 20_000 ? 100_000 : 4000), content.Length - at);
            string digits = size.ToString(random.Next(2) == 0 ? "x" : "X3", CultureInfo.InvariantCulture);
            text.Append(random.NextDouble() < odd ? Format(Pick(FramingTricks.ChunkSizes), digits) : digits + "\r\n");
            text.Append(content, at, size).Append(Or("\r\n", FramingTricks.ChunkEnds));
            at += size;
        }
        return text.Append(Or("0\r\n\r\n", FramingTricks.LastChunks)).ToString();
    }

    private string Or(string right, string[] tricks) => random.NextDouble() < odd ? Pick(tricks) : right;

    private string Sometimes(double chance, string text) => random.NextDouble() < chance ? text : "";

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private static string Format(string pattern, string value) =>
        pattern.Replace("{0}", value, StringComparison.Ordinal);
}
