using System.Globalization;
using System.Text.RegularExpressions;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>One test of a request: the words after <c>acl NAME</c> or inside braces, such as <c>path_beg -i /api
/// /v1</c>.</summary>
internal sealed class Criterion
{
    private static readonly string[] Suffixes = ["beg", "dir", "dom", "end", "len", "reg", "str", "sub"];

    /// <summary>Fetches that have suffixed forms such as <c>path_beg</c>.</summary>
    private static readonly string[] WithSuffix =
    [
        "path",
        "pathq",
        "url",
        "base",
        "hdr",
        "req.hdr",
        "req.fhdr",
        "fhdr",
        "cook",
        "req.cook",
        "url_param",
        "urlp",
    ];

    private static readonly TimeSpan RegexTimeout = TimeSpan.FromMilliseconds(250);

    private readonly bool _ignoresCase;
    private readonly bool _isUnsure;
    private readonly bool _isKnown = true;

    private Criterion(IReadOnlyList<string> words, Func<string, string?> file, bool isUnsure)
    {
        _isUnsure = isUnsure;
        Text = string.Join(' ', words).Replace(LineSplitter.Unknown, '$');
        string name = words[0];
        int from = 1;
        List<string> values = [];
        Match = "";
        for (; from < words.Count && words[from].StartsWith('-') && words[from].Length > 1; from++)
        {
            string flag = words[from];
            if (flag == "--")
            {
                from++;
                break;
            }
            string argument = from + 1 < words.Count ? words[from + 1] : "";
            if (flag == "-i")
                _ignoresCase = true;
            else if (flag == "-m")
                Match = argument;
            else if (flag == "-f")
                _isKnown &= TryReadValues(file(argument), values);
            else if (flag is not ("-n" or "-M" or "-u"))
                break;
            if (flag is "-m" or "-f" or "-u")
                from++;
        }
        values.AddRange(words.Skip(from));
        Values = values;
        if (Match.Length == 0)
            (name, Match) = WithoutSuffix(name);
        Fetch = Fetch.Parse(name);
        _isKnown &= !Values.Any(value => value.Contains(LineSplitter.Unknown));
    }

    /// <summary>The criterion as written.</summary>
    public string Text { get; }

    public Fetch Fetch { get; }

    /// <summary>The match method: <c>beg</c>, <c>reg</c> …; empty for the default of the fetch.</summary>
    public string Match { get; }

    public IReadOnlyList<string> Values { get; }

    /// <summary>Whether it tests only the path.</summary>
    public bool IsPath => Fetch.Name is "path" or "pathq" or "url" or "uri" && Match is not ("len" or "found");

    public bool IsMethod => Fetch.Name == "method";

    /// <param name="words">The fetch, flags and values.</param>
    /// <param name="file">The text of a file of values; null if it cannot be read.</param>
    /// <param name="isUnsure">Whether the line may not apply.</param>
    public static Criterion Parse(IReadOnlyList<string> words, Func<string, string?> file, bool isUnsure) =>
        new(words, file, isUnsure);

    public Truth Of(SampleRequest request)
    {
        Truth truth = _isKnown ? Compare(request, Values) : Truth.Maybe;
        return _isUnsure && truth == Truth.Yes ? Truth.Maybe : truth;
    }

    /// <summary>The result for one of the values.</summary>
    public Truth Of(SampleRequest request, string value) => _isKnown ? Compare(request, [value]) : Truth.Maybe;

    /// <summary>A value as people write paths, with … where anything may stand.</summary>
    public string Show(string value)
    {
        string shown = value.Replace(LineSplitter.Unknown, '$');
        return Match switch
        {
            "beg" => $"{shown}…",
            "end" => $"…{shown}",
            "sub" => $"…{shown}…",
            "dir" => $"…/{shown.Trim('/')}/…",
            "reg" => $"~{shown}",
            "" or "str" => shown,
            _ => $"{Match} {shown}",
        };
    }

