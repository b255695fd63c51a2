using System.Text;
using System.Text.RegularExpressions;

namespace FastGate.Test.Bypass;

/// <summary>Reads the streams of <c>test/Corpus/bypass</c>; its README describes the format.</summary>
internal static partial class BypassCorpus
{
    private const string Wait = @"\<wait>";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Corpus", "bypass");

    private static readonly (string Word, string Text)[] Words =
    [
        (@"\<pull>", Requests.Pull),
        (@"\<pprof>", Requests.Pprof),
        (@"\<tags>", Requests.Tags),
    ];

    /// <summary>The streams, by file name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<CorpusStream>> Files { get; } =
        Directory
            .GetFiles(Folder, "*.md")
            .Order(StringComparer.Ordinal)
            .ToDictionary(
                file => Path.GetFileNameWithoutExtension(file),
                file => (IReadOnlyList<CorpusStream>)[.. Read(file)]
            );

    public static string Unescape(string written)
    {
        foreach (var (word, text) in Words)
            written = written.Replace(word, Requests.Visible(text), StringComparison.Ordinal);
        return Encoding.Latin1.GetString(FastGate.Test.Proxy.Wire.Corpus.Unescape(written));
    }

    private static IEnumerable<CorpusStream> Read(string file)
    {
        string section = "";
        var streams = new List<string>();
        foreach (Match match in Part().Matches(File.ReadAllText(file)))
        {
            string text = match.Groups["text"].Value;
            if (match.Groups["section"] is { Success: true } title)
            {
                Assert.IsEmpty(streams, $"{file}: {section}: a stream without an expected outcome");
                section = title.Value;
            }
            else if (match.Groups["kind"].Value == "stream")
            {
                streams.AddRange(text.TrimEnd('\n').Split('\n'));
            }
            else
            {
                Assert.IsNotEmpty(streams, $"{file}: {section}: an expected outcome without a stream");
                foreach (string written in streams)
                    yield return new CorpusStream(
                        section,
                        written,
                        [.. written.Split(Wait).Select(Unescape)],
                        CorpusOutcome.Parse(text)
                    );
                streams.Clear();
            }
        }
        Assert.IsEmpty(streams, $"{file}: {section}: a stream without an expected outcome");
    }

    [GeneratedRegex(
        @"^## (?<section>[^\n]*)$|^```(?<kind>stream|expect)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Part();
}
