namespace FastGate.Test.Support;

/// <summary>The longest that a test waits for one step; only a broken program ever takes so long.</summary>
internal static class StepDeadline
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public static Task WithinDeadline(this Task task) => task.WaitAsync(Longest);

    public static Task<T> WithinDeadline<T>(this Task<T> task) => task.WaitAsync(Longest);

    public static Task<T> WithinDeadline<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Longest);
}
