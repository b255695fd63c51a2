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
    public void CreatedFile_HasChangedOnce()
    {
        ConfigWatcher watcher = new(ConfigFile);
        Check(watcher, false);
        File.WriteAllText(ConfigFile, "{}");
        Check(watcher, true);
        Check(watcher, false);
    }

    [TestMethod]
    public void DeletedFile_HasChangedOnlyWhenReplaced()
    {
        File.WriteAllText(ConfigFile, "{}");
        ConfigWatcher watcher = new(ConfigFile);
        File.Delete(ConfigFile);
        Check(watcher, false);
        File.WriteAllText(ConfigFile, "{ }");
        Check(watcher, true);
    }

    [TestMethod]
    public void ReplacementWithTheSameTime_HasChangedByItsLength()
    {
        File.WriteAllText(ConfigFile, "{}");
        ConfigWatcher watcher = new(ConfigFile);
        string other = Path.Combine(_directory, "other");
        File.WriteAllText(other, "{ }");
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(ConfigFile));
        File.Move(other, ConfigFile, overwrite: true);
        Check(watcher, true);
    }

    [TestMethod]
    public void Link_HasChangedWithItsTarget_AndWhenRepointed()
    {
        string target = Path.Combine(_directory, "target");
        File.WriteAllText(target, "{}");
        File.CreateSymbolicLink(ConfigFile, target);
        ConfigWatcher watcher = new(ConfigFile);
        File.WriteAllText(target, "{ }");
        Check(watcher, true);
        string other = Path.Combine(_directory, "other");
        File.Copy(target, other);
        File.Delete(ConfigFile);
        File.CreateSymbolicLink(ConfigFile, other);
        Check(watcher, true);
    }

    private static void Check(ConfigWatcher watcher, bool changed) => Assert.AreEqual(changed, watcher.HasChanged());
}
