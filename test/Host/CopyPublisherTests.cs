using FastGate.Host;

namespace FastGate.Test.Host;

[TestClass]
public sealed class CopyPublisherTests
{
    private readonly string _root = Directory.CreateTempSubdirectory("fastgate-copy").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_root, recursive: true);

    [TestMethod]
    public async Task SingleFile_IsCopied()
    {
        string program = Write("fastgate");
        CopyPublisher publisher = new(program, _root + "/");
        Assert.IsNull(publisher.InPlace);
        Assert.IsNull((await publisher.PlanAsync()).Fingerprint, "a copy is made each time");
        Assert.AreEqual(new PublishResult(program), await PublishAsync(publisher));
    }

    // The command is a link to it, and the system names the program itself.
    [TestMethod]
    public async Task ToolOfNativeCode_IsCopied()
    {
        string program = Write(".store/fastgate/1.0.0/fastgate.linux-x64/1.0.0/tools/any/linux-x64/fastgate");
        CopyPublisher publisher = new(program, Path.GetDirectoryName(program) + "/");
        Assert.IsNull(publisher.InPlace);
        Assert.AreEqual(new PublishResult(program), await PublishAsync(publisher));
    }

    [TestMethod]
    public async Task Tool_StaysInItsPlace_UntilItIsUpdated()
    {
        string program = Write("fastgate");
        CopyPublisher first = Tool(program, "1.0.0");
        Assert.AreEqual(program, first.InPlace);
        Assert.AreEqual(new PublishResult(program, NeedsDotnet: true, Note: "a dotnet tool"), await PublishAsync(first));
        string? fingerprint = (await first.PlanAsync()).Fingerprint;
        Assert.IsNotNull(fingerprint);
        Assert.AreEqual(fingerprint, (await Tool(program, "1.0.0").PlanAsync()).Fingerprint);
        Assert.AreNotEqual(fingerprint, (await Tool(program, "1.1.0").PlanAsync()).Fingerprint);
    }

    [TestMethod]
    [DataRow("published/fastgate", "published/")]
    [DataRow("dotnet/dotnet", "packages/fastgate/1.0.0/tools/net10.0/any/")]
    [DataRow("dotnet", ".nuget/packages/fastgate/1.0.0/tools/net10.0/any/")]
    public async Task OtherFolder_IsRefused(string program, string folder)
    {
        Write(folder + "fastgate.dll");
        CopyPublisher publisher = new(Path.Combine(_root, program), Path.Combine(_root, folder));
        Assert.IsNull(publisher.InPlace);
        Assert.Contains("dotnet tool install --global fastgate", (await PublishAsync(publisher)).Problem!);
    }

    [TestMethod]
    public async Task UnknownProgram_IsRefused() =>
        Assert.Contains("not a single file", (await PublishAsync(new CopyPublisher(null, _root))).Problem!);

    private CopyPublisher Tool(string program, string version)
    {
        string folder = $".store/fastgate/{version}/fastgate/{version}/tools/net10.0/any/";
        Write(folder + "fastgate.dll", version);
        return new CopyPublisher(program, Path.Combine(_root, folder));
    }

    private string Write(string relative, string text = "")
    {
        string path = Path.Combine(_root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<PublishResult> PublishAsync(CopyPublisher publisher) =>
        await publisher.PublishAsync(await publisher.PlanAsync(), "/nowhere", _ => { });
}
