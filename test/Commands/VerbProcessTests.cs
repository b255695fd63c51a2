using System.Text.RegularExpressions;
using FastGate.Host;
using FastGate.Test.Commands.Install;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.AccessLog;
using FastGate.Test.Support;

namespace FastGate.Test.Commands;

/// <summary>
/// Every verb in its own process prints what the same verb prints in the process of the tests. On a native binary, code
/// or metadata that the compiler removed would show as a difference.
/// </summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed partial class VerbProcessTests : IDisposable
{
    /// <summary>Lines of an access log, the last of them torn.</summary>
    internal const string Lines = """
        {"time":"2026-11-20T12:00:00.000Z","peer":"127.0.0.1","method":"GET","path":"/v1/models","verdict":"allowed","rule":"GET /v1/models","status":200,"up":1,"down":2,"firstByteMs":0.100,"durationMs":1.234,"gateMs":0.056,"close":null}
        {"time":"2026-11-20T12:00:01.000Z","peer":"100.64.0.7","method":"POST","path":"/api/pull","verdict":"refused-path","rule":null,"status":403,"up":80,"down":143,"firstByteMs":null,"durationMs":2.000,"gateMs":0.041,"close":null}
        {"time":"2026-11-20T12:00:02.000Z","peer":"::1","method":"GET","path":"/a b\u001b[31m","verdict":"allowed","rule":"GET /{x}","status":200,"up":1,"down":2,"firstByteMs":0.1,"durationMs":90000.5,"gateMs":0.056,"close":"client-close"}
        {"time":"2026-11-20T12:00:03.000Z","dropped":7}
        {"torn
        """;

    private readonly TempLog _log = new();

    private string Folder => Path.GetDirectoryName(_log.Path)!;

    private string Config => Path.Combine(Folder, "fastgate.json");

    public void Dispose() => _log.Dispose();

    [TestMethod]
    [DataRow("--help")]
    [DataRow("--version")]
    [DataRow("run --help")]
    [DataRow("check --help")]
    [DataRow("status --help")]
    [DataRow("demo --help")]
    [DataRow("logs --help")]
    [DataRow("warm --help")]
    [DataRow("doctor --help")]
    [DataRow("install --help")]
    [DataRow("uninstall --help")]
    public async Task Help(string arguments)
    {
        CliResult expected = await Cli.RunAsync(arguments.Split(' '));
        CliResult actual = await Cli.RunProcessAsync(arguments.Split(' '));
        // The library prints the name of the running program.
        string text = expected.Out.Replace("  FastGate.Test ", "  fastgate ", StringComparison.Ordinal);
        // Words, because text is wrapped where the tests run on a terminal; and without the commit of each build.
        Assert.AreEqual(OutputText.Words(text).Split('+')[0], OutputText.Words(actual.Out).Split('+')[0]);
        Assert.AreEqual((0, ""), (actual.Code, actual.Error));
    }

    [TestMethod]
    [DataRow("chekc")]
    [DataRow("--lisen x")]
    [DataRow("install --dryrun")]
    [DataRow("run --loops x")]
    [DataRow("run --listen")]
    [DataRow("run --log-level inf")]
    [DataRow("check --loops 1 --loops 2")]
    [DataRow("check --allow @sed")]
    [DataRow("check --backend epol")]
    [DataRow("check --config /nowhere/x.json")]
    [DataRow("check GET / x")]
    [DataRow("logs --lines x")]
    [DataRow("logs --since x")]
    [DataRow("warm a --keep-alive soon")]
    [DataRow("doctor --target mac")]
    public async Task UsageErrors(string arguments)
    {
        CliResult actual = await Cli.RunProcessAsync(arguments.Split(' '));
        Assert.AreEqual(await Cli.RunAsync(arguments.Split(' ')), actual);
        Assert.AreEqual(2, actual.Code);
        Assert.AreNotEqual("", actual.Error);
    }

    [TestMethod]
    [DataRow("", 0)]
    [DataRow("GET /api/tags", 0)]
    [DataRow("POST /api/pull", 1)]
    [DataRow("GET http://mac.example.ts.net:11434/api/ps", 1)]
    [DataRow("--allow @clients --allow @cline", 0)]
    public async Task CheckOfTheSample(string arguments, int code)
    {
        string sample = Path.Combine(SourceTree.Root, "fastgate.sample.json");
        CliResult actual = await CheckSameAsync(["check", "--config", sample, .. Split(arguments)]);
        Assert.AreEqual((code, ""), (actual.Code, actual.Error));
    }

    [TestMethod]
    public async Task CheckOfAnInvalidConfig()
    {
        await File.WriteAllTextAsync(
            Config,
            """
            { "allow": ["GET api/tags", "@sed", 3], "lops": 1, "loops": 1e9, "listen": ["0.0.0.0:1", { "listn": 1 }],
              "limits": { "idleSeconds": "x" }, "accessLog": "log", /* a comment */ "upstream": "a b" }
            """
        );
        CliResult actual = await CheckSameAsync("check", "--config", Config);
        Assert.AreEqual((2, ""), (actual.Code, actual.Out));
        Assert.Contains(":1:18: allow[0]: \"GET api/tags\": the path must begin with a slash", actual.Error);
    }

    [TestMethod]
    [DataRow("{", DisplayName = "torn")]
    [DataRow("[]", DisplayName = "no object")]
    [DataRow("{ \"allow\": [\"\\ud800\"] }", DisplayName = "no Unicode")]
    [DataRow("{ \"allow\": [], \"allow\": [] }", DisplayName = "twice")]
    public async Task CheckOfAFileThatIsNoConfig(string text)
    {
        await File.WriteAllTextAsync(Config, text);
        Assert.AreEqual(2, (await CheckSameAsync("check", "--config", Config)).Code);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("--json")]
    [DataRow("--refused -n 1")]
    [DataRow("--peer 100.64.0.0/10 --slow 1.5")]
    [DataRow("--since 2026-11-20T12:00:01Z")]
    [DataRow("--learn")]
    [DataRow("--learn --with-unknown")]
    public async Task Logs(string arguments)
    {
        _log.Append(Lines);
        _log.Append(Lines, ".1");
        CliResult actual = await CheckSameAsync([
            "logs",
            "--config",
            Cli.Empty,
            "--access-log",
            _log.Path,
            .. Split(arguments),
        ]);
        Assert.AreEqual(0, actual.Code);
        Assert.AreNotEqual("", actual.Out);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("--json")]
    public async Task StatusWithoutAGate(string flags)
    {
        CliResult actual = await CheckSameAsync([
            "status",
            "--socket",
            Path.Combine(Folder, "no.sock"),
            .. Split(flags),
        ]);
        Assert.AreEqual(1, actual.Code);
    }

    [TestMethod]
    public async Task InstallAndUninstall_DryRun()
    {
        using Home home = new(isMac: false);
        string[] before = home.Tree();
        CliResult install = await RunInAsync(home, SourceTree.Program, "install", "--dry-run");
        home.CheckTree(before, install.Out);
        Assert.AreEqual((0, ""), (install.Code, install.Error));
        Assert.Contains("systemctl --user enable --now fastgate.service", install.Out);
        CliResult built = await RunInAsync(home, SourceTree.BuiltProgram, "install", "--dry-run");
        Assert.AreEqual(AfterTheBuild(built.Out), AfterTheBuild(install.Out));

        Assert.AreEqual(0, (await home.InstallAsync()).Code);
        before = home.Tree();
        CliResult uninstall = await RunInAsync(home, SourceTree.Program, "uninstall", "--dry-run");
        home.CheckTree(before, uninstall.Out);
        CliResult expected = await home.UninstallAsync(dryRun: true);
        Assert.AreEqual(
            expected with
            {
                Out = expected.Out.Replace("linger u\n", $"linger {Environment.UserName}\n", StringComparison.Ordinal),
            },
            uninstall
        );
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<CliResult> CheckSameAsync(params string[] words)
    {
        CliResult actual = await Cli.RunProcessAsync(words);
        Assert.AreEqual(await Cli.RunAsync(words), actual);
        return actual;
    }

    private static Task<CliResult> RunInAsync(Home home, string program, params string[] words) =>
        Cli.RunProcessAsync(program, words, [.. home.Variables, ("PATH", $"{home.Tools}:/usr/bin:/bin")]);

    // The first two steps differ: a build of the source and what it needs, or a copy of the program's own file.
    // A program built from source also has a receipt, so that an unchanged source is not built again.
    private static string AfterTheBuild(string plan) =>
        StepNumber()
            .Replace(
                string.Join(
                    '\n',
                    plan[plan.IndexOf("\n  3. ", StringComparison.Ordinal)..]
                        .Split('\n')
                        .Where(line => !line.Contains(InstallPaths.ReceiptName, StringComparison.Ordinal))
                ),
                ""
            );

    [GeneratedRegex(@"^ *\d+\. ", RegexOptions.Multiline)]
    private static partial Regex StepNumber();
}
