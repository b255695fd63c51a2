using FastGate.Host.Systemd;
using FastGate.Launchd;
using FastGate.Test.Support;

namespace FastGate.Test.Host.Systemd;

[TestClass]
public sealed class ServiceUnitTests
{
    [TestMethod]
    public void Unit_IsWrittenAsTheGolden() =>
        Assert.AreEqual(
            """
            [Unit]
            Description=100%% FastGate

            [Service]
            ExecStart="/home/u/.local/bin/fastgate" "run"
            ExecReload=kill -HUP $MAINPID
            Environment="XDG_CONFIG_HOME=/home/u/c"
            Restart=always
            RestartSec=5
            TimeoutStopSec=40
            LimitNOFILE=8192
            NoNewPrivileges=yes

            [Install]
            WantedBy=default.target

            """.ReplaceLineEndings("\n"),
            Of("/home/u/.local/bin/fastgate", "/home/u/c").ToText()
        );

    [TestMethod]
    [DataRow("a b", "\"a b\"")]
    [DataRow("50%h", "\"50%%h\"")]
    [DataRow("$HOME", "\"$$HOME\"")]
    [DataRow("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [DataRow("a\nb\tc", "\"a\\nb\\tc\"")]
    public void Argument_IsQuotedSoThatSystemdReadsItAsItWas(string word, string quoted) =>
        Assert.AreEqual(quoted, UnitText.Argument(word));

    // Regression: systemd unescapes "$$" only in arguments, so in a home folder with a dollar sign the unit's program
    // was not found.
    [TestMethod]
    [DataRow("/home/dol$HOME lar/fastgate", "\"/home/dol$HOME lar/fastgate\"")]
    [DataRow("/home/50%h/fastgate", "\"/home/50%%h/fastgate\"")]
    public void Program_KeepsItsDollarSigns(string path, string quoted) =>
        Assert.AreEqual(quoted, UnitText.Program(path));

    [TestMethod]
    [DataRow("plain")]
    [DataRow("with space")]
    [DataRow("with %h and %%")]
    [DataRow("ünïcode")]
    [DataRow("dol$HOME lar")]
    [DataRow("${VAR}")]
    [DataRow("$$")]
    [DataRow("$(touch x)")]
    [DataRow("a$")]
    [DataRow("semi;colon#hash")]
    [DataRow("-dash")]
    [DataRow("@at")]
    [DataRow("trail ")]
    [DataRow("~")]
    [DataRow("a=b")]
    [DataRow("100%% $$x")]
    [DataRow("日本語")]
    public async Task SystemdAnalyze_AcceptsIt(string name)
    {
        // It also checks that the program exists, so this verifies that systemd reads the path as intended.
        Required.Tool("systemd-analyze");
        string folder = Directory.CreateTempSubdirectory("fastgate-unit").FullName;
        try
        {
            string program = Path.Combine(folder, name);
            await File.WriteAllTextAsync(program, "#!/bin/sh\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            string unit = Path.Combine(folder, "fastgate.service");
            await File.WriteAllTextAsync(unit, Of(program, folder).ToText());
            CommandResult result = await VerifyAsync(unit);
            Assert.AreEqual(0, result.ExitCode, result.Error);
            Assert.DoesNotContain(folder, result.Error, "systemd-analyze reports nothing about this unit");

            File.Delete(program);
            Assert.AreNotEqual(0, (await VerifyAsync(unit)).ExitCode, "systemd-analyze checks that the program exists");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<CommandResult> VerifyAsync(string unit)
    {
        CommandRunner runner = new(
            Environment.GetEnvironmentVariable("PATH")!,
            new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = Path.GetDirectoryName(unit)! }
        );
        return runner.RunAsync("systemd-analyze", ["--user", "--man=no", "verify", unit], TimeSpan.FromSeconds(60));
    }

    private static ServiceUnit Of(string program, string config) =>
        new()
        {
            Description = "100% FastGate",
            // The second word has everything that needs escaping; systemd accepts no quotes in the name of a program.
            Command = program.StartsWith("/home", StringComparison.Ordinal)
                ? [program, "run"]
                : [program, "a\"b'c\\d $HOME %h ; &"],
            Environment = [new("XDG_CONFIG_HOME", config)],
            StopSeconds = 40,
            RestartSeconds = 5,
            FilesMax = 8192,
        };
}
