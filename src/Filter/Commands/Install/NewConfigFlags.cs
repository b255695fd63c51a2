using FastGate.Commands.Shared;
using FastGate.Config;

namespace FastGate.Commands.Install;

/// <summary>The flags that go into the config that <c>install</c> writes.</summary>
internal static class NewConfigFlags
{
    private const string Nowhere = "/nonexistent/fastgate.json";

    public static IReadOnlyList<string> ListenOf(GateFile flags) =>
        [.. (flags.Listen?.Value ?? []).Select(section => section.On!.Value)];

    public static IReadOnlyList<string> AllowOf(GateFile flags) =>
        [.. (flags.Allow?.Value ?? []).Select(line => line.Value.Trim())];

    /// <summary>Why the flags cannot be used; null if they can. An existing config is never changed, so flags that
    /// differ from it would have no effect.</summary>
    public static string? ProblemOf(GateFile flags, ConfigResult config, Machine machine)
    {
        if (flags.Listen is null && flags.Allow is null)
            return null;
        ConfigResult alone = ConfigLoader.Load(new ConfigPath(Nowhere, IsExplicit: false), flags, machine);
        if (alone.Plan is null)
            return TerminalText.Prose(alone.Problems[0].ToString());
        if (
            !config.FileExists
            || MeaningOf(config.Plan!) == MeaningOf(ConfigLoader.Load(config.Path, flags, machine).Plan!)
        )
            return null;
        return $"{TerminalText.Prose(machine.Short(config.Path.Path))} exists and is left as it is, so --listen and "
            + "--allow would have no effect: change it there, or move it away. Nothing was changed.";
    }

    private static string MeaningOf(GatePlan plan) =>
        string.Join(
            '\n',
            plan.Listeners.Select(listener =>
                $"{listener.Options.Address} {string.Join(';', listener.Options.Policy.Rules.Items)}"
            )
        );
}
