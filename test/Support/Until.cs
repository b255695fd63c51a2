using System.Diagnostics;

namespace FastGate.Test.Support;

/// <summary>Polls a condition until it holds; fails after the deadline of a step.</summary>
internal static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), what, StepDeadline.Longest);

    public static Task HoldsAsync(Func<Task<bool>> condition, string what) =>
        HoldsAsync(condition, what, StepDeadline.Longest);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan longest)
    {
        using PeriodicTimer timer = new(Interval);
        long began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > longest)
                throw new TimeoutException($"Timed out waiting for: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
