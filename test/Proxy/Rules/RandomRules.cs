namespace FastGate.Test.Proxy.Rules;

/// <summary>
/// Random rules and paths over a few short segments, so that literals and parameters often overlap.
/// </summary>
internal sealed class RandomRules(int seed)
{
    // Prefixes of each other, escapes, and segments that a parameter does not match.
    private static readonly string[] Literals = ["a", "b", "ab", "abc", "a%20b", "a%41", "more-than-8-bytes", "GET"];
    private static readonly string[] Special = ["", ".", "..", "%2e", "c", "d%3Ae", "a%2Fb", "%", "%2561", "abcd", "A"];
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "get", "GE", "GETS"];

    private readonly Random _random = new(seed);

    public string Rule()
    {
        int depth = _random.Next(6);
        string path = depth == 0 && _random.Next(4) == 0 ? "/" : "";
        for (int i = 0; i < depth; i++)
            path += "/" + (_random.Next(3) == 0 ? "{p" + i + "}" : Literals[_random.Next(Literals.Length)]);
        if (path.Length == 0 || (path != "/" && _random.Next(5) == 0))
            path += "/{rest...}";
        return $"{string.Join(',', Distinct(1 + _random.Next(2)))} {path}";
    }

    public string Method() => _random.Next(50) == 0 ? "" : Methods[_random.Next(Methods.Length)];

    /// <summary>A path that matches one of the rules, sometimes with a random change.</summary>
    public string Path(IReadOnlyList<string> rules)
    {
        if (_random.Next(100) == 0)
            return Special[_random.Next(Special.Length)];
        string path = rules[_random.Next(rules.Count)].Split(' ')[1];
        if (path == "/")
            return path;
        IEnumerable<string> segments = path[1..].Split('/').Select(segment => segment[0] == '{' ? Segment() : segment);
        string filled = string.Concat(segments.Select(segment => "/" + (_random.Next(8) == 0 ? Segment() : segment)));
        return _random.Next(6) switch
        {
            0 => filled + "/" + Segment(),
            1 when filled.LastIndexOf('/') is > 0 and int last => filled[..last],
            _ => filled,
        };
    }

    private string Segment() =>
        _random.Next(4) == 0 ? Special[_random.Next(Special.Length)] : Literals[_random.Next(Literals.Length)];

    private IEnumerable<string> Distinct(int count) =>
        Enumerable.Range(0, count).Select(_ => Methods[_random.Next(Methods.Length)]).Distinct();
}
