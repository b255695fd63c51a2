using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>Valid requests arrive completely and in order, and the connection stays open after them.</summary>
[TestClass]
public sealed class PlainStreamTests
{
    [TestMethod, EveryWay]
    public Task Whole_Arrives(Way way) => Check(way, Pieces.Whole);

    [TestMethod, EveryWay]
    public Task ByteByByte_Arrives(Way way) => Check(way, Pieces.ByteByByte);

    private static async Task Check(Way way, Pieces pieces)
    {
        await using var ollama = await GoOllama.StartAsync();
        await using var entrance = await Entrance.OpenAsync(way, ollama.Endpoint, "@seed");
        foreach (var stream in PlainStreams.All())
        {
            var responses = await StreamRun.SendAsync(entrance.Endpoint, [stream.Text], pieces);
            Assert.IsTrue(
                StreamRun.TailArrived(responses),
                $"{stream.Name}: the tail request got no response: {Encoding.Latin1.GetString(responses)}"
            );

            var reports = await ollama.SyncAsync();
            var arrived = reports
                .SkipLast(1)
                .Select(report => (report.Method, report.RequestUri, report.ContentSha256));
            var expected = stream.Arrives.Select(request =>
                (request.Method, request.Target, Hash.OfLatin1(request.Content))
            );
            CollectionAssert.AreEqual(expected.ToArray(), arrived.ToArray(), stream.Name);
            // The gate has checked the name and sends one that Ollama accepts.
            if (way != Way.Direct)
                Assert.IsTrue(
                    reports.All(report => report.Host == $"localhost:{ollama.Endpoint.Port}"),
                    $"{stream.Name}: Host"
                );
        }
    }
}
