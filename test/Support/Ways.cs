namespace FastGate.Test.Support;

/// <summary>The backends that this system supports.</summary>
internal static class Ways
{
    /// <summary>
    /// Every backend. On Linux kqueue is the emulation of <c>test/kqueue</c>; where it cannot be built, its tests
    /// report that.
    /// </summary>
    public static IReadOnlyList<Way> All { get; } =
        OperatingSystem.IsLinux() ? [Way.Epoll, Way.Kqueue, Way.Portable]
        : OperatingSystem.IsMacOS() ? [Way.Kqueue, Way.Portable]
        : [Way.Portable];

    /// <summary>The backend that the gate selects by default.</summary>
    public static Way Best => All[0];

    /// <summary>
    /// For long series of generated cases: the default backend runs all of them, and the others alternate case by case.
    /// </summary>
    public static IEnumerable<Way> InTurns(int number) =>
        All.Count == 1 ? All : [Best, All[1 + number % (All.Count - 1)]];

    /// <summary>The value of the backend setting for a way.</summary>
    public static string Backend(this Way way)
    {
        if (way == Way.Kqueue)
            Emulation.Need();
        return way switch
        {
            Way.Epoll => "epoll",
            Way.Kqueue => "kqueue",
            Way.Portable => "portable",
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "This way has no gate."),
        };
    }
}
