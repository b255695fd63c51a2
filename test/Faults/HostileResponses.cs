using System.Text.RegularExpressions;
using FastGate.Test.Proxy.Wire;

namespace FastGate.Test.Faults;

/// <summary>Reads <c>test/Corpus/hostile-responses.md</c>, which says itself how it is written.</summary>
internal static partial class HostileResponses
{
    /// <summary>In an answer: from here on nothing reaches the client.</summary>
    private const string Mark = @"\|";

    public static IReadOnlyList<HostileResponse> All { get; } =
    [.. Read(File.ReadAllText(Path.Combine(Corpus.Folder, "hostile-responses.md")))];

    private static IEnumerable<HostileResponse> Read(string text)
    {
        string section = "";
        List<string> answers = [];
        foreach (Match part in Part().Matches(text))
        {
            if (part.Groups["section"].Success)
            {
                section = part.Groups["section"].Value;
            }
            else if (part.Groups["kind"].Value == "answer")
            {
                answers.Add(part.Groups["text"].Value);
            }
            else
            {
                Assert.IsNotEmpty(answers, $"{section}: an outcome of nothing");
                Dictionary<string, string> outcome = OutcomeOf(part.Groups["text"].Value);
                for (int i = 0; i < answers.Count; i++)
                    yield return Case(answers.Count == 1 ? section : $"{section} ({i + 1})", answers[i], outcome);
                answers.Clear();
            }
        }
        Assert.IsEmpty(answers, $"{section}: an answer without an outcome");
    }

    private static HostileResponse Case(string name, string answer, Dictionary<string, string> outcome)
    {
        string[] halves = answer.Split(Mark);
        byte[] head = Corpus.Unescape(halves[0]);
        byte[] rest = Corpus.Unescape(string.Concat(halves.Skip(1)));
        return new HostileResponse(name, [.. head, .. rest], head.Length, outcome);
    }

    private static Dictionary<string, string> OutcomeOf(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    [GeneratedRegex(
        @"^## (?<section>[^\n]*)$|^```(?<kind>answer|outcome)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Part();
}
