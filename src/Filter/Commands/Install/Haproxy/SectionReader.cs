using System.Globalization;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>Reads the sections of a configuration from one or more files. Never fails: lines that it does not
/// understand are listed.</summary>
/// <param name="variable">The known variables of HAProxy's environment.</param>
internal sealed class SectionReader(Func<string, string?> variable)
{
    private static readonly string[] Kinds =
    [
        "global",
        "defaults",
        "frontend",
        "backend",
        "listen",
        "peers",
        "mailers",
        "userlist",
        "resolvers",
        "cache",
        "program",
        "http-errors",
        "ring",
        "log-forward",
        "log-profile",
        "fcgi-app",
        "crt-store",
        "traces",
        "acme",
    ];

    private readonly Dictionary<string, string> _set = [];
    private readonly Stack<(Truth Branch, Truth Before)> _conditions = [];

    public List<ConfigSection> Sections { get; } = [];

    /// <summary>Lines that were not understood.</summary>
    public List<string> NotUnderstood { get; } = [];

    /// <param name="text">The text of a file.</param>
    /// <param name="file">The file's name, if there are several.</param>
    public void Read(string text, string file = "")
    {
        _conditions.Clear();
        foreach ((int index, string raw) in text.Split('\n').Index())
        {
            string location = file.Length > 0 ? $"{file} line {index + 1}" : $"line {index + 1}";
            // A byte order mark is not part of the first word.
            string[] words = LineSplitter.Split(index == 0 ? raw.TrimStart('\uFEFF') : raw, ValueOf);
            if (words.Length == 0)
                continue;
            bool isUnsure = _conditions.Any(condition => condition.Branch == Truth.Maybe);
            ConfigLine line = new(location, ConfigLine.ToPrintable(raw), words, isUnsure);
            if (words[0].StartsWith('.'))
                ReadDirective(line);
            else if (_conditions.All(condition => condition.Branch != Truth.No))
                ReadLine(line);
        }
    }

    private void ReadLine(ConfigLine line)
    {
        if (Kinds.Contains(line.Keyword))
            Sections.Add(new ConfigSection(line));
        else if (Sections.Count == 0)
            NotUnderstood.Add($"{line} (outside any section)");
        else
            Sections[^1].Lines.Add(line);

        // Variables set here apply to the lines that follow.
        if (line.Words is ["setenv", var name, var value, ..])
            _set[name] = value;
        else if (line.Words is ["presetenv", var preset, var presetValue, ..] && variable(preset) is null)
            _set.TryAdd(preset, presetValue);
        else if (line.Words is ["unsetenv", .. var removed])
            foreach (string variableName in removed)
                _set[variableName] = "";
    }

    private void ReadDirective(ConfigLine line)
    {
        string text = string.Join(' ', line.Words.Skip(1));
        switch (line.Keyword)
        {
            case ".if":
                _conditions.Push((Evaluate(line, text), Truth.No));
                break;
            case ".elif" or ".else" when _conditions.Count > 0:
                (Truth branch, Truth before) = _conditions.Pop();
                before = before > branch ? before : branch;
                Truth branchTruth = line.Keyword == ".else" ? Truth.Yes : Evaluate(line, text);
                Truth remaining = (Truth)(Truth.Yes - before);
                _conditions.Push((branchTruth < remaining ? branchTruth : remaining, before));
                break;
            case ".endif" when _conditions.Count > 0:
                _conditions.Pop();
                break;
            case ".notice" or ".warning" or ".diag" or ".alert":
                break;
            default:
                NotUnderstood.Add($"{line} (unknown directive)");
                break;
        }
    }

    // The version and features of the HAProxy that reads the file are unknown here.
    private Truth Evaluate(ConfigLine line, string text)
    {
        bool isNegated = text.StartsWith('!');
        string bare = text.TrimStart('!').Trim();
        Truth truth =
            bare.Length == 0 ? Truth.No
            : int.TryParse(bare, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
                ? number == 0 ? Truth.No
                    : Truth.Yes
            : bare.StartsWith("defined(", StringComparison.Ordinal)
            && bare.EndsWith(')')
            && ValueOf(bare[8..^1]) is not null
                ? Truth.Yes
            : Truth.Maybe;
        if (truth == Truth.Maybe)
            NotUnderstood.Add($"{line} (the condition is unknown, so its lines may or may not apply)");
        return isNegated ? (Truth)(Truth.Yes - truth) : truth;
    }

    private string? ValueOf(string name) => _set.TryGetValue(name, out string? value) ? value : variable(name);
}

/// <summary>A section from its heading to the next: <c>frontend models</c>.</summary>
/// <param name="Heading">The line that starts the section.</param>
internal sealed record ConfigSection(ConfigLine Heading)
{
    public string Kind => Heading.Keyword;

    public string Name => Heading.Words.Length > 1 ? Heading.Words[1] : "";

    /// <summary>The lines below the heading.</summary>
    public List<ConfigLine> Lines { get; } = [];

    public override string ToString() => $"{Kind} {Name}".TrimEnd();
}
