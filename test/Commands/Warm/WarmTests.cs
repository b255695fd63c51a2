using FastGate.Test.Commands.Shared;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Warm;

[TestClass]
public sealed class WarmTests
{
    private const string Load = """POST /api/generate {"model":"MODEL","stream":false}""";
    private const string Pull = """POST /api/pull {"model":"MODEL","stream":true}""";

    [TestMethod]
    public async Task InstalledModel_IsOnlyLoaded()
    {
        await using StandInOllama ollama = await StartAsync("qwen3:8b");
        CliResult result = await WarmAsync(ollama, "qwen3:8b");
        Assert.AreEqual((0, ""), (result.Code, result.Error));
        Assert.Contains("ready   qwen3:8b: loaded in ", result.Out);
        CheckRow(result, "qwen3:8b 4.9 GB installed", "ready");
        await CheckSeenAsync(
            ollama,
            "GET /api/tags",
            Load.Replace("MODEL", "qwen3:8b", StringComparison.Ordinal),
            "GET /api/tags"
        );
    }

    [TestMethod]
    public async Task MissingModel_IsPulledAndLoaded()
    {
        await using StandInOllama ollama = await StartAsync();
        CliResult result = await WarmAsync(ollama, "qwen3");
        Assert.AreEqual(0, result.Code);
        Assert.Contains("ready   qwen3:latest: pulled in ", result.Out);
        CheckRow(result, "qwen3:latest 2.0 GB", "ready");
        await CheckSeenAsync(
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
        await using StandInOllama ollama = await StartAsync("qwen3:latest");
        Assert.AreEqual(0, (await WarmAsync(ollama, "qwen3", "qwen3:latest", "library/qwen3", "QWEN3")).Code);
        Assert.HasCount(3, ollama.Received.All);
    }

    /// <summary>Ollama refuses to generate with such a model before it loads it.</summary>
    [TestMethod]
    public async Task EmbeddingModel_IsLoadedByAnEmbedding()
    {
        await using StandInOllama ollama = await StartAsync("nomic-embed-text:latest");
        ollama.Overrides["/api/generate nomic-embed-text:latest"] = (
            400,
            """{"error":"\"nomic-embed-text:latest\" does not support generate"}"""
        );
        Assert.AreEqual(0, (await WarmAsync(ollama, "nomic-embed-text", "--keep-alive", "1h30m")).Code);
        Assert.Contains(
            """POST /api/embed {"model":"nomic-embed-text:latest","input":"warm","stream":false,"keep_alive":"1h30m"}""",
            await ollama.Received.LinesWithContentAsync()
        );
    }

    [TestMethod]
    [DataRow("-1", "-1")]
    [DataRow("300", "300")]
    [DataRow("24h", "\"24h\"")]
    [DataRow("-1m", "\"-1m\"")]
    public async Task KeepAlive_IsSecondsOrADuration(string text, string json)
    {
        await using StandInOllama ollama = await StartAsync("a:latest");
        Assert.AreEqual(0, (await WarmAsync(ollama, "a", $"--keep-alive={text}")).Code);
        Assert.Contains(
            $$"""POST /api/generate {"model":"a:latest","stream":false,"keep_alive":{{json}}}""",
            await ollama.Received.LinesWithContentAsync()
        );
    }

    [TestMethod]
    [DataRow(
        200,
        """{"error":"pull model manifest: file does not exist"}""",
        "pull model manifest: file does not exist (no model has this name"
    )]
    [DataRow(200, """{"error":"write /x: no space left on device"}""", "no space left on device (free disk space")]
    [DataRow(
        200,
        """{"error":"dial tcp: lookup registry.ollama.ai: no such host"}""",
        "no such host (this machine cannot reach the registry"
    )]
    [DataRow(412, """{"error":"this model requires a newer version of Ollama"}""", "(update Ollama)")]
    [DataRow(500, """{"error":"\u001b[31mred\nline"}""", @"\x1B[31mred\x0Aline")]
    [DataRow(404, "404 page not found", "POST /api/pull returned 404: is the server at 127.0.0.1:")]
    [DataRow(
        200,
        """{"status":"pulling manifest"}""",
        "the connection to Ollama closed before the pull finished; run the same command to resume"
    )]
    [DataRow(200, "<html>", "the connection to Ollama closed before the pull finished")]
    public async Task FailedPull_IsReportedAndOthersContinue(int status, string text, string problem)
    {
        await using StandInOllama ollama = await StartAsync("good:latest");
        ollama.Overrides["/api/pull bad:latest"] = (status, text);
        await CheckFailedAsync(ollama, problem);
    }

    [TestMethod]
    public async Task AbortedPull_IsReportedAndOthersContinue()
    {
        await using StandInOllama ollama = await StartAsync("good:latest");
        ollama.Overrides["/api/pull bad:latest"] = StandInResponse.Cut(
            """{"status":"pulling manifest"}""",
            """{"status":"pulling a","digest":"a","total":10,"completed":5}"""
        );
        // A reset may overtake the bytes sent before it.
        await CheckFailedAsync(ollama, "the connection to Ollama closed before ");
    }

    [TestMethod]
    [DataRow(
        500,
        """{"error":"model requires more system memory (60 GiB) than is available"}""",
        "(use a smaller model"
    )]
    [DataRow(200, """{"error":"llama runner process has terminated"}""", "llama runner process has terminated")]
    [DataRow(400, """{"error":"something else"}""", "something else")]
    [DataRow(200, "<html>", "POST /api/generate returned no JSON: is the server at 127.0.0.1:")]
    public async Task FailedLoad_IsReportedAndOthersContinue(int status, string text, string problem)
    {
        await using StandInOllama ollama = await StartAsync("good:latest", "bad:latest");
        ollama.Overrides["/api/generate bad:latest"] = (status, text);
        await CheckFailedAsync(ollama, problem);
    }

    /// <summary>Regression: a charset that .NET does not know ended the program.</summary>
    [TestMethod]
    [DataRow(200)]
    [DataRow(500)]
    public async Task ResponseInAnUnknownCharset_IsReadAsUtf8(int status)
    {
        await using StandInOllama ollama = await StartAsync("good:latest", "bad:latest");
        ollama.Overrides["/api/generate bad:latest"] = StandInResponse.Whole(
            status,
            "application/json; charset=no-such-one",
            """{"error":"the runner stopped"}"""
        );
        await CheckFailedAsync(ollama, "the runner stopped");
    }

    [TestMethod]
    public async Task AbortedLoad_IsReportedAndOthersContinue()
    {
        await using StandInOllama ollama = await StartAsync("good:latest", "bad:latest");
        ollama.Overrides["/api/generate bad:latest"] = StandInResponse.Cut("{");
        await CheckFailedAsync(ollama, "the connection to Ollama closed before ");
    }

    /// <summary>The gate lists the models, but refuses to pull.</summary>
    [TestMethod]
    public async Task GateInsteadOfOllama_IsRecognized()
    {
        await using StandInOllama ollama = await StartAsync();
        await using RunningGate gate = await RunningGate.StartAsync(ollama.Endpoint, Ways.Best, ["@seed"]);
        CliResult result = await Cli.RunAsync(
            "warm",
            "--config",
            Cli.Empty,
            "--upstream",
            gate.Endpoint.ToString(),
            "qwen3"
        );
        Assert.AreEqual(1, result.Code);
        Assert.Contains("this is a gate: set Ollama's own address with --upstream", result.Out);
    }

    [TestMethod]
    public async Task NoOllama_IsCode2()
    {
        CliResult result = await Cli.RunAsync(
            "warm",
            "--config",
            Cli.Empty,
            "--upstream",
            $"127.0.0.1:{Ports.Free()}",
            "qwen3"
        );
        Assert.AreEqual((2, ""), (result.Code, result.Out));
        Assert.Contains("Ollama does not respond at 127.0.0.1:", result.Error);
        Assert.Contains("start Ollama (ollama serve), or set its address", result.Error);
    }

    [TestMethod]
    [DataRow("a b")]
    [DataRow("--qwen")]
    [DataRow("a\u001b[31m")]
    public async Task InvalidName_IsCode2BeforeAnyRequest(string name)
    {
        await using StandInOllama ollama = await StartAsync();
        CliResult result = await WarmAsync(ollama, "good", name);
        Assert.AreEqual(2, result.Code);
        Assert.DoesNotContain("\u001b", result.Error);
        Assert.IsEmpty(ollama.Received.All);
    }

    [TestMethod]
    public async Task NoModels_IsCode2AndListsTheInstalledOnes()
    {
        await using StandInOllama ollama = await StartAsync("qwen3:8b");
        CliResult result = await WarmAsync(ollama);
        Assert.AreEqual(2, result.Code);
        Assert.EndsWith("Installed models:\n  qwen3:8b  4.9 GB", result.Error);
    }

    [TestMethod]
    [DataRow("soon")]
    [DataRow("1 h")]
    public async Task InvalidKeepAlive_IsCode2(string text)
    {
        await using StandInOllama ollama = await StartAsync();
        Assert.Contains(
            "is not a valid duration: write one such as 30m",
            (await WarmAsync(ollama, "a", $"--keep-alive={text}")).Error
        );
    }

    [TestMethod]
    [TestCategory(Category.Process)]
    [DataRow("INT")]
    [DataRow("TERM")]
    public async Task Signal_StopsThePullAndPrintsHowToResume(string signal)
    {
        await using StandInOllama ollama = await StartAsync();
        ollama.Overrides["/api/pull big:latest"] = new(async exchange =>
        {
            // Only the head of the response.
            await exchange.StreamAsync(Json.NdJson, [(false, "")]);
            await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Aborted);
        });
        await using ChildProcess warm = ChildProcess.Start(
            SourceTree.Program,
            ["warm", "--config", Cli.Empty, "--upstream", ollama.Endpoint.ToString(), "big", "other"]
        );
        Assert.AreEqual("big:latest: pulling", await warm.ReadLineAsync());
        ReceivedRequest pull = await ollama.Received.WaitForAsync(request => request.Target == "/api/pull");
        Signal.Send(warm.Id, signal);
        await pull.Aborted.WithinDeadline();
        (int code, string output, string errors) = await warm.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((1, ""), (code, errors));
        Assert.Contains("Stopped. Pulled data is kept: run the same command to resume.", output);
        Assert.Contains("not started", output);
        Assert.DoesNotContain("FAILED", output);
    }

