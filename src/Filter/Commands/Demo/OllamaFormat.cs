using System.Globalization;

namespace FastGate.Commands.Demo;

/// <summary><c>POST /api/chat</c>: a line of JSON for each event, which is what a client gets unless it
/// declines.</summary>
internal sealed class OllamaFormat : IChatFormat
{
    public bool StreamsByDefault => true;

    public string StreamType => "application/x-ndjson";

    public string Whole(string model, DateTimeOffset at) => Line(model, at, Tokens.Text, done: true);

    public IReadOnlyList<string> Events(string model, DateTimeOffset at) =>
        [
            .. Tokens.All.Select(token => Line(model, at, token, done: false) + "\n"),
            Line(model, at, "", done: true) + "\n",
        ];

    private static string Line(string model, DateTimeOffset at, string text, bool done) =>
        $$"""
            {"model":"{{model}}","created_at":"{{at.UtcDateTime.ToString(
                "O",
                CultureInfo.InvariantCulture
            )}}","message":{"role":"assistant","content":"{{text}}"},{{(done ? Ending : "\"done\":false")}}}
            """;

    private static string Ending =>
        $"\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":0,\"eval_count\":{Tokens.All.Count}";
}
