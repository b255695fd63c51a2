using FastGate.Commands.Shared;
using FastGate.Commands.Status;
using FastGate.Host;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;

namespace FastGate.Test.Commands.Status;

/// <summary>The screen at different sizes: nothing is wider, nothing disappears without a mark.</summary>
[TestClass]
public sealed class StatusWidthTests
{
    private const string Peer = "fd7a:115c:a1e0:ab12:4843:cd96:625a:1b2c";

    [TestMethod]
    [DataRow(60)]
    [DataRow(80)]
    [DataRow(100)]
    [DataRow(149)]
    [DataRow(150)]
    [DataRow(200)]
    public void NoLine_IsWiderThanTheTerminal(int width)
    {
        foreach (IReadOnlyList<string> lines in Both(Frame(Busy), width, 60))
        {
            foreach (string line in lines)
                Assert.IsLessThan(width, Terminal.LengthOf(line), line);
        }
    }

    [TestMethod]
    [DataRow(60, false)]
    [DataRow(100, true)]
    [DataRow(200, true)]
    public void AddressOfAClient_IsWhole_WhereThereIsRoom(int width, bool isWhole)
    {
        foreach (IReadOnlyList<string> lines in Both(Frame(Busy), width, 60))
        {
            string line = lines.Single(line => line.Contains("waiting", StringComparison.Ordinal));
            Assert.Contains(isWhole ? Peer : "…", line);
        }
    }

    /// <summary>A line is broken between words, so every word of the sentence is on one of the lines.</summary>
    [TestMethod]
    [DataRow(60)]
    [DataRow(80)]
    [DataRow(200)]
    public void Sentence_IsBrokenBetweenWords(int width)
    {
        BypassSnapshot bypass = Samples.Snapshot.Bypasses[0];
        string[] words = string.Join(' ', StatusPage.Lines(Frame(Samples.Snapshot), width)).Split(' ');
        foreach (string word in $"{bypass.Command} intercepts port 11434 {bypass.DisableCommand}".Split(' '))
            Assert.Contains(word, words);
        StatusFrame none = Frame(Samples.Snapshot) with { Response = new AdminResponse(AdminOutcome.NotListening) };
        IReadOnlyList<string> problem = StatusPage.Lines(none, width);
        Assert.AreEqual(
            StatusText.Problem(none),
            string.Join(' ', problem.Select(line => line.Replace($"[{Palette.CautionColor}]", "").Replace("[/]", "")))
        );
    }

    [TestMethod]
    public void SmallTerminal_ShowsTheMostImportant_AndNamesTheRest()
    {
        IReadOnlyList<string> lines = StatusPage.Screen(Frame(Busy), 80, 24);
        Assert.IsLessThanOrEqualTo(23, lines.Count);
        string text = string.Join('\n', lines);
        foreach (string shown in (string[])["FastGate 1.2.3", "BYPASSED", "per second", "In flight", "Refused most"])
            Assert.Contains(shown, text);
        string note = string.Join(
            ' ',
            lines.Select(Plain).SkipWhile(line => !line.StartsWith("Left out:", StringComparison.Ordinal))
        );
        foreach (string missing in (string[])["files,", "times,", "rules,", "ended"])
            Assert.Contains(missing, note);
        foreach (string hidden in (string[])["access log", "Rules used", "Connections ended"])
            Assert.DoesNotContain(hidden, text);
    }

    [TestMethod]
    public void TallTerminal_ShowsAll()
    {
        string all = string.Join('\n', StatusPage.Screen(Frame(Busy), 80, 200));
        Assert.DoesNotContain("Left out", all);
        Assert.AreEqual(string.Join('\n', StatusPage.Lines(Frame(Busy), 80)), all);
    }

    [TestMethod]
    public void WideTerminal_HasTwoColumns()
    {
        IReadOnlyList<string> wide = StatusPage.Screen(Frame(Busy), 200, 60);
        Assert.Contains("In flight", wide[0]);
        Assert.StartsWith("[bold]FastGate", wide[0]);
        Assert.IsLessThan(StatusPage.Lines(Frame(Busy), 80).Count, wide.Count);
    }

    [TestMethod]
    public void Refusals_AreTheTopFive_WithTheirCures()
    {
        IReadOnlyList<string> lines = StatusPage.Lines(Frame(Busy), 1000);
        int first = lines.Index().First(line => line.Item.Contains("Refused most", StringComparison.Ordinal)).Index;
        Assert.AreEqual("         410  POST /api/x0  to allow it, add \"@clients\"", Plain(lines[first + 1]));
        Assert.AreEqual("         406  POST /api/x4  to allow it, add \"@clients\"", Plain(lines[first + 5]));
        Assert.AreEqual("              and 7 more routes", Plain(lines[first + 6]));
    }

    [TestMethod]
    public void GateWithoutHistory_HasNoSparklines() =>
        Assert.DoesNotContain(
            "hour's peak",
            string.Join('\n', StatusPage.Lines(Frame(Busy) with { History = null }, 80))
        );

    /// <summary>The gate as it is, with many refused routes and a long address.</summary>
    private static GateSnapshot Busy { get; } =
        Samples.Snapshot with
        {
            InFlight = Samples.Snapshot.InFlight with
            {
                Requests =
                [
                    Samples.Snapshot.InFlight.Requests[0],
                    Samples.Snapshot.InFlight.Requests[1] with
                    {
                        Peer = Peer,
                    },
                ],
            },
            RefusedRoutes =
            [
                .. Enumerable
                    .Range(0, 12)
                    .Select(i => new RefusedRoute(
                        "POST",
                        $"/api/x{i}",
                        410 - i,
                        410 - i,
                        "to allow it, add \"@clients\""
                    )),
            ],
            StatusPage = "http://127.0.0.1:9464/",
        };

    private static IReadOnlyList<string>[] Both(StatusFrame frame, int width, int height) =>
        [StatusPage.Lines(frame, width), StatusPage.Screen(frame, width, height)];

    private static StatusFrame Frame(GateSnapshot gate) =>
        new()
        {
            Socket = "/run/gate.sock",
            Response = new AdminResponse(AdminOutcome.Success, gate, SnapshotJson.Write(gate)),
            Service = ServiceState.None,
            Ollama = new ProbeResponse(200, "{\"version\":\"0.12.0\"}", TimeSpan.FromMilliseconds(1)),
            History = Samples.History,
            PerSecond = 12.5,
        };

    private static string Plain(string line)
    {
        StringWriter @out = new();
        new Terminal(@out, TextWriter.Null).Line(line);
        return @out.ToString().TrimEnd('\r', '\n');
    }
}
