using System.Text;
using FastGate.Commands.Demo;

namespace FastGate.Test.Commands.Demo;

[TestClass]
public sealed class AccessLogLineTests
{
    [TestMethod]
    public void Entry_IsOneReadableLine() =>
        Check(
            """{"time":"2026-01-01T00:00:00.000Z","peer":"127.0.0.1","method":"GET","path":"/v1/models","verdict":"allowed","rule":"GET /v1/models","status":200,"bytesReceived":1,"bytesSent":2,"firstByteMs":0.100,"durationMs":1.234,"gateMs":0.056,"close":null}""",
            "  200  GET /v1/models  allowed  1.23 ms, gate 0.06 ms"
        );

    [TestMethod]
    public void ControlCharacters_DoNotReachTheTerminal() =>
        Check(
            """{"time":"2026-01-01T00:00:00.000Z","peer":"127.0.0.1","method":"G\u001bT","path":"/\u0007","verdict":"fault-target","rule":null,"status":400,"bytesReceived":1,"bytesSent":2,"firstByteMs":null,"durationMs":1.000,"gateMs":null,"close":null}""",
            "  400  G\\x1BT /\\x07  fault-target  1 ms, gate -"
        );

    [TestMethod]
    public void MissingLines_AreSaid() =>
        Check("""{"time":"2026-01-01T00:00:00.000Z","dropped":7}""", "7 lines are missing here");

    // The time of day stands in the reader's time zone.
    private static void Check(string json, string end) =>
        Assert.EndsWith(end, AccessLogLine.Say(Encoding.UTF8.GetBytes(json)));
}
