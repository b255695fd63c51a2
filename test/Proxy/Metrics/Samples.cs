using FastGate.Proxy.Metrics;

namespace FastGate.Test.Proxy.Metrics;

/// <summary>A fixed snapshot with values of every size.</summary>
internal static class Samples
{
    public const string OddName = "a\"b\\c\nd";

    public static GateSnapshot Snapshot { get; } =
        new()
        {
            Version = "1.2.3",
            ProcessId = 812,
            StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000.25),
            UptimeSeconds = 93_784,
            Config = "/home/u/.config/fastgate/fastgate.json",
            AccessLog = "/home/u/.local/state/fastgate/access.log",
            Backend = "epoll",
            Loops = 2,
            Upstream = "127.0.0.1:11434",
            UpstreamUp = true,
            ProbeRequests = 9,
            ReadyConnections = 8,
            ConnectionsMax = 1024,
            InFlight = new InFlightSnapshot
            {
                Count = 2,
                Phases = [new("request", 0), new("waiting", 1), new("response", 1)],
                Requests =
                [
                    Request("100.64.0.7", 72.25, "response") with
                    {
                        SentBytes = 45_678,
                    },
                    Request("fd7a:115c:a1e0::1234:5678", 0.5, "waiting"),
                ],
            },
            Listeners =
            [
                Listener("tailscale:11434", 1200),
                Listener(OddName, 0) with
                {
                    Bound = [],
                    Unbound = ["100.87.6.5:11436: another program listens there"],
                },
            ],
            ConnectionsClosed = [new("client-idle", 117), new("gate-refused", 3), new("gate-error", 0)],
            LogLinesDropped = 7,
            Rebinds = 1,
            Bypasses =
            [
                new("tailscale serve --tcp=11434", 11434, "127.0.0.1:11434", "sudo tailscale serve --tcp=11434 off"),
            ],
            Reloads = 2,
            ReloadsFailed = 1,
            GateTime = Times(30e-6, 45e-6, 92e-6, 0.0012),
            FirstByteTime = Times(0.12, 1.5, 64, 700),
            FirstByte = [new("POST /v1/chat/completions", 1200, 0.12, 64)],
            RefusedRoutes = [new("POST", "/api/chat", 34, 36, "to allow it, add \"@clients\"")],
        };

    public static HistorySnapshot History { get; } =
        new()
        {
            StepSeconds = 10,
            Until = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000),
            RequestsPerSecond = [null, 0, 1.5],
            RefusedPerSecond = [null, 0, 0.5],
            FirstByteP50Seconds = [null, null, 0.25],
        };

    private static RequestSnapshot Request(string peer, double ageSeconds, string phase) =>
        new()
        {
            Peer = peer,
            Listener = "tailscale:11434",
            Method = "POST",
            Route = "/v1/chat/completions",
            Rule = "POST /v1/chat/completions",
            AgeSeconds = ageSeconds,
            Phase = phase,
            ReceivedBytes = 1234,
            SentBytes = 0,
        };

    private static ListenerSnapshot Listener(string name, long allowed) =>
        new()
        {
            Name = name,
            Bound = ["100.87.6.5:11434", "[fd7a:115c:a1e0::1]:11434"],
            Rules = 2,
            ConnectionsOpen = 3,
            Connections = 120,
            ConnectionsRejected = [new("gate-peer-not-allowed", 4), new("gate-peer-limit", 0)],
            Verdicts = [new("allowed", allowed), new("refused-path", 34), new("unavailable", 1)],
            Statuses = [new("2xx", allowed), new("4xx", 34), new("5xx", 1)],
            BytesReceived = 1_234_567,
            BytesSent = 45_100_000_000,
            RuleCounts =
            [
                new("POST /v1/chat/completions", allowed, true)
                {
                    FirstByte = allowed == 0 ? null : Times(0.12, 1.5, 64, 700),
                },
                new("GET /api/{name...}", 1, false),
            ],
        };

    private static HistogramSnapshot Times(double p50, double p90, double p99, double max) =>
        new()
        {
            Count = 1234,
            SumSeconds = 1.5,
            P50Seconds = p50,
            P90Seconds = p90,
            P99Seconds = p99,
            MaxSeconds = max,
            Buckets = [new(0.000001024, 3), new(0.001, 1200)],
        };
}
