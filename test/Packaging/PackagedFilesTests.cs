using System.Text.RegularExpressions;
using FastGate.Test.Commands.Install;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Packaging;

/// <summary>The files in packaging/ that repeat what the program knows.</summary>
[TestClass]
public sealed partial class PackagedFilesTests
{
    private const string UnitFile = ".config/systemd/user/fastgate.service";

    [TestMethod]
    public async Task Unit_IsTheOneThatInstallWrites_ForThePackagedProgram()
    {
        using Home home = new(isMac: false);
        home.WriteState("linger");
        CliResult installed = await home.InstallAsync();
        Assert.AreEqual(0, installed.Code, $"{installed.Out}\n{installed.Error}");
        Assert.AreEqual(
            ProgramLine()
                .Replace(await File.ReadAllTextAsync(home.PathOf(UnitFile)), "ExecStart=\"/usr/bin/fastgate\""),
            Read("fastgate.service")
        );
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(SourceTree.Root, "packaging", name));

    [GeneratedRegex("ExecStart=\".*/fastgate\"")]
    private static partial Regex ProgramLine();
}
