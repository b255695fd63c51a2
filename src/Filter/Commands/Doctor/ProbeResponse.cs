using System.Text.Json;

namespace FastGate.Commands.Doctor;

/// <summary>An answer to a request, or why there was none.</summary>
internal sealed record ProbeResponse
{
    /// <summary>0 if there was no answer.</summary>
    public int Status { get; init; }

    /// <summary>How many answers came on the connection, of which this is the last.</summary>
    public int Answers { get; init; } = 1;

    public string ContentType { get; init; } = "";

    /// <summary>The server's name for itself; empty if it says none.</summary>
    public string Server { get; init; } = "";

    public string Content { get; init; } = "";

    /// <summary>Why there was no answer.</summary>
    public string Problem { get; init; } = "";

    /// <summary>There was no answer, but somebody who took the connection.</summary>
    public bool IsTaken { get; init; }

    public TimeSpan Took { get; init; }

    /// <summary>The gate itself wrote it: each of its replies says its name.</summary>
    public bool IsGates => Status >= 400 && Content.Contains("FastGate", StringComparison.Ordinal);

    /// <summary>The gate's own "this is not on the allowlist".</summary>
    public bool IsPolicy =>
        Status == 403 && IsGates && Content.Contains("not on the allowlist", StringComparison.Ordinal);

    /// <summary>Ollama's guard against foreign names: a 403 without a word.</summary>
    public bool IsHostGuard => Status == 403 && Content.Length == 0;

    /// <summary>Gin's answer for a route that it does not have.</summary>
    public bool IsNoRoute => Status == 404 && Content.StartsWith("404 page not found", StringComparison.Ordinal);

    /// <summary>For people, in one line.</summary>
    public string Description =>
        Status == 0 ? Problem
        : Content.Length == 0 ? $"{Status}, without content"
        : $"{Status} {Texts.OneLine(Content, 160)}";

    /// <summary>The content as JSON; undefined if it is none.</summary>
    public JsonElement Json
    {
        get
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(Content);
                return document.RootElement.Clone();
            }
            catch (JsonException)
            {
                // Whoever asks sees that nothing is there.
                return default;
            }
        }
    }
}
