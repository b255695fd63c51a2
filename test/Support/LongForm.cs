namespace FastGate.Test.Support;

/// <summary>
/// Tests with generated cases run a share of them by default, and all of them if <see cref="Variable"/> is 1, as in CI.
/// The assertions are the same.
/// </summary>
internal static class LongForm
{
    /// <summary>Set to 1 to run every case.</summary>
    public const string Variable = "FASTGATE_LONG_TESTS";

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable(Variable) == "1";

    public static int Choose(int all, int share) => IsOn ? all : share;
}
