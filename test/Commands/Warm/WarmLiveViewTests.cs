using FastGate.Commands.Warm;
using FastGate.Test.Support;
using Spectre.Console;

namespace FastGate.Test.Commands.Warm;

/// <summary>The progress bar, on a terminal that records its output.</summary>
[TestClass]
public sealed class WarmLiveViewTests
{
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";

    [TestMethod]
    [DataRow(80)]
    [DataRow(40)]
    public async Task Pull_ShowsItsProgress(int width)
    {
        PullProgress progress = new(TimeProvider.System);
        progress.Add(new PullLine("pulling a", "a", 4_900_000_000, 2_100_000_000, null));
        await CheckAsync(
            width,
            "42 %, 2.1 GB of 4.9 GB",
            (view, pull) => view.PullAsync("qwen3:8b", progress, pull),
            pull => pull.SetResult()
        );
    }

    [TestMethod]
    public Task Load_ShowsItsTime() =>
        CheckAsync(80, "loading, 0 s", (view, load) => view.LoadAsync("qwen3:8b", load), load => load.SetResult());

    [TestMethod]
    public Task FailedWork_RestoresTheTerminal() =>
        CheckAsync(
            80,
            "loading",
            (view, load) => view.LoadAsync("qwen3:8b", load),
            load => load.SetException(new OllamaException("no"))
        );

    [TestMethod]
    public Task CanceledWork_RestoresTheTerminal() =>
        CheckAsync(80, "loading", (view, load) => view.LoadAsync("qwen3:8b", load), load => load.SetCanceled());

    private static async Task CheckAsync(
        int width,
        string text,
        Func<WarmLiveView, Task, Task> show,
        Action<TaskCompletionSource> end
    )
    {
        StringWriter written = new();
        TextWriter output = TextWriter.Synchronized(written);
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = AnsiSupport.Yes,
                Interactive = InteractionSupport.Yes,
            }
        );
        console.Profile.Width = width;
        TaskCompletionSource work = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task shown = show(new WarmLiveView(console, TimeProvider.System), work.Task);
        await Until.HoldsAsync(() => Written().Contains(text, StringComparison.Ordinal), $"it shows {text}");
        end(work);
        // The view itself does not fail; the caller handles the failure.
        await shown.WithinDeadline();
        int hidden = Written().LastIndexOf(HideCursor, StringComparison.Ordinal);
        Assert.IsGreaterThanOrEqualTo(0, hidden);
        Assert.IsGreaterThan(hidden, Written().LastIndexOf(ShowCursor, StringComparison.Ordinal));

        // A synchronized writer locks itself.
        string Written()
        {
            lock (output)
                return written.ToString();
        }
    }
}
