using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Commands.Status;
using FastGate.Host;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;

namespace FastGate.Test.Commands.Status;

/// <summary>What a snapshot looks like, and what is said when there is none.</summary>
[TestClass]
public sealed class StatusPageTests
{
    private const string Page = """
        FastGate 1.2.3  up 1 d 2 h, process 812, epoll, 2 loops
          kept by     nobody: it was started by hand
          upstream    127.0.0.1:11434 answers (Ollama 0.12.0), 8 connections ready
          config      /home/u/.config/fastgate/fastgate.json  2 reloads, 1 refused
          access log  /home/u/.local/state/fastgate/access.log  7 lines lost

        LISTENER                OPEN     TOTAL  TURNED AWAY  REQUESTS       UP     DOWN
        tailscale:11434            3       120            4     1,235  1.23 MB  45.1 GB
          bound to 100.87.6.5:11434, [fd7a:115c:a1e0::1]:11434, 2 rules
        a"b\c\x0Ad                 3       120            4        35  1.23 MB  45.1 GB
          not bound to 100.87.6.5:11436: another program listens there
        BYPASSED  tailscale serve --tcp=11434 takes port 11434 before the gate and forwards it to 127.0.0.1:11434
                  turn it off: sudo tailscale serve --tcp=11434 off

        Requests  1,270 done, 2 in flight, 12.5 a second now
          allowed                  1,200    94.5 %
          refused-path                68     5.4 %
          unavailable                  2     0.2 %
          status      2xx 1,200   4xx 68   5xx 2

        Times                        P50         P90         P99          MAX
          in the gate            30.0 µs     45.0 µs     92.0 µs      1.20 ms
          to the first byte       120 ms      1.50 s      64.0 s  11 min 40 s

        Rules that let through
                 1,200  POST /v1/chat/completions  tailscale:11434
                     1  GET /api/{name...}  (no longer in force)  tailscale:11434
                     1  GET /api/{name...}  (no longer in force)  a"b\c\x0Ad

        Connections ended
          client-idle         117   gate-refused          3
        """;

    private static readonly StatusFrame Frame = new()
    {
        Socket = "/run/gate.sock",
        Answer = new AdminResponse(AdminOutcome.Answered, Samples.Snapshot, SnapshotJson.Write(Samples.Snapshot)),
        Keeper = ServiceState.None,
        Ollama = new ProbeResponse(200, "{\"version\":\"0.12.0\"}", TimeSpan.FromMilliseconds(1)),
        PerSecond = 12.5,
    };

    [TestMethod]
    public void Page_IsAsPeopleKnowIt() => Assert.AreEqual(Page.ReplaceLineEndings("\n"), Text(Frame));

    [TestMethod]
    public void ListenerWithoutAnAddress_SaysSo() =>
        StringAssert.Contains(
            Text(
                Frame with
                {
                    Answer = Frame.Answer with
                    {
                        Snapshot = Samples.Snapshot with
                        {
                            Listeners = [Samples.Snapshot.Listeners[0] with { Bound = [] }],
                            Bypasses = [],
                        },
                    },
                }
            ),
            "bound to nothing: there is no such address now"
        );

    [TestMethod]
    [DataRow(null, "does not answer")]
    [DataRow("403", "answers with 403")]
    [DataRow("200 ", "answers, 8")]
    [DataRow("200 [1]", "answers, 8")]
    [DataRow("200 {\"version\":\"\\u001b[2J\"}", "answers (Ollama \\x1B[2J), 8")]
    public void Ollama_IsSaidAsItIs(string? answer, string said)
    {
        ProbeResponse? probe = answer is null
            ? null
            : new ProbeResponse(int.Parse(answer.Split(' ')[0]), answer.Split(' ')[^1], TimeSpan.Zero);
        StringAssert.Contains(Text(Frame with { Ollama = probe }), $"upstream    127.0.0.1:11434 {said}");
    }

    [TestMethod]
    [DataRow(AdminOutcome.NoSocket, "No gate is running: there is no /run/gate.sock. Start one with: fastgate run.")]
    [DataRow(AdminOutcome.Dead, "No gate is running: the one that made /run/gate.sock has ended")]
    [DataRow(AdminOutcome.Silent, "The gate at /run/gate.sock does not answer")]
    [DataRow(AdminOutcome.NotUnderstood, "What answers at /run/gate.sock is no gate of this version")]
    public void Absence_IsOneSentenceWithACure(object outcome, string said)
    {
        StatusFrame frame = Frame with { Answer = new AdminResponse((AdminOutcome)outcome) };
        StringAssert.StartsWith(Text(frame), said);
        using JsonDocument json = JsonDocument.Parse(StatusJson.Of(frame));
        Assert.IsFalse(json.RootElement.GetProperty("running").GetBoolean());
        StringAssert.StartsWith(json.RootElement.GetProperty("problem").GetString(), said);
    }

    [TestMethod]
    public void Json_HasWhatTheGateSaidItself()
    {
        using JsonDocument json = JsonDocument.Parse(StatusJson.Of(Frame));
        Assert.IsTrue(json.RootElement.GetProperty("running").GetBoolean());
        Assert.IsTrue(json.RootElement.GetProperty("upstreamAnswers").GetBoolean());
        Assert.AreEqual(JsonValueKind.Null, json.RootElement.GetProperty("keptBy").ValueKind);
        Assert.AreEqual(8, json.RootElement.GetProperty("gate").GetProperty("warm").GetInt32());
        Assert.DoesNotContain("\n", StatusJson.Of(Frame));
    }

    private static string Text(StatusFrame frame)
    {
        StringWriter @out = new();
        Terminal terminal = new(@out, TextWriter.Null);
        foreach (string line in StatusPage.Lines(frame))
            terminal.Line(line);
        return @out.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
    }
}
