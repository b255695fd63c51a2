using System.Text;
using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>
/// Damaged and tampered journals. Some of them once crashed <c>uninstall</c>, or made it do something unintended.
/// </summary>
[TestClass]
public sealed class JournalReaderTests
{
    private const string Journal = ".local/share/fastgate/installed.json";

    [TestMethod]
    [DataRow("[null]", "entry 1: it is not an object")]
    [DataRow("null", "it is not an array")]
    [DataRow("{}", "it is not an array")]
    [DataRow("\"x\"", "it is not an array")]
    [DataRow("[[]]", "entry 1: it is not an object")]
    [DataRow("[{}]", "entry 1: \"kind\" is missing")]
    [DataRow("[{\"kind\":\"formatDisk\",\"path\":\"/\"}]", "unknown kind \"formatDisk\"")]
    [DataRow("[{\"kind\":3,\"path\":\"/tmp\"}]", "\"kind\" is not a string")]
    [DataRow("[{\"kind\":99,\"path\":\"/tmp\"}]", "\"kind\" is not a string")]
    [DataRow("[{\"kind\":\"3\",\"path\":\"/tmp\"}]", "unknown kind \"3\"")]
    [DataRow("[{\"kind\":\"wroteFile\",\"path\":\"/x/fastgate\"}]", "unknown kind \"wroteFile\"")]
    [DataRow("[{\"kind\":\"MadeFolder, WroteFile\",\"path\":\"/tmp\"}]", "unknown kind \"MadeFolder, WroteFile\"")]
    [DataRow("[{\"kind\":null}]", "\"kind\" is not a string")]
    [DataRow("[{\"kind\":\"WroteFile\"}]", "\"path\" is missing")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":null}]", "\"path\" is not a string")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":[\"/x\"]}]", "\"path\" is not a string")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"/x/fastgate\"}]", "\"hash\" is missing")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"/x/fastgate\",\"hash\":\"abc\"}]", "not a SHA-256")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"/etc/passwd\",\"hash\":\"HASH\"}]", "not a path that install writes")]
    [DataRow(
        "[{\"kind\":\"WroteFile\",\"path\":\"/x/other.plist\",\"hash\":\"HASH\"}]",
        "not a path that install writes"
    )]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"fastgate\",\"hash\":\"HASH\"}]", "not an absolute path")]
    [DataRow(
        "[{\"kind\":\"WroteFile\",\"path\":\"/tmp/a\\u0000b\",\"hash\":\"HASH\"}]",
        "control character: /tmp/a\\u0000b"
    )]
    [DataRow(
        "[{\"kind\":\"WroteFile\",\"path\":\"/tmp/\\ud800/fastgate\",\"hash\":\"HASH\"}]",
        "\"path\" is not a string"
    )]
    [DataRow("[{\"kind\":\"MovedFile\",\"path\":\"/x/fastgate\"}]", "\"aside\" is missing")]
    [DataRow(
        "[{\"kind\":\"MovedFile\",\"path\":\"/x/fastgate\",\"aside\":\"/etc/shadow\"}]",
        "not a name that install uses"
    )]
    [DataRow(
        "[{\"kind\":\"MovedFile\",\"path\":\"/x/fastgate\",\"aside\":\"/x/fastgate.before-fastgate/../y\"}]",
        "not a name that install uses"
    )]
    [DataRow(
        "[{\"kind\":\"MovedFile\",\"path\":\"/tmp/\\u001b[2Jx\",\"aside\":\"/tmp/\\u001b]0;own\\u0007\"}]",
        "control character: /tmp/\\u001B[2Jx"
    )]
    [DataRow("[{\"kind\":\"MadeFolder\",\"path\":\"/\"}]", "not an absolute path: /")]
    [DataRow("[{\"kind\":\"MadeFolder\",\"path\":\"/x/..\"}]", "not an absolute path")]
    [DataRow("[{\"kind\":\"MadeFolder\",\"path\":\"\"}]", "\"path\" is missing")]
    [DataRow("[{\"kind\":\"OwnsLogs\",\"path\":\"/var/log\"}]", "not a path that install writes")]
    [DataRow("[{\"kind\":\"EnabledUnit\"}]", "\"name\" is not fastgate.service")]
    [DataRow("[{\"kind\":\"EnabledUnit\",\"name\":\"--root=/evil\"}]", "\"name\" is not fastgate.service")]
    [DataRow("[{\"kind\":\"StoppedUnit\",\"name\":\"sshd.service\"}]", "\"name\" is not fastgate.service")]
    [DataRow(
        "[{\"kind\":\"LoadedAgent\",\"name\":\"com.x\",\"path\":\"/x\"}]",
        "LoadedAgent does not apply to this operating system"
    )]
    [DataRow("[{\"kind\":\"StoppedBrew\",\"name\":\"ollama\"}]", "does not apply to this operating system")]
    [DataRow("[{\"kind\":\"EnabledLinger\",\"isPassing\":\"yes\"}]", "\"isPassing\" is neither true nor false")]
    [DataRow("[{\"kind\":\"EnabledLinger\",\"force\":true}]", "unknown member \"force\"")]
    [DataRow("[{\"kind\":\"EnabledLinger\"},{\"kind\":\"EnabledUnit\"}]", "entry 2: ")]
    [DataRow("[{\"kind\":\"Enabled\\u001b[31mLinger\"}]", "unknown kind \"Enabled\\u001B[31mLinger\"")]
    [DataRow("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "cannot be read")]
    [DataRow("[{\"kind\":\"EnabledLinger\"}] more", "cannot be read")]
    [DataRow("   ", "cannot be read")]
    [DataRow("LARGE", "it is larger than 1024 KiB")]
    public async Task InvalidJournal_IsCode2_AndNothingIsChanged(string text, string expected)
    {
        using Home home = new(isMac: false);
        home.Write(
            Journal,
            text == "LARGE"
                ? new string(' ', 2_000_000)
                : text.Replace("HASH", new string('a', 64), StringComparison.Ordinal)
        );
        string[] before = home.Tree();
        CliResult result = await home.UninstallAsync();
        Assert.AreEqual(2, result.Code, result.Out);
        Assert.Contains(expected, result.Error);
        Assert.Contains("Nothing was changed", result.Error);
        Assert.IsTrue(
            result.Error.All(letter => letter is '\n' || !char.IsControl(letter)),
            "no control characters reach the terminal"
        );
        Assert.AreEqual(2, (await home.InstallAsync()).Code);
        home.CheckTree(before, "");
        Assert.IsEmpty(home.Calls);
    }

    [TestMethod]
    [DataRow("[{\"kind\":\"LoadedAgent\"}]", "\"name\" is missing or not a label")]
    [DataRow("[{\"kind\":\"LoadedAgent\",\"name\":\"../x\"}]", "not a label")]
    [DataRow("[{\"kind\":\"LoadedAgent\",\"name\":\"-k.x\"}]", "not a label")]
    [DataRow("[{\"kind\":\"UnloadedAgent\",\"name\":\"com.x\"}]", "\"path\" is missing")]
    [DataRow(
        "[{\"kind\":\"UnloadedAgent\",\"name\":\"com.x\",\"path\":\"/bin/sh\"}]",
        "not a path that install writes"
    )]
    [DataRow("[{\"kind\":\"StoppedBrew\"}]", "not a Homebrew service")]
    [DataRow("[{\"kind\":\"StoppedBrew\",\"name\":\"--all\"}]", "not a Homebrew service")]
    [DataRow("[{\"kind\":\"EnabledLinger\"}]", "does not apply to this operating system")]
    public async Task InvalidJournalOfAMac_IsCode2_AndNothingIsChanged(string text, string expected)
    {
        using Home home = new(isMac: true);
        home.Write(Journal, text);
        CliResult result = await home.UninstallAsync();
        Assert.AreEqual(2, result.Code, result.Out);
        Assert.Contains(expected, result.Error);
        Assert.IsEmpty(home.Calls);
    }

    [TestMethod]
    public void WhatInstallWrites_IsRead()
    {
        const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        List<Change> changes = JournalReader.Read(
            "j",
            Encoding.UTF8.GetBytes(
                $$"""
                [
                  { "kind": "MadeFolder", "path": "/home/u/.local/share/fastgate" },
                  { "kind": "WroteFile", "path": "/home/u/.local/bin/fastgate", "hash": "{{Hash}}", "isPassing": true },
                  { "kind": "WroteFile", "path": "/home/ü 50% $x/.config/fastgate/fastgate.json", "hash": "{{Hash}}" },
                  { "kind": "MovedFile", "path": "/U/Library/LaunchAgents/my ollama.plist", "aside": "/U/Library/LaunchAgents/my ollama.plist.before-fastgate-2" },
                  { "kind": "OwnsLogs", "path": "/U/Library/Logs/FastGate" },
                  { "kind": "StoppedBrew", "name": "haproxy" }
                ]
                """
            )
        );
        Assert.HasCount(6, changes);
        Assert.IsTrue(changes[1].IsPassing);
        Assert.AreEqual("haproxy", changes[5].Name);
    }
}