    private Truth Compare(SampleRequest request, IReadOnlyList<string> values)
    {
        Sample sample = Fetch.Of(request);
        // No name can be invented to match a regular expression.
        if (!sample.IsKnown || (Match == "reg" && Fetch.IsHost && request.Host is null))
            return Truth.Maybe;
        if (Match == "found")
            return ToTruth(sample.Text is not null || sample.Number is not null);
        if (sample.Number is { } number && Match is "" or "int" or "bool")
            return CompareNumber(number, values);
        if (sample.Text is not { } text)
            return Truth.No;
        if (Match == "len")
            return CompareNumber(text.Length, values);
        Truth best = Truth.No;
        foreach (string value in values)
        {
            Truth truth = CompareText(text, value);
            if (truth > best)
                best = truth;
        }
        return best;
    }

    private Truth CompareText(string text, string value)
    {
        StringComparison comparison = _ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        // The port is not part of the name here.
        if (Fetch.IsHost && Fetch.Name == "hdr")
            value = WithoutPort(value);
        switch (Match)
        {
            case "" or "str":
                return ToTruth(text.Equals(value, comparison));
            case "beg":
                return ToTruth(text.StartsWith(value, comparison));
            case "end":
                return ToTruth(text.EndsWith(value, comparison));
            case "sub":
                return ToTruth(text.Contains(value, comparison));
            case "dir":
                return ToTruth(Between(text, value.Trim('/'), '/', comparison));
            case "dom":
                return ToTruth(Between(text, value.Trim('.'), '.', comparison));
            case "reg":
                return CompareRegex(text, value);
            default:
                return Truth.Maybe;
        }
    }

    private Truth CompareRegex(string text, string pattern)
    {
        try
        {
            RegexOptions options =
                RegexOptions.CultureInvariant | (_ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            return ToTruth(Regex.IsMatch(text, pattern, options, RegexTimeout));
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            // HAProxy's regular expressions have features that .NET's lack.
            return Truth.Maybe;
        }
    }

    // "gt 5", "5", "5:10": an operator applies to the values after it.
    private static Truth CompareNumber(long number, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return ToTruth(number != 0);
        string operation = "eq";
        foreach (string value in values)
        {
            if (value is "eq" or "ge" or "gt" or "le" or "lt")
            {
                operation = value;
                continue;
            }
            string[] bounds = value.Split(':');
            long min = Bound(bounds[0], long.MinValue);
            long max = bounds.Length > 1 ? Bound(bounds[1], long.MaxValue) : min;
            bool isTrue = operation switch
            {
                "ge" => number >= min,
                "gt" => number > min,
                "le" => number <= min,
                "lt" => number < min,
                _ => number >= min && number <= max,
            };
            if (isTrue)
                return Truth.Yes;
        }
        return Truth.No;
    }

    private static long Bound(string text, long unbounded) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : unbounded;

    private static bool Between(string text, string value, char separator, StringComparison comparison) =>
        $"{separator}{text.Trim(separator)}{separator}".Contains($"{separator}{value}{separator}", comparison);

    private static string WithoutPort(string host) =>
        host.LastIndexOf(':') is var colon and > 0 && host[(colon + 1)..].All(char.IsAsciiDigit) ? host[..colon] : host;

    private static (string Name, string Match) WithoutSuffix(string criterion)
    {
        int end = criterion.AsSpan().IndexOfAny('(', ',');
        string name = end < 0 ? criterion : criterion[..end];
        int underscore = name.LastIndexOf('_');
        return underscore > 0 && Suffixes.Contains(name[(underscore + 1)..]) && WithSuffix.Contains(name[..underscore])
            ? (string.Concat(name.AsSpan(0, underscore), criterion.AsSpan(name.Length)), name[(underscore + 1)..])
            : (criterion, "");
    }

    private static bool TryReadValues(string? text, List<string> values)
    {
        if (text is null)
            return false;
        values.AddRange(text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'));
        return true;
    }

    private static Truth ToTruth(bool value) => value ? Truth.Yes : Truth.No;
}
