using FastGate.Commands.Shared;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FastGate.Commands.Warm;

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
