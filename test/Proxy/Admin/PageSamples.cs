using System.Text.Json.Nodes;

namespace FastGate.Test.Proxy.Admin;

/// <summary>What a busy gate reports, and one whose clients send scripts as their paths.</summary>
internal static class PageSamples
{
    public const string Script = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";

    public static void Busy(JsonObject status)
    {
        status["inFlight"] = new JsonObject
        {
            ["count"] = 2,
            ["requests"] = new JsonArray(
                Request("100.101.2.3", "/v1/chat/completions", "response", 431),
                Request("fd7a:115c:a1e0:ab12:4843:cd96:625a:1b2c", "/v1/messages", "waiting", null)
            ),
        };
        status["firstByte"] = new JsonArray(
            new JsonObject
            {
                ["rule"] = "POST /v1/messages",
                ["count"] = 3100,
                ["p50Seconds"] = 0.61,
                ["p99Seconds"] = 64,
            }
        );
        status["refusedRoutes"] = new JsonArray(
            Refused("POST", "/api/pull", 410, "add \"POST /api/pull\" to \"allow\" in fastgate.json"),
            Refused("GET", "/api/ps", 233, "add \"@clients\" to \"allow\" in fastgate.json"),
            Refused("POST", "/v1/v1/messages", 88, "remove /v1 from the end of the client's base URL")
        );
        status["relayAgents"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "mac@home",
                ["state"] = "connected",
                ["tunnels"] = 2,
                ["inFlight"] = 1,
            }
        );
        JsonObject listener = status["listeners"]![0]!.AsObject();
        listener["verdicts"] = new JsonArray(Count("allowed", 3_190), Count("refused-path", 731));
        listener["ruleCounts"] = new JsonArray(
            new JsonObject
            {
                ["rule"] = "POST /v1/messages",
                ["count"] = 3_100,
                ["inForce"] = true,
            },
            new JsonObject
            {
                ["rule"] = "POST /api/show",
                ["count"] = 90,
                ["inForce"] = false,
            }
        );
        status["logLinesDropped"] = 7;
    }

    public static void Hostile(JsonObject status)
    {
        Busy(status);
        status["inFlight"] = new JsonObject
        {
            ["count"] = 1_024,
            ["requests"] = new JsonArray([
                .. Enumerable
                    .Range(0, 1_024)
                    .Select(i => (JsonNode)Request(Script, $"/{i}/\u202Egnp.exe{Script}", "__proto__", i)),
            ]),
        };
        status["refusedRoutes"] = new JsonArray([
            .. Enumerable.Range(0, 10_000).Select(i => (JsonNode)Refused("GET", $"/{i}{Script}", i, "")),
        ]);
        // The most frequent one.
        status["refusedRoutes"]!.AsArray().Add(Refused(Script, Script, 10_000, Script));
        status["listeners"]![0]!["name"] = Script;
        status["listeners"]![0]!["unbound"] = new JsonArray(Script, new string('x', 8_000));
        status["version"] = Script;
        status["upstream"] = Script;
    }

    /// <summary>An hour: nothing known at first, then ten requests a second, and a minute without a response.</summary>
    public static JsonObject History() =>
        new()
        {
            ["stepSeconds"] = 10,
            ["until"] = "2026-11-28T12:00:00Z",
            ["requestsPerSecond"] = Values(i => i < 60 ? null : 10),
            ["refusedPerSecond"] = Values(i => i < 60 ? null : 0.5),
            ["firstByteP50Seconds"] = Values(i => i < 60 || i is >= 200 and < 210 ? null : 0.25),
        };

    private static JsonArray Values(Func<int, double?> value) =>
        [.. Enumerable.Range(0, 360).Select(i => (JsonNode?)value(i))];

    private static JsonObject Count(string name, long count) => new() { ["name"] = name, ["count"] = count };

    private static JsonObject Refused(string method, string path, int count, string cure) =>
        new()
        {
            ["method"] = method,
            ["path"] = path,
            ["count"] = count,
            ["cure"] = cure,
        };

    private static JsonObject Request(string peer, string route, string phase, int? tokens) =>
        new()
        {
            ["peer"] = peer,
            ["listener"] = "tailscale:11434",
            ["method"] = "POST",
            ["route"] = route,
            ["rule"] = "POST /{path...}",
            ["ageSeconds"] = 73.2,
            ["phase"] = phase,
            ["receivedBytes"] = 48_213,
            ["sentBytes"] = 91_233,
            ["tokens"] = tokens,
        };
}
