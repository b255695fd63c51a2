using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Warm;

[TestClass]
public sealed class WarmTests
{
    private const string Load = """POST /api/generate {"model":"MODEL","stream":false}""";
    private const string Pull = """POST /api/pull {"model":"MODEL","stream":true}""";

    [TestMethod]
    public async Task ModelThatIsThere_IsOnlyLoaded()
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("qwen3:8b");
        Answer answer = await WarmAsync(ollama, "qwen3:8b");
        Assert.AreEqual((0, ""), (answer.Code, answer.Error));
        Assert.Contains("ready   qwen3:8b: loaded in ", answer.Out);
        CheckRow(answer, "qwen3:8b 4.9 GB was there", "ready");
        CheckSeen(
            ollama,
            "GET /api/tags",
            Load.Replace("MODEL", "qwen3:8b", StringComparison.Ordinal),
            "GET /api/tags"
        );
    }

    [TestMethod]
    public async Task MissingModel_IsPulledAndLoaded()
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync();
        Answer answer = await WarmAsync(ollama, "qwen3");
        Assert.AreEqual(0, answer.Code);
        Assert.Contains("ready   qwen3:latest: pulled in ", answer.Out);
        CheckRow(answer, "qwen3:latest 2.0 GB", "ready");
        CheckSeen(
            ollama,
            "GET /api/tags",
            Pull.Replace("MODEL", "qwen3:latest", StringComparison.Ordinal),
            Load.Replace("MODEL", "qwen3:latest", StringComparison.Ordinal),
            "GET /api/tags"
        );
    }

    [TestMethod]
    public async Task ModelNamedTwice_IsWarmedOnce()
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("qwen3:latest");
        Assert.AreEqual(0, (await WarmAsync(ollama, "qwen3", "qwen3:latest", "library/qwen3", "QWEN3")).Code);
        Assert.HasCount(3, ollama.Seen);
    }

    /// <summary>Ollama refuses to generate with it, before it loads anything.</summary>
    [TestMethod]
    public async Task ModelOfEmbeddings_IsLoadedByAnEmbedding()
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("nomic-embed-text:latest");
        ollama.Loads["nomic-embed-text:latest"] = PullingOllama.Says(
            400,
            """{"error":"\"nomic-embed-text:latest\" does not support generate"}"""
        );
        Assert.AreEqual(0, (await WarmAsync(ollama, "nomic-embed-text", "--keep-alive", "1h30m")).Code);
        Assert.Contains(
            """POST /api/embed {"model":"nomic-embed-text:latest","input":"warm","stream":false,"keep_alive":"1h30m"}""",
            ollama.Seen
        );
    }

    [TestMethod]
    [DataRow("-1", "-1")]
    [DataRow("300", "300")]
    [DataRow("24h", "\"24h\"")]
    [DataRow("-1m", "\"-1m\"")]
    public async Task KeepAlive_IsSecondsOrADuration(string text, string json)
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("a:latest");
        Assert.AreEqual(0, (await WarmAsync(ollama, "a", $"--keep-alive={text}")).Code);
        Assert.Contains(
            $$"""POST /api/generate {"model":"a:latest","stream":false,"keep_alive":{{json}}}""",
            ollama.Seen
        );
    }

    [TestMethod]
    [DataRow(
        200,
        """{"error":"pull model manifest: file does not exist"}""",
        "pull model manifest: file does not exist (there is no model of this name"
    )]
    [DataRow(200, """{"error":"write /x: no space left on device"}""", "no space left on device (make room")]
    [DataRow(
        200,
        """{"error":"dial tcp: lookup registry.ollama.ai: no such host"}""",
        "no such host (this machine does not reach the registry"
    )]
    [DataRow(412, """{"error":"this model requires a newer version of Ollama"}""", "(update Ollama)")]
    [DataRow(500, """{"error":"\u001b[31mred\nline"}""", @"\x1B[31mred\x0Aline")]
    [DataRow(404, "404 page not found", "POST /api/pull is answered with 404: is this an Ollama")]
    [DataRow(
        200,
        """{"status":"pulling manifest"}""",
        "the connection to Ollama ended before the pull did; the same command goes on from there"
    )]
    [DataRow(200, "<html>", "the connection to Ollama ended before the pull did")]
    public async Task PullThatFails_IsSaidAndTheOthersGoOn(int status, string text, string problem)
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("good:latest");
        ollama.Pulls["bad:latest"] = PullingOllama.Says(status, text);
        await CheckFailedAsync(ollama, problem);
    }

    [TestMethod]
    public async Task PullThatIsCutOff_IsSaidAndTheOthersGoOn()
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("good:latest");
        ollama.Pulls["bad:latest"] = PullingOllama.Cut(
            """{"status":"pulling manifest"}""",
            """{"status":"pulling a","digest":"a","total":10,"completed":5}"""
        );
        // A reset may overtake what was sent before it.
        await CheckFailedAsync(ollama, "the connection to Ollama ended before ");
    }

    [TestMethod]
    [DataRow(
        500,
        """{"error":"model requires more system memory (60 GiB) than is available"}""",
        "(take a smaller model"
    )]
    [DataRow(200, """{"error":"llama runner process has terminated"}""", "llama runner process has terminated")]
    [DataRow(400, """{"error":"something else"}""", "something else")]
    [DataRow(200, "<html>", "POST /api/generate is answered with no JSON: is this an Ollama at 127.0.0.1:")]
    public async Task LoadThatFails_IsSaidAndTheOthersGoOn(int status, string text, string problem)
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("good:latest", "bad:latest");
        ollama.Loads["bad:latest"] = PullingOllama.Says(status, text);
        await CheckFailedAsync(ollama, problem);
    }

    /// <summary>A charset that .NET does not know once ended the program.</summary>
    [TestMethod]
    [DataRow(200)]
    [DataRow(500)]
    public async Task AnswerInAnUnknownCharset_IsReadAsUtf8(int status)
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("good:latest", "bad:latest");
        ollama.Loads["bad:latest"] = context =>
        {
            context.Response.ContentType = "application/json; charset=no-such-one";
            return PullingOllama.Says(status, """{"error":"so it is said"}""")(context);
        };
        await CheckFailedAsync(ollama, "so it is said");
    }

    [TestMethod]
    public async Task LoadThatIsCutOff_IsSaidAndTheOthersGoOn()
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("good:latest", "bad:latest");
        ollama.Loads["bad:latest"] = PullingOllama.Cut("{");
        await CheckFailedAsync(ollama, "the connection to Ollama ended before ");
    }

    /// <summary>The gate shows the models, and refuses to pull.</summary>
    [TestMethod]
    public async Task GateInPlaceOfOllama_IsRecognised()
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync();
        await using RunningGate gate = await RunningGate.StartAsync(ollama.Endpoint, Ways.Best, ["@seed"]);
        Answer answer = await Words.RunAsync(
            "warm",
            "--config",
            Words.Empty,
            "--upstream",
            gate.Endpoint.ToString(),
            "qwen3"
        );
        Assert.AreEqual(1, answer.Code);
        Assert.Contains("this is a gate: name Ollama itself with --upstream", answer.Out);
    }

    [TestMethod]
    public async Task NoOllama_IsCode2()
    {
        Answer answer = await Words.RunAsync(
            "warm",
            "--config",
            Words.Empty,
            "--upstream",
            $"127.0.0.1:{Ports.Free()}",
            "qwen3"
        );
        Assert.AreEqual((2, ""), (answer.Code, answer.Out));
        Assert.Contains("Ollama does not answer at 127.0.0.1:", answer.Error);
        Assert.Contains("start it (ollama serve), or say where it is", answer.Error);
    }

    [TestMethod]
    [DataRow("a b")]
    [DataRow("--qwen")]
    [DataRow("a\u001b[31m")]
    public async Task BadName_IsCode2BeforeAnythingIsAsked(string name)
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync();
        Answer answer = await WarmAsync(ollama, "good", name);
        Assert.AreEqual(2, answer.Code);
        Assert.DoesNotContain("\u001b", answer.Error);
        Assert.IsEmpty(ollama.Seen);
    }

    [TestMethod]
    public async Task NoModels_IsCode2AndShowsWhatThereIs()
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync("qwen3:8b");
        Answer answer = await WarmAsync(ollama);
        Assert.AreEqual(2, answer.Code);
        Assert.EndsWith("Ollama has these:\n  qwen3:8b  4.9 GB", answer.Error);
    }

    [TestMethod]
    [DataRow("soon")]
    [DataRow("1 h")]
    public async Task BadKeepAlive_IsCode2(string text)
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync();
        Assert.Contains(
            "is no time: write one such as 30m",
            (await WarmAsync(ollama, "a", $"--keep-alive={text}")).Error
        );
    }

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    public async Task Stopped_EndsThePullAndSaysThatItGoesOn(string signal)
    {
        await using PullingOllama ollama = await PullingOllama.StartAsync();
        TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ollama.Pulls["big:latest"] = async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await context.Response.Body.FlushAsync();
            await aborted.Task;
        };
        await using ChildProcess warm = ChildProcess.Start(
            SourceTree.Program,
            ["warm", "--config", Words.Empty, "--upstream", ollama.Endpoint.ToString(), "big", "other"]
        );
        Assert.AreEqual("big:latest: pulling", await warm.ReadLineAsync());
        Signal.Send(warm.Id, signal);
        await aborted.Task.WithinDeadline();
        (int code, string output, string faults) = await warm.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((1, ""), (code, faults));
        Assert.Contains("Stopped. What was pulled is kept: the same command goes on from there.", output);
        Assert.Contains("not begun", output);
        Assert.DoesNotContain("FAILED", output);
    }

    private static async Task CheckFailedAsync(PullingOllama ollama, string problem)
    {
        Answer answer = await WarmAsync(ollama, "bad", "good");
        Assert.AreEqual((1, ""), (answer.Code, answer.Error));
        Assert.Contains("FAILED  bad:latest: ", answer.Out);
        Assert.Contains(problem, answer.Out);
        Assert.DoesNotContain("\u001b", answer.Out);
        CheckRow(answer, "bad:latest", "failed");
        CheckRow(answer, "good:latest 4.9 GB was there", "ready");
    }

    private static Task<Answer> WarmAsync(PullingOllama ollama, params string[] words) =>
        Words.RunAsync(["warm", "--config", Words.Empty, "--upstream", ollama.Endpoint.ToString(), .. words]);

    private static void CheckSeen(PullingOllama ollama, params string[] requests) =>
        Assert.AreEqual(string.Join('\n', requests), string.Join('\n', ollama.Seen));

    // The row of the table, without the times in it.
    private static void CheckRow(Answer answer, string begin, string end)
    {
        IEnumerable<string> rows = answer
            .Out.Split('\n')
            .Select(row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.IsTrue(
            rows.Any(row =>
                row.StartsWith(begin + " ", StringComparison.Ordinal)
                && row.EndsWith(" " + end, StringComparison.Ordinal)
            ),
            answer.Out
        );
    }
}
