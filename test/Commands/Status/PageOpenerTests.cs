using FastGate.Commands.Shared;
using FastGate.Commands.Status;
using FastGate.Launchd;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Commands.Install;
using FastGate.Test.Proxy.Metrics;

namespace FastGate.Test.Commands.Status;

/// <summary><c>status --open</c>: what it prints, and what it starts.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class PageOpenerTests
{
    private const string Page = "http://127.0.0.1:9464/";

    [TestMethod]
    [DataRow(true, "", "open http://127.0.0.1:9464/")]
    [DataRow(false, "DISPLAY", "sh -c nohup xdg-open \"$1\" >/dev/null 2>&1 </dev/null & sh http://127.0.0.1:9464/")]
    [DataRow(
        false,
        "WAYLAND_DISPLAY",
        "sh -c nohup xdg-open \"$1\" >/dev/null 2>&1 </dev/null & sh http://127.0.0.1:9464/"
    )]
    [DataRow(false, "", "")]
    public async Task Page_IsPrinted_AndOpenedOnADesktop(bool isMac, string desktop, string started)
    {
        Outcome outcome = await OpenAsync(isMac, Page, desktop);
        Assert.AreEqual(new Outcome(0, $"{Page}\n", "", started), outcome);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task OverSsh_TheForwardingIsShown(bool isMac)
    {
        Outcome outcome = await OpenAsync(isMac, Page, "DISPLAY", "SSH_CONNECTION");
        Assert.AreEqual($"{Page}\n", outcome.Out);
        Assert.AreEqual("", outcome.Started);
        Assert.Contains("ssh -L 9464:127.0.0.1:9464 HOST", outcome.Error);
    }

    [TestMethod]
    public async Task BrowserThatFails_IsReported_AfterTheAddress()
    {
        Outcome outcome = await OpenAsync(isMac: true, "http://127.0.0.1:1/", "");
        Assert.AreEqual(
            new Outcome(0, "http://127.0.0.1:1/\n", "No browser was opened: failed\n", "open http://127.0.0.1:1/"),
            outcome
        );
    }

    /// <summary>A socket may belong to another user's program.</summary>
    [TestMethod]
    [DataRow(null)]
    [DataRow("http://example.com/")]
    [DataRow("file:///etc/passwd")]
    [DataRow("--help")]
    public async Task NoPage_IsCode1_WithTheSettingThatOpensIt(string? page)
    {
        Outcome outcome = await OpenAsync(isMac: false, page, "DISPLAY");
        Assert.AreEqual(new Outcome(1, "", outcome.Error, ""), outcome);
        Assert.Contains("\"metrics\": { \"port\": 9464 } in /home/u/.config/fastgate/fastgate.json", outcome.Error);
    }

    private static async Task<Outcome> OpenAsync(bool isMac, string? page, params string[] variables)
    {
        using Home home = new(isMac);
        Recorder recorder = new();
        home.Runner = recorder;
        StringWriter @out = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        GateSnapshot gate = Samples.Snapshot with { StatusPage = page };
        StatusFrame frame = new()
        {
            Socket = "/run/gate.sock",
            Response = new AdminResponse(AdminOutcome.Success, gate, SnapshotJson.Write(gate)),
            Service = ServiceState.None,
        };
        int code = await new PageOpener(home.HostEnvironment, name => variables.Contains(name) ? "1" : null).OpenAsync(
            frame,
            new Terminal(@out, error)
        );
        return new Outcome(code, $"{@out}", $"{error}", recorder.Started);
    }

    private sealed record Outcome(int Code, string Out, string Error, string Started);

    /// <summary>Starts nothing; opening port 1 fails.</summary>
    private sealed class Recorder : ICommandRunner
    {
        public string Started { get; private set; } = "";

        public string? Find(string program) => $"/usr/bin/{program}";

        public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
        {
            Started = string.Join(' ', arguments.Prepend(program));
            bool fails = arguments[^1].Contains(":1/", StringComparison.Ordinal);
            return Task.FromResult(new CommandResult(fails ? 1 : 0, "", fails ? "failed\n" : ""));
        }
    }
}
