using FastGate.Commands.Logs;
using FastGate.Launchd;
using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Commands.Logs;

[TestClass]
public sealed class LogFilterTests
{
    private static readonly PeerNames Nobody = new(new CommandRunner(""), null, TimeProvider.System);

    [TestMethod]
    public void NoFilter_AcceptsAll() => Check(new LogFilter(), Lines.Of("GET /"), true);

    [TestMethod]
    [DataRow("allowed", false)]
    [DataRow("refused-path", true)]
    public void Refused_LeavesOutWhatWasAllowed(string verdict, bool accepts) =>
        Check(new LogFilter { RefusedOnly = true }, Lines.Of("GET /", verdict), accepts);

    [TestMethod]
    [DataRow(99.9, false)]
    [DataRow(100, true)]
    public void Slow_IsFromItsLimitOn(double duration, bool accepts) =>
        Check(new LogFilter { SlowMilliseconds = 100 }, Lines.Of("GET /", duration: duration), accepts);

    [TestMethod]
    public void EntryWithoutADuration_IsNotSlow() =>
        Check(new LogFilter { SlowMilliseconds = 0 }, Lines.Of("GET /") with { DurationMilliseconds = null }, false);

    [TestMethod]
    [DataRow("100.64.0.7", "100.64.0.7", true)]
    [DataRow("100.64.0.7", "100.64.0.70", false)]
    [DataRow("100.64.0.0/10", "100.100.1.2", true)]
    [DataRow("100.64.0.0/10", "192.168.1.2", false)]
    [DataRow("fd7a:115c:a1e0::/48", "fd7a:115c:a1e0::1", true)]
    [DataRow("fd7a:115c:a1e0::1", "fd7a:115c:a1e0:0::1", true)]
    [DataRow("0.0.0.0/0", "nonsense", false)]
    public void Peer_IsAnAddressOrARange(string text, string peer, bool accepts)
    {
        Assert.IsTrue(PeerChoice.TryParse(text, Nobody, out PeerChoice? choice, out _));
        Check(new LogFilter { Peer = choice }, Lines.Of("GET /", peer: peer), accepts);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1.2.3")]
    [DataRow("a b")]
    [DataRow("laptop\u001b[31m")]
    [DataRow("100.64.0.1/10")]
    public void PeerThatIsNone_IsAProblem(string text) =>
        Assert.IsFalse(PeerChoice.TryParse(text, Nobody, out _, out _));

    [TestMethod]
    [DataRow(-1, true)]
    [DataRow(0, true)]
    [DataRow(1, false)]
    public void Since_IsTheBeginOfTheRequest(int minutes, bool accepts) =>
        Check(new LogFilter { Since = Lines.Time.AddMinutes(minutes) }, Lines.Of("GET /"), accepts);

    /// <summary>Lines stand in the order of their ends: one that began earlier may stand behind others.</summary>
    [TestMethod]
    public void LongRequest_DoesNotEndTheSearch()
    {
        LogFilter filter = new() { Since = Lines.Time.AddMinutes(1) };
        Assert.IsFalse(filter.IsPast(Lines.Of("GET /", duration: 120_000)));
        Assert.IsTrue(filter.IsPast(Lines.Of("GET /", duration: 1)));
        Assert.IsFalse(new LogFilter().IsPast(Lines.Of("GET /")));
    }

    [TestMethod]
    public void MissingLines_AreMissingFromEverySelection() =>
        Check(new LogFilter { RefusedOnly = true, SlowMilliseconds = 5 }, Lines.Dropped(3), true);

    private static void Check(LogFilter filter, LogLine line, bool accepts) =>
        Assert.AreEqual(accepts, filter.Accepts(line));
}
