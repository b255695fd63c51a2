using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FastGate.Test.Proxy.Wire;

/// <summary>Reads the cases of <c>test/Corpus</c>, whose README describes the format.</summary>
internal static partial class Corpus
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Corpus");

    public static IReadOnlyList<CorpusCase> Cases { get; } =
    [
        .. Directory
            .GetFiles(Folder, "*.md")
            .Order()
            .Where(file => !file.EndsWith("README.md", StringComparison.Ordinal))
            .SelectMany(Read),
    ];

    private static IEnumerable<CorpusCase> Read(string file)
    {
        var inputs = new List<(string Name, string Kind, byte[] Bytes)>();
        string section = "";
        foreach (Match match in Part().Matches(File.ReadAllText(file)))
        {
            string kind = match.Groups["kind"].Value;
            string text = match.Groups["text"].Value;
            if (match.Groups["section"] is { Success: true } title)
                section = title.Value;
            else if (kind != "expect")
                inputs.Add(
                    ($"{Path.GetFileNameWithoutExtension(file)}: {section}: {Shorten(text)}", kind, Unescape(text))
                );
            else
            {
                Assert.AreNotEqual(0, inputs.Count, $"{file}: {section}: an expectation without an input");
                foreach ((string name, string inputKind, byte[] bytes) in inputs)
                    yield return new CorpusCase(name, inputKind, bytes, text.Trim());
                inputs.Clear();
            }
        }

        Assert.AreEqual(0, inputs.Count, $"{file}: {section}: an input without an expectation");
    }

    internal static byte[] Unescape(string text)
    {
        text = Repeat()
            .Replace(
                text.Replace("\n", "", StringComparison.Ordinal),
                match =>
                    new StringBuilder()
                        .Insert(
                            0,
                            match.Groups[1].Value,
                            int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)
                        )
                        .ToString()
            );
        return Encoding.Latin1.GetBytes(
            Escape()
                .Replace(
                    text,
                    match =>
                        match.Value[1] switch
                        {
                            'r' => "\r",
                            'n' => "\n",
                            't' => "\t",
                            '0' => "\0",
                            'x' => ((char)Convert.ToByte(match.Value[2..], 16)).ToString(),
                            _ => "\\",
                        }
                )
        );
    }

    private static string Shorten(string text)
    {
        string line = text.Replace("\n", "", StringComparison.Ordinal);
        return line.Length > 60 ? line[..60] + "…" : line;
    }

    [GeneratedRegex(
        @"^## (?<section>[^\n]*)$|^```(?<kind>request|response|request-content|response-content|expect)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Part();

    [GeneratedRegex(@"\\\{(.*?)\*(\d+)\}")]
    private static partial Regex Repeat();

    [GeneratedRegex(@"\\(r|n|t|0|\\|x[0-9A-Fa-f]{2})")]
    private static partial Regex Escape();
}

/// <summary>One input of the corpus and its expected result.</summary>
internal sealed record CorpusCase(string Name, string Kind, byte[] Input, string Expected);
