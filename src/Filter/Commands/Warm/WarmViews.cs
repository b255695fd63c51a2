using FastGate.Commands.Shared;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FastGate.Commands.Warm;

/// <summary>Shows the progress of pulling and loading a model.</summary>
internal interface IWarmView
{
    /// <summary>Shows the progress of a pull until the task completes, fails or is canceled.</summary>
    Task PullAsync(string model, PullProgress progress, Task pull);

    /// <summary>Shows how long a model has been loading until the task completes, fails or is canceled.</summary>
    Task LoadAsync(string model, Task load);
}

/// <summary>Writes a line at each tenth of a pull, and at least every 30 seconds, for a file or a log.</summary>
internal sealed class WarmPlainView(TextWriter output, TimeProvider time) : IWarmView
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(30);

    public Task PullAsync(string model, PullProgress progress, Task pull)
    {
        int tenth = -1;
        return WriteAsync(
            model,
            pull,
            () => (int)(progress.Now.Share * 10) is var now && now > tenth && (tenth = now) >= 0,
            _ => progress.Now is { Total: > 0 } figures ? PullText.Of(figures) : "pulling"
        );
    }

    public Task LoadAsync(string model, Task load) =>
        WriteAsync(
            model,
            load,
            () => false,
            elapsed => elapsed < QuietMax ? "loading" : $"loading, {TextFormat.Duration(elapsed)}"
        );

    private async Task WriteAsync(string model, Task work, Func<bool> hasAdvanced, Func<TimeSpan, string> text)
    {
        using PeriodicTimer timer = new(PollInterval, time);
        long began = time.GetTimestamp();
        long? written = null;
        while (!work.IsCompleted)
        {
            if (hasAdvanced() || written is null || time.GetElapsedTime(written.Value) >= QuietMax)
            {
                written = time.GetTimestamp();
                output.WriteLine($"{model}: {text(time.GetElapsedTime(began))}");
                output.Flush();
            }
            Task tick = timer.WaitForNextTickAsync().AsTask();
            await Task.WhenAny(work, tick);
            if (!tick.IsCompleted)
                break;
        }
        await Task.WhenAny(work);
    }
}

/// <summary>Shows a progress bar with figures on a terminal, and removes it at the end.</summary>
internal sealed class WarmLiveView(IAnsiConsole console, TimeProvider time) : IWarmView
{
    private const int BarWidthMax = 24;
    private const int FiguresWidth = 44;
    private const int NameWidthMax = 40;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public Task PullAsync(string model, PullProgress progress, Task pull) =>
        AnimateAsync(
            model,
            pull,
            (task, _) =>
            {
                PullFigures figures = progress.Now;
                task.IsIndeterminate = figures.Total == 0;
                task.Value = figures.Share * 100;
                return PullText.Of(figures);
            }
        );

    public Task LoadAsync(string model, Task load) =>
        AnimateAsync(
            model,
            load,
            (task, elapsed) =>
            {
                task.IsIndeterminate = true;
                return $"loading, {TextFormat.Duration(elapsed)}";
            }
        );

    /// <summary>Draws the bar until the work ends. The console restores the cursor even if it fails.</summary>
    private Task AnimateAsync(string model, Task work, Func<ProgressTask, TimeSpan, string> update)
    {
        FiguresColumn figures = new();
        int nameWidth = Math.Clamp(console.Profile.Width - FiguresWidth - 12, 8, NameWidthMax);
        int barWidth = Math.Clamp(
            console.Profile.Width - FiguresWidth - Math.Min(model.Length, nameWidth) - 4,
            6,
            BarWidthMax
        );
        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = barWidth },
                figures
            )
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(Terminal.Plain(TerminalText.Cut(model, nameWidth)));
                long began = time.GetTimestamp();
                using PeriodicTimer timer = new(PollInterval, time);
                while (!work.IsCompleted)
                {
                    figures.Text = update(task, time.GetElapsedTime(began));
                    await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask());
                    if (work.IsCompleted)
                        break;
                }
            });
    }
}

/// <summary>The text after a progress bar.</summary>
internal sealed class FiguresColumn : ProgressColumn
{
    // Written by the worker and read by the console's timer thread; a reference is written atomically.
    private volatile string _text = "";

    public string Text
    {
        get => _text;
        set => _text = value;
    }

    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(_text);
}
