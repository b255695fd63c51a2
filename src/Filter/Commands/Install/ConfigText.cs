using System.Text;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>The config file that is written where there is none.</summary>
internal static class ConfigText
{
    /// <param name="added">Rules beside the usual ones.</param>
    /// <param name="listen">Where to listen, if not in the usual place.</param>
    /// <param name="upstream">Where Ollama is, if not in the usual place.</param>
    public static string Of(IReadOnlyList<string> added, string? listen = null, string? upstream = null) =>
        Of([Profiles.Seed, .. added], listen is null ? [] : [listen], upstream, []);

    /// <param name="allow">All rules and profiles.</param>
    /// <param name="listen">Where to listen; empty for the usual place.</param>
    /// <param name="upstream">Where Ollama is, if not in the usual place.</param>
    /// <param name="hosts">Names of this machine beside the usual ones.</param>
    public static string Of(
        IReadOnlyList<string> allow,
        IReadOnlyList<string> listen,
        string? upstream,
        IReadOnlyList<string> hosts
    )
    {
        StringBuilder text = new();
        text.Append(
            "// The config of FastGate. What is not here has its default; fastgate.sample.json in the "
                + "source shows every member.\n"
        );
        text.Append("// \"fastgate check\" says what it comes to. Saved changes of \"allow\" hold at once.\n{\n");
        if (listen.Count == 1)
            text.Append($"  \"listen\": \"{listen[0]}\",\n\n");
        else if (listen.Count > 1)
            text.Append($"  \"listen\": [{string.Join(", ", listen.Select(one => $"\"{one}\""))}],\n\n");
        if (upstream is not null)
            text.Append($"  \"upstream\": \"{upstream}\",\n\n");
        if (hosts.Count > 0)
            text.Append($"  \"hosts\": [{string.Join(", ", hosts.Select(one => $"\"{one}\""))}],\n\n");
        text.Append(
            "  // What is let through: profiles such as @seed and @clients, and rules such as \"GET /api/ps\".\n"
        );
        text.Append("  \"allow\": [\n");
        foreach (string rule in allow)
            text.Append($"    \"{rule}\",\n");
        return text.Append("  ],\n}\n").ToString();
    }
}
