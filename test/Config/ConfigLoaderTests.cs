using FastGate.Config;

namespace FastGate.Test.Config;

[TestClass]
public sealed class ConfigLoaderTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fastgate-").FullName;

    [TestCleanup]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public void DefaultFile_IsInTheConfigHome()
    {
        Assert.AreEqual(
            new ConfigPath("/home/u/.config/fastgate/fastgate.json", false),
            ConfigPath.Find(null, Configs.Machine)
        );
        Assert.AreEqual(
            new ConfigPath("/c/fastgate/fastgate.json", false),
            ConfigPath.Find(null, Configs.Machine with { ConfigHome = "/c" })
        );
        Assert.AreEqual(new ConfigPath(Path.GetFullPath("x.json"), true), ConfigPath.Find("x.json", Configs.Machine));
    }

    [TestMethod]
    public void MissingDefaultFile_MeansTheDefaults()
    {
        ConfigResult result = Load("none/fastgate.json", isExplicit: false);
        Assert.IsNotNull(result.Plan);
        Assert.IsFalse(result.FileExists);
    }

    [TestMethod]
    public void MissingNamedFile_IsAProblem() =>
        Check("none.json", "the file does not exist; create it, or specify another");

    [TestMethod]
    public void Directory_IsAProblem() => Check("", "it is a directory");

    [TestMethod]
    public void FileAtTheSizeLimit_IsRead_OneMoreByteIsNot()
    {
        string file = Path.Combine(_directory, "large.json");
        File.WriteAllText(file, "{}".PadRight(ConfigFile.BytesMax));
        Assert.IsNotNull(Load("large.json").Plan);
        File.AppendAllText(file, " ");
        Check("large.json", "larger than 1 MiB");
    }

    [TestMethod]
    public void Problems_AreInTheOrderOfTheFile()
    {
        File.WriteAllText(
            Path.Combine(_directory, "a.json"),
            "{\n\"upstream\": \"\",\n\"lop\": 1,\n\"host\": \"x\",\n\"loops\": 0 }"
        );
        ConfigResult result = Load("a.json");
        Assert.IsNull(result.Plan);
        Assert.AreEqual("2, 3, 4, 5", string.Join(", ", result.Problems.Select(problem => problem.Location.Line)));
    }

    private void Check(string file, string problem)
    {
        ConfigResult result = Load(file);
        Assert.IsNull(result.Plan);
        Assert.Contains(problem, result.Problems.Single().ToString());
    }

    private ConfigResult Load(string file, bool isExplicit = true) =>
        ConfigLoader.Load(new ConfigPath(Path.Combine(_directory, file), isExplicit), new GateFile(), Configs.Machine);
}
