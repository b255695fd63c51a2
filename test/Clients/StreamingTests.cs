using System.Diagnostics;
using System.Text;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Clients;

/// <summary>Slow responses: tokens as they are produced, and a client that disconnects before the first.</summary>
[TestClass]
public sealed class StreamingTests
{
    private const string Chat =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 43\r\n\r\n"
        + """{"model":"qwen2.5-coder:32b","stream":true}""";

    /// <summary>
    /// The required maximum, checked against the fastest of a few tries, since a busy machine may delay one.
    /// </summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    [TestMethod, EveryWay]
    public async Task EachToken_IsItsOwnRead_AsSoonAsSent(Way way)
    {
        using var released = new SemaphoreSlim(0);
        await using var standIn = await StandInOllama.StartAsync();
        standIn.Pace = new Pace { BeforeToken = (_, cancelled) => released.WaitAsync(cancelled) };
        await using var entrance = await Entrance.OpenAsync(way, standIn.Endpoint, "@seed");
        using var client = await RawClient.ConnectAsync(entrance.Endpoint);
        await client.SendAsync(Chat);

        foreach (var token in Json.Tokens[..^1])
        {
            // The next token is not produced until this one has been read: a gate that holds one back would stop here.
            released.Release();
            var read = Encoding.UTF8.GetString(await client.Connection.ReadOnceAsync());
            Assert.HasCount(2, read.Split("data: "), read);
            StringAssert.Contains(read, $"\"content\":\"{token}\"");
        }
    }

    [TestMethod, EveryWay]
    public Task FinInSilentPrefill_IsSeenUpstream(Way way) =>
        CheckLeaving(way, client => client.Connection.FinishSending());

    [TestMethod, EveryWay]
    public Task ResetInSilentPrefill_IsSeenUpstream(Way way) => CheckLeaving(way, client => client.Connection.Abort());

    private static async Task CheckLeaving(Way way, Action<RawClient> leave)
    {
        await using var standIn = await StandInOllama.StartAsync();
        standIn.Pace = new Pace { BeforeFirstByte = cancelled => Task.Delay(Timeout.InfiniteTimeSpan, cancelled) };
        await using var entrance = await Entrance.OpenAsync(way, standIn.Endpoint, "@seed");
        var fastest = TimeSpan.MaxValue;
        // The best of several tries: a busy machine may delay some.
        for (int attempt = 0; attempt < 50 && fastest > Soon; attempt++)
        {
            using var client = await RawClient.ConnectAsync(entrance.Endpoint);
            int number = attempt;
            await client.SendAsync(Chat.Replace("/completions", $"/completions?{number}", StringComparison.Ordinal));
            var seen = await standIn.Received.WaitForAsync(request =>
                request.Target.EndsWith($"?{number}", StringComparison.Ordinal)
            );
            await seen.Content.WithinDeadline();

            long left = Stopwatch.GetTimestamp();
            leave(client);
            var noticed = Stopwatch.GetElapsedTime(left, await seen.Aborted.WithinDeadline());
            if (noticed < fastest)
                fastest = noticed;
        }
        Assert.IsLessThanOrEqualTo(Soon, fastest);
    }
}