    private static async Task<StandInOllama> StartAsync(params string[] models)
    {
        StandInOllama ollama = await StandInOllama.StartAsync();
        ollama.Installed.Clear();
        foreach (string model in models)
            ollama.Installed.Enqueue((model, 4_900_000_000));
        return ollama;
    }

    private static async Task CheckFailedAsync(StandInOllama ollama, string problem)
    {
        CliResult result = await WarmAsync(ollama, "bad", "good");
        Assert.AreEqual((1, ""), (result.Code, result.Error));
        Assert.Contains("FAILED  bad:latest: ", result.Out);
        Assert.Contains(problem, result.Out);
        Assert.DoesNotContain("\u001b", result.Out);
        CheckRow(result, "bad:latest", "failed");
        CheckRow(result, "good:latest 4.9 GB installed", "ready");
    }

    private static Task<CliResult> WarmAsync(StandInOllama ollama, params string[] words) =>
        Cli.RunAsync(["warm", "--config", Cli.Empty, "--upstream", ollama.Endpoint.ToString(), .. words]);

    private static async Task CheckSeenAsync(StandInOllama ollama, params string[] requests) =>
        Assert.AreEqual(string.Join('\n', requests), string.Join('\n', await ollama.Received.LinesWithContentAsync()));

    // Compares a row of the table without the times in it.
    private static void CheckRow(CliResult result, string begin, string end)
    {
        IEnumerable<string> rows = result
            .Out.Split('\n')
            .Select(row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.IsTrue(
            rows.Any(row =>
                row.StartsWith(begin + " ", StringComparison.Ordinal)
                && row.EndsWith(" " + end, StringComparison.Ordinal)
            ),
            result.Out
        );
    }
}
