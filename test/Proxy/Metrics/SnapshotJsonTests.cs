using System.Text;
using FastGate.Proxy.Metrics;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class SnapshotJsonTests
{
    [TestMethod]
    public void Snapshot_ComesBackAsItWas()
    {
        byte[] json = SnapshotJson.Write(Samples.Snapshot);
        GateSnapshot? back = SnapshotJson.TryRead(json);
        Assert.IsNotNull(back);
        Assert.AreEqual(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(SnapshotJson.Write(back)));
        Assert.AreEqual(Samples.OddName, back.Listeners[1].Name);
        Assert.AreEqual(45_100_000_000, back.Listeners[0].BytesDown);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("[1]")]
    [DataRow("{\"version\":1}")]
    [DataRow("HTTP/1.1 200 OK")]
    public void AnythingElse_IsNoSnapshot(string json) =>
        Assert.IsNull(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(json)));
}
