using FastGate.Commands;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands;

[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow("--help")]
    [DataRow("-h")]
    [DataRow("help")]
    public async Task Help_DescribesTheProgramAndItsVerbs(string word)
    {
        CliResult result = await Cli.RunAsync(word);
        Assert.AreEqual(0, result.Code);
        Assert.AreEqual("", result.Error);
        Assert.StartsWith("FastGate: an HTTP allowlist gate in front of Ollama.", result.Out);
        string[] verbs =
        [
            "run",
            "check",
            "status",
            "demo",
            "logs",
            "warm",
            "doctor",
            "start",
            "stop",
            "restart",
            "enable",
            "disable",
            "install",
            "uninstall",
        ];
        foreach (
            string part in (string[])
                ["Usage:", .. verbs.Select(verb => $"\n  {verb} "), "Examples:", "fastgate.json", "Exit codes:"]
        )
            Assert.Contains(part, result.Out);
    }

    [TestMethod]
    public async Task Version_IsTheOneOfTheAssembly_FollowedByTheCommit()
    {
        CliResult result = await Cli.RunAsync("--version");
        Assert.AreEqual(0, result.Code, result.Error);
        Assert.AreEqual(typeof(CommandLine).Assembly.GetName().Version!.ToString(3), result.Out.Trim().Split('+')[0]);
    }

    [TestMethod]
    [DataRow("run", "--help")]
    [DataRow("check", "--help")]
    [DataRow("help", "run")]
    [DataRow("help", "check")]
    public async Task HelpOfAVerb_HasItsFlagsAndExamples(params string[] arguments)
    {
        CliResult result = await Cli.RunAsync(arguments);
        Assert.AreEqual(0, result.Code);
        foreach (
            string flag in (string[])
                [
                    "--config <FILE>",
                    "--listen <",
                    "--upstream <",
                    "--allow <",
                    "--access-log <",
                    "--loops <",
                    "--backend <",
                ]
        )
            Assert.Contains(flag, result.Out);
        Assert.Contains("Examples:", result.Out);
    }

    [TestMethod]
    [DataRow("chekc", "fastgate: unknown verb \"chekc\"; did you mean check?\nSee: fastgate --help")]
    [DataRow("instal", "fastgate: unknown verb \"instal\"; did you mean install?\nSee: fastgate --help")]
    [DataRow(
        "install --dryrun",
        "fastgate: unknown flag \"--dryrun\" for install; did you mean --dry-run?\nSee: fastgate install --help"
    )]
    [DataRow("frobnicate", "fastgate: unknown verb \"frobnicate\"\nSee: fastgate --help")]
    [DataRow(
        "--lisen x",
        "fastgate: unknown flag \"--lisen\" for run; did you mean --listen?\nSee: fastgate run --help"
    )]
    [DataRow(
        "check --lisen x",
        "fastgate: unknown flag \"--lisen\" for check; did you mean --listen?\nSee: fastgate check --help"
    )]
    [DataRow(
        "doctor --verbos",
        "fastgate: unknown flag \"--verbos\" for doctor; did you mean --verbose?\nSee: fastgate doctor --help"
    )]
    [DataRow("doctor --target mac", "fastgate doctor: --target: \"mac\" has no port; write mac:11434")]
    [DataRow("run check", "fastgate: unexpected argument \"check\" for run\nSee: fastgate run --help")]
    [DataRow("check GET / x", "fastgate: unexpected argument \"x\" for check\nSee: fastgate check --help")]
    [DataRow("run --loops x", "fastgate: --loops: \"x\" is not a whole number\nSee: fastgate run --help")]
    [DataRow("run --listen", "fastgate: Required argument missing for option: '--listen'.\nSee: fastgate run --help")]
    [DataRow(
        "check --loops 1 --loops 2",
        "fastgate: Option '--loops' expects a single argument but 2 were provided.\nSee: fastgate check --help"
    )]
    public async Task UsageError_IsCode2WithOneLine(string arguments, string error)
    {
        CliResult result = await Cli.RunAsync(arguments.Split(' '));
        Assert.AreEqual(new CliResult(2, "", error), result);
    }

    [TestMethod]
    public async Task UnknownLogLevel_IsCode2AndListsTheLevels()
    {
        CliResult result = await Cli.RunAsync("run", "--log-level", "inf");
        Assert.AreEqual(2, result.Code);
        foreach (string level in (string[])["debug", "info", "warning", "error"])
            Assert.Contains($"'{level}'", result.Error);
    }

    [TestMethod]
    [DataRow("run --config /nowhere/x.json", "/nowhere/x.json: the file does not exist")]
    [DataRow("--config /nowhere/x.json", "/nowhere/x.json: the file does not exist")]
    [DataRow("check --config /nowhere/x.json", "/nowhere/x.json: the file does not exist")]
    [DataRow("doctor --config /nowhere/x.json", "/nowhere/x.json: the file does not exist")]
    [DataRow("doctor --allow @sed", "--allow (column 1): \"@sed\": this profile does not exist; did you mean @seed?")]
    [DataRow(
        "check --upstream 127.0.0.1:1 --listen 127.0.0.1:1",
        "--upstream: the upstream 127.0.0.1:1 is the gate's own listener"
    )]
    [DataRow("check --listen 0.0.0.0:1", "--listen: 0.0.0.0:1 listens on every network of this machine")]
    [DataRow("check --allow @sed", "--allow (column 1): \"@sed\": this profile does not exist; did you mean @seed?")]
    [DataRow("check --loops 0", "--loops: 0 is out of range; write a number from 1 to 64")]
    [DataRow("check --backend epol", "--backend: unknown value \"epol\"; did you mean \"epoll\"?")]
    public async Task InvalidConfig_IsCode2WithItsLocation(string arguments, string error)
    {
        CliResult result = await Cli.RunAsync(arguments.Split(' '));
        Assert.AreEqual(2, result.Code);
        Assert.AreEqual("", result.Out);
        Assert.Contains($"  {error}", result.Error);
    }
}
