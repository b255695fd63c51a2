using FastGate.Commands.Shared;

namespace FastGate.Commands.Warm;

/// <summary>Makes models ready, one after the other, past those that fail.</summary>
internal sealed class WarmRun(
    Terminal terminal,
    IWarmView view,
    OllamaClient ollama,
    KeepAlive? keepAlive,
    TimeProvider time
)
{
    private const string Stopped = "stopped";

    // Whoever has stopped waits for no figures.
    private static readonly TimeSpan SizesAfterStop = TimeSpan.FromSeconds(1);

    /// <returns>Whether all of them are loaded.</returns>
    public async Task<bool> RunAsync(
        IReadOnlyList<string> models,
        IReadOnlyList<InstalledModel> installed,
        CancellationToken cancellationToken
    )
    {
        HashSet<string> there = new(installed.Select(model => model.Name), ModelName.Comparer);
        List<WarmResult> results = [];
        foreach (string model in models)
        {
            WarmResult result = cancellationToken.IsCancellationRequested
                ? new WarmResult(model, null, null, "not begun")
                : await WarmAsync(model, there.Contains(model), cancellationToken);
            results.Add(result);
            if (!cancellationToken.IsCancellationRequested || result.Loaded is not null)
                Tell(result);
        }
        await SummarizeAsync(results, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
            terminal.Line("[yellow]Stopped.[/] What was pulled is kept: the same command goes on from there.");
        return results.TrueForAll(result => result.Problem is null);
    }

    private async Task<WarmResult> WarmAsync(string model, bool isThere, CancellationToken cancellationToken)
    {
        TimeSpan? pulled = null;
        try
        {
            long began = time.GetTimestamp();
            if (!isThere)
            {
                PullProgress progress = new(time);
                await ShownAsync(
                    PullAsync(model, progress, cancellationToken),
                    pull => view.PullAsync(model, progress, pull)
                );
                pulled = time.GetElapsedTime(began);
                began = time.GetTimestamp();
            }
            await ShownAsync(
                ollama.LoadAsync(model, keepAlive, cancellationToken),
                load => view.LoadAsync(model, load)
            );
            return new WarmResult(model, pulled, time.GetElapsedTime(began), null);
        }
        catch (OllamaException no)
        {
            string cure = WarmCures.For(no.Message) is { } what ? $" ({what})" : "";
            return new WarmResult(model, pulled, null, TerminalText.Sentence(no.Message) + cure);
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

    private static async Task ShownAsync(Task work, Func<Task, Task> show)
    {
        await show(work);
        await work;
    }

    private void Tell(WarmResult result)
    {
        string name = Terminal.Plain(result.Model);
        if (result.Problem is { } problem)
        {
            terminal.Line($"[red]FAILED[/]  {name}: {Terminal.Plain(problem)}");
            return;
        }
        string pulled = result.Pulled is { } time ? $"pulled in {Amount.Time(time)}, " : "";
        terminal.Line($"[green]ready[/]   {name}: {pulled}loaded in {Seconds(result.Loaded)}");
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
                        sizes.TryGetValue(result.Model, out long bytes) ? Amount.Bytes(bytes) : "-",
                        result.Pulled is { } pulled ? Amount.Time(pulled)
                        : result.Loaded is null ? "-"
                        : "was there",
                        Seconds(result.Loaded),
                        result.Problem is null ? "ready"
                        : result.Problem is Stopped or "not begun" ? result.Problem
                        : "failed",
                    ]
            )
        );
    }

    private async Task<Dictionary<string, long>> SizesAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = cancellationToken.IsCancellationRequested
            ? new CancellationTokenSource(SizesAfterStop, time)
            : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            IReadOnlyList<InstalledModel> models = await ollama.ModelsAsync(late.Token);
            return models
                .DistinctBy(model => model.Name, ModelName.Comparer)
                .ToDictionary(model => model.Name, model => model.Bytes, ModelName.Comparer);
        }
        catch (Exception silence) when (silence is OllamaException or OperationCanceledException)
        {
            // It went away, or there is no time for it, which the results tell already.
            return new Dictionary<string, long>(ModelName.Comparer);
        }
    }

    private static string Seconds(TimeSpan? time) => Amount.Milliseconds(time?.TotalMilliseconds);
}

/// <summary>What became of one model.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Pulled">How long that took; null if it was there.</param>
/// <param name="Loaded">How long that took; null if it is not loaded.</param>
/// <param name="Problem">Why not, fit to be shown; null if all is well.</param>
internal sealed record WarmResult(string Model, TimeSpan? Pulled, TimeSpan? Loaded, string? Problem);

/// <summary>What to do about the errors of Ollama that people see most.</summary>
internal static class WarmCures
{
    private static readonly (string Words, string Cure)[] Known =
    [
        ("no space left", "make room: ollama list shows what is there, ollama rm MODEL removes one"),
        ("file does not exist", "there is no model of this name and tag: see https://ollama.com/search"),
        ("not found", "there is no model of this name and tag: see https://ollama.com/search"),
        ("newer version of Ollama", "update Ollama"),
        ("requires a newer version", "update Ollama"),
        (
            "requires more system memory",
            "take a smaller model or quantization, or end others: ollama ps, ollama stop MODEL"
        ),
        ("no such host", "this machine does not reach the registry: look at its network and DNS, then run this again"),
        (
            "network is unreachable",
            "this machine does not reach the registry: look at its network, then run this again"
        ),
        ("dial tcp", "this machine does not reach the registry: look at its network, then run this again"),
        ("i/o timeout", "the registry does not answer: run this again, and it goes on from there"),
        ("max retries exceeded", "the registry does not answer: run this again, and it goes on from there"),
        ("FastGate", "this is a gate: name Ollama itself with --upstream, or \"upstream\" in the config"),
        ("not on the allowlist", "this is a gate: name Ollama itself with --upstream, or \"upstream\" in the config"),
    ];

    /// <summary>Null when nothing is known that would help.</summary>
    public static string? For(string error) =>
        Known.FirstOrDefault(known => error.Contains(known.Words, StringComparison.OrdinalIgnoreCase)).Cure;
}
