namespace FastGate.Test.Support;

/// <summary>The longest that a test waits for one step; only a broken program ever takes so long.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    public static Task WithinDeadline(this Task task) => task.WaitAsync(Step);

    public static Task<T> WithinDeadline<T>(this Task<T> task) => task.WaitAsync(Step);

    public static Task<T> WithinDeadline<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Step);
}
