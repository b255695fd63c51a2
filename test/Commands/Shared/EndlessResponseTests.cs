using System.Diagnostics;
using System.Net;
using FastGate.Host;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Shared;

/// <summary>
/// A response to a verb may never end. Regression: an endless <c>/api/version</c> took <c>status</c> to 6 GB of memory,
/// <c>warm</c> to 7 and <c>doctor</c> to 9, also when another machine sent it.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class EndlessResponseTests
{
    private const long AllocatedMax = 64 << 20;

    // 64 MiB in hexadecimal. A .NET program that needs more exits with another code and message.
    private const string HeapMax = "4000000";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static IEnumerable<object[]> Kinds => EndlessServer.Kinds.Select(kind => (object[])[kind]);

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public Task Probe_ReadsNoMoreThanItsLimit(string kind) =>
        CheckAsync(
            kind,
            async (endPoint, _) =>
            {
                using HttpProbe probe = new();
                ProbeResponse? answer = await probe.SendAsync(endPoint, "GET", "/api/version");
                Assert.AreEqual(0, answer?.Status ?? 0);
                return answer?.IsTooLong ?? false;
            }
        );

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public Task Doctor_ReadsNoMoreThanItsLimit(string kind) =>
        CheckAsync(
            kind,
            async (endPoint, late) =>
            {
                using HttpProbe probe = new();
                ProbeResponse response = await probe.SendAsync(
                    ProbeTarget.At(endPoint),
                    "GET",
                    "/api/version",
                    null,
                    late
                );
                Assert.AreEqual((0, true), (response.Status, response.IsAccepted));
                return response.Problem == "the response is too long";
            }
        );

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public Task DoctorsStream_ReadsNoMoreThanItsLimit(string kind) =>
        CheckAsync(
            kind,
            async (endPoint, late) =>
            {
                using HttpProbe probe = new();
                ProbeStream stream = await probe.StreamAsync(
                    ProbeTarget.At(endPoint),
                    "/v1/chat/completions",
                    "{}",
                    late
                );
                Assert.AreEqual(0, stream.Response.Status);
                return stream.Response.Problem == "the response is too long";
            }
        );

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public Task DoctorsRawProbe_ReadsNoMoreThanItsLimit(string kind) =>
        CheckAsync(
            kind,
            async (endPoint, late) =>
            {
                await RawProbe.SendAsync(
                    ProbeTarget.At(endPoint),
                    "GET /api/version HTTP/1.1\r\nHost: a\r\n\r\n",
                    connected: null,
                    late
                );
                return true;
            }
        );

    /// <summary>A slow response is ended by the timeout; memory must not grow until then.</summary>
    [TestMethod]
    [TestCategory(Category.Process)]
    [DataRow("content", "/", "is the server at ")]
    [DataRow("length", "/api/tags", "GET /api/tags: the response is too long")]
    [DataRow("chunks", "/api/tags", "GET /api/tags: the response is too long")]
    [DataRow("head", "/api/tags", "GET /api/tags: the response is too long")]
    [DataRow("interim", "/api/tags", "GET /api/tags: the response is too long")]
    [DataRow("line", "/api/pull", "POST /api/pull: the response is too long")]
    [DataRow("chunks", "/api/pull", "POST /api/pull: the response is too long")]
    [DataRow("head", "/api/pull", "POST /api/pull: the response is too long")]
    public async Task Warm_ReportsAnEndlessResponse(string kind, string path, string expected)
    {
        using EndlessServer server = new(kind, path);
        await using ChildProcess warm = Start("warm", "--upstream", $"{server.EndPoint}", "a");
        (int code, string output, string errors) = await warm.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(path == "/api/pull" ? 1 : 2, code, output + errors);
        Assert.Contains(expected, output + errors);
    }

    /// <summary>A pull may take days, so it is limited only in memory, and stops at the first signal.</summary>
    [TestMethod]
    [TestCategory(Category.Process)]
    [DataRow("TERM", "lines", "/api/pull")]
    [DataRow("INT", "lines", "/api/pull")]
    public async Task Warm_StopsAtASignal(string signal, string kind, string path)
    {
        using EndlessServer server = new(kind, path);
        await using ChildProcess warm = Start("warm", "--upstream", $"{server.EndPoint}", "a");
        await Until.HoldsAsync(() => server.Sent > 8 << 20, "warm reads");
        Signal.Send(warm.Id, signal);
        (int code, string output, string errors) = await warm.EndAsync(StepDeadline.Longest);
        Assert.IsGreaterThan(0, code);
        Assert.Contains("topped", output + errors);
    }

    [TestMethod]
    [TestCategory(Category.Process)]
    public async Task Status_ReportsAnEndlessResponse()
    {
        using EndlessServer server = new("content");
        using GateProcess gate = GateProcess.Start(
            "--config",
            Cli.Empty,
            "--listen",
            $"127.0.0.1:{Ports.Free()}",
            "--upstream",
            $"{server.EndPoint}",
            "--access-log",
            "off"
        );
        gate.WaitFor("Upstream: ");
        await using ChildProcess status = Start("status", "--socket", gate.MetricsSocket);
        (int code, string output, string errors) = await status.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((0, ""), (code, errors));
        Assert.Contains("sends an endless response", output);
    }

    private static ChildProcess Start(string verb, params string[] words) =>
        ChildProcess.Start(
            SourceTree.Program,
            verb == "warm" ? [verb, "--config", Cli.Empty, .. words] : [verb, .. words],
            null,
            ("DOTNET_GCHeapHardLimit", HeapMax)
        );

    /// <param name="kind">Kind of response.</param>
    /// <param name="read">Returns whether it found the response too long; otherwise it must time out.</param>
    private static async Task CheckAsync(string kind, Func<IPEndPoint, CancellationToken, Task<bool>> read)
    {
        using EndlessServer server = new(kind);
        using CancellationTokenSource late = new(Timeout);
        long began = Stopwatch.GetTimestamp();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        bool isTooLong;
        try
        {
            isTooLong = await read(server.EndPoint, late.Token).WithinDeadline();
        }
        catch (OperationCanceledException)
        {
            isTooLong = false;
        }
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.IsLessThan(Timeout + StepDeadline.Longest, Stopwatch.GetElapsedTime(began));
        Assert.IsTrue(isTooLong || kind is "trailers" or "chunk-line", $"{kind} was not found to be too long");
        Assert.IsLessThan(AllocatedMax, allocated, kind);
    }
}
