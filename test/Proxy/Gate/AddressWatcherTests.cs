using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Regression: a poll of the interfaces that always threw filled the log with a stack trace every two seconds.
/// </summary>
[TestClass]
public sealed class AddressWatcherTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _log = new();

    [TestMethod]
    public async Task ExceptionsAtEveryPoll_AreLoggedOnceAMinute_AndTheRestIsCounted()
    {
        int polls = 0;
        Assert.IsTrue(ListenAddress.TryParse("en7:11434", out ListenAddress? address, out string? problem), problem);
        ListenerOptions listener = new()
        {
            Address = address!,
            Policy = RunningGate.Policy(new IPEndPoint(IPAddress.Loopback, 1), []),
        };
        Listeners listeners = new(
            [listener],
            [],
            // Never used: reading the interfaces throws first.
            null!,
            () =>
            {
                Interlocked.Increment(ref polls);
                throw new InvalidOperationException("An unexpected exception.");
            },
            _log
        );
        using CancellationTokenSource stop = new();
        Task watching = new AddressWatcher(listeners, new TailscaleDaemon([]), _time, _log).RunAsync(stop.Token);
        // Polls at 2, 4, … 184 s; logged at 2, 62, 122 and 182 s.
        for (int n = 1; n <= 92; n++)
        {
            _time.Advance(InterfaceWatcher.PollInterval);
            Assert.IsTrue(
                SpinWait.SpinUntil(() => Volatile.Read(ref polls) >= n, TimeSpan.FromSeconds(10)),
                $"poll {n}"
            );
        }
        await stop.CancelAsync();
        await watching;
        Assert.HasCount(4, Lines("Checking the network interfaces failed unexpectedly"));
        CollectionAssert.AreEqual(
            (string[])["29", "29", "29"],
            (string[])[.. Lines("more unexpected errors").Select(line => line.Split(' ')[0])]
        );
    }

    private string[] Lines(string text)
    {
        return [.. _log.Lines.Select(line => line.Text).Where(line => line.Contains(text, StringComparison.Ordinal))];
    }
}
