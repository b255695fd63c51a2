namespace FastGate.Test.Support;

/// <summary>The longest that a test waits for one step: a broken program takes so long, a busy machine does
/// not.</summary>
internal static class StepDeadline
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static Task WithinDeadline(this Task task) => task.WaitAsync(Longest);

    public static Task<T> WithinDeadline<T>(this Task<T> task) => task.WaitAsync(Longest);

    public static Task<T> WithinDeadline<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Longest);
}
