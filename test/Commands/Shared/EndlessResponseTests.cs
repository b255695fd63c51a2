using System.Diagnostics;
using System.Net;
using FastGate.Host;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Shared;

/// <summary>
/// Whatever answers a verb may do so without end. An endless <c>/api/version</c> once took <c>status</c> to 6 GB of
/// memory, <c>warm</c> to 7 and <c>doctor</c> to 9, also for a machine elsewhere.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class EndlessResponseTests
{
    private const long AllocatedMax = 64 << 20;

    // In hexadecimal: 64 MiB. A program of .NET that would need more ends with another code and another sentence.
    private const string HeapMax = "4000000";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static IEnumerable<object[]> Kinds => EndlessOllama.Kinds.Select(kind => (object[])[kind]);

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public Task Probe_TakesNoMoreThanItsLimit(string kind) =>
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
    public Task Doctor_TakesNoMoreThanItsLimit(string kind) =>
        CheckAsync(
            kind,
            async (endPoint, late) =>
            {
                using HttpProbe probe = new();
                ProbeResponse heard = await probe.SendAsync(
                    ProbeTarget.At(endPoint),
                    "GET",
                    "/api/version",
                    null,
                    late
                );
                Assert.AreEqual((0, true), (heard.Status, heard.IsAccepted));
                return heard.Problem == "the response is too long";
            }
        );

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public Task DoctorsStream_TakesNoMoreThanItsLimit(string kind) =>
        CheckAsync(
            kind,
            async (endPoint, late) =>
            {
                using HttpProbe probe = new();
                ProbeStream heard = await probe.StreamAsync(
                    ProbeTarget.At(endPoint),
                    "/v1/chat/completions",
                    "{}",
                    late
                );
                Assert.AreEqual(0, heard.Response.Status);
                return heard.Response.Problem == "the response is too long";
            }
        );

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public Task DoctorsBytes_TakeNoMoreThanTheirLimit(string kind) =>
        CheckAsync(
            kind,
            async (endPoint, late) =>
            {
                await RawProbe.SendAsync(
                    ProbeTarget.At(endPoint),
                    "GET /api/version HTTP/1.1\r\nHost: a\r\n\r\n",
                    late
                );
                return true;
            }
        );

    /// <summary>What lasts is ended by the check's own time; memory must not grow meanwhile.</summary>
    [TestMethod]
    [DataRow("content", "/", "is this an Ollama")]
    [DataRow("length", "/api/tags", "GET /api/tags: the response is too long")]
    [DataRow("chunks", "/api/tags", "GET /api/tags: the response is too long")]
    [DataRow("head", "/api/tags", "GET /api/tags: the response is too long")]
    [DataRow("interim", "/api/tags", "GET /api/tags: the response is too long")]
    [DataRow("line", "/api/pull", "POST /api/pull: the response is too long")]
    [DataRow("chunks", "/api/pull", "POST /api/pull: the response is too long")]
    [DataRow("head", "/api/pull", "POST /api/pull: the response is too long")]
    public async Task Warm_SaysThatItIsTooLong(string kind, string path, string says)
    {
        using EndlessOllama ollama = new(kind, path);
        await using ChildProcess warm = Start("warm", "--upstream", $"{ollama.EndPoint}", "a");
        (int code, string output, string faults) = await warm.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(path == "/api/pull" ? 1 : 2, code, output + faults);
        Assert.Contains(says, output + faults);
    }

    /// <summary>A pull may last for days, so it has no limit but in memory, and ends with the first signal.</summary>
    [TestMethod]
    [DataRow("TERM", "lines", "/api/pull")]
    [DataRow("INT", "lines", "/api/pull")]
    public async Task Warm_EndsWithASignal(string signal, string kind, string path)
    {
        using EndlessOllama ollama = new(kind, path);
        await using ChildProcess warm = Start("warm", "--upstream", $"{ollama.EndPoint}", "a");
        await Until.HoldsAsync(() => ollama.Sent > 8 << 20, "it reads");
        Signal.Send(warm.Id, signal);
        (int code, string output, string faults) = await warm.EndAsync(StepDeadline.Longest);
        Assert.IsGreaterThan(0, code);
        Assert.Contains("topped", output + faults);
    }

    [TestMethod]
    public async Task Status_SaysThatItIsTooLong()
    {
        using EndlessOllama ollama = new("content");
        using GateProcess gate = GateProcess.Start(
            "--config",
            Words.Empty,
            "--listen",
            $"127.0.0.1:{GateProcess.FreePort()}",
            "--upstream",
            $"{ollama.EndPoint}",
            "--access-log",
            "off"
        );
        gate.WaitFor("Upstream: ");
        await using ChildProcess status = Start("status", "--socket", gate.MetricsSocket);
        (int code, string output, string faults) = await status.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((0, ""), (code, faults));
        Assert.Contains("its response is too long", output);
    }

    private static ChildProcess Start(string verb, params string[] words) =>
        ChildProcess.Start(
            SourceTree.Program,
            verb == "warm" ? [verb, "--config", Words.Empty, .. words] : [verb, .. words],
            null,
            ("DOTNET_GCHeapHardLimit", HeapMax)
        );

    /// <param name="kind">Of the response.</param>
    /// <param name="ask">Whether it was found to be too long; if not, it has to have been given up.</param>
    private static async Task CheckAsync(string kind, Func<IPEndPoint, CancellationToken, Task<bool>> ask)
    {
        using EndlessOllama ollama = new(kind);
        using CancellationTokenSource late = new(Patience);
        long began = Stopwatch.GetTimestamp();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        bool isSeen;
        try
        {
            isSeen = await ask(ollama.EndPoint, late.Token).WithinDeadline();
        }
        catch (OperationCanceledException)
        {
            isSeen = false;
        }
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.IsLessThan(Patience + StepDeadline.Longest, Stopwatch.GetElapsedTime(began));
        Assert.IsTrue(isSeen || kind is "trailers" or "chunk-line", $"{kind} was not found to be too long");
        Assert.IsLessThan(AllocatedMax, allocated, kind);
    }
}
