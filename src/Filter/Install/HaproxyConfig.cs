using System.Globalization;

namespace FastGate.Install;

/// <summary>
/// What is understood of an HAProxy configuration that guards Ollama: paths in <c>acl</c> lines, and the backend that they
/// lead to. It is read to show what changes, never to decide what is let through.
/// </summary>
internal sealed record HaproxyConfig
{
    public IReadOnlyList<HaproxyAllow> Allows { get; private init; } = [];

    /// <summary>The port that clients use; null if it was not said.</summary>
    public int? Port { get; private init; }

    /// <summary>Where it finds Ollama; null if it was not said.</summary>
    public string? Server { get; private init; }

    /// <summary>Lines that decide something and were not understood, each with its number.</summary>
    public IReadOnlyList<string> NotUnderstood { get; private init; } = [];

    public static HaproxyConfig Parse(string text)
    {
        Dictionary<string, List<HaproxyAllow>> named = [];
        List<HaproxyAllow> allows = [];
        List<string> odd = [];
        int? port = null;
        string? server = null;
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string[] words = raw.Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            bool understood = words switch
            {
                ["acl", var name, .. var test] => AddPaths(named, name, test),
                ["use_backend", _, "if", .. var names] => AddAllowed(named, names, allows),
                ["bind", var address, ..] => (port ??= PortOf(address)) is not null,
                ["server", _, var address, ..] => (server ??= address) is not null,
                ["http-request" or "http-response" or "tcp-request" or "use_backend", ..] => words is ["http-request", "deny"],
                _ => true,
            };
            if (!understood) odd.Add($"line {number}: {raw.Trim()}");
        }
        return new HaproxyConfig { Allows = [.. allows.Distinct()], Port = port, Server = server, NotUnderstood = odd };
    }

    private static bool AddPaths(Dictionary<string, List<HaproxyAllow>> named, string name, string[] test)
    {
        bool? isPrefix = test switch
        {
            ["path_beg", ..] or ["path", "-m", "beg", ..] => true,
            ["path", ..] => false,
            _ => null,
        };
        // Not yet a problem: only if something is let through by it.
        if (isPrefix is not { } prefix) return true;
        if (!named.TryGetValue(name, out List<HaproxyAllow>? paths)) named.Add(name, paths = []);
        paths.AddRange(test.Where(word => word.StartsWith('/')).Select(path => new HaproxyAllow(path, prefix)));
        return true;
    }

    // One name, or several of which any will do; names side by side would all have to hold.
    private static bool AddAllowed(Dictionary<string, List<HaproxyAllow>> named, string[] names, List<HaproxyAllow> allows)
    {
        string[] any = [.. names.Where(name => name is not ("or" or "||"))];
        bool understood = names.Length == (2 * any.Length) - 1 && any.All(named.ContainsKey);
        if (understood) allows.AddRange(any.SelectMany(name => named[name]));
        return understood;
    }

    private static int? PortOf(string address) =>
        int.TryParse(address[(address.LastIndexOf(':') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : null;
}
