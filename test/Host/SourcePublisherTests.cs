using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Test.Host;

[TestClass]
public sealed class SourcePublisherTests
{
    private static readonly string[] NeedsNoPackages =
    [
        "-p:IsAotCompatible=false",
        "-p:EnableSingleFileAnalyzer=false",
        "-p:DisableTransitiveFrameworkReferenceDownloads=true",
    ];

    private readonly List<string> _progress = [];

    [TestMethod]
    [DataRow("clang")]
    [DataRow("gcc")]
    public async Task Compiler_GivesNativeCode(string compiler)
    {
        using SourceFiles files = new();
        files.AddCompiler(compiler);
        (PublishPlan plan, PublishResult published) = await PublishAsync(files);
        Check(published, "native", needsDotnet: false, "native code");
        Assert.IsNull(plan.Obstacle);
        Assert.HasCount(1, files.Publishes);
        CollectionAssert.AreEqual(
            (string[])["native: restore packages and compile", "native: generate the program"],
            _progress
        );
    }

    [TestMethod]
    [DataRow("clang", "clang is missing")]
    [DataRow("objcopy", "binutils are missing")]
    [DataRow("ld.bfd", "binutils are missing")]
    [DataRow("", "the C library's development files are missing")]
    public async Task MissingTool_GivesSelfContained(string tool, string reason)
    {
        using SourceFiles files = new();
        files.AddCompiler();
        files.AddTool("apt-get");
        if (tool.Length > 0)
            files.RemoveTool(tool);
        else
            files.Set("no-crt");
        (PublishPlan plan, PublishResult published) = await PublishAsync(files);
        Check(
            published,
            "self-contained",
            needsDotnet: false,
            $"self-contained, with .NET in it; no native code: {reason}"
        );
        Assert.AreEqual(reason, plan.Obstacle!.Reason);
        Assert.AreEqual("sudo apt-get install clang zlib1g-dev", plan.Obstacle.Command);
        Assert.HasCount(1, files.Publishes);
        Assert.AreEqual($"no native code: {reason}", plan.Lines[0]);
    }

    [TestMethod]
    [DataRow("apt-get", "sudo apt-get install clang zlib1g-dev")]
    [DataRow("dnf", "sudo dnf install clang zlib-devel")]
    [DataRow("pacman", "sudo pacman -S --needed clang zlib")]
    [DataRow("apk", "sudo apk add clang build-base zlib-dev")]
    [DataRow("zypper", "sudo zypper install clang zlib-devel")]
    [DataRow("nix", null)]
    public async Task MissingTool_NamesTheCommandOfThePackageManager(string manager, string? command)
    {
        using SourceFiles files = new();
        files.AddTool(manager);
        NativeObstacle? obstacle = await new NativeTools(Runner(files), isMac: false).FindObstacleAsync();
        Assert.AreEqual(new NativeObstacle("clang", command), obstacle);
    }

    [TestMethod]
    public async Task Mac_AsksForXcodesTools()
    {
        using SourceFiles files = new();
        NativeTools tools = new(Runner(files), isMac: true);
        files.AddTool("clang");
        NativeObstacle xcode = new("Xcode's command line tools", "xcode-select --install");
        Assert.AreEqual(xcode, await tools.FindObstacleAsync());
        Assert.AreEqual("Xcode's command line tools are missing", xcode.Reason);
        files.AddTool("xcode-select", "#!/bin/sh\nexit 2");
        Assert.AreEqual(xcode, await tools.FindObstacleAsync());
        files.AddTool("xcode-select", "#!/bin/sh\n[ \"$*\" = -p ]");
        Assert.IsNull(await tools.FindObstacleAsync());
    }

    [TestMethod]
    public async Task NativeThatFails_GivesSelfContained()
    {
        using SourceFiles files = new();
        files.AddCompiler();
        files.Set("fails-native");
        (PublishPlan plan, PublishResult published) = await PublishAsync(files);
        Check(
            published,
            "self-contained",
            needsDotnet: false,
            "self-contained, with .NET in it; native failed: /src/Filter.csproj : error NU1101: no package for native "
                + "[/src/Filter.csproj]"
        );
        Assert.HasCount(3, plan.Lines);
        Assert.HasCount(2, files.Publishes);
    }

    [TestMethod]
    public async Task SelfContainedThatFails_GivesOneThatNeedsDotnet()
    {
        using SourceFiles files = new();
        files.Set("fails-self-contained");
        PublishResult published = (await PublishAsync(files)).Published;
        Check(
            published,
            "framework-dependent",
            needsDotnet: true,
            "dependent on the installed .NET; no native code: clang is missing; self-contained failed: "
                + "/src/Filter.csproj : error NU1101: no package for self-contained [/src/Filter.csproj]"
        );
        Assert.HasCount(2, files.Publishes);
        // With any of these left out, the restore needs the runtime packages that are missing.
        foreach (string property in NeedsNoPackages)
            Assert.Contains(property, files.Publishes[1]);
    }

    [TestMethod]
    public async Task AllThatFail_AreAProblem()
    {
        using SourceFiles files = new();
        files.AddCompiler();
        foreach (string kind in (string[])["native", "self-contained", "framework-dependent"])
            files.Set($"fails-{kind}");
        PublishResult published = (await PublishAsync(files)).Published;
        Assert.IsNull(published.Path);
        Assert.AreEqual(
            "dotnet publish: /src/Filter.csproj : error NU1101: no package for framework-dependent "
                + "[/src/Filter.csproj]",
            published.Problem
        );
        Assert.HasCount(3, files.Publishes);
    }

