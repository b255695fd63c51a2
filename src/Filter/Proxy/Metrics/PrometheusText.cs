namespace FastGate.Proxy.Metrics;

/// <summary>A snapshot in the text format of Prometheus. Names end in their unit, and counters in
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
        text.Family("gate_seconds", "histogram", "How long the gate itself held the bytes of an exchange.");
        text.Histogram(gate.GateTime);
        text.Family(
            "first_byte_seconds",
            "histogram",
            "From the first byte of a request to the first byte of its response."
        );
        text.Histogram(gate.FirstByteTime);
        return text.ToBytes();
    }

    private static void WriteProgram(PrometheusWriter text, GateSnapshot gate)
    {
        text.Family("info", "gauge", "The program that runs; always 1.");
        text.Sample(1, ("version", gate.Version), ("backend", gate.Backend), ("upstream", gate.Upstream));
        text.Family("start_time_seconds", "gauge", "When it started, in seconds since 1970.");
        text.Sample(gate.StartedAt.ToUnixTimeMilliseconds() / 1000.0);
        text.Family("upstream_warm_connections", "gauge", "Connections to Ollama that are ready.");
        text.Sample(gate.ReadyConnections);
        text.Family("access_log_dropped_lines_total", "counter", "Lines that the access log has lost.");
        text.Sample(gate.LogLinesDropped ?? 0);
        text.Family("rebinds_total", "counter", "How often what is bound has changed.");
        text.Sample(gate.Rebinds);
        text.Family("tailscale_serve_bypasses", "gauge", "Tailscale Serve entries that forward clients past the gate.");
        text.Sample(gate.Bypasses.Count);
        text.Family("reloads_total", "counter", "Configs that were read while running, by what became of them.");
        text.Sample(gate.Reloads, ("outcome", "taken-up"));
        text.Sample(gate.ReloadsRefused, ("outcome", "refused"));
    }

    private static void WriteConnections(PrometheusWriter text, GateSnapshot gate)
    {
        text.Family("bound_addresses", "gauge", "Addresses that are bound.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.Bound.Count, ("listener", listener.Name));
        text.Family("unbound_addresses", "gauge", "Addresses that should be bound and cannot be.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.Unbound.Count, ("listener", listener.Name));
        text.Family("connections_total", "counter", "Client connections that were let in.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.Connections, ("listener", listener.Name));
        text.Family("open_connections", "gauge", "Client connections that are open.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.ConnectionsOpen, ("listener", listener.Name));
        Each(
            text,
            gate,
            "turned_away_total",
            "Connections that were closed at once, by the reason.",
            "reason",
            listener => listener.TurnedAway
        );
        text.Family("closes_total", "counter", "Connections that have ended, by the reason.");
        foreach (NamedCount close in gate.Closes)
            text.Sample(close.Count, ("reason", close.Name));
    }

    private static void WriteRequests(PrometheusWriter text, GateSnapshot gate)
    {
        text.Family("in_flight_requests", "gauge", "Requests that have begun and are not over.");
        text.Sample(gate.InFlight);
        Each(
            text,
            gate,
            "requests_total",
            "Requests that are over, by what became of them.",
            "verdict",
            listener => listener.Verdicts
        );
        Each(
            text,
            gate,
            "responses_total",
            "The same, by the class of the status that the client was sent.",
            "class",
            listener => listener.Statuses
        );
        text.Family("rule_requests_total", "counter", "Requests that are over, by the rule that let them through.");
        foreach (ListenerSnapshot listener in gate.Listeners)
        {
            foreach (RuleCount rule in listener.RuleCounts)
                text.Sample(rule.Count, ("listener", listener.Name), ("rule", rule.Rule));
        }
        text.Family("received_bytes_total", "counter", "From clients, heads included, of requests that are over.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.BytesUp, ("listener", listener.Name));
        text.Family("sent_bytes_total", "counter", "To clients, heads included, of requests that are over.");
        foreach (ListenerSnapshot listener in gate.Listeners)
            text.Sample(listener.BytesDown, ("listener", listener.Name));
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
