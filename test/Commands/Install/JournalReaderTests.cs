using System.Text;
using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>Journals that were damaged or tampered with. Some of them ended uninstall with an abort, or in a deed that
/// nobody meant.</summary>
[TestClass]
public sealed class JournalReaderTests
{
    private const string Journal = ".local/share/fastgate/installed.json";

    [TestMethod]
    [DataRow("[null]", "entry 1: it is not an object")]
    [DataRow("null", "it is not a list")]
    [DataRow("{}", "it is not a list")]
    [DataRow("\"x\"", "it is not a list")]
    [DataRow("[[]]", "entry 1: it is not an object")]
    [DataRow("[{}]", "entry 1: \"kind\" is missing")]
    [DataRow("[{\"kind\":\"formatDisk\",\"path\":\"/\"}]", "its kind \"formatDisk\" is unknown")]
    [DataRow("[{\"kind\":3,\"path\":\"/tmp\"}]", "\"kind\" is not a text")]
    [DataRow("[{\"kind\":99,\"path\":\"/tmp\"}]", "\"kind\" is not a text")]
    [DataRow("[{\"kind\":\"3\",\"path\":\"/tmp\"}]", "its kind \"3\" is unknown")]
    [DataRow("[{\"kind\":\"wroteFile\",\"path\":\"/x/fastgate\"}]", "its kind \"wroteFile\" is unknown")]
    [DataRow("[{\"kind\":\"MadeFolder, WroteFile\",\"path\":\"/tmp\"}]", "is unknown")]
    [DataRow("[{\"kind\":null}]", "\"kind\" is not a text")]
    [DataRow("[{\"kind\":\"WroteFile\"}]", "\"path\" is missing")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":null}]", "\"path\" is not a text")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":[\"/x\"]}]", "\"path\" is not a text")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"/x/fastgate\"}]", "\"hash\" is missing")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"/x/fastgate\",\"hash\":\"abc\"}]", "no SHA-256")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"/etc/passwd\",\"hash\":\"HASH\"}]", "nothing that install writes")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"/x/other.plist\",\"hash\":\"HASH\"}]", "nothing that install writes")]
    [DataRow("[{\"kind\":\"WroteFile\",\"path\":\"fastgate\",\"hash\":\"HASH\"}]", "not a whole path")]
    [DataRow(
        "[{\"kind\":\"WroteFile\",\"path\":\"/tmp/a\\u0000b\",\"hash\":\"HASH\"}]",
        "control character: /tmp/a\\u0000b"
    )]
    [DataRow(
        "[{\"kind\":\"WroteFile\",\"path\":\"/tmp/\\ud800/fastgate\",\"hash\":\"HASH\"}]",
        "\"path\" is not a text"
    )]
    [DataRow("[{\"kind\":\"MovedFile\",\"path\":\"/x/fastgate\"}]", "\"aside\" is missing")]
    [DataRow(
        "[{\"kind\":\"MovedFile\",\"path\":\"/x/fastgate\",\"aside\":\"/etc/shadow\"}]",
        "no name that install gives"
    )]
    [DataRow(
        "[{\"kind\":\"MovedFile\",\"path\":\"/x/fastgate\",\"aside\":\"/x/fastgate.before-fastgate/../y\"}]",
        "no name that install gives"
    )]
    [DataRow(
        "[{\"kind\":\"MovedFile\",\"path\":\"/tmp/\\u001b[2Jx\",\"aside\":\"/tmp/\\u001b]0;own\\u0007\"}]",
        "control character: /tmp/\\u001B[2Jx"
    )]
    [DataRow("[{\"kind\":\"MadeFolder\",\"path\":\"/\"}]", "not a whole path: /")]
    [DataRow("[{\"kind\":\"MadeFolder\",\"path\":\"/x/..\"}]", "not a whole path")]
    [DataRow("[{\"kind\":\"MadeFolder\",\"path\":\"\"}]", "\"path\" is missing")]
    [DataRow("[{\"kind\":\"OwnsLogs\",\"path\":\"/var/log\"}]", "nothing that install writes")]
    [DataRow("[{\"kind\":\"EnabledUnit\"}]", "\"name\" is not fastgate.service")]
    [DataRow("[{\"kind\":\"EnabledUnit\",\"name\":\"--root=/evil\"}]", "\"name\" is not fastgate.service")]
    [DataRow("[{\"kind\":\"StoppedUnit\",\"name\":\"sshd.service\"}]", "\"name\" is not fastgate.service")]
    [DataRow(
        "[{\"kind\":\"LoadedAgent\",\"name\":\"com.x\",\"path\":\"/x\"}]",
        "LoadedAgent is a deed of another system"
    )]
    [DataRow("[{\"kind\":\"StoppedBrew\",\"name\":\"ollama\"}]", "deed of another system")]
    [DataRow("[{\"kind\":\"EnabledLinger\",\"isPassing\":\"yes\"}]", "\"isPassing\" is neither true nor false")]
    [DataRow("[{\"kind\":\"EnabledLinger\",\"force\":true}]", "\"force\" is unknown")]
    [DataRow("[{\"kind\":\"EnabledLinger\"},{\"kind\":\"EnabledUnit\"}]", "entry 2: ")]
    [DataRow("[{\"kind\":\"Enabled\\u001b[31mLinger\"}]", "its kind \"Enabled\\u001B[31mLinger\" is unknown")]
    [DataRow("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "cannot be read")]
    [DataRow("[{\"kind\":\"EnabledLinger\"}] more", "cannot be read")]
    [DataRow("   ", "cannot be read")]
    [DataRow("LARGE", "it is larger than 1024 KiB")]
    public async Task BrokenJournal_IsCode2_AndNothingIsDone(string text, string says)
    {
        using Home home = new(isMac: false);
        home.Write(
            Journal,
            text == "LARGE"
                ? new string(' ', 2_000_000)
                : text.Replace("HASH", new string('a', 64), StringComparison.Ordinal)
        );
        string[] before = home.Tree();
        CliResult answer = await home.UninstallAsync();
        Assert.AreEqual(2, answer.Code, answer.Out);
        Assert.Contains(says, answer.Error);
        Assert.Contains("Nothing was changed", answer.Error);
        Assert.IsTrue(
            answer.Error.All(letter => letter is '\n' || !char.IsControl(letter)),
            "nothing steers the terminal"
        );
        Assert.AreEqual(2, (await home.InstallAsync()).Code);
        home.CheckTree(before, "");
        Assert.IsEmpty(home.Calls);
    }

    [TestMethod]
    [DataRow("[{\"kind\":\"LoadedAgent\"}]", "\"name\" is missing, or is no label")]
    [DataRow("[{\"kind\":\"LoadedAgent\",\"name\":\"../x\"}]", "no label")]
    [DataRow("[{\"kind\":\"LoadedAgent\",\"name\":\"-k.x\"}]", "no label")]
    [DataRow("[{\"kind\":\"UnloadedAgent\",\"name\":\"com.x\"}]", "\"path\" is missing")]
    [DataRow("[{\"kind\":\"UnloadedAgent\",\"name\":\"com.x\",\"path\":\"/bin/sh\"}]", "nothing that install writes")]
    [DataRow("[{\"kind\":\"StoppedBrew\"}]", "no service of Homebrew's")]
    [DataRow("[{\"kind\":\"StoppedBrew\",\"name\":\"--all\"}]", "no service of Homebrew's")]
    [DataRow("[{\"kind\":\"EnabledLinger\"}]", "deed of another system")]
    public async Task BrokenJournalOfAMac_IsCode2_AndNothingIsDone(string text, string says)
    {
        using Home home = new(isMac: true);
        home.Write(Journal, text);
        CliResult answer = await home.UninstallAsync();
        Assert.AreEqual(2, answer.Code, answer.Out);
        Assert.Contains(says, answer.Error);
        Assert.IsEmpty(home.Calls);
    }

    [TestMethod]
    public void WhatInstallWrites_IsRead()
    {
        const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        List<Change> deeds = JournalReader.Read(
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
        Assert.HasCount(6, deeds);
        Assert.IsTrue(deeds[1].IsPassing);
        Assert.AreEqual("haproxy", deeds[5].Name);
    }
}
