using FastGate.Launchd;
using FastGate.Test.Support;

namespace FastGate.Test.Launchd;

[TestClass]
public sealed class AgentLoaderTests
{
    private static readonly AgentLabel Label = Agents.Label("com.fastgate");
    private readonly TestTimeProvider _time = new() { SkipsWaits = true };

    [TestMethod]
    public void Plan_CanBeShown() =>
        Assert.AreEqual(
            """
            launchctl bootout gui/501/com.fastgate
            wait until com.fastgate is gone
            launchctl bootstrap gui/501 /a.plist
            launchctl kickstart gui/501/com.fastgate
            """.ReplaceLineEndings("\n"),
            string.Join('\n', Loader(new UnrulyLaunchctl()).Load(Label, "/a.plist").Lines)
        );

    [TestMethod]
    public async Task NotLoaded_IsLoadedWithoutABootout()
    {
        UnrulyLaunchctl launchctl = new();
        await CheckLoadsAsync(launchctl);
        Assert.DoesNotContain("bootout gui/501/com.fastgate", launchctl.Commands);
        Assert.AreEqual(TimeSpan.Zero, _time.Passed);
    }

    [TestMethod]
    public async Task AlreadyLoaded_IsReloaded()
    {
        UnrulyLaunchctl launchctl = new() { IsLoaded = true };
        await CheckLoadsAsync(launchctl);
        Assert.Contains("bootout gui/501/com.fastgate", launchctl.Commands);
    }

    [TestMethod]
    public async Task LabelThatLingers_IsWaitedFor()
    {
        UnrulyLaunchctl launchctl = new() { IsLoaded = true, LingersFor = 20 };
        await CheckLoadsAsync(launchctl);
        int bootstrap = launchctl.Commands.FindIndex(command =>
            command.StartsWith("bootstrap", StringComparison.Ordinal)
        );
        Assert.AreEqual(
            1,
            launchctl.Commands.Count(command => command.StartsWith("bootstrap", StringComparison.Ordinal)),
            "bootstrap is not tried too early"
        );
        Assert.AreEqual(
            1 + 21,
            launchctl.Commands.Take(bootstrap).Count(command => command.StartsWith("print", StringComparison.Ordinal))
        );
    }

    [TestMethod]
    [DataRow("bootstrap", 5, 5, 5)]
    [DataRow("bootstrap", 37, 5)]
    [DataRow("bootstrap", 17)]
    [DataRow("bootstrap", 119)]
    [DataRow("bootout", 36)]
    [DataRow("bootout", 37)]
    [DataRow("bootout", 5, 5)]
    [DataRow("kickstart", 37, 37)]
    [DataRow("kickstart", 113, 113)]
    public async Task TransientFailure_IsRetried(string verb, params int[] codes) =>
        // After "in progress" a bootout completes by itself; only this case has to repeat the command, so the agent is
        // loaded at first.
        await CheckLoadsAsync(
            new UnrulyLaunchctl
            {
                IsLoaded = verb == "bootout" && codes[0] == 5,
                StartsWhenLoaded = verb != "kickstart",
            }.Fail(verb, codes)
        );

    [TestMethod]
    public async Task DisabledLabel_IsEnabled()
    {
        UnrulyLaunchctl launchctl = new UnrulyLaunchctl().Fail("bootstrap", 119);
        await CheckLoadsAsync(launchctl);
        Assert.AreEqual(1, launchctl.Commands.Count(command => command == "enable gui/501/com.fastgate"));
    }

    [TestMethod]
    public async Task BootstrapThatFailsButLoads_CountsAsLoaded()
    {
        UnrulyLaunchctl launchctl = new UnrulyLaunchctl { LoadsDespiteFailure = true }.Fail("bootstrap", 5);
        await CheckLoadsAsync(launchctl);
        Assert.AreEqual(
            1,
            launchctl.Commands.Count(command => command.StartsWith("bootstrap", StringComparison.Ordinal))
        );
    }

    [TestMethod]
    [DataRow("bootstrap", 125, "log in at this Mac's screen")]
    [DataRow("bootstrap", 127, "is this a Mac?")]
    [DataRow("bootstrap", 1, "launchctl bootstrap: bootstrap failed: 1")]
    public async Task PermanentFailure_FailsAtOnce_WithAFix(string verb, int code, string expected)
    {
        UnrulyLaunchctl launchctl = new UnrulyLaunchctl().Fail(verb, code);
        StepResult result = await LoadAsync(launchctl);
        Assert.Contains(expected, result.Problem!);
        Assert.AreEqual(TimeSpan.Zero, _time.Passed);
    }

    [TestMethod]
    public async Task BootstrapThatNeverWorks_TimesOut()
    {
        StepResult result = await LoadAsync(new UnrulyLaunchctl().Fail("bootstrap", [.. Enumerable.Repeat(5, 1000)]));
        Assert.AreEqual("launchctl bootstrap: bootstrap failed: 5", result.Problem);
        Assert.IsInRange(AgentLoader.LoadTimeout, AgentLoader.LoadTimeout + TimeSpan.FromSeconds(1), _time.Passed);
    }

    [TestMethod]
    public async Task LabelThatStays_TimesOut_WithItsState()
    {
        StepResult result = await LoadAsync(new UnrulyLaunchctl { IsLoaded = true, LingersFor = 1000 });
        Assert.AreEqual("com.fastgate does not end: launchctl print reports \"not running\"", result.Problem);
        Assert.IsInRange(AgentLoader.UnloadTimeout, AgentLoader.UnloadTimeout + TimeSpan.FromSeconds(1), _time.Passed);
    }

    [TestMethod]
    public async Task ProgramThatEndsAtOnce_FailsWithItsExitCode()
    {
        StepResult result = await LoadAsync(new UnrulyLaunchctl { IsBroken = true });
        Assert.AreEqual("com.fastgate is not running: its state is \"spawn scheduled\", last exit: 2", result.Problem);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Unload_EndsWithTheLabelGone(bool isLoaded)
    {
        UnrulyLaunchctl launchctl = new() { IsLoaded = isLoaded, LingersFor = 3 };
        StepResult result = await Loader(launchctl).Unload(Label).RunAsync();
        Assert.IsNull(result.Problem);
        Assert.IsFalse(launchctl.IsLoaded);
    }

    [TestMethod]
    public async Task UnloadWithoutASession_ReportsIt() =>
        Assert.Contains(
            "no login session",
            (
                await Loader(new UnrulyLaunchctl { IsLoaded = true }.Fail("bootout", 125)).Unload(Label).RunAsync()
            ).Problem!
        );

    private async Task CheckLoadsAsync(UnrulyLaunchctl launchctl)
    {
        StepResult result = await LoadAsync(launchctl);
        Assert.IsNull(result.Problem, string.Join('\n', launchctl.Commands));
        Assert.IsTrue(launchctl.IsLoaded);
        Assert.IsLessThan(TimeSpan.FromSeconds(10), _time.Passed);
    }

    private Task<StepResult> LoadAsync(UnrulyLaunchctl launchctl) =>
        Loader(launchctl).Load(Label, "/a.plist").RunAsync().WithinDeadline();

    private AgentLoader Loader(UnrulyLaunchctl launchctl) => new(new Launchctl(launchctl, 501), _time);
}