    [TestMethod]
    public async Task Silence_EndsAnAttempt()
    {
        using SourceFiles files = new();
        files.AddCompiler();
        files.Set("hangs-native");
        PublishResult published = (await PublishAsync(files, TimeSpan.FromSeconds(3))).Published;
        Check(
            published,
            "self-contained",
            needsDotnet: false,
            "self-contained, with .NET in it; native failed: stopped after writing nothing for 0.05 min"
        );
    }

    [TestMethod]
    public async Task SuccessWithoutAProgram_IsAFailure()
    {
        using SourceFiles files = new();
        files.AddCompiler();
        files.Set("forgets-native");
        Check((await PublishAsync(files)).Published, "self-contained", needsDotnet: false, null);
    }

    [TestMethod]
    public async Task MissingDotnet_IsAProblem()
    {
        using SourceFiles files = new();
        files.RemoveTool("dotnet");
        PublishResult published = (await PublishAsync(files)).Published;
        Assert.AreEqual("dotnet publish: dotnet: not found", published.Problem);
    }

    [TestMethod]
    [DataRow("src/Filter/Filter.csproj")]
    [DataRow("src/Filter/Program.cs")]
    [DataRow("src/Filter/Proxy/New.cs")]
    [DataRow("src/Launchd/Launchd.csproj")]
    [DataRow("src/Directory.Build.props")]
    [DataRow("Directory.Build.props")]
    [DataRow("Directory.Build.targets")]
    [DataRow("Directory.Build.rsp")]
    [DataRow("Directory.Packages.props")]
    [DataRow("global.json")]
    [DataRow("nuget.config")]
    [DataRow(".editorconfig")]
    public async Task ChangedFile_ChangesTheFingerprint(string file)
    {
        using SourceFiles files = new();
        string? before = await FingerprintAsync(files);
        Assert.AreEqual(before, await FingerprintAsync(files));
        files.Write(file, "second");
        Assert.AreNotEqual(before, await FingerprintAsync(files));
    }

    [TestMethod]
    [DataRow("README.md")]
    [DataRow("test/Test.cs")]
    [DataRow("src/Filter/bin/Release/fastgate.dll")]
    [DataRow("src/Launchd/obj/project.assets.json")]
    [DataRow("../Directory.Build.props")]
    public async Task OtherFile_DoesNot(string file)
    {
        using SourceFiles files = new();
        string? before = await FingerprintAsync(files);
        files.Write(file, "second");
        Assert.AreEqual(before, await FingerprintAsync(files));
    }

    [TestMethod]
    public async Task MovedFile_ChangesTheFingerprint()
    {
        using SourceFiles files = new();
        files.Write("src/Filter/A.cs", "a");
        string? before = await FingerprintAsync(files);
        File.Move(Path.Combine(files.Tree, "src/Filter/A.cs"), Path.Combine(files.Tree, "src/Filter/B.cs"));
        Assert.AreNotEqual(before, await FingerprintAsync(files));
    }

    [TestMethod]
    public async Task SdkVersionAndKind_ChangeTheFingerprint_AndTheFolderDoesNot()
    {
        using SourceFiles files = new();
        using SourceFiles elsewhere = new();
        string? first = await FingerprintAsync(files);
        Assert.AreEqual(first, await FingerprintAsync(elsewhere));
        HashSet<string?> different = [first];
        files.Set("sdk", "10.0.101");
        Assert.IsTrue(different.Add(await FingerprintAsync(files)));
        files.AddCompiler();
        Assert.IsTrue(different.Add(await FingerprintAsync(files)));
        Assert.IsTrue(different.Add((await Publisher(files, version: "1.0.0+b").PlanAsync()).Fingerprint));
        Assert.IsTrue(different.Add((await Publisher(files, runtime: "linux-arm64").PlanAsync()).Fingerprint));
    }

    [TestMethod]
    public async Task DanglingLinkInTheSource_IsNeverReused()
    {
        using SourceFiles files = new();
        File.CreateSymbolicLink(Path.Combine(files.Tree, "src/Filter/.#Program.cs"), "/nonexistent");
        Assert.IsNull(await FingerprintAsync(files));
    }

    private static void Check(PublishResult published, string content, bool needsDotnet, string? note)
    {
        Assert.AreEqual(content, File.ReadAllText(published.Path!).Trim());
        Assert.AreEqual(needsDotnet, published.NeedsDotnet);
        if (note is not null)
            Assert.AreEqual(note, published.Note);
    }

    private async Task<(PublishPlan Plan, PublishResult Published)> PublishAsync(
        SourceFiles files,
        TimeSpan? silence = null
    )
    {
        SourcePublisher publisher = Publisher(files, silence: silence);
        PublishPlan plan = await publisher.PlanAsync();
        return (plan, await publisher.PublishAsync(plan, files.Output, _progress.Add));
    }

    private static async Task<string?> FingerprintAsync(SourceFiles files) =>
        (await Publisher(files).PlanAsync()).Fingerprint;

    private static SourcePublisher Publisher(
        SourceFiles files,
        string runtime = "linux-x64",
        string version = "1.0.0+a",
        TimeSpan? silence = null
    ) =>
        new(files.Project, runtime, version, Runner(files), new NativeTools(Runner(files), isMac: false))
        {
            SilenceMax = silence ?? TimeSpan.FromMinutes(5),
        };

    private static CommandRunner Runner(SourceFiles files) => new(files.Tools);
}
