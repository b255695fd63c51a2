using System.Net;
using System.Text.Json.Nodes;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;
using Microsoft.Playwright;

namespace FastGate.Test.Proxy.Admin;

/// <summary>A real gate, and its status page in Debian's Chromium. The browser is started once and shared.</summary>
internal sealed class PageScene : IAsyncDisposable
{
    private static readonly Lazy<Task<IBrowser>> Browser = new(LaunchAsync);

    private readonly IBrowserContext _context;
    private GateProcess _gate;

    private PageScene(IBrowserContext context, IPage page, GateProcess gate, IPEndPoint listener, Uri address) =>
        (_context, Page, _gate, Listener, Address) = (context, page, gate, listener, address);

    public IPage Page { get; }

    /// <summary>Where the gate takes requests.</summary>
    public IPEndPoint Listener { get; }

    /// <summary>The page's address.</summary>
    public Uri Address { get; }

    /// <summary>The requests of the page.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What the browser reported: uncaught exceptions, and what the page's policy has blocked.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Starts a gate, and opens a page that shows nothing yet.</summary>
    public static async Task<PageScene> StartAsync(BrowserNewContextOptions? options = null)
    {
        IBrowser browser = await Browser.Value;
        IPEndPoint listener = new(IPAddress.Loopback, Ports.Free());
        Uri address = new($"http://127.0.0.1:{Ports.Free()}/");
        GateProcess gate = StartGate(listener, address);
        IBrowserContext context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)StepDeadline.Longest.TotalMilliseconds);
        IPage page = await context.NewPageAsync();
        // The test moves the page's clock, so that no test waits for a poll.
        await page.Clock.InstallAsync();
        PageScene scene = new(context, page, gate, listener, address);
        page.Request += (_, request) => scene.Requests.Add(request.Url);
        page.PageError += (_, error) => scene.Errors.Add(error);
        page.Console += (_, message) =>
        {
            // A test without a history has its 404.
            if (message.Type == "error" && !message.Location.Contains("/history.json", StringComparison.Ordinal))
                scene.Errors.Add(message.Text);
        };
        return scene;
    }

    public static async Task EndAsync()
    {
        if (Browser.IsValueCreated && Browser.Value.IsCompletedSuccessfully)
            await (await Browser.Value).CloseAsync();
    }

    public async Task StopGateAsync()
    {
        _gate.Signal("TERM");
        Assert.AreEqual(0, await _gate.ExitAsync(), _gate.Output);
    }

    public void StartNextGate()
    {
        _gate.Dispose();
        _gate = StartGate(Listener, Address);
    }

    /// <summary>Replaces the gate's status, from now on.</summary>
    public Task ServeStatusAsync(Action<JsonObject> change) =>
        Page.RouteAsync(
            "**/status.json",
            async route =>
            {
                IAPIResponse real = await route.FetchAsync();
                JsonObject status = JsonNode.Parse(await real.TextAsync())!.AsObject();
                change(status);
                await route.FulfillAsync(new() { ContentType = "application/json", Body = status.ToJsonString() });
            }
        );

    /// <summary>Replaces the gate's history, from now on; null for a gate without one.</summary>
    public Task ServeHistoryAsync(JsonObject? history) =>
        Page.RouteAsync(
            "**/history.json",
            route =>
                history is null
                    ? route.FulfillAsync(new() { Status = 404 })
                    : route.FulfillAsync(new() { ContentType = "application/json", Body = history.ToJsonString() })
        );

    /// <summary>Opens the page, and waits for its first figures.</summary>
    public async Task OpenAsync()
    {
        await Page.GotoAsync(Address.ToString());
        await WaitForStateAsync("Live");
    }

    public Task WaitForStateAsync(string text) =>
        Assertions.Expect(Page.Locator("#state")).ToHaveTextAsync(text, Longest);

    /// <summary>Lets the page poll once more.</summary>
    public async Task PollAsync()
    {
        int before = Requests.Count(url => url.EndsWith("/status.json", StringComparison.Ordinal));
        await Page.RunAndWaitForResponseAsync(
            () => Page.Clock.RunForAsync(2_500),
            response => response.Url.EndsWith("/status.json", StringComparison.Ordinal)
        );
        Assert.IsGreaterThan(before, Requests.Count(url => url.EndsWith("/status.json", StringComparison.Ordinal)));
    }

    public async Task<string> TextOfAsync(string selector) => await Page.Locator(selector).InnerTextAsync();

    public Task ShowsAsync(string selector, string text) =>
        Assertions
            .Expect(Page.Locator(selector))
            .ToContainTextAsync(text, new() { Timeout = (float)StepDeadline.Longest.TotalMilliseconds });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _gate.Dispose();
    }

    private static LocatorAssertionsToHaveTextOptions Longest { get; } =
        new() { Timeout = (float)StepDeadline.Longest.TotalMilliseconds };

    private static async Task<IBrowser> LaunchAsync()
    {
        string chromium = Required.Tool("chromium");
        IPlaywright playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium });
    }

    private static GateProcess StartGate(IPEndPoint listener, Uri address)
    {
        GateProcess gate = GateProcess.Start(
            "run",
            "--listen",
            $"{listener}",
            "--upstream",
            "127.0.0.1:1",
            "--access-log",
            "off",
            "--metrics-port",
            $"{address.Port}"
        );
        gate.WaitFor($"The status page is {address}");
        return gate;
    }
}
