using System.Text;
using System.Text.Json;
using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Proxy.AccessLog;

[TestClass]
public sealed class LineWriterTests
{
    private static readonly byte[] Everything = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];

    [TestMethod]
    public void OrdinaryEntry_IsOneLine() =>
        Check(
            Sample.Entry,
            """
            {"time":"2025-03-04T05:06:07.089Z","peer":"100.101.102.103","method":"POST","path":"/v1/chat/completions","verdict":"allowed","rule":"POST /v1/chat/completions","status":200,"bytesReceived":1234,"bytesSent":56789,"firstByteMs":12.345,"durationMs":2000.007,"gateMs":0.041,"close":null}
            """
        );

    [TestMethod]
    public void RequestOfDoctor_IsMarked() =>
        Assert.EndsWith(",\"close\":null,\"probe\":true}\n", Line(Sample.Entry with { IsProbe = true }));

    [TestMethod]
    public void EmptyEntry_HasNulls() =>
        Check(
            new AccessLogEntry { Close = CloseReason.ClientHead },
            """
            {"time":"0001-01-01T00:00:00.000Z","peer":"","method":"","path":"","verdict":"","rule":null,"status":0,"bytesReceived":0,"bytesSent":0,"firstByteMs":null,"durationMs":0.000,"gateMs":null,"close":"client-head"}
            """
        );

    [TestMethod]
    public void TimeWithAnOffset_IsWrittenInUtc() =>
        Assert.AreEqual(
            "2025-03-04T05:06:07.089Z",
            Text(new AccessLogEntry { Time = Sample.Time.ToOffset(TimeSpan.FromHours(-9)) }, "time")
        );

    [TestMethod]
    public void PathOverTheLimit_IsTruncated()
    {
        byte[] path = Encoding.ASCII.GetBytes("/" + new string('a', LineWriter.PathBytesMax));
        Assert.AreEqual(Latin1(path.AsSpan(..^1)), Text(new AccessLogEntry { Path = path.AsSpan(..^1) }, "path"));
        Assert.AreEqual(Latin1(path.AsSpan(..^1)) + "…", Text(new AccessLogEntry { Path = path }, "path"));
    }

    [TestMethod]
    public void EveryByteInEveryText_IsEscaped()
    {
        AccessLogEntry entry = new()
        {
            Peer = Everything.AsSpan(..64),
            Method = Everything.AsSpan(^32..),
            Path = Everything,
            Rule = Everything,
            Verdict = Everything.AsSpan(32..96),
        };
        string line = Line(entry);
        Assert.IsFalse(line[..^1].Any(c => c is < ' ' or > '~'), "only visible ASCII and spaces");
        Assert.AreEqual(Latin1(Everything), Text(entry, "path"));
        Assert.AreEqual(Latin1(Everything), Text(entry, "rule"));
        Assert.AreEqual(Latin1(Everything.AsSpan(..64)), Text(entry, "peer"));
        Assert.AreEqual(Latin1(Everything.AsSpan(^32..)), Text(entry, "method"));
        Assert.AreEqual(Latin1(Everything.AsSpan(32..96)), Text(entry, "verdict"));
    }

    [TestMethod]
    public void LargestEntry_FitsTheLimit()
    {
        byte[] controls = new byte[1000];
        byte[] line = new byte[LineWriter.LineBytesMax];
        int length = LineWriter.Write(
            line,
            new AccessLogEntry
            {
                Time = DateTimeOffset.MaxValue,
                Peer = controls,
                Method = controls,
                Path = controls,
                Rule = controls,
                Verdict = controls,
                Status = int.MinValue,
                BytesReceived = long.MinValue,
                BytesSent = long.MinValue,
                FirstByteMicroseconds = long.MaxValue,
                DurationMicroseconds = long.MaxValue,
                GateMicroseconds = long.MaxValue,
                Close = CloseReason.GateContentTimeout,
            }
        );
        JsonDocument.Parse(line.AsMemory(0, length)).Dispose();
    }

    [TestMethod]
    public void RandomEntries_AreValidJsonWithTheSameValues()
    {
        Random random = new(20250304);
        CloseReason[] reasons = Enum.GetValues<CloseReason>();
        for (int n = 0; n < 10_000; n++)
        {
            byte[] method = Bytes(random, 40);
            byte[] path = Bytes(random, 300);
            byte[] rule = Bytes(random, 300);
            long received = random.NextInt64();
            long firstByte = random.NextInt64(-1, 1L << random.Next(1, 62));
            CloseReason close = reasons[random.Next(reasons.Length)];
            AccessLogEntry entry = new()
            {
                Time = Sample.Time.AddMilliseconds(random.Next()),
                Method = method,
                Path = path,
                Rule = rule,
                BytesReceived = received,
                FirstByteMicroseconds = firstByte,
                Close = close,
            };

            string line = Line(entry);
            Assert.AreEqual('\n', line[^1]);
            Assert.AreEqual(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            Assert.AreEqual(entry.Time, root.GetProperty("time").GetDateTimeOffset());
            Assert.AreEqual(Truncated(method, LineWriter.MethodBytesMax), root.GetProperty("method").GetString());
            Assert.AreEqual(Truncated(path, LineWriter.PathBytesMax), root.GetProperty("path").GetString());
            Assert.AreEqual(
                rule.Length == 0 ? null : Truncated(rule, LineWriter.RuleBytesMax),
                root.GetProperty("rule").GetString()
            );
            Assert.AreEqual(received, root.GetProperty("bytesReceived").GetInt64());
            decimal? firstByteMs = firstByte < 0 ? null : firstByte / 1000m;
            JsonElement value = root.GetProperty("firstByteMs");
            Assert.AreEqual(firstByteMs, value.ValueKind == JsonValueKind.Null ? null : value.GetDecimal());
            Assert.AreEqual(
                close == CloseReason.None ? null : Latin1(CloseReasons.Word(close)),
                root.GetProperty("close").GetString()
            );
        }
    }

    [TestMethod]
    public void TenThousandLines_AllocateNothing()
    {
        byte[] line = new byte[LineWriter.LineBytesMax];
        Many(line);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Many(line);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Many(byte[] line)
        {
            for (int n = 0; n < 10_000; n++)
                LineWriter.Write(line, Sample.Entry);
        }
    }

    private static void Check(in AccessLogEntry entry, string expected) =>
        Assert.AreEqual(expected + "\n", Line(entry));

    private static string Line(in AccessLogEntry entry)
    {
        byte[] line = new byte[LineWriter.LineBytesMax];
        return Encoding.UTF8.GetString(line, 0, LineWriter.Write(line, entry));
    }

    private static string? Text(in AccessLogEntry entry, string name)
    {
        using JsonDocument json = JsonDocument.Parse(Line(entry));
        return json.RootElement.GetProperty(name).GetString();
    }

    private static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static string Truncated(byte[] bytes, int max) =>
        bytes.Length <= max ? Latin1(bytes) : Latin1(bytes.AsSpan(..max)) + "…";

    private static byte[] Bytes(Random random, int lengthMax)
    {
        byte[] bytes = new byte[random.Next(lengthMax)];
        random.NextBytes(bytes);
        return bytes;
    }
}
