using FastGate.Proxy.Transport;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class PowerSourceTests
{
    /// <summary>Supplies as sysfs-class-power lists them: a name, its type, and whether it is online.</summary>
    [TestMethod]
    [DataRow("", false, DisplayName = "a server: no supplies")]
    [DataRow("BAT0 Battery -", false, DisplayName = "a battery without an adapter, such as a mouse's")]
    [DataRow("BAT0 Battery -;AC Mains 1", false, DisplayName = "a laptop on its adapter")]
    [DataRow("BAT0 Battery -;AC Mains 0", true, DisplayName = "a laptop on its battery")]
    [DataRow("BAT0 Battery -;AC Mains 0;ucsi USB 1", false, DisplayName = "a laptop that USB-C powers")]
    [DataRow("BAT0 Battery -;AC Mains 0;ucsi USB 0", true, DisplayName = "a laptop with an unused USB-C port")]
    public void Linux_IsReadFromTheAdapters(string supplies, bool isBattery)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fastgate-power-");
        foreach (string supply in supplies.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = supply.Split(' ');
            string path = Directory.CreateDirectory(Path.Combine(folder.FullName, parts[0])).FullName;
            File.WriteAllText(Path.Combine(path, "type"), parts[1] + "\n");
            if (parts[2] != "-")
                File.WriteAllText(Path.Combine(path, "online"), parts[2] + "\n");
        }
        Assert.AreEqual(isBattery, PowerSource.ReadLinux(folder.FullName));
        folder.Delete(recursive: true);
    }

    [TestMethod]
    public void FolderThatDoesNotExist_IsNoBattery() => Assert.IsFalse(PowerSource.ReadLinux("/nowhere/at/all"));

    [TestMethod]
    public async Task Source_IsReadOffTheCaller_AndAgainAfterAMinute()
    {
        FakeTimeProvider time = new();
        int reads = 0;
        PowerSource power = new(time, () => Interlocked.Increment(ref reads) > 0);
        Assert.IsFalse(power.IsBattery, "not read yet");
        await Until.HoldsAsync(() => power.IsBattery, "the first reading arrives");
        Assert.AreEqual(1, Volatile.Read(ref reads));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsTrue(power.IsBattery);
        await Until.HoldsAsync(() => Volatile.Read(ref reads) == 2, "the second reading");
    }
}
