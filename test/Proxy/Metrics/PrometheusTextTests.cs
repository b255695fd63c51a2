using System.Text;
using FastGate.Launchd;
using FastGate.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class PrometheusTextTests
{
    [TestMethod]
    public async Task EveryMetric_IsReadByPrometheusOwnParser()
    {
        GateSnapshot gate = Samples.Snapshot;
        IReadOnlyDictionary<string, double> read = await PrometheusParser.ReadAsync(PrometheusText.Write(gate));
        Assert.AreEqual(1, read["gauge fastgate_info{version=1.2.3,backend=epoll,upstream=127.0.0.1:11434}"]);
        Assert.AreEqual(1_700_000_000.25, read["gauge fastgate_start_time_seconds{}"]);
        Assert.AreEqual(8, read["gauge fastgate_upstream_ready_connections{}"]);
        Assert.AreEqual(1, read["gauge fastgate_upstream_up{}"]);
        Assert.AreEqual(9, read["counter fastgate_probe_requests_total{}"]);
        foreach (NamedCount phase in gate.InFlight.Phases)
            Assert.AreEqual(phase.Count, read[$"gauge fastgate_in_flight_requests{{phase={phase.Name}}}"]);
        Assert.AreEqual(72.25, read["gauge fastgate_in_flight_oldest_seconds{}"]);
        Assert.AreEqual(7, read["counter fastgate_access_log_dropped_lines_total{}"]);
        Assert.AreEqual(1, read["counter fastgate_rebinds_total{}"]);
        Assert.AreEqual(1, read["gauge fastgate_tailscale_serve_bypasses{}"]);
        Assert.AreEqual(2, read["counter fastgate_reloads_total{outcome=success}"]);
        Assert.AreEqual(1, read["counter fastgate_reloads_total{outcome=failure}"]);
        foreach (NamedCount close in gate.ConnectionsClosed)
            Assert.AreEqual(close.Count, read[$"counter fastgate_connections_closed_total{{reason={close.Name}}}"]);
        foreach (ListenerSnapshot listener in gate.Listeners)
            CheckListener(listener, read);
        CheckHistogram("gate", gate.GateTime, read);
        RuleCount used = gate.Listeners[0].RuleCounts[0];
        CheckHistogram("first_byte", used.FirstByte!, read, $"listener={gate.Listeners[0].Name},rule={used.Rule}");
        Assert.HasCount(17 + (16 * gate.Listeners.Count) + (2 * 5), read, "no other samples");
    }

    /// <summary>Prometheus's own linter (Debian: prometheus).</summary>
    [TestMethod]
    public async Task Text_PassesPromtool()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, PrometheusText.Write(Samples.Snapshot));
            CommandResult result = await new CommandRunner(Environment.GetEnvironmentVariable("PATH")!).RunAsync(
                "sh",
                ["-c", "exec \"$0\" check metrics < \"$1\"", Required.Tool("promtool"), file],
                TimeSpan.FromSeconds(60)
            );
            Assert.AreEqual("0", $"{result.ExitCode}{result.Output}{result.Error}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public void EveryFamily_OccursOnce_WithHelpAndType()
    {
        string[] lines = Encoding.UTF8.GetString(PrometheusText.Write(Samples.Snapshot)).Split('\n');
        string[] helped =
        [
            .. lines
                .Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[2]),
        ];
        string[] typed =
        [
            .. lines
                .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[2]),
        ];
        CollectionAssert.AllItemsAreUnique(helped);
        CollectionAssert.AreEqual(helped, typed);
        Assert.AreEqual("", lines[^1], "the last line ends with a line feed");
        foreach (string counter in lines.Where(line => line.EndsWith(" counter", StringComparison.Ordinal)))
            StringAssert.Contains(counter, "_total counter");
    }

    private static void CheckListener(ListenerSnapshot listener, IReadOnlyDictionary<string, double> read)
    {
        string name = $"listener={listener.Name}";
        Assert.AreEqual(listener.Bound.Count, read[$"gauge fastgate_bound_addresses{{{name}}}"]);
        Assert.AreEqual(listener.Unbound.Count, read[$"gauge fastgate_unbound_addresses{{{name}}}"]);
        Assert.AreEqual(listener.Connections, read[$"counter fastgate_connections_total{{{name}}}"]);
        Assert.AreEqual(listener.ConnectionsOpen, read[$"gauge fastgate_open_connections{{{name}}}"]);
        Assert.AreEqual(listener.BytesReceived, read[$"counter fastgate_received_bytes_total{{{name}}}"]);
        Assert.AreEqual(listener.BytesSent, read[$"counter fastgate_sent_bytes_total{{{name}}}"]);
        foreach (NamedCount rejected in listener.ConnectionsRejected)
            Assert.AreEqual(
                rejected.Count,
                read[$"counter fastgate_connections_rejected_total{{{name},reason={rejected.Name}}}"]
            );
        foreach (NamedCount verdict in listener.Verdicts)
            Assert.AreEqual(verdict.Count, read[$"counter fastgate_requests_total{{{name},verdict={verdict.Name}}}"]);
        foreach (NamedCount status in listener.Statuses)
            Assert.AreEqual(status.Count, read[$"counter fastgate_responses_total{{{name},class={status.Name}}}"]);
        foreach (RuleCount rule in listener.RuleCounts)
            Assert.AreEqual(rule.Count, read[$"counter fastgate_rule_requests_total{{{name},rule={rule.Rule}}}"]);
    }

    private static void CheckHistogram(
        string name,
        HistogramSnapshot times,
        IReadOnlyDictionary<string, double> read,
        string labels = ""
    )
    {
        string family = $"histogram fastgate_{name}_seconds";
        string before = labels.Length == 0 ? "" : $"{labels},";
        Assert.AreEqual(times.SumSeconds, read[$"{family}_sum{{{labels}}}"]);
        Assert.AreEqual(times.Count, read[$"{family}_count{{{labels}}}"]);
        Assert.AreEqual(times.Count, read[$"{family}_bucket{{{before}le=+Inf}}"]);
        Assert.AreEqual(3, read[$"{family}_bucket{{{before}le=0.000001024}}"]);
        Assert.AreEqual(1200, read[$"{family}_bucket{{{before}le=0.001}}"]);
    }
}
