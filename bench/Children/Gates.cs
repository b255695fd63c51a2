namespace FastGate.Bench.Children;

/// <summary>The rows of FastGate: the program that people install, the same source on the JIT, and what else is asked
/// for.</summary>
internal static class Gates
{
    /// <summary>Further rows of the measured program, by the word that selects each.</summary>
    public static IReadOnlyDictionary<string, GateVariant> Variants { get; } =
        new Dictionary<string, GateVariant>
        {
            ["portable"] = new("FastGate, portable", ["--backend", "portable"]),
            ["poll-100"] = new(Peers.Polling, [], "\"poll\": 100"),
            ["poll-off"] = new(Peers.PollOff, [], "\"poll\": \"off\""),
        };

    /// <summary>The gate that BenchmarkDotNet's classes start. Static because BenchmarkDotNet creates their objects
    /// itself.</summary>
    public static Peer Measured { get; private set; } = Of(Peers.Gate, BuiltProgram, new GateVariant(Peers.Gate, []));

    /// <param name="native">The native program; null to measure the build for the JIT.</param>
    /// <param name="variants">Words of <see cref="Variants"/>.</param>
    /// <param name="others">Further rows, each of another program.</param>
    public static IReadOnlyList<Peer> Find(
        string? native,
        IEnumerable<string> variants,
        IEnumerable<(GateVariant Variant, string Program)> others
    )
    {
        string[] program = native is null ? BuiltProgram : [native];
        Measured = Of(Peers.Gate, program, new GateVariant(Peers.Gate, []));
        List<Peer> found = [Measured];
        if (native is not null)
            found.Add(Of(Peers.Jit, BuiltProgram, new GateVariant(Peers.Jit, [])));
        found.AddRange(variants.Select(word => Variants[word]).Select(variant => Of(variant.Name, program, variant)));
        found.AddRange(others.Select(other => Of(other.Variant.Name, [other.Program], other.Variant)));
        return found;
    }

    private static string[] BuiltProgram => [Programs.Host, Programs.Beside("fastgate.dll")];

    /// <summary>A gate as a user runs it, access log on.</summary>
    private static Peer Of(string name, string[] program, GateVariant variant) =>
        new(
            name,
            program[0],
            site =>
                [
                    .. program[1..],
                    "run",
                    "--config",
                    site.Write("fastgate.json", variant.Config),
                    "--listen",
                    $"{site.Listen}",
                    "--upstream",
                    $"{site.Upstream}",
                    "--access-log",
                    Path.Combine(site.Folder, "access.log"),
                    "--metrics-socket",
                    Path.Combine(site.Folder, "gate.sock"),
                    .. variant.Flags,
                ],
            IsOwn: true
        );
}

/// <summary>What distinguishes a row of FastGate.</summary>
/// <param name="Name">Name in the tables.</param>
/// <param name="Flags">Further flags of <c>run</c>.</param>
/// <param name="Members">Further members of the config, as in a file: <c>"loops": 2</c>.</param>
internal sealed record GateVariant(string Name, string[] Flags, params string[] Members)
{
    // The client opens up to 1000 connections from one address.
    private const string Limits = "\"limits\": { \"connectionsMax\": 4096, \"connectionsPerPeerMax\": 4096 }";

    public string Config => $"{{ {string.Join(", ", [Limits, .. Members])} }}";

    /// <summary>Reads <c>NAME=PROGRAM [FLAG...]</c>.</summary>
    /// <returns>Null if it is nothing of that form, or the program is missing.</returns>
    public static (GateVariant Variant, string Program)? TryRead(string text)
    {
        int equals = text.IndexOf('=');
        string[] words = text[(equals + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return equals > 0 && words.Length > 0 && File.Exists(words[0])
            ? (new GateVariant(text[..equals], words[1..]), Path.GetFullPath(words[0]))
            : null;
    }
}
