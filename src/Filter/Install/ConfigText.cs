using System.Text;
using FastGate.Rules;

namespace FastGate.Install;

/// <summary>The config file that is written where there is none.</summary>
internal static class ConfigText
{
    /// <param name="added">Rules beside the usual ones.</param>
    /// <param name="listen">Where to listen, if not in the usual place.</param>
    /// <param name="upstream">Where Ollama is, if not in the usual place.</param>
    public static string Of(IReadOnlyList<string> added, string? listen = null, string? upstream = null)
    {
        StringBuilder text = new();
        text.Append("// The config of FastGate. What is not here has its default; fastgate.sample.json in the source shows every member.\n");
        text.Append("// \"fastgate check\" says what it comes to. Saved changes of \"allow\" hold at once.\n{\n");
        if (listen is not null) text.Append($"  \"listen\": \"{listen}\",\n\n");
        if (upstream is not null) text.Append($"  \"upstream\": \"{upstream}\",\n\n");
        text.Append("  // What is let through: profiles such as @seed and @clients, and rules such as \"GET /api/ps\".\n");
        text.Append("  \"allow\": [\n");
        foreach (string rule in (string[])[Profiles.Seed, .. added]) text.Append($"    \"{rule}\",\n");
        return text.Append("  ],\n}\n").ToString();
    }
}
