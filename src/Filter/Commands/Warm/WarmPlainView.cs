using FastGate.Commands.Shared;

namespace FastGate.Commands.Warm;

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
