namespace FastGate.Test.Config;

[TestClass]
public sealed class GateFileReaderTests
{
    /// <summary>Every kind of mistake in one file: each is told, with its place and its cure, in one go.</summary>
    [TestMethod]
    public void FileFullOfMistakes_TellsThemAll()
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
              "loops": 1.5,
              "loops": 2,
              "limits": { "headSecond": 5, "idleSeconds": 1e9, "headBytesMax": "32k" },
              "public": "yes",
              "x": {}
            }
            """;
        const string Problems = """
            fastgate.json:2:14: listen[0]: "0" is not a port: write a number from 1 to 65535, such as tailscale:11434
            fastgate.json:2:46: listen[1].alow: no member is called "alow": did you mean "allow"?
            fastgate.json:2:60: listen[2]: it does not say where to listen: add "on": "tailscale:11434"
            fastgate.json:2:77: listen[3]: the number 7 cannot stand here: write "tailscale:11434", or an object such as { "on": "tailscale:11434" }
            fastgate.json:2:80: listen[4]: 0.0.0.0:9000 is every address of this machine, so whoever reaches it reaches Ollama: write tailscale:9000, or "public": true in the config file if that is what you want
            fastgate.json:3:15: upstream: "http://127.0.0.1:11434/" is a URL: write only the host and the port, such as 127.0.0.1:11434
            fastgate.json:4:14: allow[0]: "@client": no profile has this name: @client; did you mean @clients?
            fastgate.json:4:29: allow[1]: "GET api/tags": a path begins with a slash: write only the path (no host), and join methods with commas: GET,HEAD /path
            fastgate.json:4:40: allow[2]: null cannot stand here: leave the member out, or write a string, such as "@seed"
            fastgate.json:5:12: from[0]: "10.0.0.5/8" has bits beyond its prefix: write 10.0.0.0/8 for the range, or 10.0.0.5 for the one address
            fastgate.json:6:13: hosts[0]: "a.b:80" has a port: write only the name, a.b
            fastgate.json:7:11: host: "presrve" is not known here: did you mean "preserve"?
            fastgate.json:8:16: accessLog: "logs/a.log" is not a whole path: write one that begins with / or ~/, or "auto", "off", or "-" for standard output
            fastgate.json:9:3: accesLog: no member is called "accesLog": did you mean "accessLog"?
            fastgate.json:10:14: backend: "epol" is not known here: did you mean "epoll"?
            fastgate.json:11:12: loops: 1.5 is not a whole number: write a number from 1 to 64
            fastgate.json:12:3: loops: "loops" is already said in line 11: remove one of them
            fastgate.json:13:15: limits.headSecond: no member is called "headSecond": did you mean "headSeconds"?
            fastgate.json:13:47: limits.idleSeconds: 1000000000 is out of range: write a number from 1 to 86400
            fastgate.json:13:68: limits.headBytesMax: the string "32k" cannot stand here: write a number, such as 1024
            fastgate.json:14:13: public: the string "yes" cannot stand here: write true or false, without quotation marks
            fastgate.json:15:3: x: no member is called "x": remove it; the members here are listen, public, upstream, allow, from, hosts, host, getContent, accessLog, backend, loops, warm, metrics, limits
            """;
        IEnumerable<string> found = Configs
            .Read(File)
            .Problems.OrderBy(p => p.Place.Line)
            .ThenBy(p => p.Place.Column)
            .Select(p => p.ToString());
        Assert.AreEqual(Problems.ReplaceLineEndings("\n"), string.Join('\n', found));
    }

    [TestMethod]
    [DataRow("[]", "a list")]
    [DataRow("\"x\"", "the string \"x\"")]
    [DataRow("12", "the number 12")]
    [DataRow("null", "null")]
    public void TextThatIsNoObject_IsAProblem(string text, string found) =>
        Assert.Contains($"{found} cannot stand here", Configs.Problems(text));

    [TestMethod]
    [DataRow("{\"listen\": \"127.0.0.1:1\"}")]
    [DataRow("{\"listen\": [\"127.0.0.1:1\"]}")]
    [DataRow("{\"listen\": {\"on\": \"127.0.0.1:1\"}}")]
    [DataRow("{\"listen\": [{\"on\": \"127.0.0.1:1\"}]}")]
    public void OneListener_CanBeWrittenInEachForm(string text) =>
        Assert.AreEqual("127.0.0.1:1", Configs.Plan(text).Listeners.Single().Options.Address.ToString());

    [TestMethod]
    public void NumberTooLargeForAnything_IsOutOfRange() =>
        Assert.Contains("is out of range", Configs.Problems("{\"loops\": 1e999}"));
}
