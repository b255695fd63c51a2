using System.Globalization;
using System.Text;

namespace FastGate.Proxy.Metrics;

/// <summary>Writes a snapshot in the text format of Prometheus. Names end in their unit, and counters in
/// <c>_total</c>.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static byte[] Write(GateSnapshot gate)
    {
        PrometheusWriter text = new();
        WriteProgram(text, gate);
        WriteConnections(text, gate);
        WriteRequests(text, gate);
        text.Family(
            "gate_seconds",
            "histogram",
            "Time that the gate itself held the bytes of a request and its response."
        );
        text.Histogram(gate.GateTime);
        text.Family(
            "first_byte_seconds",
            "histogram",
            "Time from the first byte of a request to the first byte of Ollama's response, by the rule that allowed it."
        );
        foreach (ListenerSnapshot listener in gate.Listeners)
        {
            foreach (RuleCount rule in listener.RuleCounts)
                if (rule.FirstByte is { } times)
                    text.Histogram(times, ("listener", listener.Name), ("rule", rule.Rule));
        }
        return text.ToBytes();
    }

    private static void WriteProgram(PrometheusWriter text, GateSnapshot gate)
    {
        text.Family("info", "gauge", "Version and settings of the running gate; always 1.");
        text.Sample(1, ("version", gate.Version), ("backend", gate.Backend), ("upstream", gate.Upstream));
        text.Family("start_time_seconds", "gauge", "Start time of the gate, in seconds since the Unix epoch.");
        text.Sample(gate.StartedAt.ToUnixTimeMilliseconds() / 1000.0);
        text.Family("upstream_up", "gauge", "Whether Ollama accepts connections (1) or not (0).");
        text.Sample(gate.UpstreamUp ? 1 : 0);
        text.Family(
            "upstream_ready_connections",
            "gauge",
            "Unused connections to Ollama that are ready for a request."
        );
        text.Sample(gate.ReadyConnections);
        text.Family(
            "access_log_dropped_lines_total",
            "counter",
            "Total lines that could not be written to the access log."
        );
        text.Sample(gate.LogLinesDropped ?? 0);
        text.Family("rebinds_total", "counter", "Total changes to the set of bound addresses.");
        text.Sample(gate.Rebinds);
        text.Family("tailscale_serve_bypasses", "gauge", "Tailscale Serve entries that forward clients past the gate.");
        text.Sample(gate.Bypasses.Count);
        text.Family("reloads_total", "counter", "Total config reloads, by outcome.");
        text.Sample(gate.Reloads, ("outcome", "success"));
        text.Sample(gate.ReloadsFailed, ("outcome", "failure"));
    }

    private static void WriteConnections(PrometheusWriter text, GateSnapshot gate)
    {
        text.Family("bound_addresses", "gauge", "Addresses the gate listens on.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.Bound.Count, ("listener", listener.Name));
        text.Family("unbound_addresses", "gauge", "Addresses the gate should listen on but cannot bind.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.Unbound.Count, ("listener", listener.Name));
        text.Family("connections_total", "counter", "Total client connections accepted.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.Connections, ("listener", listener.Name));
        text.Family("open_connections", "gauge", "Client connections that are open now.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.ConnectionsOpen, ("listener", listener.Name));
        Each(
            text,
            gate,
            "connections_rejected_total",
            "Total client connections closed on arrival, by reason.",
            "reason",
            listener => listener.ConnectionsRejected
        );
        text.Family(
            "connections_closed_total",
            "counter",
            "Total accepted client connections that have ended, by reason."
        );
        foreach (NamedCount close in gate.ConnectionsClosed)
            text.Sample(close.Count, ("reason", close.Name));
    }

    private static void WriteRequests(PrometheusWriter text, GateSnapshot gate)
    {
        text.Family(
            "in_flight_requests",
            "gauge",
            "Requests in progress, by phase: the request arrives, Ollama is awaited, or the response is sent."
        );
        foreach (NamedCount phase in gate.InFlight.Phases)
            text.Sample(phase.Count, ("phase", phase.Name));
        text.Family("in_flight_oldest_seconds", "gauge", "Age of the oldest request in progress; 0 if there is none.");
        text.Sample(gate.InFlight.Requests.Count > 0 ? gate.InFlight.Requests[0].AgeSeconds : 0);
        Each(
            text,
            gate,
            "requests_total",
            "Total completed requests, by verdict.",
            "verdict",
            listener => listener.Verdicts
        );
        Each(
            text,
            gate,
            "responses_total",
            "Total completed requests, by class of the response's status code.",
            "class",
            listener => listener.Statuses
        );
        text.Family(
            "probe_requests_total",
            "counter",
            "Total completed requests by fastgate doctor and install, which are in no other count."
        );
        text.Sample(gate.ProbeRequests);
        text.Family("rule_requests_total", "counter", "Total completed requests, by the rule that allowed them.");
        foreach (ListenerSnapshot listener in gate.Listeners)
        {
            foreach (RuleCount rule in listener.RuleCounts)
                text.Sample(rule.Count, ("listener", listener.Name), ("rule", rule.Rule));
        }
        text.Family(
            "received_bytes_total",
            "counter",
            "Total bytes from clients, heads included, of completed requests."
        );
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.BytesReceived, ("listener", listener.Name));
        text.Family("sent_bytes_total", "counter", "Total bytes to clients, heads included, of completed requests.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.BytesSent, ("listener", listener.Name));
    }

    private static void Each(
        PrometheusWriter text,
        GateSnapshot gate,
        string family,
        string help,
        string label,
        Func<ListenerSnapshot, IReadOnlyList<NamedCount>> counts
    )
    {
        text.Family(family, "counter", help);
        foreach (ListenerSnapshot listener in gate.Listeners)
        {
            foreach (NamedCount count in counts(listener))
                text.Sample(count.Count, ("listener", listener.Name), (label, count.Name));
        }
    }
}

/// <summary>Writes the text format of Prometheus, version 0.0.4: families of samples with labels.</summary>
internal sealed class PrometheusWriter
{
    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Begins a family; its samples follow.</summary>
    /// <param name="name">The name without its <c>fastgate_</c> prefix.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">One sentence.</param>
    public void Family(string name, string type, string help)
    {
        _family = $"fastgate_{name}";
        _text.Append("# HELP ").Append(_family).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(_family).Append(' ').Append(type).Append('\n');
    }

    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Sample("", value, labels);

    public void Histogram(HistogramSnapshot histogram, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        foreach (BucketCount bucket in histogram.Buckets)
            Sample("_bucket", bucket.Count, [.. labels, ("le", Number(bucket.Seconds))]);
        Sample("_bucket", histogram.Count, [.. labels, ("le", "+Inf")]);
        Sample("_sum", histogram.SumSeconds, labels);
        Sample("_count", histogram.Count, labels);
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private void Sample(string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_family).Append(suffix);
        for (int i = 0; i < labels.Length; i++)
        {
            _text
                .Append(i == 0 ? '{' : ',')
                .Append(labels[i].Name)
                .Append("=\"")
                .Append(Escaped(labels[i].Value))
                .Append('"');
        }
        if (labels.Length > 0)
            _text.Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    // Prometheus also parses 1E-05, but this is easier to read.
    private static string Number(double number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
