using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Replay;

/// <summary>An allowed request reaches the upstream unchanged, except for the value of Host.</summary>
[TestClass]
public sealed class ByteForByteTests
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly Capture[] Rare =
    [
        Of("a coding in another case", "tRANSFER-eNCODING:  cHUNKED \r\n"),
        Of(
            "odd blanks and cases",
            "hOST: \t127.0.0.1 \t\r\nX:\r\nx:a\tb\r\nX:   c  \r\nY: \u00e9\u00ff\r\nContent-Length: 044\r\n",
            host: ""
        ),
    ];

    [TestMethod, EveryWay]
    public async Task AllowedRequest_ArrivesAsSent(Way way)
    {
        using var upstream = new RawUpstream();
        await using var entrance = await Entrance.OpenAsync(way, upstream.Endpoint, "@seed", "@clients");
        foreach (var capture in Captures.All.Where(capture => ExpectedStatuses.Clients(capture) == 200).Concat(Rare))
            await Check(capture, entrance, upstream, way == Way.Direct ? null : $"localhost:{upstream.Endpoint.Port}");
    }

    private static async Task Check(Capture capture, Entrance entrance, RawUpstream upstream, string? host)
    {
        using var client = await RawClient.ConnectAsync(entrance.Endpoint);
        await client.SendAsync(capture.Head);
        using var arrived = await upstream.NextAsync();
        await AssertArrivesAsync(arrived, host is null ? capture.Head : capture.HeadWithHost(host), capture);
        if (capture.Expects)
        {
            await arrived.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
            Assert.AreEqual(100, (await client.ReadResponseAsync()).Status);
        }

        await client.SendAsync(capture.Content);
        await AssertArrivesAsync(arrived, capture.Content, capture);
        await arrived.SendAsync(Encoding.ASCII.GetBytes(capture.Method == "HEAD" ? Answer[..^2] : Answer));
        Assert.AreEqual(200, (await client.ReadResponseAsync(capture.Method == "HEAD")).Status);
        client.Connection.FinishSending();
        Assert.IsEmpty(await arrived.ReadToEndAsync(), $"bytes after {capture}");
    }

    private static async Task AssertArrivesAsync(RawConnection arrived, string expected, Capture capture)
    {
        var bytes = await arrived.ReadExactlyAsync(expected.Length);
        Assert.AreEqual(expected, Encoding.Latin1.GetString(bytes), $"bytes of {capture}");
    }

    private static Capture Of(string name, string fields, string host = "Host: 127.0.0.1:18434\r\n") =>
        new(name, $"POST /api/show?a=%2F HTTP/1.1\r\n{host}{fields}\r\n");
}
