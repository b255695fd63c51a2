using System.Text.RegularExpressions;
using FastGate.Test.Proxy.Wire;

namespace FastGate.Test.Faults;

/// <summary>Reads <c>test/Corpus/hostile-responses.md</c>, which explains its own format.</summary>
internal static partial class HostileResponses
{
    /// <summary>In a response: nothing from here on reaches the client.</summary>
    private const string Mark = @"\|";

    public static IReadOnlyList<HostileResponse> All { get; } =
    [.. Read(File.ReadAllText(Path.Combine(Corpus.Folder, "hostile-responses.md")))];

    private static IEnumerable<HostileResponse> Read(string text)
    {
        string section = "";
        List<string> responses = [];
        foreach (Match part in Part().Matches(text))
        {
            if (part.Groups["section"].Success)
            {
                section = part.Groups["section"].Value;
            }
            else if (part.Groups["kind"].Value == "hostile-response")
            {
                responses.Add(part.Groups["text"].Value);
            }
            else
            {
                Assert.IsNotEmpty(responses, $"{section}: an outcome without a response");
                Dictionary<string, string> outcome = OutcomeOf(part.Groups["text"].Value);
                for (int i = 0; i < responses.Count; i++)
                    yield return Case(responses.Count == 1 ? section : $"{section} ({i + 1})", responses[i], outcome);
                responses.Clear();
            }
        }
        Assert.IsEmpty(responses, $"{section}: a response without an outcome");
    }

    private static HostileResponse Case(string name, string response, Dictionary<string, string> outcome)
    {
        string[] halves = response.Split(Mark);
        byte[] head = Corpus.Unescape(halves[0]);
        byte[] rest = Corpus.Unescape(string.Concat(halves.Skip(1)));
        return new HostileResponse(name, [.. head, .. rest], head.Length, outcome);
    }

    private static Dictionary<string, string> OutcomeOf(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    [GeneratedRegex(
        @"^## (?<section>[^\n]*)$|^```(?<kind>hostile-response|outcome)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Part();
}

/// <summary>One case of <c>hostile-responses.md</c>: what an upstream sends, and the expected outcome.</summary>
internal sealed record HostileResponse(string Name, byte[] Bytes, int Mark, IReadOnlyDictionary<string, string> Outcome)
{
    /// <summary><c>GET</c> by default.</summary>
    public string Method => Outcome.GetValueOrDefault("request", "GET");

    /// <summary>What the upstream does after its last byte: <c>stays</c>, <c>finishes</c> or <c>resets</c>.</summary>
    public string Upstream => Outcome.GetValueOrDefault("upstream", "stays");

    /// <summary>What the client gets, and what happens to its connection.</summary>
    public string Client => Outcome["client"];

    /// <summary>The reason in the access log; null for none.</summary>
    public string? Log => Outcome.GetValueOrDefault("log");

    public override string ToString() => Name;
}
