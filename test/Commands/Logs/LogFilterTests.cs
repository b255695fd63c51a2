using FastGate.Commands.Logs;
using FastGate.Launchd;
using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Commands.Logs;

[TestClass]
public sealed class LogFilterTests
{
    private static readonly PeerNames NoNames = new(new CommandRunner(""), null, TimeProvider.System);

    [TestMethod]
    public void EmptyFilter_AcceptsAll() => Check(new LogFilter(), LogLines.Of("GET /"), true);

    [TestMethod]
    [DataRow("allowed", false)]
    [DataRow("refused-path", true)]
    public void Refused_ExcludesAllowedRequests(string verdict, bool accepts) =>
        Check(new LogFilter { RefusedOnly = true }, LogLines.Of("GET /", verdict), accepts);

    [TestMethod]
    [DataRow(99.9, false)]
    [DataRow(100, true)]
    public void Slow_IncludesItsLimit(double duration, bool accepts) =>
        Check(new LogFilter { SlowMilliseconds = 100 }, LogLines.Of("GET /", duration: duration), accepts);

    [TestMethod]
    public void EntryWithoutADuration_IsNotSlow() =>
        Check(new LogFilter { SlowMilliseconds = 0 }, LogLines.Of("GET /") with { DurationMilliseconds = null }, false);

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
        Assert.IsTrue(PeerChoice.TryParse(text, NoNames, out PeerChoice? choice, out _));
        Check(new LogFilter { Peer = choice }, LogLines.Of("GET /", peer: peer), accepts);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1.2.3")]
    [DataRow("a b")]
    [DataRow("laptop\u001b[31m")]
    [DataRow("100.64.0.1/10")]
    public void InvalidPeer_IsAProblem(string text) => Assert.IsFalse(PeerChoice.TryParse(text, NoNames, out _, out _));

    [TestMethod]
    [DataRow(-1, true)]
    [DataRow(0, true)]
    [DataRow(1, false)]
    public void Since_ComparesTheStartOfTheRequest(int minutes, bool accepts) =>
        Check(new LogFilter { Since = LogLines.Time.AddMinutes(minutes) }, LogLines.Of("GET /"), accepts);

    /// <summary>Lines are ordered by the end of their requests: one that began earlier may come after others.</summary>
    [TestMethod]
    public void LongRequest_DoesNotEndTheSearch()
    {
        LogFilter filter = new() { Since = LogLines.Time.AddMinutes(1) };
        Assert.IsFalse(filter.IsPast(LogLines.Of("GET /", duration: 120_000)));
        Assert.IsTrue(filter.IsPast(LogLines.Of("GET /", duration: 1)));
        Assert.IsFalse(new LogFilter().IsPast(LogLines.Of("GET /")));
    }

    [TestMethod]
    public void DroppedLines_PassEveryFilter() =>
        Check(new LogFilter { RefusedOnly = true, SlowMilliseconds = 5 }, LogLines.Dropped(3), true);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void RequestsOfDoctor_AreSelectedOnlyOnRequest(bool withProbes) =>
        Check(new LogFilter { WithProbes = withProbes }, LogLines.Of("GET /") with { IsProbe = true }, withProbes);

    private static void Check(LogFilter filter, LogLine line, bool accepts) =>
        Assert.AreEqual(accepts, filter.Accepts(line));
}
