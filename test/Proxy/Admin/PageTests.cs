using System.Globalization;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Playwright;

namespace FastGate.Test.Proxy.Admin;

/// <summary>The status page in a real browser, in front of the real program.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class PageTests
{
    // A phone, a tablet and a wide screen.
    private static readonly int[] Widths = [390, 900, 1600];

    [ClassCleanup]
    public static Task EndAsync() => PageScene.EndAsync();

    [TestMethod]
    public async Task RealGate_IsShown_AndNothingElseIsRequested()
    {
        await using PageScene scene = await PageScene.StartAsync();
        using (RawClient client = await RawClient.ConnectAsync(scene.Listener))
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        await scene.OpenAsync();
        await scene.ShowsAsync("#figures", "100.0 % of 1");
        await scene.ShowsAsync("#listeners", $"{scene.Listener}");
        await scene.ShowsAsync("#about", "upstream 127.0.0.1:1");
        await scene.ShowsAsync("#alerts", "Nothing answers at 127.0.0.1:1");
        await scene.ShowsAsync("#refused", "/api/ps");
        await scene.ShowsAsync("#refused", "\"@clients\"");
        await scene.ShowsAsync("#flight ~ .empty", "No request is in flight");
        Assert.IsTrue(await scene.Page.Locator("#requests svg").IsVisibleAsync(), "the gate keeps a history");
        await scene.PollAsync();
        Assert.IsEmpty(scene.Errors, string.Join('\n', scene.Errors));
        Assert.IsTrue(
            scene.Requests.TrueForAll(url => url.StartsWith(scene.Address.ToString(), StringComparison.Ordinal)),
            string.Join('\n', scene.Requests)
        );
    }

    [TestMethod]
    public async Task TextFromClients_StaysText_AndIsBounded()
    {
        await using PageScene scene = await PageScene.StartAsync();
        await scene.ServeStatusAsync(PageSamples.Hostile);
        await scene.OpenAsync();
        await scene.PollAsync();
        foreach (
            string section in (string[])["#flight", "#refused", "#peers", "#listeners", "#alerts", "#about", "#version"]
        )
            Assert.Contains("<img src=x", await scene.TextOfAsync(section), section);
        Assert.AreEqual(0, await scene.Page.Locator("main img, main script, [onerror]").CountAsync());
        Assert.AreEqual("undefined", await scene.Page.EvaluateAsync<string>("() => typeof window.hacked"));
        Assert.Contains("\\u{202E}gnp.exe", await scene.TextOfAsync("#flight"), "it would reverse the text after it");
        Assert.AreEqual(20, await scene.Page.Locator("#flight tbody tr").CountAsync());
        Assert.AreEqual("and 1,004 more", await scene.TextOfAsync("#flight ~ .more"));
        Assert.AreEqual(10, await scene.Page.Locator("#refused tbody tr").CountAsync());
        foreach (int width in Widths)
        {
            await scene.Page.SetViewportSizeAsync(width, 900);
            Assert.IsLessThanOrEqualTo(
                width,
                await scene.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"),
                "the page does not scroll sideways"
            );
        }
        Assert.IsEmpty(scene.Errors, string.Join('\n', scene.Errors));
    }

    /// <summary>The policy itself, whatever the page's code does.</summary>
    [TestMethod]
    public async Task InjectedScript_IsBlocked()
    {
        await using PageScene scene = await PageScene.StartAsync();
        await scene.OpenAsync();
        Assert.AreEqual(
            "TypeError",
            await scene.Page.EvaluateAsync<string>(
                "() => { try { document.body.innerHTML = '<b>x</b>'; } catch (error) { return error.name; } }"
            )
        );
        Assert.AreEqual(
            "TypeError, TypeError",
            await scene.Page.EvaluateAsync<string>(
                """
                async () => {
                  const outcome = (attempt) => attempt.then(() => "allowed", (error) => error.name);
                  const script = await outcome(import("data:text/javascript,window.hacked=1"));
                  const request = await outcome(fetch("http://127.0.0.1:9/"));
                  return `${script}, ${request}`;
                }
                """
            )
        );
        Assert.AreEqual("undefined", await scene.Page.EvaluateAsync<string>("() => typeof window.hacked"));
        Assert.Contains("script-src", string.Join('\n', scene.Errors));
        Assert.Contains("connect-src", string.Join('\n', scene.Errors));
    }

    [TestMethod]
    [DataRow(ColorScheme.Light, 390)]
    [DataRow(ColorScheme.Light, 900)]
    [DataRow(ColorScheme.Dark, 1600)]
    public async Task BusyGate_MeetsTheAccessibilityRules(ColorScheme theme, int width)
    {
        await using PageScene scene = await PageScene.StartAsync(new() { ColorScheme = theme });
        await scene.ServeStatusAsync(PageSamples.Busy);
        await scene.ServeHistoryAsync(PageSamples.History());
        await scene.OpenAsync();
        await scene.Page.Locator("#values summary").ClickAsync();
        await scene.ShowsAsync("#agents", "mac@home");
        await scene.Page.SetViewportSizeAsync(width, 900);
        AxeResult result = await scene.Page.RunAxe();
        Assert.IsGreaterThan(20, result.Passes.Length);
        Assert.IsEmpty(
            result.Violations,
            string.Join(
                '\n',
                result.Violations.Select(violation =>
                    $"{violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"
                )
            )
        );
    }

    [TestMethod]
    public async Task Themes_Differ_AndMotionStopsWhereItIsUnwanted()
    {
        await using PageScene scene = await PageScene.StartAsync();
        await scene.OpenAsync();
        const string Ground = "() => getComputedStyle(document.body).backgroundColor";
        const string Motion = "() => getComputedStyle(document.getElementById('state'), '::before').animationName";
        await scene.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        string light = await scene.Page.EvaluateAsync<string>(Ground);
        Assert.AreEqual("pulse", await scene.Page.EvaluateAsync<string>(Motion));
        await scene.Page.EmulateMediaAsync(
            new() { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce }
        );
        Assert.AreNotEqual(light, await scene.Page.EvaluateAsync<string>(Ground));
        Assert.AreEqual("none", await scene.Page.EvaluateAsync<string>(Motion));
    }

    [TestMethod]
    public async Task Keyboard_ReachesEveryControl_AndTheFocusIsVisible()
    {
        await using PageScene scene = await PageScene.StartAsync(
            new() { Permissions = ["clipboard-read", "clipboard-write"] }
        );
        await scene.ServeStatusAsync(PageSamples.Busy);
        await scene.ServeHistoryAsync(PageSamples.History());
        await scene.OpenAsync();
        IKeyboard keyboard = scene.Page.Keyboard;
        List<string> reached = [];
        while (!reached.Contains("history"))
        {
            await keyboard.PressAsync("Tab");
            string[] focus = await scene.Page.EvaluateAsync<string[]>(
                """
                () => {
                  const element = document.activeElement;
                  const { top } = element.getBoundingClientRect();
                  return [element.ariaLabel ?? element.textContent, getComputedStyle(element).outlineStyle, `${top >= 0}`];
                }
                """
            );
            reached.Add(focus[0]);
            Assert.AreEqual("solid", focus[1], focus[0]);
            Assert.AreEqual("true", focus[2], focus[0]);
            Assert.IsLessThan(20, reached.Count, string.Join('\n', reached));
        }
        CollectionAssert.AreEqual(
            (string[])
                [
                    "Skip to the content",
                    "Pause updates",
                    "The last hour as a table",
                    "Copy \"POST /api/pull\"",
                    "Copy \"@clients\"",
                    "metrics",
                    "status",
                    "history",
                ],
            reached
        );
        await scene.Page.Locator(".copy").Nth(1).FocusAsync();
        await keyboard.PressAsync("Enter");
        await scene.ShowsAsync("#note", "Copied \"@clients\"");
        Assert.AreEqual("\"@clients\"", await scene.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        await scene.PollAsync();
        Assert.AreEqual(
            "Copy \"@clients\"",
            await scene.Page.EvaluateAsync<string>("() => document.activeElement.ariaLabel"),
            "an update does not take the focus away"
        );
    }

    [TestMethod]
    public async Task Pause_StopsTheRequests_UntilItIsReleased()
    {
        await using PageScene scene = await PageScene.StartAsync();
        await scene.OpenAsync();
        await scene.Page.Locator("#pause").PressAsync("Space");
        await scene.WaitForStateAsync("Paused");
        int before = scene.Requests.Count;
        await scene.Page.Clock.RunForAsync(60_000);
        Assert.HasCount(before, scene.Requests);
        await scene.Page.Locator("#pause").PressAsync("Space");
        await scene.WaitForStateAsync("Live");
        Assert.IsGreaterThan(before, scene.Requests.Count);
    }

    [TestMethod]
    public async Task GateThatStops_IsReported_AndItsSuccessorIsShown()
    {
        await using PageScene scene = await PageScene.StartAsync();
        await scene.OpenAsync();
        await scene.StopGateAsync();
        await scene.Page.Clock.RunForAsync(2_500);
        await Assertions
            .Expect(scene.Page.Locator("#state"))
            .ToContainTextAsync("No response since", new() { Timeout = (float)StepDeadline.Longest.TotalMilliseconds });
        scene.StartNextGate();
        await Until.HoldsAsync(
            async () =>
            {
                await scene.Page.Clock.RunForAsync(2_500);
                return await scene.TextOfAsync("#state") == "Live";
            },
            "the next gate is shown"
        );
    }

    [TestMethod]
    public async Task UnreportedParts_AreNamed()
    {
        await using PageScene scene = await PageScene.StartAsync();
        await scene.ServeHistoryAsync(null);
        await scene.ServeStatusAsync(status =>
        {
            status["inFlight"] = 3;
            status.Remove("firstByte");
            status.Remove("refusedRoutes");
        });
        await scene.OpenAsync();
        await scene.ShowsAsync("#flight-count", "3");
        await scene.ShowsAsync("#flight ~ .empty", "but not which");
        await scene.ShowsAsync("#refused ~ .empty", "does not report which routes it has refused");
        await scene.ShowsAsync("#peers ~ .empty", "does not report which clients it serves");
        await scene.ShowsAsync("#requests .empty", "The last hour is not known");
        await scene.ShowsAsync("#first-byte .empty", "The last hour is not known");
        Assert.IsFalse(await scene.Page.Locator("#agents").IsVisibleAsync(), "a gate without a relay has no agents");
        Assert.DoesNotContain("Tokens", await scene.TextOfAsync("#figures"), "no token was counted");
        Assert.IsEmpty(scene.Errors, string.Join('\n', scene.Errors));
    }

    [TestMethod]
    public async Task History_IsDrawn_WithItsGaps_AndReadOut()
    {
        await using PageScene scene = await PageScene.StartAsync(new() { TimezoneId = "UTC" });
        await scene.ServeHistoryAsync(PageSamples.History());
        await scene.OpenAsync();
        await scene.ShowsAsync("#requests .now", "10 /s");
        await scene.ShowsAsync("#first-byte .now", "250 ms");
        string line = (await scene.Page.Locator("#first-byte .line").GetAttributeAsync("d"))!;
        Assert.HasCount(3, line.Split('M'), "two parts, for a minute and a half without a response");
        ILocator chart = scene.Page.Locator("#requests svg");
        Assert.AreEqual("Last hour: peak 10", await chart.GetAttributeAsync("aria-label"));
        LocatorBoundingBoxResult box = (await chart.BoundingBoxAsync())!;
        await chart.HoverAsync(
            new()
            {
                Position = new() { X = box.Width - 2, Y = 50 },
            }
        );
        await scene.ShowsAsync("#requests .readout", "12:00: 10 a second, refused 0.5");
        await scene.Page.Locator("#values summary").ClickAsync();
        Assert.AreEqual(12, await scene.Page.Locator("#values tbody tr").CountAsync());
        Assert.AreEqual(
            "12:00\t10\t0.5\t250 ms",
            (await scene.TextOfAsync("#values tbody tr:last-child")).Trim(),
            string.Create(CultureInfo.InvariantCulture, $"{box.Width}")
        );
    }

    [TestMethod]
    public async Task TokensASecond_AreShown_OnceTheyAreCounted()
    {
        int polls = 0;
        await using PageScene scene = await PageScene.StartAsync();
        await scene.ServeStatusAsync(status =>
        {
            PageSamples.Busy(status);
            JsonNode request = status["inFlight"]!["requests"]![0]!;
            status["uptimeSeconds"] = 100 + polls * 2;
            request["ageSeconds"] = 70 + polls * 2;
            request["tokens"] = 50 * polls++;
        });
        await scene.OpenAsync();
        await scene.PollAsync();
        await Assertions
            .Expect(scene.Page.Locator("#figures div").Nth(1))
            .ToHaveTextAsync("Tokens a second25of all in flight");
    }
}
