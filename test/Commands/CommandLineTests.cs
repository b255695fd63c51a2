using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands;

[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow("--help")]
    [DataRow("-h")]
    [DataRow("help")]
    public async Task Help_SaysWhatItIsAndWhatItCanDo(string word)
    {
        Answer answer = await Words.RunAsync(word);
        Assert.AreEqual(0, answer.Code);
        Assert.AreEqual("", answer.Error);
        Assert.StartsWith("FastGate: an HTTP allowlist gate in front of Ollama.", answer.Out);
        string[] verbs = ["run", "check", "status", "demo", "logs", "warm", "doctor", "install", "uninstall"];
        foreach (
            string part in (string[])
                ["Usage:", .. verbs.Select(verb => $"\n  {verb} "), "Examples:", "fastgate.json", "Exit codes:"]
        )
            Assert.Contains(part, answer.Out);
    }

    [TestMethod]
    [DataRow("run", "--help")]
    [DataRow("check", "--help")]
    [DataRow("help", "run")]
    [DataRow("help", "check")]
    public async Task HelpOfAVerb_HasItsFlagsAndExamples(params string[] words)
    {
        Answer answer = await Words.RunAsync(words);
        Assert.AreEqual(0, answer.Code);
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
            Assert.Contains(flag, answer.Out);
        Assert.Contains("Examples:", answer.Out);
    }

    [TestMethod]
    [DataRow("chekc", "fastgate: \"chekc\" is no verb of fastgate: did you mean check?\nSee: fastgate --help")]
    [DataRow("instal", "fastgate: \"instal\" is no verb of fastgate: did you mean install?\nSee: fastgate --help")]
    [DataRow(
        "install --dryrun",
        "fastgate: \"--dryrun\" is no flag of install: did you mean --dry-run?\nSee: fastgate install --help"
    )]
    [DataRow("frobnicate", "fastgate: \"frobnicate\" is no verb of fastgate\nSee: fastgate --help")]
    [DataRow("--lisen x", "fastgate: \"--lisen\" is no flag of run: did you mean --listen?\nSee: fastgate run --help")]
    [DataRow(
        "check --lisen x",
        "fastgate: \"--lisen\" is no flag of check: did you mean --listen?\nSee: fastgate check --help"
    )]
    [DataRow(
        "doctor --verbos",
        "fastgate: \"--verbos\" is no flag of doctor: did you mean --verbose?\nSee: fastgate doctor --help"
    )]
    [DataRow("doctor --target mac", "fastgate doctor: --target: \"mac\" has no port; write mac:11434")]
    [DataRow("run check", "fastgate: \"check\" is no argument of run\nSee: fastgate run --help")]
    [DataRow("check GET / x", "fastgate: \"x\" is no argument of check\nSee: fastgate check --help")]
    [DataRow("run --loops x", "fastgate: --loops: \"x\" is not a whole number\nSee: fastgate run --help")]
    [DataRow("run --listen", "fastgate: Required argument missing for option: '--listen'.\nSee: fastgate run --help")]
    [DataRow(
        "check --loops 1 --loops 2",
        "fastgate: Option '--loops' expects a single argument but 2 were provided.\nSee: fastgate check --help"
    )]
    public async Task BadWords_AreCode2_AndOneLineSaysWhy(string words, string error)
    {
        Answer answer = await Words.RunAsync(words.Split(' '));
        Assert.AreEqual(new Answer(2, "", error), answer);
    }

    [TestMethod]
    public async Task UnknownLevel_IsCode2_AndTheLevelsAreNamed()
    {
        Answer answer = await Words.RunAsync("run", "--log-level", "inf");
        Assert.AreEqual(2, answer.Code);
        foreach (string level in (string[])["debug", "info", "warning", "error"])
            Assert.Contains($"'{level}'", answer.Error);
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
    public async Task BadConfig_IsCode2_AndSaysWhere(string words, string error)
    {
        Answer answer = await Words.RunAsync(words.Split(' '));
        Assert.AreEqual(2, answer.Code);
        Assert.AreEqual("", answer.Out);
        Assert.Contains($"  {error}", answer.Error);
    }
}
