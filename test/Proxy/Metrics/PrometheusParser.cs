using System.Text.Json;
using FastGate.Launchd;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Metrics;

/// <summary>The parser of Prometheus's own Python client (Debian: python3-prometheus-client).</summary>
internal static class PrometheusParser
{
    private const string Script = """
        import json, sys
        from prometheus_client.parser import text_string_to_metric_families
        families = text_string_to_metric_families(open(sys.argv[1], encoding='utf-8').read())
        print(json.dumps([[f.type, s.name, s.labels, s.value] for f in families for s in f.samples]))
        """;

    /// <summary>Returns every sample, as <c>type name{label=value,…}</c> and its value.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> ReadAsync(byte[] text)
    {
        string python = await FindAsync();
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, text);
            CommandResult result = await RunAsync(python, Script, file);
            Assert.AreEqual(0, result.ExitCode, result.Error);
            return JsonDocument
                .Parse(result.Output)
                .RootElement.EnumerateArray()
                .ToDictionary(NameOf, sample => sample[3].GetDouble());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string NameOf(JsonElement sample)
    {
        IEnumerable<string> labels = sample[2]
            .EnumerateObject()
            .Select(label => $"{label.Name}={label.Value.GetString()}");
        return $"{sample[0].GetString()} {sample[1].GetString()}{{{string.Join(',', labels)}}}";
    }

    // The system's Python first: another one on PATH may lack the package.
    private static async Task<string> FindAsync()
    {
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            if ((await RunAsync(python, "import prometheus_client")).ExitCode == 0)
                return python;
        }
        Required.Missing("Python's prometheus_client (Debian: python3-prometheus-client)");
        return "";
    }

    private static Task<CommandResult> RunAsync(string python, params string[] script) =>
        new CommandRunner(Environment.GetEnvironmentVariable("PATH")!).RunAsync(
            python,
            ["-c", .. script],
            TimeSpan.FromSeconds(60)
        );
}
