namespace FastGate.Test.Support;

/// <summary>The longest time a test waits for one step: long enough for a busy machine.</summary>
internal static class StepDeadline
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static Task WithinDeadline(this Task task) => task.WaitAsync(Longest);

    public static Task<T> WithinDeadline<T>(this Task<T> task) => task.WaitAsync(Longest);

    public static Task<T> WithinDeadline<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Longest);
}
