namespace FastGate.Test.Support;

/// <summary>The ways through a gate that this system has.</summary>
internal static class Ways
{
    /// <summary>
    /// Every backend. On Linux kqueue is the emulation of <c>test/kqueue</c>; where that cannot be built, its tests say
    /// so.
    /// </summary>
    public static IReadOnlyList<Way> All { get; } =
        OperatingSystem.IsLinux() ? [Way.Epoll, Way.Kqueue, Way.Portable]
        : OperatingSystem.IsMacOS() ? [Way.Kqueue, Way.Portable]
        : [Way.Portable];

    /// <summary>What the system's gate takes by itself.</summary>
    public static Way Best => All[0];

    /// <summary>
    /// For long rows of generated cases: the best way takes all of them, and the others take turns, case by case.
    /// </summary>
    public static IEnumerable<Way> InTurns(int number) =>
        All.Count == 1 ? All : [Best, All[1 + number % (All.Count - 1)]];

    /// <summary>The setting that asks for a way.</summary>
    public static string Backend(this Way way)
    {
        if (way == Way.Kqueue)
            Emulation.Need();
        return way switch
        {
            Way.Epoll => "epoll",
            Way.Kqueue => "kqueue",
            Way.Portable => "portable",
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "There is no gate in this way."),
        };
    }
}
