using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FastGate.Proxy.Transport;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// Whatever an upstream sends, no client can misread it: it gets the valid part, then the end, and the next client is
/// unaffected. Each case runs whole, cut in two at many offsets, and byte by byte.
/// </summary>
[TestClass]
public sealed class HostileResponseTests
{
    private const int CutsMax = 12;

    // A long head byte by byte proves no more than in larger pieces, and takes a minute.
    private const int BytewiseMax = 1024;

    public static IEnumerable<TestDataRow<(Way, int)>> Cases =>
        from index in Enumerable.Range(0, HostileResponses.All.Count)
        from way in Ways.InTurns(index)
        select new TestDataRow<(Way, int)>((way, index)) { DisplayName = $"{HostileResponses.All[index]} ({way})" };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Case_IsNotMisread(Way way, int index)
    {
        HostileResponse hostile = HostileResponses.All[index];
        using LogLines log = new();
        // Without ready connections, the first failure is final; retries are tested elsewhere.
        await using Scene scene = await Scene.StartAsync(
            way,
            options => options with { Upstream = options.Upstream with { ReadyConnections = 0 }, AccessLog = log.File }
        );
        (RawClient bystander, RawConnection bystanders) = await scene.ConnectThroughAsync();
        await log.NextAsync(scene.Gate.Gate);
        foreach (int[] ends in Pieces(hostile.Bytes.Length))
        {
            string how =
                ends.Length == 1 ? "whole"
                : ends.Length == 2 ? $"cut at {ends[0]}"
                : $"in {ends.Length} pieces";
            await RunAsync(scene, hostile, ends, how, log);
            await bystander.SendAsync(Scene.Get);
            await bystanders.RespondAsync();
            Assert.AreEqual("ok", (await bystander.ReadResponseAsync()).Text, $"the other client, {how}");
            await log.NextAsync(scene.Gate.Gate);
        }
        await CheckNothingIsLeftAsync(scene);
    }

    private static async Task RunAsync(Scene scene, HostileResponse hostile, int[] ends, string how, LogLines log)
    {
        using RawClient client = await RawClient.ConnectAsync(scene.Gate.Endpoint);
        await client.SendAsync($"{hostile.Method} /api/version HTTP/1.1\r\nHost: gate\r\n\r\n");
        using RawConnection upstream = await scene.Upstream.NextAsync();
        await upstream.ReadHeadAsync();
        await SendAsync(scene, upstream, hostile, ends);
        switch (hostile.Client)
        {
            case "all, stays open":
                byte[] all = await client.Connection.ReadExactlyAsync(hostile.Mark);
                CollectionAssert.AreEqual(hostile.Bytes[..hostile.Mark], all, how);
                await CheckStaysOpenAsync(scene, hostile, client, upstream);
                break;
            case "all, reset":
                await Assert.ThrowsExactlyAsync<SocketException>(() => client.Connection.ReadToEndAsync(), how);
                break;
            default:
                CheckGot(
                    hostile,
                    await client.Connection.ReadToEndAsync(),
                    isWhole: ends is [<= BufferPool.SmallBytes],
                    how
                );
                break;
        }
        IReadOnlyList<JsonElement> entries = await log.NextAsync(scene.Gate.Gate);
        Assert.AreEqual(hostile.Log, entries[0].GetProperty("close").GetString(), how);
    }

    private static void CheckGot(HostileResponse hostile, byte[] got, bool isWhole, string how)
    {
        const string interim = "HTTP/1.1 100 Continue\r\n\r\n";
        string text = Encoding.Latin1.GetString(got);
        if (hostile.Client == "interim and 502, end")
        {
            StringAssert.StartsWith(text, interim, how);
            text = text[interim.Length..];
        }
        bool isRefusal = text.StartsWith("HTTP/1.1 502 FastGate got no valid response ", StringComparison.Ordinal);
        switch (hostile.Client)
        {
            case "all, end":
                CollectionAssert.AreEqual(hostile.Bytes[..hostile.Mark], got, how);
                break;
            case "502, end" or "interim and 502, end":
                Assert.IsTrue(isRefusal, $"{how}: {text}");
                break;
            case "502 or part, end":
                // A part of a head that has been sent cannot be undone; but the head never ends.
                Assert.IsTrue(isRefusal || !isWhole, how);
                Assert.IsTrue(isRefusal || IsPart(hostile.Bytes, got), how);
                break;
            default:
                Assert.Fail($"{hostile}: unknown client outcome: {hostile.Client}");
                break;
        }
    }

    private static bool IsPart(byte[] sent, byte[] got) =>
        sent.AsSpan().StartsWith(got) && got.AsSpan().IndexOf("\r\n\r\n"u8) < 0 && got.AsSpan().IndexOf("\n\n"u8) < 0;

    private static async Task SendAsync(Scene scene, RawConnection upstream, HostileResponse hostile, int[] ends)
    {
        int start = 0;
        try
        {
            foreach (int end in ends)
            {
                await upstream.SendAsync(hostile.Bytes.AsMemory(start..end));
                start = end;
                // After a turn of the loop, it has usually received this piece by itself.
                await scene.Gate.Gate.Workers[0].Loop.PostAsync(() => true).WithinDeadline();
            }
            if (hostile.Upstream == "finishes")
                upstream.FinishSending();
            if (hostile.Upstream == "resets")
                upstream.Abort();
        }
        catch (SocketException)
        {
            // The gate has reset this connection.
        }
    }

    private static async Task CheckStaysOpenAsync(
        Scene scene,
        HostileResponse hostile,
        RawClient client,
        RawConnection kept
    )
    {
        await client.SendAsync(Scene.Get);
        // A connection with surplus bytes is not reused.
        bool hasSurplus = hostile.Mark < hostile.Bytes.Length;
        using RawConnection? fresh = hasSurplus ? await scene.Upstream.NextAsync() : null;
        await (fresh ?? kept).RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    private static async Task CheckNothingIsLeftAsync(Scene scene)
    {
        Loop loop = scene.Gate.Gate.Workers[0].Loop;
        await Census.UntilAsync(scene.Gate.Gate, census => census.Sessions == 1);
        Assert.AreEqual(0, await loop.PostAsync(() => loop.Buffers.Lent));
        Assert.AreEqual(0, await loop.PostAsync(() => scene.Gate.Gate.Workers[0].ExchangesLent));
    }

    private static IEnumerable<int[]> Pieces(int length)
    {
        yield return [length];
        int step = Math.Max(1, length / CutsMax);
        for (int cut = 1; cut < length; cut += step)
            yield return [cut, length];
        int piece = length <= BytewiseMax ? 1 : BytewiseMax;
        yield return [.. Enumerable.Range(1, length).Where(end => end % piece == 0 || end == length)];
    }
}
