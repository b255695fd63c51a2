using System.Text;
using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Proxy.AccessLog;

[TestClass]
public sealed class LogLineReaderTests
{
    [TestMethod]
    public void WrittenLine_IsReadUnchanged()
    {
        LogLine line = Written(Sample.Entry with { Close = CloseReason.GateRefused });
        Assert.AreEqual(Sample.Time, line.Time);
        Assert.AreEqual(
            "100.101.102.103 POST /v1/chat/completions allowed",
            $"{line.Peer} {line.Method} {line.Path} {line.Verdict}"
        );
        Assert.AreEqual("POST /v1/chat/completions", line.Rule);
        Assert.AreEqual((200L, 1234L, 56789L), (line.Status, line.BytesReceived, line.BytesSent));
        Assert.AreEqual(
            ((double?)12.345, (double?)2000.007, (double?)0.041),
            (line.FirstByteMilliseconds, line.DurationMilliseconds, line.GateMilliseconds)
        );
        Assert.AreEqual("gate-refused", line.Close);
        Assert.IsFalse(line.IsRefused);
        Assert.IsFalse(line.IsProbe);
        Assert.IsTrue(Written(Sample.Entry with { IsProbe = true }).IsProbe);
        Assert.AreEqual(Sample.Time.AddMilliseconds(2000.007), line.End);
    }

    [TestMethod]
    public void BytesOfAClient_AreOneCharacterEach() =>
        Assert.AreEqual(
            "/\u001b[31m\u00e9\u0000\"\\",
            Written(
                Sample.Entry with
                {
                    Path = "/\u001b[31m"u8.ToArray().Concat<byte>([0xE9, 0, (byte)'"', (byte)'\\']).ToArray(),
                }
            ).Path
        );

    [TestMethod]
    public void CountOfMissingLines_IsRead()
    {
        byte[] bytes = new byte[LineWriter.LineBytesMax];
        int length = LineWriter.WriteDropped(bytes, Sample.Time, 7);
        Assert.AreEqual(7, LogLineReader.Read(bytes[..(length - 1)])!.Dropped);
    }

    /// <summary>A version that writes fewer members, and one that writes more.</summary>
    [TestMethod]
    [DataRow("""{"time":"2026-01-01T00:00:00Z","verdict":"allowed"}""")]
    [DataRow(
        """{"time":"2026-01-01T00:00:00Z","verdict":"allowed","new":{"a":[1,2]},"status":"200","peer":null,"bytesReceived":1.5,"firstByteMs":"x"}"""
    )]
    public void OtherVersion_IsRead(string json)
    {
        LogLine line = Read(json)!;
        Assert.AreEqual(("", 0L, 0L, null), (line.Peer, line.Status, line.BytesReceived, line.FirstByteMilliseconds));
    }

    [TestMethod]
    public void NamesOfEarlierVersions_AreRead()
    {
        LogLine line = Read("""{"time":"2026-01-01T00:00:00Z","verdict":"allowed","up":80,"down":143}""")!;
        Assert.AreEqual((80L, 143L), (line.BytesReceived, line.BytesSent));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("[]")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("""{"time":"2026-01-01T00:00:00Z"}""")]
    [DataRow("""{"verdict":"allowed"}""")]
    [DataRow("""{"time":"yesterday","verdict":"allowed"}""")]
    [DataRow("""{"time":1,"verdict":"allowed"}""")]
    [DataRow("""{"time":"2026-01-01T00:00:00Z","verdict":"allo""")]
    [DataRow(
        """{"time":"2026-01-01T00:00:00Z","verdict":"allowed"}{"time":"2026-01-01T00:00:00Z","verdict":"allowed"}"""
    )]
    [DataRow("""{"time":"2026-01-01T00:00:00Z","verdict":"\ud800"}""")]
    [DataRow("Jan 1 00:00:00 mac GET / 200")]
    public void InvalidLine_IsNull(string text) => Assert.IsNull(Read(text));

    [TestMethod]
    public void IncompleteLine_IsNull()
    {
        byte[] whole = [.. Written(Sample.Entry).Bytes.Span];
        for (int length = 0; length < whole.Length; length++)
            Assert.IsNull(LogLineReader.Read(whole[..length]));
    }

    [TestMethod]
    [DataRow("allowed", false)]
    [DataRow("unavailable", false)]
    [DataRow("overloaded", false)]
    [DataRow("head-incomplete", false)]
    [DataRow("refused-path", true)]
    [DataRow("refused-host", true)]
    [DataRow("fault-target-dot-segment", true)]
    [DataRow("head-timeout", true)]
    public void Verdict_IsARefusalOrNot(string verdict, bool isRefused) =>
        Assert.AreEqual(isRefused, Written(Sample.Entry with { Verdict = Encoding.ASCII.GetBytes(verdict) }).IsRefused);

    private static LogLine Written(AccessLogEntry entry)
    {
        byte[] bytes = new byte[LineWriter.LineBytesMax];
        int length = LineWriter.Write(bytes, entry);
        return LogLineReader.Read(bytes[..(length - 1)])!;
    }

    private static LogLine? Read(string text) => LogLineReader.Read(Encoding.UTF8.GetBytes(text));
}
