using FastGate.Commands.Shared;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FastGate.Commands.Warm;

/// <summary>One way to show what goes on while a model is made ready.</summary>
internal interface IWarmView
{
    /// <summary>Shows how far a pull is until it has ended, however it ends.</summary>
    Task PullAsync(string model, PullProgress progress, Task pull);

    /// <summary>Shows for how long a model has been loading until that has ended.</summary>
    Task LoadAsync(string model, Task load);
}

/// <summary>A line now and then, for a file or a log: at each tenth of a pull, and at least twice a minute.</summary>
internal sealed class WarmPlainView(TextWriter output, TimeProvider time) : IWarmView
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(30);

    public Task PullAsync(string model, PullProgress progress, Task pull)
    {
        int tenth = -1;
        return TellAsync(
            model,
            pull,
            () => (int)(progress.Now.Share * 10) is var now && now > tenth && (tenth = now) >= 0,
            _ => progress.Now is { Total: > 0 } figures ? PullText.Say(figures) : "pulling"
        );
    }

    public Task LoadAsync(string model, Task load) =>
        TellAsync(
            model,
            load,
            () => false,
            elapsed => elapsed < QuietMax ? "loading" : $"loading, {Amount.Time(elapsed)}"
        );

    private async Task TellAsync(string model, Task work, Func<bool> isNews, Func<TimeSpan, string> say)
    {
        using PeriodicTimer timer = new(Look, time);
        long began = time.GetTimestamp();
        long? told = null;
        while (!work.IsCompleted)
        {
            if (isNews() || told is null || time.GetElapsedTime(told.Value) >= QuietMax)
            {
                told = time.GetTimestamp();
                output.WriteLine($"{model}: {say(time.GetElapsedTime(began))}");
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

/// <summary>A line that moves, on a terminal: a bar, and figures behind it; it is gone when the work is.</summary>
internal sealed class WarmLiveView(IAnsiConsole console, TimeProvider time) : IWarmView
{
    private const int BarWidthMax = 24;
    private const int FiguresWidth = 44;
    private const int NameWidthMax = 40;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public Task PullAsync(string model, PullProgress progress, Task pull) =>
        MoveAsync(
            model,
            pull,
            (task, _) =>
            {
                PullFigures figures = progress.Now;
                task.IsIndeterminate = figures.Total == 0;
                task.Value = figures.Share * 100;
                return PullText.Say(figures);
            }
        );

    public Task LoadAsync(string model, Task load) =>
        MoveAsync(
            model,
            load,
            (task, elapsed) =>
            {
                task.IsIndeterminate = true;
                return $"loading, {Amount.Time(elapsed)}";
            }
        );

    /// <summary>The console shows the cursor again when this ends, however it ends.</summary>
    private Task MoveAsync(string model, Task work, Func<ProgressTask, TimeSpan, string> look)
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
                using PeriodicTimer timer = new(Look, time);
                while (!work.IsCompleted)
                {
                    figures.Says = look(task, time.GetElapsedTime(began));
                    await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask());
                    if (work.IsCompleted)
                        break;
                }
            });
    }
}

/// <summary>The words behind a progress bar.</summary>
internal sealed class FiguresColumn : ProgressColumn
{
    // Written by who works, read by the console's own timer: a reference is written whole.
    private volatile string _says = "";

    public string Says
    {
        get => _says;
        set => _says = value;
    }

    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(_says);
}
