using System.Text;
using FastGate.Proxy.Metrics;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class SnapshotJsonTests
{
    [TestMethod]
    public void Snapshot_IsDeserializedUnchanged()
    {
        byte[] json = SnapshotJson.Write(Samples.Snapshot);
        GateSnapshot? read = SnapshotJson.TryRead(json);
        Assert.IsNotNull(read);
        Assert.AreEqual(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(SnapshotJson.Write(read)));
        Assert.AreEqual(Samples.OddName, read.Listeners[1].Name);
        Assert.AreEqual(45_100_000_000, read.Listeners[0].BytesSent);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("[1]")]
    [DataRow("{\"version\":1}")]
    [DataRow("HTTP/1.1 200 OK")]
    public void OtherText_IsNotASnapshot(string json) =>
        Assert.IsNull(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(json)));
}
