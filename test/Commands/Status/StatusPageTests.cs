using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Commands.Status;
using FastGate.Host;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;

namespace FastGate.Test.Commands.Status;

/// <summary>The page for a snapshot, and the message when there is none.</summary>
[TestClass]
public sealed class StatusPageTests
{
    private const string Page = """
        FastGate 1.2.3  up 1d02h, process 812, epoll, 2 loops
          service     none: started manually
          upstream    127.0.0.1:11434 responds (Ollama 0.12.0), 8 connections ready
          config      /home/u/.config/fastgate/fastgate.json (2 reloads, 1 failed)
          access log  /home/u/.local/state/fastgate/access.log (7 lines lost)

        BYPASSED  tailscale serve --tcp=11434 intercepts port 11434 and forwards it to 127.0.0.1:11434
                  turn it off: sudo tailscale serve --tcp=11434 off

        LISTENER         OPEN     TOTAL  REJECTED  REQUESTS      UP    DOWN
        tailscale:11434     3       120         4     1,235  1.2 MB   45 GB
          bound to 100.87.6.5:11434, [fd7a:115c:a1e0::1]:11434, 2 rules
        a"b\c\x0Ad          3       120         4        35  1.2 MB   45 GB
          not bound to 100.87.6.5:11436: another program listens there

        Requests  1,270 completed, 2 in flight, 12.5 per second
          per second      1.5   ▁█  hour's peak 1.5
          first byte   250 ms    ▁  hour's peak 250 ms
          allowed                  1,200    94.5 %
          refused-path                68     5.4 %
          unavailable                  2     0.2 %
          status      2xx 1,200   4xx 68   5xx 2

        In flight AGE  PHASE    RECEIVED    SENT  CLIENT                     RULE
                1m12s  response   1.2 kB   46 kB  100.64.0.7                 POST /v1/chat/completions
                  0 s  waiting    1.2 kB     0 B  fd7a:115c:a1e0::1234:5678  POST /v1/chat/completions

        Refused most  ROUTE           CURE
                  34  POST /api/chat  to allow it, add "@clients"

        Times                     P50       P90       P99       MAX
          in the gate           30 µs     45 µs     92 µs    1.2 ms
          to the first byte    120 ms     1.5 s     1m04s    11m40s

        Rules used   FIRST BYTE P50     P99
               1,200         120 ms   1m04s  POST /v1/chat/completions  tailscale:11434
                   1              -       -  GET /api/{name...}  (no longer in force)  tailscale:11434
                   1              -       -  GET /api/{name...}  (no longer in force)  a"b\c\x0Ad

        Connections ended
          client-idle                117  gate-refused                 3
        """;

    private static readonly StatusFrame Frame = new()
    {
        Socket = "/run/gate.sock",
        Response = new AdminResponse(AdminOutcome.Success, Samples.Snapshot, SnapshotJson.Write(Samples.Snapshot)),
        Service = ServiceState.None,
        Ollama = new ProbeResponse(200, "{\"version\":\"0.12.0\"}", TimeSpan.FromMilliseconds(1)),
        History = Samples.History,
        PerSecond = 12.5,
    };

    [TestMethod]
    public void Page_HasItsLayout() => Assert.AreEqual(Page.ReplaceLineEndings("\n"), Text(Frame));

    [TestMethod]
    public void IPv6Listener_IsInItsColumns() =>
        StringAssert.Contains(
            Text(
                Frame with
                {
                    Response = Frame.Response with
                    {
                        Snapshot = Samples.Snapshot with
                        {
                            Listeners = [Samples.Snapshot.Listeners[0] with { Name = "[::1]:11434" }],
                        },
                    },
                }
            ),
            "\n[::1]:11434     3       120 "
        );

    [TestMethod]
    public void ListenerWithoutAnAddress_IsShownAsNotBound() =>
        StringAssert.Contains(
            Text(
                Frame with
                {
                    Response = Frame.Response with
                    {
                        Snapshot = Samples.Snapshot with
                        {
                            Listeners = [Samples.Snapshot.Listeners[0] with { Bound = [] }],
                            Bypasses = [],
                        },
                    },
                }
            ),
            "not bound: this machine does not have the address now"
        );

    [TestMethod]
    [DataRow(null, "does not respond")]
    [DataRow("403", "responds with 403")]
    [DataRow("200 ", "responds, 8")]
    [DataRow("200 [1]", "responds, 8")]
    [DataRow("200 {\"version\":\"\\u001b[2J\"}", "responds (Ollama \\x1B[2J), 8")]
    public void Ollama_IsShownByItsResponse(string? response, string expected)
    {
        ProbeResponse? probe = response is null
            ? null
            : new ProbeResponse(int.Parse(response.Split(' ')[0]), response.Split(' ')[^1], TimeSpan.Zero);
        StringAssert.Contains(Text(Frame with { Ollama = probe }), $"upstream    127.0.0.1:11434 {expected}");
    }

    [TestMethod]
    [DataRow(AdminOutcome.NoSocket, "No gate is running: /run/gate.sock does not exist. Start one with: fastgate run.")]
    [DataRow(
        AdminOutcome.NotListening,
        "No gate is running: the gate that created /run/gate.sock ended without removing it"
    )]
    [DataRow(AdminOutcome.TimedOut, "The gate at /run/gate.sock does not respond")]
    [DataRow(AdminOutcome.InvalidResponse, "The program at /run/gate.sock is not a gate of this version")]
    public void MissingGate_IsOneMessageWithACure(object outcome, string expected)
    {
        StatusFrame frame = Frame with { Response = new AdminResponse((AdminOutcome)outcome) };
        StringAssert.StartsWith(Text(frame), expected);
        using JsonDocument json = JsonDocument.Parse(StatusJson.Of(frame));
        Assert.IsFalse(json.RootElement.GetProperty("running").GetBoolean());
        StringAssert.StartsWith(json.RootElement.GetProperty("problem").GetString(), expected);
    }

    [TestMethod]
    public void Json_ContainsTheGatesOwnSnapshot()
    {
        using JsonDocument json = JsonDocument.Parse(StatusJson.Of(Frame));
        Assert.IsTrue(json.RootElement.GetProperty("running").GetBoolean());
        Assert.IsTrue(json.RootElement.GetProperty("upstreamAnswers").GetBoolean());
        Assert.AreEqual(JsonValueKind.Null, json.RootElement.GetProperty("keptBy").ValueKind);
        Assert.AreEqual(8, json.RootElement.GetProperty("gate").GetProperty("readyConnections").GetInt32());
        Assert.DoesNotContain("\n", StatusJson.Of(Frame));
    }

    private static string Text(StatusFrame frame)
    {
        StringWriter @out = new();
        Terminal terminal = new(@out, TextWriter.Null);
        foreach (string line in StatusPage.Lines(frame, terminal.Width))
            terminal.Line(line);
        return @out.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
    }
}
