using System.Diagnostics;

namespace FastGate.Test.Support;

/// <summary>Asks again and again until something holds, and fails when that takes longer than any step may.</summary>
internal static class Until
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), what, StepDeadline.Longest);

    public static Task HoldsAsync(Func<Task<bool>> condition, string what) =>
        HoldsAsync(condition, what, StepDeadline.Longest);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan longest)
    {
        using PeriodicTimer timer = new(Between);
        long began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > longest)
                throw new TimeoutException($"It did not come to this: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
