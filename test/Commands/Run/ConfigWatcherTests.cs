using FastGate.Commands.Run;

namespace FastGate.Test.Commands.Run;

[TestClass]
public sealed class ConfigWatcherTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fastgate-").FullName;

    private string ConfigFile => Path.Combine(_directory, "fastgate.json");

    [TestCleanup]
    public void CleanUp() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public void UntouchedFile_HasNotChanged()
    {
        File.WriteAllText(ConfigFile, "{}");
        Check(new ConfigWatcher(ConfigFile), false);
    }

    [TestMethod]
    public void FileThatIsMade_HasChangedOnce()
    {
        ConfigWatcher watch = new(ConfigFile);
        Check(watch, false);
        File.WriteAllText(ConfigFile, "{}");
        Check(watch, true);
        Check(watch, false);
    }

    [TestMethod]
    public void FileThatIsGone_HasNotChanged_UntilAnotherIsThere()
    {
        File.WriteAllText(ConfigFile, "{}");
        ConfigWatcher watch = new(ConfigFile);
        File.Delete(ConfigFile);
        Check(watch, false);
        File.WriteAllText(ConfigFile, "{ }");
        Check(watch, true);
    }

    [TestMethod]
    public void ReplacedFileOfTheSameTime_HasChangedByItsLength()
    {
        File.WriteAllText(ConfigFile, "{}");
        ConfigWatcher watch = new(ConfigFile);
        string other = Path.Combine(_directory, "other");
        File.WriteAllText(other, "{ }");
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(ConfigFile));
        File.Move(other, ConfigFile, overwrite: true);
        Check(watch, true);
    }

    [TestMethod]
    public void LinkToAFile_HasChangedWithIt_AndWhenItLeadsElsewhere()
    {
        string target = Path.Combine(_directory, "target");
        File.WriteAllText(target, "{}");
        File.CreateSymbolicLink(ConfigFile, target);
        ConfigWatcher watch = new(ConfigFile);
        File.WriteAllText(target, "{ }");
        Check(watch, true);
        string other = Path.Combine(_directory, "other");
        File.Copy(target, other);
        File.Delete(ConfigFile);
        File.CreateSymbolicLink(ConfigFile, other);
        Check(watch, true);
    }

    private static void Check(ConfigWatcher watch, bool changed) => Assert.AreEqual(changed, watch.HasChanged());
}
