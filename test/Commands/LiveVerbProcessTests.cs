using System.Net;
using System.Text.Json;
using FastGate.Test.Commands.Doctor;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.AccessLog;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands;

/// <summary>
/// As <see cref="VerbProcessTests"/>, for the verbs that need a gate or Ollama, and for what is drawn on a terminal.
/// </summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(OperatingSystems.Linux)]
public sealed class LiveVerbProcessTests : IDisposable
{
    private readonly TempLog _log = new();
    private readonly IPEndPoint _listener = new(IPAddress.Loopback, Ports.Free());

    private string Folder => Path.GetDirectoryName(_log.Path)!;

    private string Config => Path.Combine(Folder, "fastgate.json");

    private string Socket => Path.Combine(Folder, "gate.sock");

    public void Dispose() => _log.Dispose();

    [TestMethod]
    [DataRow()]
    [DataRow("--json")]
    public async Task StatusOfAGate(params string[] flags)
    {
        using GateProcess gate = StartGate("127.0.0.1:1");
        using (RawClient client = await RawClient.ConnectAsync(_listener))
        {
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
            Assert.AreEqual(503, (await client.ExchangeAsync(Scene.Get)).Status);
        }
        string[] words = ["status", "--socket", Socket, .. flags];
        CliResult actual = await Cli.RunProcessAsync(words);
        CliResult expected = await Cli.RunAsync(words);
        // Memory, time, and whether the client's connection has ended, differ between two moments.
        Assert.AreEqual(OutputText.WithoutNumbers(expected.Out), OutputText.WithoutNumbers(actual.Out));
        Assert.AreEqual((0, ""), (actual.Code, actual.Error));
    }

    [TestMethod]
    public async Task Warm()
    {
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        ollama.Instead["/api/pull bad:latest"] = (200, """{"error":"pull model manifest: file does not exist"}""");
        string[] words = ["warm", "--config", Cli.Empty, "--upstream", $"{ollama.Endpoint}", "new", "bad", "new"];
        CliResult actual = await Cli.RunProcessAsync([.. words, "--keep-alive", "1h30m"]);
        IReadOnlyList<string> seen = [.. await ollama.Seen.LinesWithContentAsync()];
        Assert.Contains(
            """POST /api/generate {"model":"new:latest","stream":false,"keep_alive":"1h30m"}""",
            seen,
            string.Join('\n', seen)
        );
        Assert.AreEqual((1, ""), (actual.Code, actual.Error));
        Assert.Contains("ready   new:latest: pulled in ", actual.Out);
        Assert.Contains("FAILED  bad:latest: pull model manifest: file does not exist (no model has", actual.Out);
        // The second run finds the model installed.
        CliResult expected = await Cli.RunAsync(words);
        actual = await Cli.RunProcessAsync(words);
        Assert.AreEqual(OutputText.WithoutProgress(expected.Out), OutputText.WithoutProgress(actual.Out));
        Assert.AreEqual((expected.Code, expected.Error), (actual.Code, actual.Error));
    }

    [TestMethod]
    public async Task Doctor()
    {
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        using GateProcess gate = StartGate($"{ollama.Endpoint}");
        string[] words = ["doctor", "--config", Config];
        CliResult expected = await Cli.RunAsync([.. words, "--json"]);
        CliResult actual = await Cli.RunProcessAsync([.. words, "--json"]);
        string[] checks = Checks(actual.Out);
        Assert.AreEqual(string.Join('\n', Checks(expected.Out)), string.Join('\n', checks));
        Assert.IsGreaterThanOrEqualTo(40, checks.Length);
        Assert.AreEqual("", actual.Error);

        // The groups and titles of the page, whatever became of the checks.
        CliResult page = await Cli.RunProcessAsync(words);
        foreach (string title in Titles(actual.Out))
            Assert.Contains($"  {title} ", page.Out);
        Assert.DoesNotContain("the check itself failed", page.Out);
    }

