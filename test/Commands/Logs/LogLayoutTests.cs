using FastGate.Commands.Logs;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;
using Spectre.Console;

namespace FastGate.Test.Commands.Logs;

[TestClass]
public sealed class LogLayoutTests
{
    private static readonly LogLine Refused = new()
    {
        Time = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero),
        Peer = "fd7a:115c:a1e0::9c01:4a22",
        Method = "POST",
        Path = "/\u001b[2J[red]" + new string('x', 300),
        Verdict = "refused-path",
        Status = 403,
        BytesSent = 1_234_567,
        FirstByteMilliseconds = 0.015,
        DurationMilliseconds = 185_000,
        GateMilliseconds = 0.041,
        Close = "gate-refused",
    };

    [TestMethod]
    [DataRow(132, "fd7a:11…01:4a22")]
    [DataRow(200, "fd7a:115c:a1e0::9c01:4a22")]
    public void LongPeer_IsWholeWhereThereIsRoom(int width, string peer) =>
        Assert.Contains(
            $" {peer} ",
            Markup.Remove(new LogLayout(width, Refused.Peer.Length, TerminalText.Text).Row(Refused))
        );

    [TestMethod]
    public void NarrowTerminal_LeavesOutOutcomeAndGate()
    {
        LogLayout layout = new(60, Refused.Peer.Length, TerminalText.Text);
        Assert.StartsWith("TIME     PEER            REQUEST", Markup.Remove(layout.Heading));
        Assert.EndsWith("ST  TOTAL", Markup.Remove(layout.Heading));
        Assert.AreEqual(59, Markup.Remove(layout.Row(Refused)).Length);
    }

    [TestMethod]
    [DataRow(80)]
    [DataRow(99)]
    [DataRow(100)]
    [DataRow(110)]
    [DataRow(132)]
    [DataRow(200)]
    public void Rows_FitTheTerminalAndAreAligned(int width)
    {
        LogLayout layout = new(width, 15, TerminalText.Text);
        string heading = Markup.Remove(layout.Heading);
        foreach (
            LogLine line in (LogLine[])
                [
                    Refused,
                    Refused with
                    {
                        Path = "/",
                        Peer = "127.0.0.1",
                        Verdict = "allowed",
                        Close = null,
                        GateMilliseconds = null,
                    },
                ]
        )
        {
            string row = Markup.Remove(layout.Row(line));
            Assert.AreEqual(width - 1, row.Length);
            Assert.AreEqual(
                heading.IndexOf(" GATE", StringComparison.Ordinal) + 5,
                row.IndexOf(line.GateMilliseconds is null ? " -" : "41 µs", StringComparison.Ordinal)
                    + (line.GateMilliseconds is null ? 2 : 5)
            );
        }
    }

    [TestMethod]
    public void UntrustedText_IsNeitherEscapeNorMarkup()
    {
        string row = new LogLayout(200, 15, TerminalText.Text).Row(Refused);
        Assert.DoesNotContain("\u001b", row);
        Assert.Contains(@"\x1B[2J[red]", Markup.Remove(row));
    }

    [TestMethod]
    [DataRow("refused-path", null, 403L, "[" + Palette.BadColor + "]refused-path")]
    [DataRow("fault-target-byte", null, 400L, "[" + Palette.CautionColor + "]target-byte ")]
    [DataRow("unavailable", null, 503L, "[" + Palette.CautionColor + "]unavailable")]
    [DataRow("allowed", "upstream-fault", 502L, "[" + Palette.CautionColor + "]upstream-fault")]
    [DataRow("allowed", "client-idle", 200L, " client-idle")]
    [DataRow("allowed", null, 200L, " allowed")]
    public void Outcome_HasTheColourOfItsMeaning(string verdict, string? close, long status, string expected) =>
        Assert.Contains(
            expected,
            new LogLayout(110, 15, TerminalText.Text).Row(
                Refused with
                {
                    Verdict = verdict,
                    Close = close,
                    Status = status,
                }
            )
        );
}
