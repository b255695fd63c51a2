using FastGate.Commands.Shared;

namespace FastGate.Commands.Warm;

/// <summary>Pulls and loads models one after the other, and continues after one that fails.</summary>
internal sealed class WarmRun(
    Terminal terminal,
    IWarmView view,
    OllamaClient ollama,
    KeepAlive? keepAlive,
    TimeProvider time
)
{
    private const string Stopped = "stopped";
    private const string NotStarted = "not started";

    // Short, because no one waits for model sizes after Ctrl-C.
    private static readonly TimeSpan SizesTimeoutAfterStop = TimeSpan.FromSeconds(1);

    /// <returns>Whether every model is loaded.</returns>
    public async Task<bool> RunAsync(
        IReadOnlyList<string> models,
        IReadOnlyList<InstalledModel> installed,
        CancellationToken cancellationToken
    )
    {
        HashSet<string> installedNames = new(installed.Select(model => model.Name), ModelName.Comparer);
        List<WarmResult> results = [];
        foreach (string model in models)
        {
            WarmResult result = cancellationToken.IsCancellationRequested
                ? new WarmResult(model, null, null, NotStarted)
                : await WarmAsync(model, installedNames.Contains(model), cancellationToken);
            results.Add(result);
            if (!cancellationToken.IsCancellationRequested || result.Loaded is not null)
                Report(result);
        }
        await SummarizeAsync(results, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
            terminal.Line($"{Palette.Caution("Stopped.")} Pulled data is kept: run the same command to resume.");
        return results.TrueForAll(result => result.Problem is null);
    }

    private async Task<WarmResult> WarmAsync(string model, bool isInstalled, CancellationToken cancellationToken)
    {
        TimeSpan? pulled = null;
        try
        {
            long began = time.GetTimestamp();
            if (!isInstalled)
            {
                PullProgress progress = new(time);
                await ShowAsync(
                    PullAsync(model, progress, cancellationToken),
                    pull => view.PullAsync(model, progress, pull)
                );
                pulled = time.GetElapsedTime(began);
                began = time.GetTimestamp();
            }
            await ShowAsync(ollama.LoadAsync(model, keepAlive, cancellationToken), load => view.LoadAsync(model, load));
            return new WarmResult(model, pulled, time.GetElapsedTime(began), null);
        }
        catch (OllamaException exception)
        {
            string cure = WarmCures.For(exception.Message) is { } text ? $" ({text})" : "";
            return new WarmResult(model, pulled, null, TerminalText.Sentence(exception.Message) + cure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new WarmResult(model, pulled, null, Stopped);
        }
    }

    private async Task PullAsync(string model, PullProgress progress, CancellationToken cancellationToken)
    {
        await foreach (PullLine line in ollama.PullAsync(model, cancellationToken))
            progress.Add(line);
    }

    private static async Task ShowAsync(Task work, Func<Task, Task> show)
    {
        await show(work);
        await work;
    }

    private void Report(WarmResult result)
    {
        string name = Terminal.Plain(result.Model);
        if (result.Problem is { } problem)
        {
            terminal.Line($"{Palette.Bad("FAILED")}  {name}: {Terminal.Plain(problem)}");
            return;
        }
        string pulled = result.Pulled is { } time ? $"pulled in {TextFormat.Duration(time)}, " : "";
        terminal.Line($"{Palette.Good("ready")}   {name}: {pulled}loaded in {Seconds(result.Loaded)}");
    }

    private async Task SummarizeAsync(List<WarmResult> results, CancellationToken cancellationToken)
    {
        Dictionary<string, long> sizes = await SizesAsync(cancellationToken);
        terminal.Line("");
        terminal.Rows(
            ["MODEL", "SIZE", "PULL", "LOAD", "RESULT"],
            results.Select(result =>
                (string[])
                    [
                        result.Model,
                        sizes.TryGetValue(result.Model, out long bytes) ? TextFormat.Bytes(bytes) : "-",
                        result.Pulled is { } pulled ? TextFormat.Duration(pulled)
                        : result.Loaded is null ? "-"
                        : "installed",
                        Seconds(result.Loaded),
                        result.Problem is null ? "ready"
                        : result.Problem is Stopped or NotStarted ? result.Problem
                        : "failed",
                    ]
            )
        );
    }

    private async Task<Dictionary<string, long>> SizesAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = cancellationToken.IsCancellationRequested
            ? new CancellationTokenSource(SizesTimeoutAfterStop, time)
            : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            IReadOnlyList<InstalledModel> models = await ollama.ModelsAsync(timeout.Token);
            return models
                .DistinctBy(model => model.Name, ModelName.Comparer)
                .ToDictionary(model => model.Name, model => model.Bytes, ModelName.Comparer);
        }
        catch (Exception exception) when (exception is OllamaException or OperationCanceledException)
        {
            // Ollama is gone or the time is up: the results already show that, so only the sizes are missing.
            return new Dictionary<string, long>(ModelName.Comparer);
        }
    }

    private static string Seconds(TimeSpan? time) => TextFormat.Time(time?.TotalSeconds);
}

/// <summary>The result for one model.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Pulled">Time of the pull; null if the model was not pulled.</param>
/// <param name="Loaded">Time of the load; null if the model is not loaded.</param>
/// <param name="Problem">Why it failed, safe for a terminal; null if it succeeded.</param>
internal sealed record WarmResult(string Model, TimeSpan? Pulled, TimeSpan? Loaded, string? Problem);

/// <summary>Cures for Ollama's most common errors.</summary>
internal static class WarmCures
{
    private static readonly (string Error, string Cure)[] Known =
    [
        ("no space left", "free disk space: ollama list shows the installed models, ollama rm MODEL removes one"),
        ("file does not exist", "no model has this name and tag: see https://ollama.com/search"),
        ("not found", "no model has this name and tag: see https://ollama.com/search"),
        ("newer version of Ollama", "update Ollama"),
        ("requires a newer version", "update Ollama"),
        (
            "requires more system memory",
            "use a smaller model or quantization, or stop other models: ollama ps, ollama stop MODEL"
        ),
        ("no such host", "this machine cannot reach the registry: check its network and DNS, then try again"),
        ("network is unreachable", "this machine cannot reach the registry: check its network, then try again"),
        ("dial tcp", "this machine cannot reach the registry: check its network, then try again"),
        ("i/o timeout", "the registry does not respond: run the same command to resume"),
        ("max retries exceeded", "the registry does not respond: run the same command to resume"),
        ("FastGate", "this is a gate: set Ollama's own address with --upstream, or \"upstream\" in the config"),
        (
            "not on the allowlist",
            "this is a gate: set Ollama's own address with --upstream, or \"upstream\" in the config"
        ),
    ];

    /// <summary>Returns the cure for an error, or null if none is known.</summary>
    public static string? For(string error) =>
        Known.FirstOrDefault(known => error.Contains(known.Error, StringComparison.OrdinalIgnoreCase)).Cure;
}