    /// <summary>
    /// What the console library draws on a terminal is other code than what it writes to a pipe. The program that was
    /// built with the tests draws the same.
    /// </summary>
    [TestMethod]
    [DataRow("check")]
    [DataRow("logs")]
    [DataRow("logs --learn")]
    [DataRow("status")]
    [DataRow("warm")]
    public async Task OnATerminal(string verb)
    {
        _log.Append(VerbProcessTests.Lines);
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        using GateProcess gate = StartGate($"{ollama.Endpoint}");
        string[] words = verb switch
        {
            "check" => ["check", "--config", Config],
            "status" => ["status", "--socket", Socket],
            "warm" => ["warm", "--config", Config, ollama.Installed.First().Name],
            _ => [.. verb.Split(' '), "--config", Cli.Empty, "--access-log", _log.Path],
        };
        CliResult expected = await OnTerminalAsync(SourceTree.BuiltProgram, words);
        CliResult actual = await OnTerminalAsync(SourceTree.Program, words);
        Assert.AreEqual(Drawn(expected.Out), Drawn(actual.Out));
        Assert.AreEqual((0, ""), (actual.Code, actual.Error));
        Assert.Contains("\e[", actual.Out);
    }

    /// <summary>
    /// Regression: with standard output closed, the native binary crashed; with standard error closed, it wrote errors
    /// to standard output, whose copy had got the number of the missing stream.
    /// </summary>
    [TestMethod]
    public async Task ClosedStreams_DoNotStopTheGate_AndNothingGoesToAnother()
    {
        CliResult check = await InShellAsync("exec \"$@\" 2>&-", "check", "--config", "/nowhere/x.json");
        Assert.AreEqual("", check.Out);

        string[] run = ["run", "--config", Cli.Empty, "--listen", $"{_listener}", "--access-log", "-"];
        Task<CliResult> gate = InShellAsync("exec \"$@\" <&- >&- 2>&-", [.. run, "--metrics-socket", Socket]);
        await Until.HoldsAsync(() => File.Exists(Socket), "the gate runs");
        using (RawClient client = await RawClient.ConnectAsync(_listener))
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        CliResult status = await Cli.RunProcessAsync("status", "--socket", Socket, "--json");
        using JsonDocument json = JsonDocument.Parse(status.Out);
        Signal.Send(json.RootElement.GetProperty("gate").GetProperty("processId").GetInt32(), "TERM");
        Assert.AreEqual((0, ""), ((await gate).Code, (await gate).Out));
    }

    private GateProcess StartGate(string upstream)
    {
        File.WriteAllText(
            Config,
            $$"""
            { "listen": ["{{_listener}}"], "upstream": "{{upstream}}", "accessLog": "off",
              "metrics": { "socket": "{{Socket}}" } }
            """
        );
        GateProcess gate = GateProcess.Start("--config", Config);
        gate.WaitFor($"Serving metrics on {Socket}");
        return gate;
    }

    private static Task<CliResult> InShellAsync(string script, params string[] words) =>
        Cli.RunProcessAsync(Required.Tool("sh"), ["-c", script, "sh", SourceTree.Program, .. words]);

    // util-linux's script gives a program a terminal and, with -e, returns its exit code.
    private static Task<CliResult> OnTerminalAsync(string program, string[] words)
    {
        string quoted = string.Join(' ', words.Prepend(program).Select(word => $"'{word}'"));
        return Cli.RunProcessAsync(
            Required.Tool("script"),
            ["-qec", $"stty cols 200; exec {quoted}", "/dev/null"],
            ("TERM", "xterm-256color")
        );
    }

    // From the end of a live display on, when the cursor is shown again: the frames before depend on the time.
    private static string Drawn(string output) =>
        OutputText.WithoutNumbers(output[(output.LastIndexOf("\e[?25h", StringComparison.Ordinal) + 1)..]);

    /// <summary>Each check with its outcome, message and fix. Timing checks depend on the machine.</summary>
    private static string[] Checks(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return
        [
            .. from check in document.RootElement.GetProperty("checks").EnumerateArray()
            where !DoctorHarness.TimeChecks.Contains(check.GetProperty("id").GetString())
            select OutputText.WithoutNumbers(
                string.Join(
                    " | ",
                    from member in check.EnumerateObject()
                    where member.Name is not "tookMs"
                    select member.Value.ToString().Replace(SourceTree.Program, "fastgate", StringComparison.Ordinal)
                )
            ),
        ];
    }

    private static string[] Titles(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return
        [
            .. from check in document.RootElement.GetProperty("checks").EnumerateArray()
            where check.GetProperty("outcome").GetString() != "skip"
            select check.GetProperty("title").GetString()!,
        ];
    }
}
