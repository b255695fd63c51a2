namespace FastGate.Config;

/// <summary>Where a running gate writes what is its own: logs, and the socket that tells its numbers.</summary>
internal static class StateFolder
{
    /// <summary>
    /// Where the system's own tools look: Console.app shows ~/Library/Logs, and the XDG Base Directory Specification
    /// keeps logs in the state directory. Null for a user without a home.
    /// </summary>
    public static string? Of(Machine machine)
    {
        if (!machine.IsMac && machine.StateHome is { } state)
            return Path.Combine(state, "fastgate");
        if (machine.Home.Length == 0)
            return null;
        return machine.IsMac
            ? Path.Combine(machine.Home, "Library/Logs/FastGate")
            : Path.Combine(machine.Home, ".local/state/fastgate");
    }
}
