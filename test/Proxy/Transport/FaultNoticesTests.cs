using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class FaultNoticesTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task ManyExceptions_AreLoggedUpToALimit_AndTheRestCounted()
    {
        await using TestLoop test = new("portable", _time);
        for (int period = 1; period <= 2; period++)
        {
            await LogAsync(test, 1000);
            Assert.AreEqual(period * FaultNotices.PerPeriod, Count(test, "An unexpected error"));
            _time.Advance(FaultNotices.Period + TimeSpan.FromSeconds(1));
            await test.UntilAsync(() =>
                Count(test, $"{1000 - FaultNotices.PerPeriod} more unexpected errors") == period
            );
        }
        await LogAsync(test, FaultNotices.PerPeriod);
        _time.Advance(FaultNotices.Period + TimeSpan.FromSeconds(1));
        await test.RunAsync(() => { });
        Assert.AreEqual(
            (3 * FaultNotices.PerPeriod) + 2,
            test.Log.Count(LogLevel.Error),
            "no summary line without suppressed errors"
        );
    }

    private static Task LogAsync(TestLoop test, int times) =>
        test.RunAsync(() =>
        {
            for (int i = 0; i < times; i++)
                test.Loop.LogUnexpected(new InvalidOperationException("unexpected"));
        });

    private static int Count(TestLoop test, string text) =>
        test.Log.Lines.Count(line => line.Text.StartsWith(text, StringComparison.Ordinal));
}
