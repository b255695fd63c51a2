using System.Text;
using FastGate.Commands.Demo;

namespace FastGate.Test.Commands.Demo;

[TestClass]
public sealed class AccessLogLineTests
{
    [TestMethod]
    public void Entry_IsOneReadableLine() =>
        Check(
            """{"time":"2026-01-01T00:00:00.000Z","peer":"127.0.0.1","method":"GET","path":"/v1/models","verdict":"allowed","rule":"GET /v1/models","status":200,"up":1,"down":2,"firstByteMs":0.100,"durationMs":1.234,"gateMs":0.056,"close":null}""",
            "  200  GET /v1/models  allowed  1.2 ms, gate 56 µs"
        );

    [TestMethod]
    public void ControlCharacters_DoNotReachTheTerminal() =>
        Check(
            """{"time":"2026-01-01T00:00:00.000Z","peer":"127.0.0.1","method":"G\u001bT","path":"/\u0007","verdict":"fault-target","rule":null,"status":400,"up":1,"down":2,"firstByteMs":null,"durationMs":1.000,"gateMs":null,"close":null}""",
            "  400  G\\x1BT /\\x07  fault-target  1.0 ms, gate -"
        );

    [TestMethod]
    public void DroppedLines_AreShown() =>
        Check("""{"time":"2026-01-01T00:00:00.000Z","dropped":7}""", "7 lines missing here");

    // The time of day is in the reader's time zone.
    private static void Check(string json, string end) =>
        Assert.EndsWith(end, AccessLogLine.Text(Encoding.UTF8.GetBytes(json)));
}
