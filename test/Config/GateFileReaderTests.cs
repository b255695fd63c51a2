namespace FastGate.Test.Config;

[TestClass]
public sealed class GateFileReaderTests
{
    /// <summary>One file with every kind of error: all are reported at once, each with its location and its
    /// cure.</summary>
    [TestMethod]
    public void FileWithManyErrors_ReportsAllOfThem()
    {
        const string File = """
            {
              "listen": ["tailscale:0", { "on": "en0:1", "alow": [] }, { "allow": [] }, 7, "0.0.0.0:9000"],
              "upstream": "http://127.0.0.1:11434/",
              "allow": ["@client", "GET api/tags", null],
              "from": ["10.0.0.5/8"],
              "hosts": ["a.b:80"],
              "host": "presrve",
              "accessLog": "logs/a.log",
              "accesLog": "-",
              "backend": "epol",
              "poll": "fast",
              "loops": 1.5,
              "loops": 2,
              "limits": { "headSecond": 5, "idleSeconds": 1e9, "headBytesMax": "32k" },
              "public": "yes",
              "x": {}
            }
            """;
        const string Problems = """
            fastgate.json:2:14: listen[0]: "0" is not a port: write a number from 1 to 65535, such as tailscale:11434
            fastgate.json:2:46: listen[1].alow: unknown member "alow"; did you mean "allow"?
            fastgate.json:2:60: listen[2]: "on" is missing; add "on": "tailscale:11434"
            fastgate.json:2:77: listen[3]: the number 7 is not allowed here; write "tailscale:11434", or an object such as { "on": "tailscale:11434" }
            fastgate.json:2:80: listen[4]: 0.0.0.0:9000 listens on every network of this machine; write tailscale:9000, or set "public": true in the config file if that is intended
            fastgate.json:3:15: upstream: "http://127.0.0.1:11434/" is a URL; write only the host and the port, 127.0.0.1:11434
            fastgate.json:4:14: allow[0]: "@client": this profile does not exist; did you mean @clients?
            fastgate.json:4:29: allow[1]: "GET api/tags": the path must begin with a slash; write only the path (no host), and separate methods with commas, such as GET,HEAD /path
            fastgate.json:4:40: allow[2]: null is not allowed here; remove the member, or write a string, such as "@seed"
            fastgate.json:5:12: from[0]: "10.0.0.5/8" has bits beyond its prefix: write 10.0.0.0/8 for the range, or 10.0.0.5 for the one address
            fastgate.json:6:13: hosts[0]: "a.b:80" has a port; write only the name, a.b
            fastgate.json:7:11: host: unknown value "presrve"; did you mean "preserve"?
            fastgate.json:8:16: accessLog: "logs/a.log" is not an absolute path; write one that begins with / or ~/, or "auto", "off", or "-" for standard output
            fastgate.json:9:3: accesLog: unknown member "accesLog"; did you mean "accessLog"?
            fastgate.json:10:14: backend: unknown value "epol"; did you mean "epoll"?
            fastgate.json:11:11: poll: fast is not valid here; write "auto", "off", or whole microseconds from 0 to 1000
            fastgate.json:12:12: loops: 1.5 is not a whole number; write one from 1 to 64
            fastgate.json:13:3: loops: "loops" is already set on line 12; remove one of them
            fastgate.json:14:15: limits.headSecond: unknown member "headSecond"; did you mean "headSeconds"?
            fastgate.json:14:47: limits.idleSeconds: 1000000000 is out of range; write a number from 1 to 86400
            fastgate.json:14:68: limits.headBytesMax: the string "32k" is not allowed here; write a number, such as 1024
            fastgate.json:15:13: public: the string "yes" is not allowed here; write true or false, without quotation marks
            fastgate.json:16:3: x: unknown member "x"; valid members are listen, public, upstream, allow, from, hosts, host, contentOnGet, accessLog, backend, poll, loops, readyConnections, metrics, limits
            """;
        IEnumerable<string> found = Configs
            .Read(File)
            .Problems.OrderBy(p => p.Location.Line)
            .ThenBy(p => p.Location.Column)
            .Select(p => p.ToString());
        Assert.AreEqual(Problems.ReplaceLineEndings("\n"), string.Join('\n', found));
    }

    [TestMethod]
    [DataRow("[]", "a list")]
    [DataRow("\"x\"", "the string \"x\"")]
    [DataRow("12", "the number 12")]
    [DataRow("null", "null")]
    public void TextThatIsNotAnObject_IsAProblem(string text, string found) =>
        Assert.Contains($"{found} is not allowed here", Configs.Problems(text));

    [TestMethod]
    [DataRow("{\"listen\": \"127.0.0.1:1\"}")]
    [DataRow("{\"listen\": [\"127.0.0.1:1\"]}")]
    [DataRow("{\"listen\": {\"on\": \"127.0.0.1:1\"}}")]
    [DataRow("{\"listen\": [{\"on\": \"127.0.0.1:1\"}]}")]
    public void OneListener_CanBeWrittenInEachForm(string text) =>
        Assert.AreEqual("127.0.0.1:1", Configs.Plan(text).Listeners.Single().Options.Address.ToString());

    [TestMethod]
    [DataRow("{\"warm\": 4}", "fastgate.json:1:2: warm: \"warm\" is now called \"readyConnections\"")]
    [DataRow(
        "{\"getContent\": \"allow\"}",
        "fastgate.json:1:2: getContent: \"getContent\" is now called \"contentOnGet\""
    )]
    [DataRow(
        "{\"listen\": [{\"on\": \"127.0.0.1:1\", \"getContent\": \"allow\"}]}",
        "fastgate.json:1:35: listen[0].getContent: \"getContent\" is now called \"contentOnGet\""
    )]
    [DataRow("{\"limits\": {\"warm\": 4}}", "fastgate.json:1:13: limits.warm: unknown member \"warm\"; ")]
    public void RenamedMember_NamesTheNewOne(string text, string problem) =>
        Assert.StartsWith(problem, Configs.Problems(text));

    [TestMethod]
    public void InfiniteNumber_IsOutOfRange() =>
        Assert.Contains("is out of range", Configs.Problems("{\"loops\": 1e999}"));
}
